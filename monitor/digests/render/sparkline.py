"""A row of weekly counts in block characters, for text and for mail without a picture."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"


def blocks(counts: Sequence[int]) -> str:
    """One block character per count, scaled to the largest; the lowest block is zero and only zero."""
    top = max(counts, default=0)
    return "".join(BLOCKS[level(count, top, len(BLOCKS) - 1)] for count in counts)


def level(count: int, top: int, levels: int) -> int:
    """0 for zero, 1..levels for the rest, in proportion."""
    return 0 if count <= 0 else max(1, round(count / top * levels))
