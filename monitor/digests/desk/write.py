"""A draft as Markdown that a person edits: one sentence a line, a mark behind whatever must be found again. `read` reads it back.

It prints the edition with the desk's edits laid over it. What may not be changed here (statuses, titles, addresses) stands in lines
that begin with `>` or `[`, or in the front matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from monitor.digests.desk.by_hand import written
from monitor.digests.desk.edits import Conflict, Edited, apply_edits
from monitor.digests.desk.marks import is_quoted, kind_of, marks_of, one_line, place_of, watch_id
from monitor.model.desk import Draft, Edit, EditKind
from monitor.model.edition import Edition, EditionSection, Item, Note, Sentence, Status, WatchDate

ARROWS = {"better": "↑", "worse": "↓", "unchanged": "→"}
FENCE = "---"
HELP = """\
<!-- Change headlines and own words; take out or move sentences, paragraphs, items, notes and dates; write lines of your own.
A line “in quotation marks” with a mark [q-…] is what a source said: move it or take it out, but do not change it. To say the same
in other words, write them without quotation marks and without the mark: they are printed as the desk's.
A label such as "outlook" in a comment says what the paragraphs below it do. An item's heading with nothing below it brings back
what was composed. Lines that begin with > or [ are for reading only. To set a status by hand, write below its line
! better: why (or worse, or unchanged). What is taken out, put in order or set by hand counts in every language. -->"""


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft of one language as printed: its text, what it was printed from, and the marks of its sentences."""

    text: str
    edited: Edited
    front: tuple[str, ...]
    marks: Mapping[tuple[str, str], str]
    edits: tuple[Edit, ...] = ()


def write_draft(draft: Draft, composed: Edition) -> DraftText:
    """The draft of one language; the same draft gives the same bytes."""
    edits = draft.edits.get(composed.language, ())
    edited = apply_edits(composed, edits)
    marks = marks_of(composed, edits)
    body = "\n".join(_body(edited, marks)).rstrip() + "\n"
    front = front_matter(draft, composed, sha256(body.encode()).hexdigest()[:16])
    return DraftText("\n".join((*front, "", HELP, "", body)), edited, front, marks, edits)


def front_matter(draft: Draft, composed: Edition, made_from: str) -> tuple[str, ...]:
    """The lines between fences, fences included; `made-from` tells an edited file from one that is out of date."""
    window = composed.window
    return (
        FENCE,
        f"edition: {draft.id}",
        f"language: {composed.language}",
        f"languages: {', '.join(draft.edits)}",
        f"week: {window.week}, {window.first_day.isoformat()} to {window.last_day.isoformat()}",
        f"window: {_moment(window.start)} to {_moment(window.end)}",
        f"made-from: {made_from}",
        FENCE,
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def title_line(edition: Edition) -> str:
    """The first heading."""
    return f"# {one_line(edition.title)}: {one_line(edition.week_line)}"


def status_lines(status: Status) -> Sequence[str]:
    """A status and its reason, for reading only; and what the desk set in its place."""
    return (status_line(status), written(status)) if status.override else (status_line(status),)


def status_line(status: Status) -> str:
    """A status and its reason; for reading only."""
    if status.override:
        return f"> set by hand; composed: {one_line(status.reason)}"
    return f"> {ARROWS[status.verdict.value]} {status.verdict.value}: {one_line(status.reason)}"


def note_line(note: Note) -> str:
    """A story told in one line; it may go, not change."""
    day = note.published.astimezone(UTC).date().isoformat()
    return f"- {one_line(note.title)} ({one_line(note.source.name)}, {day}) {{#n-{note.story}}}"


def watch_line(watch: WatchDate) -> str:
    """A date ahead; it may go, not change."""
    return f"- {watch.day.isoformat()}: “{one_line(watch.sentence.text)}” {{#{watch_id(watch.sentence)}}}"


def sentence_line(sentence: Sentence, marks: Mapping[tuple[str, str], str]) -> str:
    """A sentence on its line: quoted, with its date and mark, or bare where the words are our own."""
    if not is_quoted(sentence):
        return one_line(sentence.text)
    return f"{date_prefix(sentence)}“{one_line(sentence.text)}” [{marks[place_of(sentence), sentence.text]}]"


def date_prefix(sentence: Sentence) -> str:
    """The day that a quoted sentence speaks of, as its line begins with it; "" where it is not known."""
    return f"{sentence.day.isoformat()}: " if sentence.day else ""


def _body(edited: Edited, marks: Mapping[tuple[str, str], str]) -> Iterator[str]:
    edition = edited.edition
    yield title_line(edition)
    yield from ("", "## Note of the desk {#note}", "")
    for paragraph in edition.note.split("\n\n"):
        if paragraph.strip():
            yield from (one_line(paragraph), "")
    for conflict in edited.conflicts:
        yield from conflict_block(conflict, marks)
    for section in edition.sections:
        yield from _section(section, marks)
    if edition.watch:
        yield from ("## Dates ahead {#watch}", "")
        yield from map(watch_line, edition.watch)
        yield ""


def _section(section: EditionSection, marks: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield from (f"## {one_line(section.title)} {{#s-{section.id}}}", "", *status_lines(section.status), "")
    for item in section.items:
        yield from _item(item, marks)
    if section.notes:
        yield from (f"### Also noted {{#notes-{section.id}}}", "")
        yield from map(note_line, section.notes)
        yield ""


def _item(item: Item, marks: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield from (f"### {one_line(item.headline)} {{#i-{item.id}}}", "", *status_lines(item.status), "")
    kind = ""
    for paragraph in item.paragraphs:
        if kind_of(paragraph) != kind:
            kind = kind_of(paragraph)
            yield f"<!-- {kind} -->"
        yield from (sentence_line(sentence, marks) for sentence in paragraph)
        yield ""
    quoted = dict.fromkeys(one for paragraph in item.paragraphs for one in paragraph if is_quoted(one))
    others = (told.sentence for told in item.one_sided if told.sentence not in quoted)
    yield from (_reference(one, marks) for one in quoted)
    yield from (f"{_reference(one, marks)} not printed here: “{one_line(one.text)}”" for one in others)
    yield ""


def _reference(sentence: Sentence, marks: Mapping[tuple[str, str], str]) -> str:
    """Where a quoted sentence is from, as a link reference of Markdown."""
    first = sentence.citations[0]
    day = first.published.astimezone(UTC).date().isoformat()
    more = f", and {len(sentence.citations) - 1} more" if sentence.citations[1:] else ""
    name = one_line(f"{first.source.name} ({first.source.stance.value}), {day}{more}").replace('"', "'")
    return f'[{marks[place_of(sentence), sentence.text]}]: <{"".join(first.url.partition("#:~:")[0].split())}> "{name}"'


def conflict_block(conflict: Conflict, marks: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """An edit without a place, as a comment: left standing it is kept, taken out it is settled."""
    edit = conflict.edit
    yield f"<!-- conflict {conflict.number}: {edit.kind.value} of item {edit.where}: {conflict.reason}. The desk wrote:"
    yield from (f"| {line}" for line in edit_lines(edit, marks))
    yield from ("Put the words where they belong, or leave them out; then take out this comment. -->", "")


def edit_lines(edit: Edit, marks: Mapping[tuple[str, str], str]) -> Sequence[str]:
    """The words of an edit, a sentence a line."""
    if edit.kind is EditKind.STATUS:
        return (f"! {edit.ids[0]}: {one_line(edit.text)}",)
    if edit.kind is not EditKind.PARAGRAPHS:
        return (one_line(edit.text) or ", ".join(edit.ids),)
    lines = [
        sentence_line(one, marks) if (place_of(one), one.text) in marks else one_line(one.text)
        for paragraph in edit.paragraphs
        for one in paragraph
    ]
    return lines or ("(taken out)",)
