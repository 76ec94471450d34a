"""Reads the term mini-language into sequences of steps; it looks nothing up in texts.

term      "re:" regex | sequence
sequence  item, item, …            items are separated by spaces
item      "<" number ">" | "@" id | ["="] word
word      letters and groups, "*" at the end
group     "(" … "|" … ")"          whole items, or parts of one word where it touches letters
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from monitor.text.fold import WORD, fold_class, fold_simple, fold_word
from monitor.text.tokens import tokens

MAX_SEQUENCES = 256
MAX_GAP = 20
_REGEX_SIGNS = frozenset("[]{}\\^$+?")
_LETTERS = re.compile(r"[^\s|)<@=(\[\]{}\\^$+?]+")
_PLAIN = re.compile(r"[^\W_]+\*?(?: [^\W_]+\*?)*")
_GAP = re.compile(r"<(\d{1,3})>")
_REFERENCE = re.compile(r"@([\w.-]+)")


class WordPattern(NamedTuple):
    """What one word may be: `folded`, or anything that begins so where `prefix`; `exact` also asks for this spelling and case."""

    folded: str
    prefix: bool = False
    exact: str = ""


class Step(NamedTuple):
    """One word of a sequence; up to `gap` other words may stand before it."""

    gap: int
    words: frozenset[WordPattern]


Sequence = tuple[Step, ...]
Resolve = Callable[[str], tuple[Sequence, ...]]
"""Gives the sequences behind an @reference, perhaps none; raises `TermWrong` where nothing has that id."""


class TermWrong(ValueError):
    """A term cannot be read.

    Args:
        message: What is wrong.
        at: Character of the term where it goes wrong, from 0.
        mend: What to write instead.
        code: The stable code of the finding.
    """

    def __init__(self, message: str, at: int = 0, mend: str = "", code: str = "E008") -> None:
        self.message = message
        self.at = at
        self.mend = mend
        self.code = code
        super().__init__(message)


def parse_term(text: str, language: str, resolve: Resolve) -> tuple[Sequence, ...]:
    """Read one term (not `re:`); any of the sequences makes a hit.

    Args:
        text: What the author wrote.
        language: ISO 639-1 code that chooses the folding.
        resolve: Looks up @references.

    Raises:
        TermWrong: With the place in the term.
    """
    if _PLAIN.fullmatch(text):
        kind = fold_class(language)
        folded = fold_simple(text, kind)
        found = (
            [_folded_step(word) for word in folded.split(" ")]
            if folded
            else [_plain_step(word, kind) for word in text.split(" ")]
        )
        if None not in found:
            return (tuple(filter(None, found)),)
    parser = _Parser(text, language, resolve)
    sequences = parser.sequences(depth=0)
    parser.expect_end()
    return sequences


@lru_cache(maxsize=1 << 16)
def _folded_step(word: str) -> Step | None:
    """One folded word, with or without * at its end; nothing where folding left no letter."""
    body = word.removesuffix("*")
    return Step(0, frozenset((WordPattern(body, prefix=body != word),))) if body else None


def _plain_step(word: str, kind: str) -> Step | None:
    """One word, with or without * at its end; nothing where it is not that simple."""
    body = word.removesuffix("*")
    folded = fold_word(body, kind)[0] if WORD.fullmatch(body) else ""
    return _folded_step(f"{folded}*" if body != word else folded)


class _Parser:
    def __init__(self, text: str, language: str, resolve: Resolve) -> None:
        self.text = text
        self.language = language
        self.resolve = resolve
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def expect_end(self) -> None:
        if self.peek():
            raise TermWrong(f'"{self.peek()}" outside of brackets', self.at, "put alternatives in brackets: (a|b)")

    def sequences(self, depth: int) -> tuple[Sequence, ...]:
        """Everything up to the end, or to | or ) inside brackets."""
        start = self.at
        items: list[tuple[int, tuple[Sequence, ...]]] = []
        gap = 0
        while True:
            while self.peek().isspace():
                self.at += 1
            sign = self.peek()
            if not sign or sign in "|)":
                break
            if sign == "<":
                gap += self.gap(first=not items)
            else:
                items.append((gap, self.reference() if sign == "@" else self.item(depth)))
                gap = 0
        if not items:
            raise TermWrong("an alternative is empty" if depth else "the term is empty", start, "write at least one word")
        if gap:
            raise TermWrong("a gap <n> at the end of a term", self.at, "put a word after it, or drop it")
        return self.join(items, start)

    def gap(self, *, first: bool) -> int:
        found = _GAP.match(self.text, self.at)
        if not found or int(found[1]) > MAX_GAP:
            raise TermWrong("a gap is written <n>", self.at, f"n is a number from 1 to {MAX_GAP}, as in <2>")
        if first:
            raise TermWrong("a gap <n> at the beginning of a term", self.at, "put a word before it, or drop it")
        self.at = found.end()
        return int(found[1])

    def reference(self) -> tuple[Sequence, ...]:
        found = _REFERENCE.match(self.text, self.at)
        if not found:
            raise TermWrong("@ without an id", self.at, "write @ and the id of a name or lexicon")
        try:
            resolved = self.resolve(found[1])
        except TermWrong as error:
            raise TermWrong(error.message, self.at, error.mend, error.code) from error
        self.at = found.end()
        return resolved

    def item(self, depth: int) -> tuple[Sequence, ...]:
        """One word, or a group of alternatives."""
        start = self.at
        cased = self.peek() == "="
        if cased:
            self.at += 1
        elif self.peek() == "(" and (whole := self.whole_group(depth)):
            return whole
        spellings = self.spellings(depth)
        return tuple(_sequence(spelling, self.language, cased, start) for spelling in spellings)

    def whole_group(self, depth: int) -> tuple[Sequence, ...]:
        """Alternatives that are items of their own; nothing, without moving, where letters touch the brackets."""
        start = self.at
        end = _closing(self.text, start)
        after = self.text[end + 1 : end + 2]
        if after and not after.isspace() and after not in "|)":
            return ()
        found: list[Sequence] = []
        while True:
            self.at += 1
            found.extend(self.sequences(depth + 1))
            if self.peek() == ")":
                self.at += 1
                return tuple(dict.fromkeys(found))

    def spellings(self, depth: int, *, inside: bool = False) -> list[str]:
        """The spellings of one word; each may end in *. `inside` a word's brackets a space may stand: servic(eman|e members)."""
        found = [""]
        while (sign := self.peek()) and (inside or not sign.isspace()) and sign not in "|)<@=":
            if sign == "(":
                found = self.grow(found, self.part_group(depth))
            elif sign in _REGEX_SIGNS:
                raise TermWrong(
                    f'"{sign}" has no meaning in a term', self.at, "write the forms out: (a|b), word*, or begin with re:"
                )
            else:
                run = _LETTERS.match(self.text, self.at)
                letters = run[0] if run else sign
                self.at += len(letters)
                found = [spelling + letters for spelling in found]
        return found

    def grow(self, heads: list[str], tails: list[str]) -> list[str]:
        if len(heads) * len(tails) > MAX_SEQUENCES:
            raise TermWrong(f"more than {MAX_SEQUENCES} spellings", self.at, "split the term in two")
        return [head + tail for head, tail in product(heads, tails)]

    def part_group(self, depth: int) -> list[str]:
        """Alternatives inside a word."""
        _closing(self.text, self.at)
        found: list[str] = []
        while True:
            self.at += 1
            found.extend(self.spellings(depth + 1, inside=True))
            if self.peek() == ")":
                self.at += 1
                return found
            if self.peek() != "|":
                raise TermWrong(f'"{self.peek()}" inside brackets that touch letters', self.at, "put a space around the brackets")

    def join(self, items: list[tuple[int, tuple[Sequence, ...]]], start: int) -> tuple[Sequence, ...]:
        """The product of the items, with one-word alternatives kept together as one step."""
        found: list[Sequence] = [()]
        for gap, alternatives in items:
            merged = _merge(alternatives)
            if len(found) * len(merged) > MAX_SEQUENCES:
                raise TermWrong(f"more than {MAX_SEQUENCES} combinations", start, "split the term in two")
            found = [(*head, Step(gap, tail[0].words), *tail[1:]) for head, tail in product(found, merged)]
        return tuple(found)


def _merge(alternatives: tuple[Sequence, ...]) -> list[Sequence]:
    single = [sequence[0].words for sequence in alternatives if len(sequence) == 1]
    longer = [sequence for sequence in alternatives if len(sequence) > 1]
    return [(Step(0, frozenset().union(*single)),), *longer] if single else longer


def _closing(text: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return at
    raise TermWrong("a bracket is not closed", opening, 'add ")"')


def _sequence(spelling: str, language: str, cased: bool, at: int) -> Sequence:
    """One spelling as words: a dash or an apostrophe in it may make several."""
    body = spelling.removesuffix("*")
    if "*" in body:
        raise TermWrong("* stands at the end of a word only", at + spelling.index("*"), "write the forms out: (a|b)")
    prefix = spelling.endswith("*")
    if body and body[-1].isalnum() and WORD.fullmatch(body):
        folded, exact = fold_word(body, fold_class(language))
        if folded:
            return (Step(0, frozenset((WordPattern(folded, prefix, exact if cased else ""),))),)
    found = tokens(body, language)
    if not found or not all(token.folded for token in found):
        raise TermWrong(f'"{spelling or "="}" holds no word', at, "write at least one letter or digit")
    if prefix and found[-1].end != len(body):
        raise TermWrong("* must follow a letter", at, f'write "{found[-1].original}*"')
    last = len(found) - 1
    return tuple(
        Step(0, frozenset({WordPattern(token.folded, prefix and index == last, token.exact if cased else "")}))
        for index, token in enumerate(found)
    )
