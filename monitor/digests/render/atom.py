"""Editions as an Atom feed (RFC 4287): stable tag: addresses (RFC 4151), whole editions as content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import quote, urljoin, urlsplit
from xml.sax.saxutils import escape, quoteattr

from monitor.digests.render.clean import printable, safe_url
from monitor.digests.render.view import EditionView
from monitor.model.digest import Digest
from monitor.model.edition import Edition, FrozenEdition

ATOM = "http://www.w3.org/2005/Atom"
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


def atom_feed(digest: Digest, language: str, entries: Sequence[tuple[FrozenEdition, str]], base_url: str) -> str:
    """The feed of a digest in one language over its printed entries, in the order given (newest first).

    `base_url` is the address of the service, "" where there is none.

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
    links = [("self", "application/atom+xml", f"{home}feed.{language}.atom"), ("alternate", "text/html", home)] if home else []
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="{ATOM}" xml:lang={quoteattr(language)}>',
        f"  <id>{escape(tag_uri(home, first, f'{digest.id}/{language}'))}</id>",
        f"  <title>{escape(title)}</title>",
        *([f"  <subtitle>{escape(subtitle)}</subtitle>"] if subtitle else []),
        f"  <updated>{_moment(updated)}</updated>",
        f"  <author><name>{escape(title)}</name></author>",
        *(f'  <link rel="{rel}" type="{kind}" href={quoteattr(href)}/>' for rel, kind, href in links),
        "".join(entry for _, entry in entries).rstrip("\n"),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def tag_uri(address: str, day: date, specific: str) -> str:
    """A tag: address (RFC 4151) for something first published on `day` at the host of `address`."""
    return f"tag:{urlsplit(address).hostname or NOWHERE},{day.isoformat()}:{quote(specific, safe='/-._~')}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
