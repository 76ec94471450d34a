"""Reads an edited draft back: what it says, or every problem in it with line and column. A quotation must stand as its source has it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.digests.desk.body import BodyReader
from monitor.digests.desk.by_hand import SYNTAX, read_line, section_name
from monitor.digests.desk.edits import Reading
from monitor.digests.desk.marks import WATCH, first_difference, items_of, lists_of, notes_of, one_line, pool_of, watch_id
from monitor.digests.desk.write import FENCE, DraftText, note_line, status_line, title_line, watch_line
from monitor.digests.headline import MOST_WORDS
from monitor.model.edition import Edition, EditionSection, Item, Verdict
from monitor.model.problem import Place, Problem, Severity

_HEADING = re.compile(r"(?P<depth>#{1,6})\s+(?P<title>.*?)\s*\{#(?P<mark>[^\s{}]+)\}\s*")
_MEMBER = re.compile(r"-\s+.*\{#(?P<mark>[^\s{}]+)\}\s*")
_CONFLICT = re.compile(r"<!-- conflict (\d+):")


@dataclass(slots=True)
class _Place:
    """Where the reader is: in the note, in a section, its list of notes, an item, or the dates ahead."""

    name: str = "top"
    section: EditionSection | None = None
    body: BodyReader | None = None


@dataclass(slots=True)
class DraftReader:
    """Reads one file against what it was printed from. `problems` holds all that is wrong with it; the reading counts only without them."""

    printed: DraftText
    composed: Edition
    file: str
    problems: list[Problem] = field(default_factory=list)
    _here: _Place = field(default_factory=_Place)
    _note: list[str] = field(default_factory=list)
    _order: dict[str, list[str]] = field(default_factory=dict)
    _headlines: dict[str, str] = field(default_factory=dict)
    _bodies: dict[str, BodyReader] = field(default_factory=dict)
    _statuses: dict[str, tuple[Verdict, str]] = field(default_factory=dict)
    _kept: set[int] = field(default_factory=set)
    _sections: set[str] = field(default_factory=set)
    _number: int = 0

    def wrong(self, code: str, message: str, mend: str = "", *, column: int = 1, line: int = 0) -> None:
        """Note a problem on the line at hand, or on another."""
        self.problems.append(Problem(Place(self.file, line or self._number, column), code, message, mend))

    def read(self, text: str) -> Reading:
        """What the file says."""
        lines = text.splitlines()
        start = self._front(lines)
        comment = ""
        for self._number, line in enumerate(lines[start:], start=start + 1):
            if comment or (line.startswith("<!--") and not self._is_label(line)):
                comment = "" if "-->" in line else comment or line
                self._comment(line)
            else:
                self._line(line.rstrip())
        if comment:
            self.wrong("K011", "a comment is not closed", "end it with -->")
        missing = [section for section in self.composed.sections if section.id not in self._sections]
        for section in missing:
            self.wrong("K003", f'the section "{section.title}" is missing', f"put back ## {section.title} {{#s-{section.id}}}")
        return self._reading()

    def _reading(self) -> Reading:
        order = {name: tuple(self._order.get(name, ())) for name, _ in lists_of(self.composed)}
        dates = {watch_id(one.sentence) for one in self.composed.watch} & set(order[WATCH])
        order[WATCH] = tuple(one for one in dict(lists_of(self.composed))[WATCH] if one in dates)
        bodies = {item: body.paragraphs() for item, body in self._bodies.items()}
        note = "\n\n".join(one_line(part) for part in "\n".join(self._note).split("\n\n") if part.strip())
        said = {item: paragraphs for item, paragraphs in bodies.items() if paragraphs}
        return Reading(note, order, self._headlines, said, self._statuses, frozenset(self._kept))

    def _front(self, lines: Sequence[str]) -> int:
        """Hold the front matter to the one that was printed; returns how many lines it has."""
        if not lines or lines[0].strip() != FENCE or FENCE not in [line.strip() for line in lines[1:]]:
            self.wrong("K001", "the front matter is missing", "put back what stood between the two lines of ---", line=1)
            return 0
        end = [line.strip() for line in lines].index(FENCE, 1) + 1
        for number, (found, expected) in enumerate(zip(lines[:end], self.printed.front, strict=False), start=1):
            if found.strip() == expected:
                continue
            if expected.startswith("made-from:"):
                words = "the draft has changed since this file was written"
                self.wrong("K002", words, "show it anew, and bring your changes over", line=number)
            else:
                self.wrong("K001", "the front matter is not edited here", f"put back {expected}", line=number)
        if end != len(self.printed.front):
            self.wrong("K001", "the front matter is not edited here", f"it has {len(self.printed.front)} lines", line=end)
        return end

    def _is_label(self, line: str) -> bool:
        return self._here.body is not None and self._here.body.is_label(line)

    def _comment(self, line: str) -> None:
        found = _CONFLICT.match(line)
        if found:
            self._kept.add(int(found[1]))
        elif line.startswith("<!--") and self._here.name != "top":
            self.wrong("K011", "a comment would be lost: nobody keeps it", "take it out, or make it a note of the desk")

    def _line(self, line: str) -> None:
        here = self._here
        if here.body is not None and here.body.owns(line):
            here.body.take(line)
        elif line.startswith("#"):
            self._heading(line)
        elif line.startswith("!"):
            self._status(line)
        elif here.body is not None:
            here.body.take(line)
        elif here.name == "note":
            self._note.append(line)
        elif line.startswith(">"):
            self._fixed(line, here.section)
        elif line.startswith("-") and here.name in ("notes", "watch"):
            self._member(line)
        elif line.strip():
            self.wrong("K010", "this text stands nowhere", "put it below the heading of an item, or into the note of the desk")

    def _status(self, line: str) -> None:
        """A status set by hand, below the heading of an item or a section."""
        here, given = self._here, read_line(line)
        if here.body is not None and here.body.item is not None:
            where = here.body.item.id
        elif here.name == "section" and here.section is not None:
            where = section_name(here.section)
        else:
            self.wrong("K010", "a status stands nowhere", "put it below the heading of an item or a section")
            return
        if given is None:
            self.wrong("K013", "a status without its verdict or its reason", f"write {SYNTAX}")
        elif where in self._statuses:
            self.wrong("K004", "a second status for the same place", "leave one of them")
        else:
            self._statuses[where] = given

    def _fixed(self, line: str, section: EditionSection | None) -> None:
        edited = {one.id: one for one in self.printed.edited.edition.sections}
        if section is None or line.strip() != status_line(edited[section.id].status):
            self.wrong("K009", "a status is not edited here", "put the line back as it was, or take it out")

    def _heading(self, line: str) -> None:
        if line == title_line(self.printed.edited.edition):
            return
        found = _HEADING.fullmatch(line)
        if not found:
            self.wrong("K003", "a heading without its mark", "put back the {#…} behind it", column=len(line) + 1)
            return
        mark, title = found["mark"], found["title"]
        column = line.rindex("{#") + 1
        kind, _, identity = mark.partition("-")
        if mark in ("note", "watch"):
            self._here = _Place(mark)
        elif kind in ("s", "notes"):
            self._open_section(kind, identity, column)
        elif kind == "i":
            self._open_item(identity, title, column)
        else:
            self.wrong("K003", f'"{mark}" is no mark of this draft', "put back the mark that stood there", column=column)

    def _open_section(self, kind: str, identity: str, column: int) -> None:
        section = next((one for one in self.composed.sections if one.id == identity), None)
        if section is None:
            self.wrong("K003", f'the edition has no section "{identity}"', "put back the mark that stood there", column=column)
            return
        if kind == "s" and identity in self._sections:
            self.wrong("K004", f'the section "{section.title}" stands twice', "leave one of them", column=column)
        if kind == "s":
            self._sections.add(identity)
        self._here = _Place("section" if kind == "s" else "notes", section)

    def _open_item(self, identity: str, title: str, column: int) -> None:
        section, item = self._find(identity)
        if item is None or section is None:
            mend = "put back the mark that stood there, or take out the item"
            self.wrong("K003", f'the edition has no item "{identity}"', mend, column=column)
        elif identity in self._bodies:
            self.wrong("K004", f'the item "{identity}" stands twice', "leave one of them", column=column)
        elif self._here.section is None or self._here.section.id != section.id:
            self.wrong("K005", f'the item belongs to the section "{section.title}"', "move it back there", column=column)
        body = self._body(item)
        if item is None or section is None:
            self._here = _Place("lost", self._here.section, body)
            return
        self._here = _Place("item", self._here.section, body)
        self._bodies[identity] = body
        self._headlines[identity] = one_line(title) or item.headline
        if len(title.split()) > MOST_WORDS:
            words = f"{len(title.split())} words in a headline: a mail shows {MOST_WORDS} well"
            place = Place(self.file, self._number, 1)
            self.problems.append(Problem(place, "K012", words, "shorten it", Severity.WARNING))
        self._order.setdefault(items_of(section), []).append(identity)

    def _body(self, item: Item | None) -> BodyReader:
        pool = pool_of(item, self.printed.edits) if item else ()
        return BodyReader(item, pool, self.printed.marks, self.composed.language, self.wrong)

    def _find(self, identity: str) -> tuple[EditionSection | None, Item | None]:
        pairs = ((section, item) for section in self.composed.sections for item in section.items if item.id == identity)
        return next(pairs, (None, None))

    def _member(self, line: str) -> None:
        found = _MEMBER.fullmatch(line)
        name, expected = self._members()
        mark = found["mark"] if found else ""
        if not found or mark not in expected:
            self.wrong("K003", "a line of this list without a mark of it", "put the line back as it was, or take it out")
        elif one_line(line) != expected[mark]:
            at = first_difference(line, expected[mark]) + 1
            self.wrong("K009", "a line of this list is not edited here", f"put back: {expected[mark]}", column=at)
        else:
            identity = mark.removeprefix("n-") if name != WATCH else mark
            if identity in self._order.setdefault(name, []):
                self.wrong("K004", "this line stands twice", "leave one of them")
            self._order[name].append(identity)

    def _members(self) -> tuple[str, Mapping[str, str]]:
        """The list at hand, with the line of each of its members by mark."""
        section = self._here.section
        if section is None:
            return WATCH, {watch_id(one.sentence): one_line(watch_line(one)) for one in self.composed.watch}
        return notes_of(section), {f"n-{note.story}": one_line(note_line(note)) for note in section.notes}


def read_draft(text: str, printed: DraftText, composed: Edition, file: str) -> tuple[Reading, tuple[Problem, ...]]:
    """What an edited file says, and all that is wrong with it, in order of place.

    Args:
        text: The file.
        printed: The draft as it is now; a file made from another one is refused.
        composed: The edition without edits, in the file's language.
        file: Its name, for the problems.
    """
    reader = DraftReader(printed, composed, file)
    reading = reader.read(text)
    return reading, tuple(sorted(reader.problems, key=lambda problem: (problem.place.line, problem.place.column)))
