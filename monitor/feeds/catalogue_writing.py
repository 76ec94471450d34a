"""Writes feeds into seed files as a person would, keeping what stands there, comments included."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from monitor.feeds.catalogue import listed_feeds
from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.feed import Feed
from monitor.text.located_yaml import parse_located

_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def interval_text(length: timedelta) -> str:
    """The shortest way to write an interval of whole minutes."""
    minutes = round(length.total_seconds() / 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0 and minutes > size:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def feed_to_yaml(feed: Feed) -> str:
    """The feed as an element of the `feeds:` list, ending in a newline; keys that hold their default are left out."""
    plain: dict[str, str] = {
        "id": _scalar(feed.id),
        "name": _scalar(feed.name),
        "url": _scalar(feed.url),
        "kind": feed.kind.value,
        "links": _scalar(feed.selectors.links),
        "title": _scalar(feed.selectors.title),
        "date": _scalar(feed.selectors.date),
        "next": _scalar(feed.selectors.next),
        "pages": str(feed.selectors.pages) if feed.selectors.pages != (3 if feed.selectors.next else 1) else "",
        "base": _scalar(feed.selectors.base),
        "include": _flow(feed.include),
        "exclude": _flow(feed.exclude),
        "publisher": _scalar(feed.publisher),
        "country": _scalar(feed.country),
        "language": _scalar(feed.language),
        "stance": feed.stance.value,
        "home": _scalar(feed.home),
        "interval": interval_text(feed.interval),
        "of_record": "true" if feed.of_record else "",
        "seen": _scalar(feed.seen),
        "note": _scalar(feed.note),
        "disabled": _quoted(feed.disabled) if feed.disabled else "",
    }
    lines = [f"{key}: {value}" for key, value in plain.items() if value and (key, value) != ("kind", "feed")]
    return "  - " + "\n    ".join(lines) + "\n"


def append_feed(file: Path, feed: Feed) -> None:
    """Add a feed to the end of a seed file, which is made if need be; what stands in it, comments included, stays as it is.

    The file is replaced in one step: a crash leaves the old one.

    Raises:
        WrongFiles: The file, as it is or with the feed added, does not hold.
        WrongUse: The file has something after its `feeds:` list, so that nothing can be appended.
    """
    name = f"{file.parent.name}/{file.name}"
    old = file.read_text(encoding="utf-8-sig") if file.exists() else "feeds:\n"
    kept = re.sub(r"(?m)^feeds:[ \t]*\[[ \t]*\][ \t]*$", "feeds:", old).rstrip() + "\n"
    if not kept.strip():
        kept = "feeds:\n"
    apart = "\n" if re.search(r"\S\n[ \t]*\n[ ]*- ", kept) else ""
    new = kept + apart + _indented(feed_to_yaml(feed), kept)
    counts = []
    for text in (kept, new):
        located, problems = parse_located(text, name, code="S001", duplicate_code="S002")
        if located is None:
            raise WrongFiles(problems)
        counts.append(len(listed_feeds(located, problems)))
        if problems:
            raise WrongFiles(problems)
    if counts[1] != counts[0] + 1:
        raise WrongUse(f"{name}: the feed cannot be appended, because something follows the list of feeds")
    temporary = file.with_name(f".{file.name}.new")
    temporary.write_text(new, encoding="utf-8")
    temporary.replace(file)


def _indented(block: str, text: str) -> str:
    """The block with its dash in the column that the list has already."""
    found = re.search(r"(?m)^( *)- ", text)
    column = len(found.group(1)) if found else 2
    return re.sub(r"(?m)^  ", " " * column, block)


def _flow(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]" if texts else ""


def _scalar(text: str) -> str:
    """A YAML scalar: bare where nothing in it can be taken for anything else, in double quotes otherwise; "" for nothing."""
    if re.fullmatch(r"[A-Za-z][\w./-]*(?:://[\w./?=&%~+-]+)?(?: [\w./()-]+)*", text) and text.lower() not in _YAML_WORDS:
        return text
    return _quoted(text) if text else ""


def _quoted(text: str) -> str:
    """In double quotes. JSON text is YAML; what JSON leaves bare and YAML does not print is escaped too."""
    unprinted = "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
    return re.sub(unprinted, lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))
