"""Where an edition's furniture leads: relative on the page, so that a folder of files works; absolute in the mail.

Subscribing needs a server: its link is absolute everywhere.

The layout is `<digest>/<week>/<language>/index.html`, with `feed.<language>.atom` beside the weeks.
"""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

from monitor.digests.render.catalogue import Catalogue
from monitor.digests.render.clean import safe_url
from monitor.digests.render.view import LanguageView, LinksView
from monitor.model.digest import Digest
from monitor.model.edition import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, Edition
from monitor.text.locale import own_name

_PLACES = {
    "archive": "../../",
    "feed": "../../feed.{language}.atom",
    "data": "edition.json",
    "markdown": "edition.md",
    "text": "edition.txt",
    "subscribe": "../../subscribe/?lang={language}",
    "pictures": "../",
}


def base_of(permalink: str) -> str:
    """The permalink as a folder that relative addresses are resolved against; "" where it is not a web address."""
    url = safe_url(permalink)
    if not url or url.endswith("/"):
        return url
    return urljoin(url, ".") if url.endswith(".html") else f"{url}/"


def page_links(edition: Edition, digest: Digest) -> LinksView:
    """Relative addresses, as seen from the page; subscribing is offered only where the page has an address, at the running site."""
    places = {name: place.format(language=edition.language) for name, place in _PLACES.items()}
    base = base_of(edition.permalink)
    places["subscribe"] = urljoin(base, places["subscribe"]) if base else ""
    return LinksView(permalink=base, unsubscribe="", preferences="", languages=_languages(edition, digest, ""), **places)


def absolute_links(edition: Edition, digest: Digest, *, mail: bool) -> LinksView:
    """Addresses that work anywhere; all "" without a permalink. A mail has tokens in place of its reader's own pages."""
    base = base_of(edition.permalink)
    places = {name: urljoin(base, place.format(language=edition.language)) if base else "" for name, place in _PLACES.items()}
    if urlsplit(base).scheme != "https":
        places["pictures"] = ""
    own = {"unsubscribe": UNSUBSCRIBE_TOKEN if mail else "", "preferences": PREFERENCES_TOKEN if mail else ""}
    languages = _languages(edition, digest, base) if base else ()
    return LinksView(permalink=base, languages=languages, **own, **places)


def feedback_link(edition: Edition, digest: Digest, headline: str) -> str:
    """Where remarks on an item go: the digest's address, a mail with its subject filled in; "" where the digest names none."""
    url = safe_url(digest.feedback, schemes=("https", "http", "mailto"))
    if not url.startswith("mailto:") or "?" in url:
        return url
    return f"{url}?subject={quote(f'{edition.digest} {edition.window.week}: {headline}', safe='')}"


def mark_links(edition: Edition, story: str, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """The two answers to "is this story relevant?", as (word, address); following one only opens a page with two buttons."""
    url = safe_url(edition.mark_links.get(story, ""))
    if not url:
        return ()
    answers = ((words.say("mark.relevant"), "relevant"), (words.say("mark.not_relevant"), "not-relevant"))
    return tuple((word, f"{url}?lang={edition.language}&mark={answer}") for word, answer in answers)


def _languages(edition: Edition, digest: Digest, base: str) -> tuple[LanguageView, ...]:
    return tuple(
        LanguageView(code, own_name(code), urljoin(base, place) if base else place, code == edition.language)
        for code in digest.languages
        for place in [f"../{code}/index.html"]
    )
