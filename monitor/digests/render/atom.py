"""Editions as an Atom feed (RFC 4287): stable tag: addresses (RFC 4151), whole editions as content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, urljoin, urlsplit
from xml.sax.saxutils import escape, quoteattr

from monitor.digests.render.clean import printable, safe_url
from monitor.digests.render.view import EditionView
from monitor.model.digest import Digest
from monitor.model.edition import Edition, FrozenEdition
from monitor.model.printed import EditionHead

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
ATOM_TYPE = "application/atom+xml"
NOWHERE = "monitor.invalid"
"""The authority of tag: addresses where an edition has no web address (RFC 2606)."""


def atom_entry(edition: Edition, view: EditionView, content: str) -> str:
    """One `<entry>` with the whole edition as escaped HTML; a document of its own, and ready to stand in a feed.

    `updated` is the due moment: it moves only when a corrected edition is printed.
    """
    due = _moment(edition.due_at)
    updated = _moment(edition.corrections[-1].at) if edition.corrections else due
    link = f'  <link rel="alternate" type="text/html" href={quoteattr(view.links.permalink)}/>\n' if view.links.permalink else ""
    base = f" xml:base={quoteattr(view.links.permalink)}" if view.links.permalink else ""
    identity = tag_uri(view.links.permalink, edition.key, f"{edition.digest}/{edition.key.isoformat()}/{edition.language}")
    return (
        f'<entry xmlns="{ATOM}" xml:lang={quoteattr(edition.language)}>\n'
        f"  <id>{escape(identity)}</id>\n"
        f"  <title>{escape(view.subject)}</title>\n"
        f"  <updated>{updated}</updated>\n"
        f"  <published>{due}</published>\n"
        f"{link}"
        f"  <summary>{escape(view.description)}</summary>\n"
        f'  <content type="html"{base}>{escape(content)}</content>\n'
        "</entry>\n"
    )


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One document of a feed (RFC 5005, 4): `number` 0 is the feed itself, `number` from 1 an archive of older entries, the oldest first.

    `start`:`end` are the entries it holds, counted from the oldest; `archives` is how many archives there are.
    """

    number: int
    start: int
    end: int
    archives: int


PER_ARCHIVE = 12
"""Entries of an archive document, which stays as it is once it is full; the feed itself holds from 12 to 23."""


def feed_documents(entries: int) -> tuple[FeedDocument, ...]:
    """The documents of a feed with so many entries: the feed itself, then its archives, the oldest first."""
    archives = max(0, entries // PER_ARCHIVE - 1)
    kept = [FeedDocument(one, (one - 1) * PER_ARCHIVE, one * PER_ARCHIVE, archives) for one in range(1, archives + 1)]
    return (FeedDocument(0, archives * PER_ARCHIVE, entries, archives), *kept)


def feed_name(language: str, number: int, kind: str = "atom") -> str:
    """The file of a document, beside the weeks: "feed.en.atom", "feed.en.1.atom"."""
    return f"feed.{language}{f'.{number}' if number else ''}.{kind}"


def atom_feed(
    digest: Digest,
    language: str,
    entries: Sequence[tuple[FrozenEdition | EditionHead, str]],
    base_url: str,
    document: FeedDocument | None = None,
) -> str:
    """The feed of a digest in one language over its printed entries, in the order given (newest first).

    `base_url` is the address of the service, "" where there is none; `document` is which one of the feed, where it has several.

    Raises:
        ValueError: No entries: a feed without one has no date to be updated at.
    """
    if not entries:
        raise ValueError("a feed needs at least one edition")
    base = safe_url(base_url.rstrip("/") + "/") if base_url else ""
    home = urljoin(base, f"{quote(digest.id)}/") if base else ""
    first = min(edition.key for edition, _ in entries)
    updated = max(edition.frozen_at if edition.revision > 1 else edition.due_at for edition, _ in entries)
    title = printable(digest.title.get(language) or next(iter(digest.title.values()), digest.id))
    subtitle = printable(digest.promise.get(language, ""))
    document = document or FeedDocument(0, 0, len(entries), 0)
    own = feed_name(language, document.number)
    links = [("self", ATOM_TYPE, f"{home}{own}"), ("alternate", "text/html", home)] if home else []
    links += [(rel, ATOM_TYPE, f"{home}{feed_name(language, number)}") for rel, number in _ways(document)]
    history = f' xmlns:fh="{HISTORY}"' if document.number else ""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="{ATOM}"{history} xml:lang={quoteattr(language)}>',
        f"  <id>{escape(tag_uri(home, first, f'{digest.id}/{language}'))}</id>",
        f"  <title>{escape(title)}</title>",
        *([f"  <subtitle>{escape(subtitle)}</subtitle>"] if subtitle else []),
        f"  <updated>{_moment(updated)}</updated>",
        f"  <author><name>{escape(title)}</name></author>",
        *(f'  <link rel="{rel}" type="{kind}" href={quoteattr(href)}/>' for rel, kind, href in links),
        *(["  <fh:archive/>"] if document.number else []),
        "".join(entry for _, entry in entries).rstrip("\n"),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _ways(document: FeedDocument) -> list[tuple[str, int]]:
    """The links of RFC 5005 between the documents of a feed: (relation, number)."""
    before = document.number - 1 if document.number else document.archives
    ways = [("prev-archive", before)] if before else []
    if document.number:
        ways.append(("current", 0))
        ways += [("next-archive", document.number + 1)] if document.number < document.archives else []
    return ways


def tag_uri(address: str, day: date, specific: str) -> str:
    """A tag: address (RFC 4151) for something first published on `day` at the host of `address`."""
    return f"tag:{urlsplit(address).hostname or NOWHERE},{day.isoformat()}:{quote(specific, safe='/-._~')}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
