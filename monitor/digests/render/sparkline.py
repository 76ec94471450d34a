"""A small picture of weekly counts: bars for the page, block characters for mail and text."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.digests.render.view import BarView

BLOCKS = "▁▂▃▄▅▆▇█"
HEIGHT = 20
STEP = 7
"""From one bar to the next, in drawing units; a bar is two units narrower."""


def blocks(counts: Sequence[int]) -> str:
    """One block character per count, scaled to the largest; the lowest block is zero and only zero."""
    top = max(counts, default=0)
    return "".join(BLOCKS[_level(count, top, len(BLOCKS) - 1)] for count in counts)


def bars(counts: Sequence[int]) -> tuple[BarView, ...]:
    """Bars from left to right, the last one marked as now; zero is a line one unit high."""
    top = max(counts, default=0)
    heights = [1 + _level(count, top, HEIGHT - 1) for count in counts]
    last = len(counts) - 1
    return tuple(BarView(index * STEP, HEIGHT - height, height, index == last) for index, height in enumerate(heights))


def _level(count: int, top: int, levels: int) -> int:
    """0 for zero, 1..levels for the rest, in proportion."""
    return 0 if count <= 0 else max(1, round(count / top * levels))
