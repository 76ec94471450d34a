"""Abbreviations and frequent first words by language, as data for finding where sentences end. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


NEVER_ENDS: Mapping[str, frozenset[str]] = {
    "en": _words(
        "dr mr mrs ms prof gen col lt maj capt sgt cpl adm brig cmdr gov sen rep rev hon st mt ft vs cf e.g i.e no nos fig art "
        "sec dept est approx amb pres lt.-gen lt.-col maj.-gen brig.-gen messrs jan feb mar apr jun jul aug sep sept oct nov dec"
    ),
    "ru": _words(
        "им ул пр просп пер пл наб обл р-н пос дер стр рис табл гл ст п пп т.е т.к т.н т.наз напр см ср ген полк подп акад проф доц "
        "корр тов гр г-н г-жа св руб коп тыс млн млрд янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек пн вт чт пт сб "
        "и.о врио зам мин канд д.и.н"
    ),
    "be": _words(
        "імя ім вул пр праз зав пл воб р-н пас вёс в стар мал табл арт п пп г.зн г.зв т.зв напр гл параўн ген палк акад праф дац кар "
        "гр сп св руб кап тыс млн млрд студз лют сак крас чэрв ліп жн вер кастр ліст снеж в.а нам"
    ),
    "uk": _words(
        "ім вул пр просп пров пл обл р-н сел смт стор мал табл ст п пп т.зв т.б напр див ген полк акад проф доц кор п-н п-ні св "
        "грн коп тис млн млрд січ лют бер квіт трав черв лип серп вер жовт лист груд в.о заст"
    ),
    "pl": _words(
        "dr prof gen płk ppłk mjr kpt por ppor sierż św ul al pl os nr str rys tab art ust pkt np tj tzn tzw ww im woj pow gm m.in "
        "ok godz min sek tys mln mld zł gr sty lut mar kwi maj cze lip sie wrz paź lis gru inż mgr hab bp ks abp"
    ),
}
"""Written without the final stop, lower case. A stop after one of these never ends a sentence that goes on in the line."""

SELDOM_ENDS: Mapping[str, frozenset[str]] = {
    "en": _words("u.s u.k u.n e.u u.s.s.r a.m p.m inc co corp ltd bros jr sr etc al d.c ph.d"),
    "ru": _words("т.д т.п др пр гг вв г в н.э ч мин сек чел шт км м кг экз"),
    "be": _words("т.д т.п інш гг ст г н.э гадз хв сек чал шт км м кг"),
    "uk": _words("т.д т.п ін рр ст р н.е год хв сек чол шт км м кг"),
    "pl": _words("itd itp in r w n.e godz sp z o.o"),
}
"""A stop after one of these ends the sentence only if the next word is one that sentences often begin with, or a year stands before."""

STARTERS: Mapping[str, frozenset[str]] = {
    "en": _words(
        "the a an he she it they we i this that these those there here in on at by for from with after before during since "
        "according earlier later meanwhile however but and moreover also as if when while both its his her their officials "
        "last next yesterday today"
    ),
    "ru": _words(
        "он она они оно мы я это этот эта эти в на по с со к ко от из за для при после до во об о но а и также однако кроме "
        "между ранее позже по-прежнему сейчас теперь тогда там так если когда как его её их ее сегодня вчера"
    ),
    "be": _words(
        "ён яна яны яно мы я гэта гэты гэтая гэтыя у ў на па з са да ад за для пры пасля пра аб але а і таксама аднак акрамя "
        "паміж раней пазней цяпер тады там так калі як яго яе іх сёння учора ўчора"
    ),
    "uk": _words(
        "він вона вони воно ми я це цей ця ці у в на по з із до від за для при після про але а і й та також однак крім між "
        "раніше пізніше зараз тоді там так якщо коли як його її їх сьогодні вчора учора"
    ),
    "pl": _words(
        "on ona oni ono my ja to ten ta te w na po z ze do od za dla przy po o ale a i oraz także jednak oprócz między "
        "wcześniej później teraz wtedy tam tak jeśli gdy jak jego jej ich dziś wczoraj"
    ),
}
