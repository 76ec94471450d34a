"""The card of an edition, 1200 × 630 pixels: what a shared link shows. Title, week, and what each section leads with under its arrow.

Drawn from the data as frozen, in the letters that come with the drawing library, so that it is the same on every machine.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from monitor.digests.render.clean import printable
from monitor.digests.render.palette import LIGHT
from monitor.digests.render.picture import drawing
from monitor.model.edition import Rendition

WIDTH, HEIGHT = 1200, 630
VERSION = "1"
"""Of the drawing: a card kept elsewhere is drawn anew where this is another one."""
_LEFT, _RIGHT = 72, 1128
_ARROWS = {"better": "↑", "worse": "↓", "unchanged": "→"}
_MOST_SECTIONS = 3
_SERIF, _SANS = "DejaVu Serif", "DejaVu Sans"


def card_of(rendition: Rendition, title: str) -> bytes:
    """The card of an edition in one language, as a PNG; `title` is the digest's."""
    data: dict[str, Any] = json.loads(rendition.json)
    sections = []
    for section in data.get("sections", ()):
        headline = section["items"][0]["headline"] if section.get("items") else section.get("glance", "")
        sections.append((section["status"]["verdict"], printable(section["title"]), printable(headline)))
    line = data.get("window", {}).get("line", "")
    return card_picture(printable(title), printable(line), tuple(sections[:_MOST_SECTIONS]))


@lru_cache(maxsize=64)
def card_picture(title: str, line: str, sections: tuple[tuple[str, str, str], ...]) -> bytes:
    """A card with these words; a section is (verdict, title, what it leads with)."""
    return drawing(WIDTH, HEIGHT, lambda axes: _draw(axes, title, line, sections), paper=LIGHT.paper)


def _draw(axes: Any, title: str, line: str, sections: tuple[tuple[str, str, str], ...]) -> None:
    _box(axes, 0, HEIGHT - 16, WIDTH, 16, LIGHT.ink)
    top = HEIGHT - 62.0
    for row in _wrapped(axes, title, _RIGHT - _LEFT, 2, size=44, family=_SERIF, weight="bold"):
        _text(axes, _LEFT, top, row, size=44, family=_SERIF, weight="bold", color=LIGHT.ink)
        top -= 60
    _text(axes, _LEFT, top - 2, line, size=22, family=_SERIF, color=LIGHT.muted)
    top -= 52
    _box(axes, _LEFT, top, _RIGHT - _LEFT, 2, LIGHT.line)
    step = (top - 36) / max(len(sections), 1)
    for number, (verdict, name, headline) in enumerate(sections):
        at, colour = top - 22 - number * min(step, 150), getattr(LIGHT, verdict)
        _text(axes, _LEFT, at - 4, _ARROWS[verdict], size=34, family=_SANS, weight="bold", color=colour)
        _text(axes, _LEFT + 62, at, name.upper(), size=15, family=_SANS, weight="bold", color=LIGHT.accent)
        rows = _wrapped(axes, headline, _RIGHT - _LEFT - 62, 2 if step > 105 else 1, size=22, family=_SERIF)
        for place, row in enumerate(rows):
            _text(axes, _LEFT + 62, at - 30 - place * 34, row, size=22, family=_SERIF, color=LIGHT.ink)


def _box(axes: Any, x: float, y: float, width: float, height: float, colour: str) -> None:
    axes.fill([x, x + width, x + width, x], [y, y, y + height, y + height], color=colour, linewidth=0)


def _text(axes: Any, x: float, y: float, text: str, *, size: float, **style: str) -> Any:
    """Words from a point downwards; `size` in pixels of a capital's height and a half, near enough. A dollar sign is one."""
    return axes.text(x, y, text, fontsize=size * 0.72, verticalalignment="top", parse_math=False, **style)


def _wrapped(axes: Any, text: str, width: float, most: int, *, size: float, **style: str) -> list[str]:
    """The text in at most `most` rows of `width` pixels; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    words = text.split()
    while words and len(rows) < most:
        count = len(words)
        while count > 1 and _width(axes, " ".join(words[:count]), size, style) > width:
            count -= 1
        rows.append(" ".join(words[:count]))
        words = words[count:]
    if rows:
        kept = rows[-1] + ("…" if words else "")
        while len(kept) > 2 and _width(axes, kept, size, style) > width:
            kept = kept.rstrip("…")[:-1].rstrip() + "…"
        rows[-1] = kept
    return rows


def _width(axes: Any, text: str, size: float, style: dict[str, str]) -> float:
    drawn = _text(axes, 0, 0, text, size=size, **style)
    extent: float = drawn.get_window_extent(axes.figure.canvas.get_renderer()).width
    drawn.remove()
    return extent
