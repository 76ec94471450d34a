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
_PLAIN_SPEAKER = 5
"""Words from which a speaker must hold a name, or it is a whole clause taken for one."""
_EARLY = 6
_OPENING = 2
"""Words before a date that still opens its clause ("Inspectors on Tuesday will …")."""
_ANY_DAY = date(2000, 1, 1)
_DATED = frozenset(("of", "dated", "от", "ад", "від", "z"))
"""Words that tie a date to a document, which keeps it as part of its name."""
_QUOTED = re.compile(r"[«„“\"](?P<inner>[^»“”\"]{25,})[»”“\"]")
_BREAK = re.compile(r"[,;:()«»„“”\"]|\s[-–—]\s")
_ADVERBS = re.compile(r"\s+(?:has|have|had|also|\w+ly|repeatedly|earlier|ранее|также|раней|таксама)\s*(?:\w+ly\s*)?$")
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


def future_at(text: str, start: int, end: int, language: str) -> bool:
    """Whether what stands at `start`..`end` (a date) belongs to something still to come.

    The nearest sign in its clause decides: a word of the future, or a verb of saying, which is past ("said on Tuesday that … will").
    """
    words = _compiled(language)
    left, right = _clause(text, start, end, words)
    signs = _signs(text, left, right, words)
    if not signs and left == 0 and text[right : right + 1] == ",":
        # "Without guests in September, Minsk can …": what opens the sentence belongs to the clause that follows.
        signs = _signs(text, left, _clause(text, right + 1, right + 1, words)[1], words)
        return bool(signs and signs[0][1])
    before = [ahead for place, ahead in signs if place < start]
    after = [ahead for place, ahead in signs if place >= end]
    opens = len(_WORD.findall(text[left:start])) <= _OPENING
    return before[-1] if before else opens and bool(after and after[0])


def _signs(text: str, left: int, right: int, words: _Compiled) -> list[tuple[int, bool]]:
    """Words of the future (True) and verbs of saying (False) by place."""
    ahead = [(found.start(), True) for found in words.future.finditer(text, left, right)]
    return sorted([*ahead, *((found.start(), False) for found in words.verbs.finditer(text, left, right))])


def pronoun_speaks(text: str, language: str) -> bool:
    """Whether a pronoun is the subject of a verb of saying ("he said"): who it stands for is told elsewhere."""
    return bool(_compiled(language).pronoun_says.search(text))


def names_nobody_before_pronoun(text: str, language: str) -> bool:
    """Whether "he" or "she" comes early in a sentence before anything that could be a name ("The contacts he meant …")."""
    found = _compiled(language).persons.search(text)
    if not found:
        return False
    before = _WORD.findall(text[: found.start()])
    return len(before) <= _EARLY and not any(word[0].isupper() for word in before[1:])


def leans_on_previous(text: str, language: str) -> bool:
    """Whether the sentence opens with a word that points back ("He …", "However, …", «При этом …»), or with a dash or small letter."""
    bare = text.lstrip(" \t«„“\"'‘([")
    if not bare or bare[0] in "-–—•*·…," or bare[0].islower():
        return True
    words = _compiled(language)
    if bare != text.lstrip() and words.first_person.match(bare):
        return False
    return bool(words.leaning.match(bare))


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
    pronoun_says: re.Pattern[str]
    date_lead: re.Pattern[str]
    persons: re.Pattern[str]
    first_person: re.Pattern[str]
    openers: re.Pattern[str]
    not_first: re.Pattern[str]
    places: re.Pattern[str]
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
        pronoun_says=_pronoun_says(words),
        date_lead=re.compile(rf"(?:(?:{words.conjunctions})\s+)?(?:(?:{words.date_prepositions})\s+)?", re.IGNORECASE),
        persons=whole(words.persons),
        first_person=whole(words.first_person),
        openers=re.compile(rf"\s*(?:{words.openers})\s+", re.IGNORECASE),
        not_first=re.compile(rf"(?:{words.not_first})\s", re.IGNORECASE),
        places=re.compile(rf"\s(?:{words.places})\s"),
        tail=re.compile(rf"(?:^|[,;]\s*)(?:{words.reporting_tail})\s*$", re.IGNORECASE),
        conjunction=re.compile(rf"(?<!\w)(?:{words.conjunctions})\s*$", re.IGNORECASE),
        that=re.compile(rf"(?<!\w)\s*,?\s*(?:{words.that})(?!\w)", re.IGNORECASE),
        subject_may_follow=words.subject_may_follow,
    )


def _pronoun_says(words: SpeechWords) -> re.Pattern[str]:
    verbs = f"(?:{words.say}|{words.claim})"
    inverted = rf"|(?<!\w){verbs}\s+(?:{words.pronouns})(?!\w)" if words.subject_may_follow else ""
    return re.compile(rf"(?<!\w)(?i:{words.pronouns})\s+(?:\w+ly\s+|has\s+)?{verbs}(?!\w){inverted}")


_Found = tuple[int, int, bool]
"""Start and end of the speaker, and whether the verb heads the sentence."""


def _speaker_of(text: str, verb: re.Match[str], words: _Compiled) -> _Found | None:
    before = _break_before(text, verb.start())
    subject = text[before : verb.start()]
    if words.tail.search(text[: verb.start()]) or not subject.strip():
        return _after(text, verb, words) or _before_apposition(text, before, words)
    if words.conjunction.search(subject):
        return _leading_name(text, before, verb, words)
    start = _after_leading_date(text, before, verb.start(), words)
    start, end = _name_part(text, *_trim(text, start, _before_adverb(text, start, verb.start())), words)
    if _names_somebody(text[start:end], words):
        return start, end, before == 0 or bool(words.that.match(text, verb.end()))
    return _after(text, verb, words) if words.subject_may_follow else None


def _name_part(text: str, start: int, end: int, words: _Compiled) -> tuple[int, int]:
    """The speaker alone: without "earlier" before it, a date before or in it, and where or when after a name."""
    opening = words.openers.match(text, start, end)
    start = _after_leading_date(text, opening.end() if opening else start, end, words)
    end = start + _before_date(text[start:end], words)
    for place in words.places.finditer(text, start, end):
        if any(word[0].isupper() for word in _WORD.findall(text[start : place.start()])[1:]):
            end = place.start()
            break
    return _trim(text, start, end)


def _before_date(piece: str, words: _Compiled) -> int:
    """Where a name ends before a date ("Petrov on 5 March said"); "the notice of 5 March" is left whole."""
    for found in dates_in(piece, words.code, _ANY_DAY):
        before = _WORD.findall(piece[: found.start])
        leads = bool(before and words.date_lead.fullmatch(f"{before[-1]} "))
        if leads:
            before.pop()
        at_end = not leads and found.end == len(piece.rstrip()) and before and before[-1].lower() not in _DATED
        if before and (before[-1][0].isupper() or at_end):
            return piece.index(before[-1], 0, found.start) + len(before[-1])
    return len(piece)


def _before_adverb(text: str, start: int, verb: int) -> int:
    """Where the subject ends before "has repeatedly" and the like."""
    return start + len(_ADVERBS.sub("", text[start:verb]))


def _after(text: str, verb: re.Match[str], words: _Compiled) -> _Found | None:
    """As in "…, said the minister", «…, сообщили в Минобороны»."""
    start, end = _name_part(text, *_until_break(text, verb.end()), words)
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
    """Where the clause goes on after a date that opens it ("In December Petrov said", "and on 6 March the ministry reported")."""
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    opening = words.date_lead.match(piece, lead)
    for found in dates_in(piece, words.code, _ANY_DAY):
        if found.start in (lead, opening.end() if opening else lead):
            return start + found.end
    return start


def _clause(text: str, start: int, end: int, words: _Compiled) -> tuple[int, int]:
    """The clause around a place: to the next break or "that" on either side."""
    left = _break_before(text, start)
    for found in words.that.finditer(text, left, start):
        left = found.end()
    breaks = [found.start() for found in (_BREAK.search(text, end), words.that.search(text, end)) if found]
    return left, min(breaks, default=len(text))


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
    if not 0 < len(found) <= _LONGEST_SPEAKER or words.documents.search(piece) or words.not_first.match(piece):
        return False
    if len(found) > _PLAIN_SPEAKER and not any(word[0].isupper() for word in found[1:]):
        return False
    return not words.not_speakers.fullmatch(found[-1]) and any(
        len(word) > 1 and not words.not_speakers.fullmatch(word) for word in found
    )
