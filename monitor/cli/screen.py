"""What commands print: calm, aligned, coloured on a terminal only; JSON Lines for machines. The home of rich's console."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from monitor.model.problem import Problem, Severity

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"[\x7f-\x9f\u2028\u2029]")
"""What JSON leaves as it is, and terminals or readers of lines obey."""


def harmless(text: str) -> str:
    """Text without what commands a terminal: titles and replies of strangers are printed too."""
    return _ORDERS.sub("\ufffd", text)


class _Screen(Console):
    """A console that shows orders to the terminal, in whatever it is given to print, as what they are."""

    def render_str(self, text: str, **options: Any) -> Text:
        """As rich does, of text made harmless; cells of tables come here too."""
        return super().render_str(harmless(text), **options)


_under_bar: list[Console] = []
"""The console of a progress bar that is shown now: lines printed through it come out above the bar."""


def out() -> Console:
    """The console on standard output; on a terminal with a progress bar, that of the bar."""
    if _under_bar and sys.stdout.isatty():
        return _under_bar[-1]
    return _Screen(highlight=False, soft_wrap=True)


def err() -> Console:
    """The console on standard error."""
    return _Screen(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line with rich markup."""
    out().print(text)


def say_folded(text: str, indent: int) -> None:
    """A line with rich markup; one that a terminal is too narrow for goes on below, indented."""
    console = out()
    if not sys.stdout.isatty():
        console.print(text)
        return
    head, *rest = Text.from_markup(harmless(text)).wrap(console, console.width)
    console.print(head)
    if rest:
        more = Text(" ").join(Text(line.plain.rstrip(), spans=line.spans) for line in rest)
        for line in more.wrap(console, max(console.width - indent, NARROW)):
            line.rstrip()
            console.print(Text(" " * indent) + line)


def complain(text: str) -> None:
    """One line on standard error."""
    err().print(f"[red]monitor:[/red] {escape(text)}")


def complain_of_files(problems: Sequence[Problem]) -> None:
    """All problems, aligned by place, with what to type instead."""
    show_problems(problems, err())
    errors = sum(1 for problem in problems if problem.severity is Severity.ERROR)
    err().print(f"[red]{counted(errors, 'error')}[/red]. Nothing was loaded.")


def show_problems(problems: Sequence[Problem], console: Console) -> None:
    """One problem a line: place, code, severity, message; the mend on a line of its own."""
    width = max((len(str(problem.place)) for problem in problems), default=0)
    for problem in problems:
        colour = COLOURS[problem.severity]
        head = f"{problem.place!s:<{width}}"
        console.print(
            f"{escape(head)}  [{colour}]{problem.code} {problem.severity.value:<7}[/{colour}]  {escape(problem.message)}"
        )
        if problem.mend:
            console.print(f"{'':<{width}}  [dim]→ {escape(problem.mend)}[/dim]")


def counted(count: int, word: str, plural: str = "") -> str:
    """A count with its word: "1 feed", "2 feeds", "2 entries"."""
    return f"{count} {word if count == 1 else plural or word + 's'}"


def cut(text: str, width: int) -> str:
    """A text on one line, cut where it is long."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def json_line(value: Mapping[str, Any]) -> None:
    """One object on one line, for machines; half a surrogate pair, which UTF-8 has no bytes for, stays an escape."""
    line = json.dumps(value, ensure_ascii=False, default=_jsonable)
    line = _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
    sys.stdout.write(line.encode("utf-8", "backslashreplace").decode() + "\n")


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return str(value)


def problem_json(problem: Problem) -> dict[str, object]:
    """A finding for machines."""
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "message": problem.message,
        "mend": problem.mend,
    }


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z; None stays None."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


PIPE_WIDTH = 200
NARROW = 10


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = (), wrap: bool = True) -> None:
    """A table without lines. On a narrow terminal the columns before the last are cut, so that the last can be read; it wraps.

    `right` names columns that are numbers; they, the first, which names the row, and narrow ones are never cut. Without `wrap` each row
    stays one line on a terminal: the last column is cut too.
    """
    console = _Screen(highlight=False) if sys.stdout.isatty() else _Screen(highlight=False, width=PIPE_WIDTH)
    body = [tuple(row) for row in rows]
    widths = [max([len(name), *(Text.from_markup(row[place]).cell_len for row in body)]) for place, name in enumerate(columns)]
    whole = {0, *right, *(place for place, width in enumerate(widths) if width <= NARROW)}
    spent = sum(widths[place] for place in whole if place < len(columns) - 1) + 2 * len(columns)
    room = console.width - spent - min(widths[-1], max(32, console.width // 3))
    shares = sum(width for place, width in enumerate(widths[:-1]) if place not in whole) or 1
    grid = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    taken = 2 * len(columns)
    for place, name in enumerate(columns):
        side: JustifyMethod = "right" if place in right else "left"
        if place == len(columns) - 1:
            one_line = not wrap and sys.stdout.isatty()
            left = max(NARROW, console.width - taken) if one_line else None
            grid.add_column(name, overflow="ellipsis" if one_line else "fold", justify=side, no_wrap=one_line, max_width=left)
            continue
        most = widths[place] if place in whole or shares <= room else max(4, widths[place] * room // shares)
        taken += most
        grid.add_column(name, justify=side, no_wrap=True, overflow="ellipsis", max_width=most)
    for row in body:
        grid.add_row(*row)
    console.print(grid)


@contextmanager
def progress(label: str, total: int) -> Iterator[Progress]:
    """A bar on standard error, on a terminal only; gone when it is done."""
    console = _Screen(stderr=True, highlight=False)
    shown = sys.stderr.isatty()
    bar = Progress(
        TextColumn("[dim]{task.description}[/dim]"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not shown,
    )
    with bar:
        bar.add_task(label, total=total)
        if shown:
            _under_bar.append(console)
        try:
            yield bar
        finally:
            _under_bar.clear()


def advance(bar: Progress, label: str = "") -> None:
    """One step further."""
    task = bar.task_ids[0]
    bar.update(task, advance=1, description=label or None)
