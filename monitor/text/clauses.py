"""Tells whether a place in a sentence lies in a clause that only compares or describes; it parses no grammar, only marks of clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.text.speech_words import SPEECH_WORDS


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """Patterns of one language; alternatives are separated by a bar.

    `comparing` opens a comparison ("as it did", "unlike"), `relative` follows a comma and describes the noun before it, `since` stands
    right before a date from which something has lasted.
    """

    comparing: str
    relative: str
    since: str = ""


CLAUSE_WORDS: Mapping[str, ClauseWords] = {
    "en": ClauseWords(
        comparing=r"(?:just |much )?as (?:it|he|she|they|[A-Z]\w+(?: [A-Z]\w+)?) (?:had|did|does|was|were|has|have)|(?:just )?as (?:on|in|at)|"
        r"like (?:on|in|at|the|that|those)|unlike|(?:more|less|fewer|other|rather|later|earlier|higher|lower|larger|smaller) than|"
        r"compared (?:with|to)|similar to|reminiscent of",
        relative=r"(?:\w+ ){0,2}(?:(?:of|on|in|to|for|with|at|by|from) )?(?:which|whom|whose)|who|where",
        since="since|ever since",
    ),
    "ru": ClauseWords(
        comparing=r"так же,? как|такой же,? как|как и|как (?:это )?(?:было|бывало|делал\w*|сделал\w*|поступал\w*|случилось)|как (?=\d)|в отличие от|"
        r"по сравнению с|подобно|чем",
        relative=r"(?:\w+ ){0,2}(?:(?:в|во|над|на|с|со|из|о|об|для|по|к|при|за|от|до) )?котор\w+|где|куда|чь[еёяию]\w*",
        since="начиная с|со времени|со времён|со времен",
    ),
    "be": ClauseWords(
        comparing=r"гэтак(?:сама|жа),? як|так(?:сама| сама| жа),? як|як і|як (?:гэта )?(?:было|бывала|рабі\w+|зрабі\w+|здарылася)|як (?=\d)|у адрозненне ад|"
        r"у параўнанні з|падобна да|чым",
        relative=r"(?:\w+ ){0,2}(?:(?:у|ў|над|на|з|са|пра|аб|для|па|да|пры|за|ад) )?як(?:і|ая|ое|ую|ія|ога|ой|іх|ім|імі|ому)|дзе|куды|чы\w{1,3}",
        since="пачынаючы з|з часу|з часоў",
    ),
    "uk": ClauseWords(
        comparing=r"так само,? як|як і|як (?:це )?(?:було|роби\w+|зроби\w+|сталося)|як (?=\d)|на відміну від|порівняно з|подібно до|ніж",
        relative=r"(?:\w+ ){0,2}(?:(?:у|в|над|на|з|із|про|для|по|до|при|за|від) )?як(?:ий|а|е|у|і|ого|ої|их|им|ими|ому|ій)|де|куди",
        since="починаючи з|від часу",
    ),
    "pl": ClauseWords(
        comparing=r"tak samo,? jak|tak jak|jak (?:to )?(?:było|zrobi\w+)|jak (?=\d)|w odróżnieniu od|w porównaniu z|podobnie jak|niż",
        relative=r"(?:\w+ ){0,2}(?:(?:w|we|nad|na|z|ze|o|dla|po|do|przy|za|od) )?któr\w+|gdzie|dokąd",
        since="począwszy od|od czasu",
    ),
}

_ENDS = re.compile(r"[;()]|\s[-–—]\s")
_COMMA = re.compile(r",")
_BACK_REACH = 90
"""How far back, in characters, the word that opens the clause of a date is looked for."""


def stands_aside(text: str, start: int, end: int, language: str) -> bool:
    """Whether what stands at `start`..`end` (a date) belongs to a comparison, to a clause that describes a noun, or says since when.

    "Minsk can show restraint, as it did on 5 March" and "a bridge, which opened on 5 March, is closed" do not happen on that day;
    "it is closed, as the ministry said on 5 March" was said then, so the date counts.

    Args:
        text: One sentence.
        start: Where the date begins.
        end: Where it ends.
        language: ISO 639-1; English patterns where unknown.
    """
    words = _compiled(language)
    left = max([0, start - _BACK_REACH, *(found.end() for found in _ENDS.finditer(text, 0, start))])
    # Patterns are of small letters: a sentence that opens with one of them opens with a capital.
    before = text[left:start] if left else text[:1].lower() + text[1:start]
    if words.since.search(before) and not re.match(r"\s*(?:to|until|through|[-–—])\s", text[end:]):
        return True
    for found in words.comparing.finditer(before):
        if not _closed(before, found.end()) and not words.saying.search(before, found.end()):
            return True
    return any(
        not _closed(before, found.end()) and not words.saying.search(before, found.end())
        for found in words.relative.finditer(before)
    )


def _closed(before: str, opened: int) -> bool:
    """Whether a comma has ended the clause that opened there."""
    return bool(_COMMA.search(before, opened))


@dataclass(frozen=True, slots=True)
class _Compiled:
    comparing: re.Pattern[str]
    relative: re.Pattern[str]
    since: re.Pattern[str]
    saying: re.Pattern[str]


@lru_cache(maxsize=8)
def _compiled(language: str) -> _Compiled:
    code = language if language in CLAUSE_WORDS else "en"
    words, speech = CLAUSE_WORDS[code], SPEECH_WORDS[code]
    return _Compiled(
        # Names in a pattern are capital: "as Minsk did" compares, "as the date was set" does not.
        comparing=re.compile(rf"(?<!\w)(?:{words.comparing})(?:(?!\w)|(?=\d))"),
        relative=re.compile(rf",\s+(?:{words.relative})(?!\w)"),
        since=re.compile(rf"(?<!\w)(?:{words.since})\s+$", re.IGNORECASE),
        saying=re.compile(rf"(?<!\w)(?:{speech.say}|{speech.claim})(?!\w)"),
    )
