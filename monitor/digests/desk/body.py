"""Reads the text of one item of an edited draft: labels, paragraphs, quotations that must be verbatim, and the desk's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from monitor.digests.desk.marks import KINDS, ROLES, first_difference, is_quoted, kind_of, one_line, place_of
from monitor.digests.desk.write import date_prefix, status_line
from monitor.model.desk import DESK
from monitor.model.edition import Item, Role, Sentence

Paragraphs = tuple[tuple[Sentence, ...], ...]

_LABEL = re.compile(rf"<!--\s*({'|'.join(KINDS)})\s*-->\s*")
_REFERENCE = re.compile(r"\[q-[0-9a-f]+\]:")
_QUOTED = re.compile(r"(?P<day>\d{4}-\d\d-\d\d:\s+)?(?P<text>.*\S)\s*\[(?P<mark>q-[0-9a-f]+)\]\s*")
_MARK = re.compile(r"\[q-[0-9a-f]+\]")
_WITHIN = re.compile(r"[“«„\"]([^“”«»„\"]+)[”»“\"]")
_OPEN, _CLOSE = '“«„"', '”»“"'
FEW_WORDS = 3
"""A shorter quotation within own words is a name or a term, not somebody's sentence."""


class Complaint(Protocol):
    """Notes a problem on the line at hand."""

    def __call__(self, code: str, message: str, mend: str = "", *, column: int = 1, line: int = 0) -> None:
        """`column` counts from 1."""
        ...


@dataclass(slots=True)
class BodyReader:
    """Takes the lines below an item's heading, one by one; `paragraphs` gives what they say."""

    item: Item | None
    """As printed; None below a heading that names no item, whose lines are passed over."""
    pool: tuple[Sentence, ...]
    marks: Mapping[tuple[str, str], str]
    language: str
    wrong: Complaint
    _kind: str = KINDS[0]
    _open: list[Sentence] = field(default_factory=list)
    _done: list[tuple[Sentence, ...]] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def paragraphs(self) -> Paragraphs:
        """The paragraphs so far; () where there is no text."""
        self._close()
        return tuple(self._done)

    def is_label(self, line: str) -> bool:
        """True for a comment that says what the paragraphs below it do."""
        return bool(_LABEL.fullmatch(line))

    def owns(self, line: str) -> bool:
        """True for words of ours that were printed, whatever they look like."""
        return self._own(line) is not None

    def take(self, line: str) -> None:
        """The next line."""
        label = _LABEL.fullmatch(line)
        if self.item is None or _REFERENCE.match(line):
            return
        if label or not line.strip():
            self._close()
            self._kind = label[1] if label else self._kind
        elif sentence := self._own(line):
            self._open.append(sentence)
        elif line.startswith(">"):
            status = self.item.status
            if line.strip() not in (status_line(status), status_line(replace(status, override="by hand"))):
                self.wrong("K009", "a status is not edited here", "put the line back as it was, or take it out")
        elif found := _QUOTED.fullmatch(line):
            self._quotation(line, found)
        else:
            self._words(line)

    def _close(self) -> None:
        if self._open:
            self._done.append(tuple(self._in_role(one) for one in self._open))
        self._open = []

    def _own(self, line: str) -> Sentence | None:
        text = one_line(line)
        return next((one for one in self.pool if not is_quoted(one) and one_line(one.text) == text), None) if text else None

    def _in_role(self, sentence: Sentence) -> Sentence:
        """The sentence in the role of its paragraph; a quotation that becomes an event has the day it was published, if no other."""
        if kind_of((sentence,)) == self._kind:
            return sentence
        role = ROLES[self._kind]
        if role is not Role.EVENT:
            return replace(sentence, role=role)
        if sentence.own:
            return replace(sentence, role=Role.CLAIM)
        day = sentence.day or sentence.citations[0].published.date()
        return replace(sentence, role=role, day=day, day_from=sentence.day_from or "publication")

    def _quotation(self, line: str, found: re.Match[str]) -> None:
        mark, text = found["mark"], one_line(found["text"])
        sentence = next((one for one in self.pool if self.marks.get((place_of(one), one.text)) == mark), None)
        column = line.rindex("[") + 1
        if sentence is None:
            self.wrong(
                "K007", f"no sentence of this item has the mark {mark}", "put back the mark that stood there", column=column
            )
            return
        if mark in self._used:
            self.wrong("K004", f"the quotation {mark} stands twice", "leave one of them", column=column)
        self._used.add(mark)
        expected = f"“{one_line(sentence.text)}”"
        if text != expected:
            at = (found.end("day") if found["day"] else 0) + first_difference(text, expected) + 1
            mend = f"put back {expected}, or take away quotation marks and mark to say it in the desk's words"
            self.wrong("K006", f"the quotation {mark} was changed", mend, column=at)
        elif (found["day"] or "").strip() != date_prefix(sentence).strip():
            mend = f"put back {date_prefix(sentence).strip()}" if sentence.day else "take it away"
            self.wrong("K009", "the date of a quotation is not edited here", mend)
        self._open.append(sentence)

    def _words(self, line: str) -> None:
        """Words of the desk: no quotation may hide in them that nobody said."""
        text = line.strip()
        stray = _MARK.search(line)
        if stray:
            mend = "end the line behind the mark; other words begin a line of their own"
            self.wrong("K007", "a mark in the middle of a line", mend, column=stray.start() + 1)
        elif text[0] in _OPEN and text[-1] in _CLOSE:
            mend = "put its mark [q-…] behind it, or take away the quotation marks to make it the desk's words"
            self.wrong("K007", "a quotation without its mark", mend)
        else:
            self._within(line)
        own = Sentence(one_line(line), ROLES[self._kind], self.language, own=True, by=DESK)
        self._open.append(replace(own, role=Role.CLAIM) if own.role is Role.EVENT else own)

    def _within(self, line: str) -> None:
        for within in _WITHIN.finditer(line):
            words = one_line(within[1])
            said = any(words in one_line(one.text) for one in self.pool if is_quoted(one))
            if len(words.split()) >= FEW_WORDS and not said:
                mend = "quote what a sentence of the item says, or take away the quotation marks"
                self.wrong("K008", "no source of this item says that", mend, column=within.start() + 1)
