"""Filters for the plain forms: columns and footnotes for text, escapes for Markdown."""

from __future__ import annotations

import re
import textwrap

COLUMNS = 78

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_AT_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")


def fill(text: str, first: str = "", rest: str | None = None, width: int = COLUMNS) -> str:
    """A paragraph broken into lines of at most `width`; `first` begins the first line, `rest` the others (spaces by default)."""
    return textwrap.fill(
        text,
        width=width,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_on_hyphens=False,
    )


def rule(mark: str = "-", width: int = COLUMNS) -> str:
    """A line across the page."""
    return mark * width


def spread(left: str, right: str, width: int = COLUMNS) -> str:
    """Two texts at both ends of a line, or on two lines where they do not fit into one."""
    gap = width - len(left) - len(right)
    return f"{left}{' ' * gap}{right}" if gap >= 2 else f"{fill(left)}\n{fill(right)}"


class Footnotes:
    """Numbers the addresses of a text in the order of their first mention."""

    def __init__(self) -> None:
        self._notes: dict[str, tuple[int, str]] = {}

    def mark(self, url: str, away: str = "") -> str:
        """The mark of an address, "[3]", the same again for the same; "" for none.

        `away` is printed in its place where it is too long for a line: an address cannot be broken.
        """
        if not url:
            return ""
        number, _ = self._notes.setdefault(url, (len(self._notes) + 1, away))
        return f"[{number}]"

    def listed(self) -> list[tuple[str, str]]:
        """Marks and addresses so far, in order."""
        return [(f"[{number}]", _fitting(url, away, len(str(number)) + 3)) for url, (number, away) in self._notes.items()]


def _fitting(url: str, away: str, before: int) -> str:
    """The first of the address, its place in the archive, and the archive page that fits; the address where none does."""
    candidates = (url, away, away.partition("#")[0])
    return next((candidate for candidate in candidates if candidate and before + len(candidate) <= COLUMNS), url)


def markdown(text: str) -> str:
    """Text whose marks of Markdown are taken literally (CommonMark 2.4)."""
    text = _MARKDOWN.sub(r"\\\1", text)
    return _AT_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", text)


def markdown_url(url: str) -> str:
    """An address as it can stand between round brackets."""
    return url.replace("(", "%28").replace(")", "%29")
