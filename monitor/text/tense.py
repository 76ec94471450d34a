"""Tells whether a sentence has a verb that reports something done, by forms alone; it knows no grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DONE: Mapping[str, str] = {
    "en": r"(?!hundred|indeed|need|united|exceed|proceed|succeed|allied|armed)\w{2,}ed|was|were|had|has|have|began|brought|built|came|chose|cut|drew|fell|flew|found|gave|got|grew|held|hit|kept|knew|laid|led|left|"
    r"lost|made|meant|met|paid|put|ran|rose|said|sat|saw|sent|set|shot|showed|shut|spent|spoke|stood|struck|swore|taught|thought|threw|told|"
    r"took|understood|went|withdrew|won|wrote",
    "ru": r"(?!(?:сил|школ|дел[ао]?|тел[ао]|правил[ао]?|мал[ао]|около|раздел|предел|отдел|материал|потенциал|арсенал|сигнал|канал|журнал|персонал|генерал|адмирал|капитал|квартал)(?!\w))"
    r"\w+[аеёиоуыя]л(?:а|о|и|ся|ась|ось|ись)?|\w{3,}(?:ован|жен|шен|чен|лен|щен|ведён|веден|дан)(?:а|о|ы)?",
    "be": r"\w+[аеёіоуыя](?:ў|ла|ло|лі|ўся|лася|лося|ліся)|\w{3,}(?:аван|лен|жан|шан|чан|дзен)(?:ы|ая|а|ыя|ае)",
    "uk": r"\w+[аеиіоуюя](?:в|ла|ло|ли|вся|лася|лося|лися)|\w{3,}(?:ован|лен|жен|шен|чен|ден)(?:ий|а|о|і)",
    "pl": r"\w+(?:ał|ała|ało|ali|ały|ył|yła|yło|yli|yły|ił|iła|iło|ili|iły|ęła|ęli|ął|szedł|szła|szli)|\w{3,}(?:ano|ony|ona|ono|one|ęto)",
}

_HABIT: Mapping[str, str] = {
    "en": r"repeatedly|often|regularly|routinely|traditionally|usually|always|for years|time and again|more than once",
    "ru": r"неоднократно|часто|регулярно|традиционно|обычно|всегда|не раз|много лет|из года в год",
    "be": r"неаднаразова|неаднойчы|часта|рэгулярна|традыцыйна|звычайна|заўсёды|заўжды|не раз|шмат гадоў|з году ў год",
    "uk": r"неодноразово|часто|регулярно|традиційно|зазвичай|завжди|не раз|багато років",
    "pl": r"wielokrotnie|często|regularnie|tradycyjnie|zwykle|zawsze|nieraz|od lat",
}
_HABITS = {code: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for code, words in _HABIT.items()}
_COMPILED = {code: re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE) for code, forms in _DONE.items()}


def tells_a_habit(text: str, language: str) -> bool:
    """Whether a sentence says that something is done again and again ("has repeatedly called it a threat"); False in languages unknown."""
    forms = _HABITS.get(language)
    return forms is not None and bool(forms.search(text))


def tells_of_something_done(text: str, language: str) -> bool:
    """Whether any word has the form of a past tense or of a participle that reports ("has begun", «прибыла», «опубликована»).

    It takes some nouns for verbs and so errs towards True; a sentence in which it finds none says how things are.

    Args:
        text: One sentence.
        language: ISO 639-1; True where it is unknown.
    """
    forms = _COMPILED.get(language)
    return forms is None or bool(forms.search(text))
