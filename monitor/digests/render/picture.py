"""The picture of a section's last weeks: a bar for the stories of each week, and below it the status of that week's edition.

The one home of matplotlib, which is loaded when the first picture is drawn: it costs a second. The picture holds no letters and no
figures, so that it is the same in every language and needs no font, and one set of colours stands on light and dark paper alike:
what it says stands beside it in words. Equal weeks give equal bytes under one version of the library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from monitor.digests.render.clean import anchor
from monitor.digests.render.palette import MARKS
from monitor.digests.render.sparkline import level
from monitor.model.edition import Rendition

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 216, 42
"""Size on the page, in CSS pixels; the file has twice as many each way."""
_DENSITY = 2
_BASE = 13
"""Where bars stand; status marks lie below."""
_TALLEST = HEIGHT - _BASE - 2
_MARK = 9
_SHAPES = {
    "better": ((-5, 0), (5, 0), (0, _MARK)),
    "worse": ((-5, _MARK), (5, _MARK), (0, 0)),
    "unchanged": ((-4, 0), (-4, _MARK), (4, _MARK / 2)),
}
"""A triangle that points as the status's arrow does, from its middle below."""


def picture_name(section: str) -> str:
    """The file of a section's picture, in the folder of the edition's week."""
    return f"{anchor('stories', section)}.png"


def pictures_of(renditions: Mapping[str, Rendition]) -> dict[str, bytes]:
    """The pictures of an edition by file name, one for all its languages, drawn from its data as frozen; {} where it counts no weeks."""
    edition: dict[str, Any] = json.loads(next(iter(renditions.values())).json)
    return {
        picture_name(section["id"]): weeks_picture(
            tuple(section["history"]), (*section.get("history_status", ()), section["status"]["verdict"])
        )
        for section in edition.get("sections", ())
        if section.get("history")
    }


@lru_cache(maxsize=64)
def weeks_picture(counts: tuple[int, ...], verdicts: tuple[str | None, ...]) -> bytes:
    """A PNG of weekly counts, this week last, with the verdicts of as many of the last weeks; None where there was no edition."""
    told = (None,) * (len(counts) - len(verdicts)) + verdicts[-len(counts) :]
    return drawing(WIDTH, HEIGHT, lambda axes: _draw(axes, counts, told), density=_DENSITY)


def drawing(width: int, height: int, draw: Callable[[Any], None], *, density: int = 1, paper: str = "") -> bytes:
    """A PNG of `width` × `height` units with `density` pixels each, on `paper` (#rrggbb) or none; `draw` gets axes with one unit a step."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width * density / 100, height * density / 100), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    draw(axes)
    file = BytesIO()
    # Without metadata: the name and version of the library would change the bytes of every picture with each release.
    figure.savefig(file, format="png", metadata={"Software": None}, **({"facecolor": paper} if paper else {"transparent": True}))
    return file.getvalue()


def _draw(axes: Axes, counts: Sequence[int], verdicts: Sequence[str | None]) -> None:
    from matplotlib.patches import Polygon, Rectangle

    top = max(counts, default=0)
    step = WIDTH // max(len(counts), 1)
    for at, (count, verdict) in enumerate(zip(counts, verdicts, strict=True)):
        colour = MARKS.now if at == len(counts) - 1 else MARKS.bar
        height = level(count, top, _TALLEST) if count else 1
        axes.add_patch(Rectangle((at * step + 4, _BASE), step - 8, height, color=colour, linewidth=0, antialiased=False))
        if verdict:
            middle = at * step + step / 2
            corners = [(middle + x, y + 1) for x, y in _SHAPES[verdict]]
            axes.add_patch(Polygon(corners, color=getattr(MARKS, verdict), linewidth=0))
