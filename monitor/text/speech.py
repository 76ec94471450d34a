"""Who speaks in a sentence, whether it speaks of the future, and whether it leans on the one before; it judges nothing as true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from monitor.text.dates import dates_in
from monitor.text.speech_words import SPEECH_WORDS, SpeechWords

_LONGEST_SPEAKER = 12
_PREPOSITION = 4
_ANY_DAY = date(2000, 1, 1)
_QUOTED = re.compile(r"[«„“\"](?P<inner>[^»“”\"]{25,})[»”“\"]")
_BREAK = re.compile(r"[,;:()«»„“”\"]|\s[-–—]\s")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


class SpeechForm(StrEnum):
    """How speech is told: as a report that carries the matter, as a claim of the speaker's, or in quotation marks."""

    REPORT = "report"
    CLAIM = "claim"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Attribution:
    """`speaker` as the text names them: characters `start`..`end`. `heads` is True where the speaking is the sentence's own predicate."""

    speaker: str
    start: int
    end: int
    form: SpeechForm
    heads: bool


def attribution(text: str, language: str) -> Attribution | None:
    """Who says what the sentence tells; None where nobody is named.

    Args:
        text: One sentence.
        language: ISO 639-1; English patterns where unknown.
    """
    words = _compiled(language)
    quoted = bool(_QUOTED.search(text))
    apart = words.according.search(text)
    if apart:
        start, end = _until_break(text, apart.end())
        if _names_somebody(text[start:end], words):
            return Attribution(text[start:end], start, end, SpeechForm.QUOTE if quoted else SpeechForm.REPORT, heads=False)
    for verb in words.verbs.finditer(text):
        found = _speaker_of(text, verb, words)
        if found:
            start, end, heads = found
            claims = bool(words.claim.fullmatch(verb.group()))
            form = SpeechForm.QUOTE if quoted else SpeechForm.CLAIM if claims else SpeechForm.REPORT
            return Attribution(text[start:end], start, end, form, heads)
    return None


def speaks_of_future(text: str, language: str) -> bool:
    """Whether the sentence has future, planned or modal wording."""
    return bool(_compiled(language).future.search(text))


def leans_on_previous(text: str, language: str) -> bool:
    """Whether the sentence opens with a word that points back ("He …", "However, …", «При этом …»), or with a dash or small letter."""
    bare = text.lstrip(" \t«„“\"'‘([")
    return not bare or bare[0] in "-–—•*·…," or bare[0].islower() or bool(_compiled(language).leaning.match(bare))


@dataclass(frozen=True, slots=True)
class _Compiled:
    code: str
    verbs: re.Pattern[str]
    claim: re.Pattern[str]
    according: re.Pattern[str]
    future: re.Pattern[str]
    leaning: re.Pattern[str]
    not_speakers: re.Pattern[str]
    documents: re.Pattern[str]
    tail: re.Pattern[str]
    conjunction: re.Pattern[str]
    that: re.Pattern[str]
    subject_may_follow: bool


@lru_cache(maxsize=8)
def _compiled(language: str) -> _Compiled:
    code = language if language in SPEECH_WORDS else "en"
    words: SpeechWords = SPEECH_WORDS[code]

    def whole(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", flags)

    return _Compiled(
        code=code,
        # A verb of saying stands in small letters: "States" and "Reports" are nouns.
        verbs=whole(f"{words.say}|{words.claim}", re.NOFLAG),
        claim=whole(words.claim),
        according=whole(words.according),
        future=whole(words.future),
        leaning=whole(words.leaning),
        not_speakers=whole(words.not_speakers),
        documents=whole(words.documents),
        tail=re.compile(rf"(?:^|[,;]\s*)(?:{words.reporting_tail})\s*$", re.IGNORECASE),
        conjunction=re.compile(rf"(?<!\w)(?:{words.conjunctions})\s*$", re.IGNORECASE),
        that=re.compile(rf"\s*,?\s*(?:{words.that})(?!\w)", re.IGNORECASE),
        subject_may_follow=words.subject_may_follow,
    )


_Found = tuple[int, int, bool]
"""Start and end of the speaker, and whether the verb heads the sentence."""


def _speaker_of(text: str, verb: re.Match[str], words: _Compiled) -> _Found | None:
    before = _break_before(text, verb.start())
    subject = text[before : verb.start()]
    if words.tail.search(text[: verb.start()]) or not subject.strip():
        return _after(text, verb, words) or _before_apposition(text, before, words)
    if words.conjunction.search(subject):
        return _leading_name(text, before, verb, words)
    start, end = _trim(text, _after_leading_date(text, before, verb.start(), words), verb.start())
    if _names_somebody(text[start:end], words):
        return start, end, before == 0 or bool(words.that.match(text, verb.end()))
    return _after(text, verb, words) if words.subject_may_follow else None


def _after(text: str, verb: re.Match[str], words: _Compiled) -> _Found | None:
    """As in "…, said the minister", «…, сообщили в Минобороны»."""
    start, end = _until_break(text, verb.end())
    piece = text[start:end]
    inverted = words.subject_may_follow or piece[:1].isupper() or verb.group() in {"said", "says"}
    return (start, end, False) if inverted and _names_somebody(piece, words) else None


def _before_apposition(text: str, comma: int, words: _Compiled) -> _Found | None:
    """As in "Ivan Petrov, deputy head of the office, told": the name stands before the comma that opens the apposition."""
    end = comma
    for _ in range(2):
        end = text.rfind(",", 0, max(0, end - 1))
        if end < 0:
            return None
        start, stop = _trim(text, _break_before(text, end), end)
        if _is_name(text[start:stop]) and _names_somebody(text[start:stop], words):
            return start, stop, start == 0
    return None


def _leading_name(text: str, start: int, verb: re.Match[str], words: _Compiled) -> _Found | None:
    """As in "Minister Ivan Petrov met the guests and told": the capitalised words that open the clause, two at least."""
    end = start
    count = 0
    for word in _WORD.finditer(text, start, verb.start()):
        if not word.group()[0].isupper():
            break
        end, count = word.end(), count + 1
    begin, end = _trim(text, start, end)
    return (begin, end, True) if count > 1 and _names_somebody(text[begin:end], words) else None


def _after_leading_date(text: str, start: int, end: int, words: _Compiled) -> int:
    """Where the clause goes on after a date that opens it ("In December Petrov said")."""
    lead = len(text[start:end]) - len(text[start:end].lstrip())
    for found in dates_in(text[start + lead : end], words.code, _ANY_DAY):
        before = text[start + lead : start + lead + found.start]
        if len(before) <= _PREPOSITION and not before.strip()[3:]:
            return start + lead + found.end
    return start


def _is_name(piece: str) -> bool:
    found = _WORD.findall(piece)
    return 1 < len(found) <= 6 and sum(word[0].isupper() for word in found) * 2 > len(found)


def _break_before(text: str, end: int) -> int:
    last = 0
    for found in _BREAK.finditer(text, 0, end):
        last = found.end()
    return last


def _until_break(text: str, start: int) -> tuple[int, int]:
    found = _BREAK.search(text, start)
    return _trim(text, start, found.start() if found else len(text))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = left + len(piece.strip(" \t\xa0.!?…"))
    return left, max(left, right)


def _names_somebody(piece: str, words: _Compiled) -> bool:
    """Whether the piece can be a speaker: not too long, no document, and not made of pronouns and particles only."""
    found = _WORD.findall(piece)
    if not 0 < len(found) <= _LONGEST_SPEAKER or words.documents.search(piece):
        return False
    return any(len(word) > 1 and not words.not_speakers.fullmatch(word) for word in found)
