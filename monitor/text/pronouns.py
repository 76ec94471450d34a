"""Finds words that point outside their sentence ("Belarus opened it to …"), which then cannot be printed alone. It resolves none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class PointingWords:
    """Patterns of one language; alternatives are separated by a bar.

    `objects` cannot mean the subject of their own clause, so they need somebody named before it; `pointing` are "this" and its like, which
    `times` make harmless ("this week"); `joints` begin a new clause or a second noun, after which a pronoun may mean the first.
    """

    objects: str
    pointing: str
    times: str
    joints: str


_TIMES_RU = r"недел\w+|месяц\w*|год\w*|лет\w*|весн\w+|осен\w+|зим\w+|раз\w*|дн\w+|день|врем\w+|утр\w+|момент\w*|сезон\w*|век\w*"
_TIMES_BE = r"тыдз\w+|тыдн\w+|месяц\w*|год\w*|лет\w*|вясн\w+|восен\w*|зім\w+|раз\w*|дн\w+|дзень|час\w*|ран\w+|момант\w*|сезон\w*|стагоддз\w+"

POINTING_WORDS: Mapping[str, PointingWords] = {
    "en": PointingWords(
        # An object stands before a preposition, an adverb of time or a stop; before a verb it is the subject of "that …" left unsaid.
        objects=r"(?:it|them|him)(?=\s+(?:to|in|on|at|for|with|from|by|as|into|over|under|after|before|during|last|next|again|too|also|back|"
        r"out|off|up|down|when|where|because|for|against|through|within|without|directly|openly|publicly)(?!\w)|[,.;!?])",
        pointing="this|these|such|back then|at the time(?! of)|at that time|(?:did|does|do|done) (?:so|both|neither|the same|likewise)",
        times="week|month|year|spring|summer|autumn|fall|winter|morning|afternoon|evening|time|day|weekend|decade|century|"
        "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
        joints="that|which|who|whose|whom|when|while|where|if|because|although|though|as|and|or|but|than|after|before|since|to",
    ),
    "ru": PointingWords(
        objects="его|её|ее|их|ему|ей|им|ими|него|неё|нее|них|нему|ней|ним|ними",
        pointing=r"тогда(?! как)|эт(?:от|а|о|и|ого|ой|ому|им|ими|их|у|ом)",
        times=_TIMES_RU,
        joints="что|чтобы|который|и|или|а|но|да|если|когда|хотя|пока|как|чем|где|с|со",
    ),
    "be": PointingWords(
        objects=r"яго|яе|іх|яму|ёй|ім|імі|нім|ёю|ягон\w+|іхн\w+|ейн\w+",
        pointing=r"тады(?! як)|гэт(?:ы|ая|ую|ае|а|ыя|ага|ай|аму|ым|ымі|ых)",
        times=_TIMES_BE,
        joints="што|каб|які|і|ды|або|ці|а|але|калі|хоць|пакуль|як|чым|дзе|з|са",
    ),
    "uk": PointingWords(
        objects=r"його|її|їх|йому|їй|їм|ними|ним|ній|них|нього|неї|їхн\w+",
        pointing="цей|ця|це|ці|цього|цієї|цьому|цим|цими|цих|цю",
        times=r"тиж\w+|місяц\w*|рік|рок\w+|літ\w*|весн\w+|осен\w+|осін\w+|зим\w+|раз\w*|дн\w+|день|час\w*|ран\w+|момент\w*",
        joints="що|щоб|який|і|й|та|або|чи|а|але|якщо|коли|хоча|поки|як|ніж|де|з|із",
    ),
    "pl": PointingWords(
        objects="go|ją|ich|jemu|mu|nich|nim|nią|niego|niej|nimi|jego",
        pointing="ten|ta|to|te|tego|tej|temu|tym|tymi|tych|tę",
        times=r"tydzie\w*|tygodni\w*|miesiąc\w*|miesiąca|rok\w*|lat\w*|wiosn\w+|jesie\w+|zim\w+|raz\w*|dni\w*|dzień|czas\w*|moment\w*",
        joints="że|żeby|który|i|oraz|lub|a|ale|jeśli|gdy|choć|dopóki|jak|niż|gdzie|z|ze",
    ),
}

_PARTITIVE: Mapping[str, str] = {
    "en": "of (?:them|these|those)",
    "ru": "из (?:них|этих)",
    "be": "(?:з|зь) (?:іх|гэтых)",
    "uk": "з (?:них|цих)",
    "pl": "z (?:nich|tych)",
}
_PARTITIVES = {code: re.compile(rf"\W*(?:[^\W\d_]+\s+){{1,2}}{words}(?!\w)", re.IGNORECASE) for code, words in _PARTITIVE.items()}
"""What opens a sentence on a part of what the one before named: "some of them", «часть из них»."""

_NAMELESS: Mapping[str, str] = {
    "en": r"(?:according to|as stated in|per) the (?:report|statement|message|release|document|notice|text|announcement)(?=,)|"
    r"the (?:report|statement|message|release|document|text|announcement) (?:says|said|adds|added|notes|noted|stresses|stressed)",
    "ru": r"(?:согласно|по|как следует из) (?:сообщени\w+|заявлени\w+|документ\w+|текст\w+|релиз\w+|публикаци\w+)(?=,)|"
    r"(?:в|во) (?:сообщении|заявлении|документе|тексте|релизе|публикации) (?:говорится|отмечается|сказано|подчёркивается|подчеркивается)",
    "be": r"(?:паводле|згодна з|як вынікае з) (?:паведамлен\w+|заяв\w+|дакумен\w+|тэкст\w+|рэліз\w+|публікац\w+)(?=,)|"
    r"(?:у|ў) (?:паведамлен\w+|заяве|дакуменце|тэксце|рэлізе|публікацыі) (?:гаворыцца|адзначаецца|сказана|падкрэсліваецца|кажацца)",
}
_NAMELESS_SOURCES = {code: re.compile(rf"\W*(?:{words})(?!\w)", re.IGNORECASE) for code, words in _NAMELESS.items()}
"""What opens a sentence on the word of a document that only the sentence before has named."""

_EARLY = 9
"""Words before a pronoun within which its clause can have named little but its own subject."""
_BREAK = re.compile(r"[,;:()«»„“”\"‘]|\s[-–—]\s")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def points_outside(text: str, language: str) -> bool:
    """Whether the opening clause holds a pronoun that nothing before it in the sentence can stand for, or cites a document unnamed.

    An object pronoun never means the subject of its own clause: where the clause opens the sentence, it means somebody named earlier.

    Args:
        text: One sentence.
        language: ISO 639-1; nothing is found where it is unknown.
    """
    words = _compiled(language)
    if words is None:
        return False
    for openings in (_PARTITIVES, _NAMELESS_SOURCES):
        if language in openings and openings[language].match(text):
            return True
    opened = _BREAK.search(text)
    clause = opened.start() if opened else len(text)
    for found in words.pronouns.finditer(text, 0, clause):
        before = text[: found.start()]
        if len(_WORD.findall(before)) >= _EARLY:
            return False
        if not words.joints.search(before):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Compiled:
    pronouns: re.Pattern[str]
    joints: re.Pattern[str]


@lru_cache(maxsize=8)
def _compiled(language: str) -> _Compiled | None:
    words = POINTING_WORDS.get(language)
    if words is None:
        return None
    pointing = rf"(?:{words.pointing})(?!\w)(?!\s+(?:{words.times})(?!\w))"
    return _Compiled(
        re.compile(rf"(?<!\w)(?:(?:{words.objects})(?!\w)|{pointing})", re.IGNORECASE),
        re.compile(rf"(?<=\s)(?:{words.joints})(?!\w)", re.IGNORECASE),
    )
