"""A status that the desk sets by hand, with its reason: how it is written, laid over what was composed, and weighed in its section."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.model.desk import Edit, EditKind
from monitor.model.edition import EditionSection, Status, Verdict

SYNTAX = "! better: why (or worse, or unchanged)"
_LINE = re.compile(rf"!\s*(?P<verdict>{'|'.join(verdict.value for verdict in Verdict)})\s*:\s*(?P<why>\S.*?)\s*")


def section_name(section: EditionSection) -> str:
    """What an edit calls the status of a whole section."""
    return f"section:{section.id}"


def written(status: Status) -> str:
    """The line of a status that was set by hand; "" where it was not."""
    return f"! {status.verdict.value}: {' '.join(status.override.split())}" if status.override else ""


def read_line(line: str) -> tuple[Verdict, str] | None:
    """Verdict and reason of a line that sets a status; None where it is not written as `SYNTAX` has it."""
    found = _LINE.fullmatch(line.strip())
    return (Verdict(found["verdict"]), " ".join(found["why"].split())) if found else None


def edit_of(where: str, composed: Status, given: tuple[Verdict, str] | None) -> Edit | None:
    """The edit that sets a status; None where nothing was set, or what was composed already says so."""
    if given is None or written(composed) == f"! {given[0].value}: {given[1]}":
        return None
    return Edit(EditKind.STATUS, where, (composed.verdict.value,), text=given[1], ids=(given[0].value,))


def laid_over(status: Status, edit: Edit) -> Status | str:
    """The status as set; or why the edit finds no place: another verdict was composed than the one it was set against."""
    if (status.verdict.value,) == edit.was:
        return replace(status, verdict=Verdict(edit.ids[0]), override=edit.text)
    if (status.verdict.value,) == edit.ids:
        return status
    return f"the status is composed as {status.verdict.value} now"


def weighed(status: Status) -> Status:
    """The status as its section weighs it: one that was set by hand counts as far as its verdict needs, whatever its cues come to."""
    if not status.override or status.verdict is Verdict.UNCHANGED:
        return status
    sign = 1 if status.verdict is Verdict.BETTER else -1
    return replace(status, balance=sign * max(status.threshold, sign * status.balance))
