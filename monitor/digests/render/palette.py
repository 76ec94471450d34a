"""The colours of page and mail, light and dark, and the contrast that they are held to.

No pure black or white: mail clients that invert colours by force treat those worst.
"""

from __future__ import annotations

from dataclasses import dataclass

MINIMUM = 4.5
"""Contrast that text needs (WCAG 2.2, 1.4.3, level AA)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #rrggbb. `paper` lies under everything, `panel` under boxes; `line` and `bar` draw, the rest is text."""

    paper: str
    panel: str
    ink: str
    muted: str
    line: str
    bar: str
    accent: str
    better: str
    worse: str
    unchanged: str


LIGHT = Palette(
    paper="#fcfbf8",
    panel="#f3f1ea",
    ink="#22262b",
    muted="#5b6068",
    line="#d8d4c8",
    bar="#8f8a7c",
    accent="#1f4e79",
    better="#1d6a3d",
    worse="#a12a1e",
    unchanged="#565c65",
)

DARK = Palette(
    paper="#16181c",
    panel="#1f2227",
    ink="#e4e2dc",
    muted="#a5abb4",
    line="#3a3f47",
    bar="#757c87",
    accent="#8fbce6",
    better="#82cf9b",
    worse="#f19a90",
    unchanged="#b3b9c2",
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Colours of shapes that must stand on light and dark paper alike: three to one on each (WCAG 2.2, 1.4.11)."""

    bar: str
    now: str
    better: str
    worse: str
    unchanged: str


MARKS = Marks(bar="#828892", now="#4a84bd", better="#2f9157", worse="#d2503f", unchanged="#7b828c")


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white), by WCAG 2.2.

    Raises:
        ValueError: `colour` is not of that form.
    """
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(f"not a colour like #1f4e79: {colour!r}")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, whichever way round."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
