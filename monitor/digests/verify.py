"""Decides whether a sentence that a language model wrote is borne out by the sentences it cites; pure, and it gives its reason.

What passes is an extract: an opening word of a closed list, then passages of the cited sentences in their own words and order, less
brackets, days and what a last clause adds; numbers and dates may be written in another way, people's names in another spelling.
It judges no paraphrase: who did what, and whether, cannot be told from words in another order without understanding them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise, permutations

from monitor.digests.verify_tokens import Kind, Piece, pieces
from monitor.digests.verify_words import VERIFY_WORDS, VerifyWords
from monitor.model.names import Name, NameKind
from monitor.text.sentences import split_sentences
from monitor.text.speech import attribution

MOST_CITED = 3
MOST_CHARACTERS = 420
FEWEST_WORDS = 4
MOST_WORDS = 45
NEAR = timedelta(days=10)
"""How far from its publication a day may lie that can be left out: what was said of another time keeps its date."""

_PROSE = frozenset(" ,.;:()–—-’'\"“”„«»‘%/&№$€+")
_SHARED_FEATURES = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may be cited. `fresh` says that what it tells happened in the edition's week: its day may be left out.

    `names` are the ids of the names files found in it.
    """

    id: str
    text: str
    language: str
    published: date
    fresh: bool = True
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spellings:
    """People's names in English, one pattern for each word: two spellings of one person are equal."""

    patterns: tuple[re.Pattern[str], ...] = ()

    def agree(self, one: str, other: str) -> bool:
        """Whether two words spell the same name."""
        return any(pattern.fullmatch(one) and pattern.fullmatch(other) for pattern in self.patterns)


def spellings_of(names: Iterable[Name]) -> Spellings:
    """The spellings of the people among `names`. English alone: elsewhere an ending says who did it to whom."""
    people = [name for name in names if name.kind is NameKind.PERSON]
    terms = {term for name in people for term in (*name.variants.get("en", ()), *filter(None, [name.printed.get("en")]))}
    words = {word.lstrip("=").lower() for term in terms for word in term.split() if "(" in word or "*" not in word}
    compiled = (_pattern(word) for word in sorted(words))
    return Spellings(tuple(pattern for pattern in compiled if pattern))


def _pattern(word: str) -> re.Pattern[str] | None:
    if not re.fullmatch(r"[a-z]{3,}(?:\([a-z|]+\))?|\([a-z|]+\)", word):
        return None
    return re.compile(word)


def transition_fits(word: str, language: str, *, same_week: bool) -> bool:
    """Whether a connecting word may stand before a sentence: one of the language's list; of one time only within one week."""
    words = VERIFY_WORDS.get(language)
    return words is not None and (word in words.transitions or (same_week and word in words.same_time))


def why_unsupported(
    text: str, cites: Sequence[str], evidence: Mapping[str, Evidence], language: str, spellings: Spellings = Spellings()
) -> str:
    """Why the sentences cited do not bear out `text`; "" where they do.

    Args:
        text: What the language model wrote; one sentence.
        cites: The ids it cites, in any order.
        evidence: All sentences that may be cited, by id.
        language: The edition's, in which `text` must be written.
        spellings: People's names that are written in several ways.
    """
    words = VERIFY_WORDS.get(language)
    if words is None:
        return f"no words to verify {language!r} with"
    wrong = _wrong_form(text, language, words) or _wrong_cites(cites, evidence)
    if wrong:
        return wrong
    cited = [evidence[one] for one in cites]
    home = [one for one in cited if one.language == language]
    if not home:
        return f"none of the sentences cited is in {language!r}: its words cannot be compared"
    trial = _Trial(text, language, words, spellings, home)
    return trial.why() or _idle_cite(trial, [one for one in cited if one.language != language])


def _wrong_form(text: str, language: str, words: VerifyWords) -> str:
    if len(text) > MOST_CHARACTERS or not FEWEST_WORDS <= len(text.split()) <= MOST_WORDS:
        return f"not {FEWEST_WORDS} to {MOST_WORDS} words"
    strange = next((sign for sign in text if not _is_prose(sign)), "")
    if strange:
        return f"holds a character that prose does not need: U+{ord(strange):04X}"
    if any(_mixes(word) for word in re.findall(r"[^\W\d_]+", text)):
        return "letters of two scripts in one word"
    letters = [sign for sign in text if sign.isalpha()]
    at_home = sum(1 for sign in letters if _is_cyrillic(sign) == words.cyrillic)
    if 2 * at_home <= len(letters) or (not words.cyrillic and at_home < len(letters)):
        return f"is not written in {language!r}"
    if not text.endswith((".", ".”", ".»", '."')) or len(split_sentences(text, language)) != 1:
        return "is not one sentence with a stop"
    return ""


def _is_prose(sign: str) -> bool:
    return sign in _PROSE or unicodedata.category(sign) in ("Ll", "Lu") or sign in "0123456789"


def _is_cyrillic(sign: str) -> bool:
    return "Ѐ" <= sign <= "ԯ"


def _mixes(word: str) -> bool:
    """Letters of more than one script, or of one that is neither Latin nor Cyrillic."""
    scripts = {unicodedata.name(sign, "?").split(" ")[0] for sign in word}
    return len(scripts) > 1 or not scripts <= {"LATIN", "CYRILLIC"}


def _wrong_cites(cites: Sequence[str], evidence: Mapping[str, Evidence]) -> str:
    if not cites:
        return "cites nothing"
    unknown = [one for one in cites if one not in evidence]
    if unknown:
        return f"cites {unknown[0][:20]!r}, which does not exist"
    if len(cites) > MOST_CITED or len(set(cites)) != len(cites):
        return f"cites more than {MOST_CITED} sentences, or one twice"
    return ""


def _idle_cite(trial: _Trial, foreign: Iterable[Evidence]) -> str:
    """A sentence of another language may be cited beside: where it speaks of the same names, numbers or dates."""
    own = {one.key for one in trial.said if one.kind in (Kind.NUMBER, Kind.DATE)}
    named = frozenset[str]().union(*(one.names for one in trial.home))
    for one in foreign:
        theirs = {piece.key for piece in pieces(one.text, one.language, one.published) if piece.kind in (Kind.NUMBER, Kind.DATE)}
        if len(own & theirs) + len(named & one.names) < _SHARED_FEATURES:
            return f"cites {one.id!r}, which does not speak of the same"
    return ""


@dataclass(frozen=True, slots=True)
class _Source:
    """A cited sentence in pieces; `whole` where nothing may be left out: it is somebody's word."""

    evidence: Evidence
    pieces: tuple[Piece, ...]
    whole: bool


class _Trial:
    """One sentence against those it cites in its language."""

    def __init__(self, text: str, language: str, words: VerifyWords, spellings: Spellings, home: Sequence[Evidence]) -> None:
        self.home, self._words, self._spellings = home, words, spellings
        opened = _without_transition(text, words)
        self.sources = [
            _Source(one, _body(pieces(one.text, language, one.published, words.on)), attribution(one.text, language) is not None)
            for one in home
        ]
        self.readings = [_body(pieces(opened, language, one.published, words.on)) for one in home]
        self.said = self.readings[0]

    def why(self) -> str:
        """The first reason against it: what it names, then how it says it."""
        pool = [piece for source in self.sources for piece in source.pieces]
        if any(piece.relative for piece in self.said):
            return "names a day only from the day of its source"
        return self._unknown(pool) or self._turned() or self._not_extract()

    def _unknown(self, pool: Sequence[Piece]) -> str:
        """A number, date, name or word that no cited sentence has."""
        keys = {(piece.kind, piece.key.lower()) for piece in pool}
        told = {piece.key for reading in self.readings for piece in reading if piece.kind is Kind.DATE}
        dates = {piece.key for piece in pool if piece.kind is Kind.DATE}
        if told and not told & dates:
            return "names a date that is not in the sentences cited"
        for piece in self.said:
            if piece.kind is Kind.DATE or piece.key == ";" or (piece.kind, piece.lower) in keys or self._spelled(piece, pool):
                continue
            kind = "name" if piece.is_name else piece.kind.value
            return f"the {kind} {piece.text!r} is not in the sentences cited"
        return ""

    def _spelled(self, piece: Piece, pool: Iterable[Piece]) -> bool:
        return piece.is_name and any(other.is_name and self._spellings.agree(piece.lower, other.lower) for other in pool)

    def _turned(self) -> str:
        """Whether a negation came or went."""
        said = sum(1 for piece in self.said if piece.lower in self._words.negations)
        cited = sum(1 for source in self.sources for piece in source.pieces if piece.lower in self._words.negations)
        return "says “not” more or less often than the sentences cited" if said != cited else ""

    def _not_extract(self) -> str:
        parts = _parts(self.said)
        if len(parts) != len(self.sources):
            return "does not give each sentence cited a part of its own, parted by semicolons"
        for order in permutations(range(len(self.sources))):
            chosen = zip(order, _cut(self.readings, order, parts), strict=True)
            if all(self._extracts(part, self.sources[index]) for index, part in chosen):
                return ""
        return "its words do not stand so, and in this order, in the sentences cited"

    def _extracts(self, part: Sequence[Piece], source: _Source) -> bool:
        """Whether `part` is the source less what can be left out."""
        whole = source.pieces

        @cache
        def from_here(said: int, place: int) -> bool:
            if place == len(whole):
                return said == len(part)
            same = said < len(part) and self._same(part[said], whole[place], first=said == 0 or place == 0)
            if same and from_here(said + 1, place + 1):
                return True
            return any(from_here(said, end) for end in self._ends(source, place))

        return from_here(0, 0)

    def _same(self, one: Piece, other: Piece, *, first: bool) -> bool:
        if one.kind is not other.kind:
            return False
        if one.kind is Kind.DATE and one.adjunct != other.adjunct and not other.relative:
            return False
        if one.key == other.key or (first and one.lower == other.lower):
            return True
        return one.is_name and other.is_name and self._spellings.agree(one.lower, other.lower)

    def _ends(self, source: _Source, place: int) -> Iterator[int]:
        """Where it may go on when something is left out at `place`."""
        whole = source.pieces
        if source.whole:
            return
        if whole[place].key == "(":
            yield from self._after_bracket(whole, place)
        if whole[place].key == ",":
            yield from self._after_tail(whole, place)
        if source.evidence.fresh:
            yield from self._after_day(whole, place, source.evidence.published)

    def _after_bracket(self, whole: Sequence[Piece], place: int) -> Iterator[int]:
        end = next((at for at in range(place, len(whole)) if whole[at].key == ")"), None)
        if end is not None and not self._guarded(whole[place + 1 : end]):
            yield end + 1

    def _after_tail(self, whole: Sequence[Piece], place: int) -> Iterator[int]:
        """The rest, where it only adds which or where. No other passage between commas: "a brief finds" may be one, and is somebody's word."""
        rest = whole[place + 1 :]
        if rest and rest[0].lower in self._words.tails and not self._guarded(rest):
            yield len(whole)

    def _after_day(self, whole: Sequence[Piece], place: int, published: date) -> Iterator[int]:
        """A day at the head ("On March 5th, "), after a comma, or with its preposition."""
        day = whole[place]
        if day.kind is not Kind.DATE or not (day.adjunct or place == 0 or whole[place - 1].key == ","):
            return
        first, last = (date.fromisoformat(part) for part in day.key.split("/"))
        if first != last or abs(first - published) > NEAR:
            return
        yield place + 1
        if place == 0 and len(whole) > 1 and whole[1].key == ",":
            yield 2

    def _guarded(self, aside: Collection[Piece]) -> bool:
        """Whether leaving it out would change what is said: a doubt, a condition, an exception, a quotation, a bracket."""
        return any(piece.lower in self._words.guards or piece.key in ('"', "(", ")", ";", ":") for piece in aside)


def _without_transition(text: str, words: VerifyWords) -> str:
    for opening in words.transitions:
        if text.startswith(f"{opening}, "):
            return text[len(opening) + 2 :]
    return text


def _body(whole: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Without the final stop."""
    return whole[:-1] if whole and whole[-1].key == "." else whole


def _parts(said: Sequence[Piece]) -> list[tuple[int, int]]:
    """The places of what semicolons part."""
    cuts = [-1, *(at for at, piece in enumerate(said) if piece.key == ";"), len(said)]
    return [(start + 1, end) for start, end in pairwise(cuts)]


def _cut(
    readings: Sequence[Sequence[Piece]], order: Sequence[int], parts: Sequence[tuple[int, int]]
) -> Iterator[Sequence[Piece]]:
    """Each part as it reads on the day of the sentence it is held against."""
    for index, number in zip(order, range(len(parts)), strict=True):
        places = _parts(readings[index])
        start, end = places[number] if number < len(places) else (0, 0)
        yield readings[index][start:end]
