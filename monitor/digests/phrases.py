"""The few sentences that composing words itself: why a status is what it is. Everything else an edition prints is a source's or a rule's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from monitor.text.locale import plural


class Ground(StrEnum):
    """On what a status rests."""

    CARRIED = "carried"
    """The balance passes, and at least two independent sources carry it."""
    OF_RECORD = "of-record"
    """The balance passes, and a document of record carries it."""
    QUIET = "quiet"
    ELSEWHERE = "elsewhere"
    """Stories match this section's rules, and another section tells them."""
    SILENT = "silent"
    """There are reports, but no cue in them."""
    WEAK = "weak"
    ALONE = "alone"
    CANCELLED = "cancelled"


_LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "CONSULT": "visits and talks",
        "AGREE": "agreement in principle",
        "SUPPORT": "words of support",
        "COOPERATE": "practical cooperation",
        "AID": "aid",
        "CONCEDE": "concessions",
        "RETREAT": "access or withdrawal",
        "INVESTIGATE": "checks and verification",
        "DEMAND": "demands",
        "DISAPPROVE": "disapproval",
        "REJECT": "refusal",
        "ACCUSE": "accusations",
        "THREATEN": "threats",
        "PROTEST": "protest",
        "SANCTION": "expulsion or suspension",
        "MOBILIZE": "build-up of forces",
        "COERCE": "coercion",
        "ASSAULT": "attacks",
        "better": "signs of improvement",
        "worse": "signs of worsening",
    },
    "ru": {
        "CONSULT": "визиты и переговоры",
        "AGREE": "договорённость",
        "SUPPORT": "слова поддержки",
        "COOPERATE": "практическое сотрудничество",
        "AID": "помощь",
        "CONCEDE": "уступки",
        "RETREAT": "доступ или отвод",
        "INVESTIGATE": "проверки",
        "DEMAND": "требования",
        "DISAPPROVE": "осуждение",
        "REJECT": "отказ",
        "ACCUSE": "обвинения",
        "THREATEN": "угрозы",
        "PROTEST": "протест",
        "SANCTION": "высылка или приостановка",
        "MOBILIZE": "наращивание сил",
        "COERCE": "принуждение",
        "ASSAULT": "нападения",
        "better": "признаки улучшения",
        "worse": "признаки ухудшения",
    },
    "be": {
        "CONSULT": "візіты і перамовы",
        "AGREE": "дамоўленасць",
        "SUPPORT": "словы падтрымкі",
        "COOPERATE": "практычнае супрацоўніцтва",
        "AID": "дапамога",
        "CONCEDE": "саступкі",
        "RETREAT": "доступ або адвод",
        "INVESTIGATE": "праверкі",
        "DEMAND": "патрабаванні",
        "DISAPPROVE": "асуджэнне",
        "REJECT": "адмова",
        "ACCUSE": "абвінавачванні",
        "THREATEN": "пагрозы",
        "PROTEST": "пратэст",
        "SANCTION": "высылка або прыпыненне",
        "MOBILIZE": "нарошчванне сіл",
        "COERCE": "прымус",
        "ASSAULT": "напады",
        "better": "прыкметы паляпшэння",
        "worse": "прыкметы пагаршэння",
    },
}
"""PLOVER's categories in one to three words each."""

_GLANCES: Mapping[str, Mapping[str, str | Mapping[str, str]]] = {
    "en": {
        "carried": {
            "one": "{label} reported by {n} independent source, with no contrary signal",
            "other": "{label} reported by {n} independent sources, with no contrary signal",
        },
        "carried.contrary": {
            "one": "{label} reported by {n} independent source, outweighing contrary signals",
            "other": "{label} reported by {n} independent sources, outweighing contrary signals",
        },
        "of-record": "{label} stated in a document of record, not contradicted elsewhere",
        "of-record.contrary": "{label} stated in a document of record, outweighing contrary signals",
        "quiet": "No story of the week met the rules of this section",
        "elsewhere": "Its stories of the week stand under {label}",
        "silent": "The reports of the week carry no signal in either direction",
        "weak.better": "Signals of improvement this week stay below the threshold for change",
        "weak.worse": "Signals of worsening this week stay below the threshold for change",
        "alone.better": "Signals of improvement this week rest on a single independent source",
        "alone.worse": "Signals of worsening this week rest on a single independent source",
        "cancelled": "Signals of improvement and signals of worsening cancel each other out",
    },
    "ru": {
        "carried": {
            "one": "{label}: об этом сообщает {n} независимый источник, обратных сигналов нет",
            "few": "{label}: об этом сообщают {n} независимых источника, обратных сигналов нет",
            "many": "{label}: об этом сообщают {n} независимых источников, обратных сигналов нет",
            "other": "{label}: об этом сообщают {n} независимых источника, обратных сигналов нет",
        },
        "carried.contrary": {
            "one": "{label}: об этом сообщает {n} независимый источник, обратные сигналы слабее",
            "few": "{label}: об этом сообщают {n} независимых источника, обратные сигналы слабее",
            "many": "{label}: об этом сообщают {n} независимых источников, обратные сигналы слабее",
            "other": "{label}: об этом сообщают {n} независимых источника, обратные сигналы слабее",
        },
        "of-record": "{label}: об этом говорится в официальном документе, обратных сигналов нет",
        "of-record.contrary": "{label}: об этом говорится в официальном документе, обратные сигналы слабее",
        "quiet": "Ни один сюжет недели не подошёл под правила этого раздела",
        "elsewhere": "Подходящие под его правила сюжеты недели изложены в разделе {label}",
        "silent": "Сообщения недели не содержат сигналов ни в ту, ни в другую сторону",
        "weak.better": "Сигналы улучшения за неделю есть, но их недостаточно для перемены",
        "weak.worse": "Сигналы ухудшения за неделю есть, но их недостаточно для перемены",
        "alone.better": "Сигналы улучшения за эту неделю даёт только один независимый источник",
        "alone.worse": "Сигналы ухудшения за эту неделю даёт только один независимый источник",
        "cancelled": "Сигналы улучшения и сигналы ухудшения за неделю уравновешивают друг друга",
    },
    "be": {
        "carried": {
            "one": "{label}: пра гэта паведамляе {n} незалежная крыніца, адваротных сігналаў няма",
            "few": "{label}: пра гэта паведамляюць {n} незалежныя крыніцы, адваротных сігналаў няма",
            "many": "{label}: пра гэта паведамляюць {n} незалежных крыніц, адваротных сігналаў няма",
            "other": "{label}: пра гэта паведамляюць {n} незалежныя крыніцы, адваротных сігналаў няма",
        },
        "carried.contrary": {
            "one": "{label}: пра гэта паведамляе {n} незалежная крыніца, адваротныя сігналы слабейшыя",
            "few": "{label}: пра гэта паведамляюць {n} незалежныя крыніцы, адваротныя сігналы слабейшыя",
            "many": "{label}: пра гэта паведамляюць {n} незалежных крыніц, адваротныя сігналы слабейшыя",
            "other": "{label}: пра гэта паведамляюць {n} незалежныя крыніцы, адваротныя сігналы слабейшыя",
        },
        "of-record": "{label}: пра гэта гаворыцца ў афіцыйным дакуменце, адваротных сігналаў няма",
        "of-record.contrary": "{label}: пра гэта гаворыцца ў афіцыйным дакуменце, адваротныя сігналы слабейшыя",
        "quiet": "Ніводны сюжэт тыдня не падышоў пад правілы гэтага раздзела",
        "elsewhere": "Сюжэты тыдня паводле яго правіл пададзены ў раздзеле {label}",
        "silent": "Паведамленні тыдня не маюць сігналаў ні ў адзін, ні ў другі бок",
        "weak.better": "Сігналы паляпшэння за тыдзень ёсць, але іх недастаткова для перамены",
        "weak.worse": "Сігналы пагаршэння за тыдзень ёсць, але іх недастаткова для перамены",
        "alone.better": "Сігналы паляпшэння за гэты тыдзень дае толькі адна незалежная крыніца",
        "alone.worse": "Сігналы пагаршэння за гэты тыдзень дае толькі адна незалежная крыніца",
        "cancelled": "Сігналы паляпшэння і сігналы пагаршэння за тыдзень ураўнаважваюць адны адных",
    },
}

_REASONS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "figures": "{glance}; balance {balance}, threshold {threshold}.",
        "plain": "{glance}.",
        "same kind": "the same kind of signal is counted once in a source",
        "past": "the sentence tells of a time before this edition",
        "outside": "the story did not move the section",
    },
    "ru": {
        "figures": "{glance}; баланс {balance}, порог {threshold}.",
        "plain": "{glance}.",
        "same kind": "сигналы одного рода в одном источнике считаются один раз",
        "past": "предложение рассказывает о времени до этого выпуска",
        "outside": "сюжет не изменил оценку раздела",
    },
    "be": {
        "figures": "{glance}; баланс {balance}, парог {threshold}.",
        "plain": "{glance}.",
        "same kind": "сігналы аднаго роду ў адной крыніцы лічацца адзін раз",
        "past": "сказ расказвае пра час да гэтага выпуску",
        "outside": "сюжэт не змяніў ацэнку раздзела",
    },
}

LANGUAGES = tuple(_GLANCES)


def label(category: str, verdict: str, language: str) -> str:
    """A PLOVER category ("CONSULT/visit") in one to three words; a general word for the verdict where it is unknown."""
    words = _LABELS.get(language, _LABELS["en"])
    return words.get(category.partition("/")[0].strip().upper()) or words.get(verdict, "")


def glance(key: str, language: str, *, n: int = 0, label_words: str = "") -> str:
    """The 8 to 12 words at a section's head."""
    phrases = _GLANCES.get(language, _GLANCES["en"])
    phrase = phrases[key]
    text = phrase if isinstance(phrase, str) else plural(n, language if language in _GLANCES else "en", phrase)
    filled = text.format(n=n, label=label_words)
    return filled[:1].upper() + filled[1:]


def reason(glance_words: str, language: str, balance: float | None = None, threshold: float = 0.0) -> str:
    """The reason line of a status: the glance, with the figures where there was anything to weigh."""
    words = _REASONS.get(language, _REASONS["en"])
    if balance is None:
        return words["plain"].format(glance=glance_words)
    figures = {"balance": _figure(balance, language), "threshold": _figure(threshold, language).lstrip("+")}
    return words["figures"].format(glance=glance_words, **figures)


def why_not_counted(key: str, language: str) -> str:
    """Why a cue did not count: "same kind", "past" or "outside"."""
    return _REASONS.get(language, _REASONS["en"])[key]


def _figure(value: float, language: str) -> str:
    text = f"{value:+.1f}".replace("-", "−")
    return text.replace(".", ",") if language in ("ru", "be") else text
