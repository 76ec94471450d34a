"""Mends what a program can mend in rule files without guessing: covered terms, invisible characters, dates, missing quotes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from monitor.model.problem import Place, Problem
from monitor.rules.format import edited, quote_terms, quoted
from monitor.text.located_yaml import Written, parse_located, written

MENDABLE = ("W103", "W112", "W120")
_MOST_QUOTES = 100


def mended(text: str, problems: Iterable[Problem]) -> str:
    """The text of one file with its findings of `MENDABLE` codes mended and its terms in quotes; the rest stays as it is."""
    places = {(problem.place.line, problem.place.column): problem.code for problem in problems if problem.code in MENDABLE}
    for line, column in sorted(places, reverse=True):  # from the end, so that earlier places stay where they are
        value = _at(text, Place("", line, column))
        if value:
            text = _mend_one(text, value, places[line, column])
    return quote_terms(text)


def _at(text: str, place: Place) -> Written | None:
    offset = sum(len(line) for line in text.splitlines(keepends=True)[: place.line - 1]) + place.column - 1
    return next((value for value in written(text) if value.start == offset and value.style not in ("{", "[", "-", ":")), None)


def _mend_one(text: str, value: Written, code: str) -> str:
    if code == "W103":
        return _without(text, value)
    if code == "W120":
        plain = "".join(sign for sign in text[value.start : value.end] if unicodedata.category(sign) not in ("Cc", "Cf"))
        return edited(text, [(value.start, value.end, plain)])
    created = next((other for other in written(text) if other.path == ("created",)), None)
    return edited(text, [(value.start, value.end, text[created.start : created.end])]) if created else text


def _without(text: str, value: Written) -> str:
    """The text without one element of a list; an element that is the whole list stays."""
    values = written(text)
    near = [other for other in values if len(other.path) == len(value.path) and other.path[:-1] == value.path[:-1]]
    owner = next(other for other in values if other.path == value.path[:-1])
    place = near.index(value)
    if len(near) == 1:
        return text
    if owner.style == "-":
        start = text.rfind("\n", 0, value.start) + 1
        end = text.find("\n", value.end)
        return text[:start] + (text[end + 1 :] if end >= 0 else "")
    if place:
        return text[: near[place - 1].end] + text[value.end :]
    return text[: value.start] + text[near[1].start :]


def requoted(text: str) -> str:
    """A file that does not parse, with those lines of its lists put in quotes that break it; as it was where that does not help."""
    found, before = text, 0
    for _ in range(_MOST_QUOTES):
        located, problems = parse_located(found, "")
        if located:
            return found
        line = problems[0].place.line
        lines = found.splitlines(keepends=True)
        if not before <= line <= len(lines) or line < 1:
            return text
        body = lines[line - 1].strip()
        if not body.startswith("- ") or body[2:].strip()[:1] in ("'", "{", "["):
            return text
        indent = lines[line - 1][: lines[line - 1].index("-")]
        end = "\n" if lines[line - 1].endswith("\n") else ""
        lines[line - 1] = f"{indent}- {quoted(body[2:].strip())}{end}"
        found, before = "".join(lines), line
    return text
