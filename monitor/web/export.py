"""The whole archive as a folder of files that any web server, or none, can show: pages, feeds, pictures, cards, a search in the browser.

The pages are those of the live site, printed with links from file to file. What needs a server is left out, or leads to the running
service where the site has an address. No file holds a token, a reader's address or a return path.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from monitor import archive
from monitor.digests.render.atom import feed_documents
from monitor.digests.render.card import VERSION, card_of
from monitor.digests.render.catalogue import SHIPPED
from monitor.digests.render.desk import folder_of_revision
from monitor.digests.render.picture import picture_name, pictures_of
from monitor.model.digest import Digest
from monitor.model.edition import Rendition
from monitor.model.errors import StoreFailed
from monitor.model.printed import EditionHead, Printed
from monitor.web import assets, icon
from monitor.web.edition_page import Place, dressed_page, place_of
from monitor.web.export_search import search_files
from monitor.web.feeds import feed_file
from monitor.web.listing import digest_page, home_page
from monitor.web.pages import Pages, title_of
from monitor.web.places import (
    FolderLinks,
    card_path,
    digest_path,
    edition_path,
    feed_path,
    file_of,
    page_file,
    story_path,
    thread_path,
)
from monitor.web.sitemap import robots_txt, sitemap_xml
from monitor.web.source_page import OPML_PATH, public_opml, source_page
from monitor.web.story_page import story_page, thread_page

MANIFEST = ".monitor-export.json"
"""What was written, and from what: only that is ever removed again."""
_ASK = re.compile(r"(?:<|&lt;)p class=\"why ask\"(?:>|&gt;).*?(?:<|&lt;)/p(?:>|&gt;)\s*", re.DOTALL)
_MARK = re.compile(r"(?:<|&lt;)a href=\"[^\"]*/mark/[^\"]*\"(?:>|&gt;)(.*?)(?:<|&lt;)/a(?:>|&gt;)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class File:
    """A file to write. `made` gives its bytes; where `source` is known and as it was, it is not asked."""

    name: str
    made: Callable[[], bytes]
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did: files written, left as they were, and removed."""

    written: int
    unchanged: int
    removed: int


def export_site(pages: Pages, out: Path, done: Callable[[str], None] = lambda _: None) -> ExportReport:
    """Write the archive into `out`, or bring it up to date: each file whole or not at all, pages before the lists that lead to them.

    Raises:
        OSError: A file cannot be written; what stands in the folder is whole, and the next export goes on.
        StoreFailed: A name in the database would lead out of its place in the folder; nothing is written there.
    """
    before = _manifest(out)
    after: dict[str, str] = {}
    written = 0
    for file in export_files(pages):
        here = _inside(out, file.name)
        known = before.get(file.name, "")
        if file.source and known == file.source and here.is_file():
            after[file.name] = known
        else:
            body = file.made()
            after[file.name] = file.source or hashlib.sha256(body).hexdigest()
            if not here.is_file() or here.read_bytes() != body:
                archive.replace_file(here, body)
                written += 1
        done(file.name)
    archive.replace_file(out / MANIFEST, json.dumps(after, ensure_ascii=False, indent=0).encode())
    return ExportReport(written, len(after) - written, _remove(out, set(before) - set(after)))


def _inside(out: Path, name: str) -> Path:
    """Where a file lies; ids of stories are the store's, which others may have written."""
    if {".", "..", ""} & set(name.split("/")) or "\\" in name:
        raise StoreFailed(f"the name {name!r} leads elsewhere: the database holds an id that no program of ours has made")
    return out / name


def _manifest(out: Path) -> Mapping[str, str]:
    try:
        kept = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # none, or not ours: everything is written anew and nothing removed
    return {name: source for name, source in kept.items() if isinstance(source, str)} if isinstance(kept, dict) else {}


def _remove(out: Path, names: set[str]) -> int:
    """Remove files of an earlier export, and folders that are empty then."""
    removed = 0
    for name in sorted(names):
        file = (out / name).resolve()
        if out.resolve() not in file.parents or not file.is_file():
            continue
        file.unlink()
        removed += 1
        for folder in file.parents:
            if folder == out.resolve() or any(folder.iterdir()):
                break
            folder.rmdir()
    return removed


def export_files(pages: Pages) -> Iterator[File]:
    """Every file of the folder, those that are led to before those that lead."""
    first = next((one for digest in pages.files.digests for one in digest.languages if one in SHIPPED), "en")
    pages = replace(pages, first=first)
    for asset in assets.assets().values():
        yield File(f"static/{asset.name}", partial(getattr, asset, "body"), asset.name)
    yield File("favicon.ico", icon.icon_bytes)
    for digest in pages.files.digests:
        heads = pages.store.edition_heads(digest.id)
        for head in pages.store.edition_heads(digest.id, revisions=True):
            yield from _edition(pages, heads, head)
        for head in heads:
            yield from _pictures(pages, head)
        yield from _stories(pages, digest.id)
        yield from _feeds(pages, digest, heads)
        yield from _in_languages(pages, digest_path(digest.id), partial(digest_page, pages, digest.id))
        yield from _ways_in(pages, digest.id, heads)
    yield File(file_of(OPML_PATH), partial(public_opml, pages))
    yield from _in_languages(pages, "/sources/", partial(source_page, pages))
    yield from (File(name, made) for name, made in search_files(pages))
    yield from _in_languages(pages, "/", partial(home_page, pages))
    yield File("robots.txt", partial(_encoded, robots_txt, pages.base_url))
    if pages.base_url:
        yield File("sitemap.xml", partial(_encoded, sitemap_xml, pages))


def _encoded(printed: Callable[..., str], *given: object) -> bytes:
    return printed(*given).encode()


def _in_languages(pages: Pages, path: str, printed: Callable[[str, FolderLinks], str]) -> Iterator[File]:
    for language in SHIPPED:
        name = page_file(path, language, pages.first)
        yield File(name, partial(_encoded, printed, language, FolderLinks(name, language, pages.first, pages.base_url)))


def _edition(pages: Pages, heads: Sequence[EditionHead], head: EditionHead) -> Iterator[File]:
    """The page of an edition, or of a revision that was replaced, with its data, in each language."""
    newest = any(one.id == head.id for one in heads)
    for language in head.languages:
        path = edition_path(head.digest, head.week, language if newest else folder_of_revision(language, head.revision))
        current = "" if newest else edition_path(head.digest, head.week, language)
        yield File(file_of(path), partial(_edition_page, pages, place_of(heads, head, language, current), file_of(path)))
        for name, form in (("edition.json", "json"), ("edition.md", "markdown"), ("edition.txt", "text")):
            yield File(file_of(path + name), partial(_form, pages, head, language, form), f"{head.id} {head.inputs_hash}")


def _edition_page(pages: Pages, place: Place, here: str) -> bytes:
    links = FolderLinks(here, place.language if place.language in SHIPPED else pages.first, pages.first, pages.base_url)
    return without_marks(dressed_page(pages, _rendition(pages, place.head, place.language), place, links)).encode()


def _form(pages: Pages, head: EditionHead, language: str, form: str) -> bytes:
    text: str = getattr(_rendition(pages, head, language), form)
    return text.encode()


def _rendition(pages: Pages, head: EditionHead, language: str) -> Rendition:
    found = pages.store.rendition(head.id, language)
    if found is None:
        raise StoreFailed(f"edition {head.id} in {language} was there a moment ago: export again")
    return found


def _pictures(pages: Pages, head: EditionHead) -> Iterator[File]:
    """Drawn only where they are not there yet: a card takes half a second."""
    first, source = head.languages[0], f"{head.id} {head.inputs_hash}"
    folder = f"{digest_path(head.digest)}{head.week}/"
    for section in json.loads(_rendition(pages, head, first).json).get("sections", ()):
        if section.get("history"):
            name = picture_name(section["id"])
            yield File(file_of(folder + name), partial(_picture, pages, head, name), source)
    digest = pages.files.digest(head.digest)
    for language in head.languages:
        title = title_of(digest, language, head.digest)
        made = partial(_card, pages, head, language, title)
        yield File(file_of(card_path(head.digest, head.week, language)), made, f"{source} {VERSION} {title}")


def _picture(pages: Pages, head: EditionHead, name: str) -> bytes:
    first = head.languages[0]
    return pictures_of({first: _rendition(pages, head, first)})[name]


def _card(pages: Pages, head: EditionHead, language: str, title: str) -> bytes:
    return card_of(_rendition(pages, head, language), title)


def _stories(pages: Pages, digest: str) -> Iterator[File]:
    """The pages of all stories, and of the threads that hold more than one of them."""
    told = list(dict.fromkeys(item.story for item in pages.store.printed_items(digest) if item.kind is Printed.ITEM))
    for story in told:
        yield from _in_languages(pages, story_path(digest, story), partial(story_page, pages, digest, story))
    for thread, stories in Counter(pages.store.threads(told).values()).items():
        if stories > 1:
            yield from _in_languages(pages, thread_path(digest, thread), partial(thread_page, pages, digest, thread))


def _feeds(pages: Pages, digest: Digest, heads: Sequence[EditionHead]) -> Iterator[File]:
    for language in digest.languages:
        count = sum(1 for head in heads if language in head.languages)
        for document in feed_documents(count) if count else ():
            for kind in ("atom", "json"):
                name = file_of(feed_path(digest.id, language, kind, document.number))
                yield File(name, partial(_feed, pages, digest.id, language, kind, document.number))


def _feed(pages: Pages, digest: str, language: str, kind: str, number: int) -> bytes:
    body, _, _ = feed_file(pages, digest, language, kind, number, clean=without_marks)
    return body


def _ways_in(pages: Pages, digest: str, heads: Sequence[EditionHead]) -> Iterator[File]:
    """Where the live site redirects: the latest edition, and an edition without its language."""
    ways = [(f"{digest_path(digest)}{head.week}/", head) for head in heads]
    if heads:
        ways.append((f"{digest_path(digest)}latest/", heads[0]))
    for path, head in ways:
        links = FolderLinks(file_of(path), pages.first, pages.first)
        target = links.file(edition_path(head.digest, head.week, head.languages[0]))
        yield File(file_of(path), partial(_way, pages, target, head))


def _way(pages: Pages, target: str, head: EditionHead) -> bytes:
    return pages.templates.render("way.html", target=target, language=head.languages[0], title=head.week).encode()


def without_marks(text: str) -> str:
    """A page, or an entry of a feed, without the links that ask whether a story is relevant: they hold tokens and need a server."""
    return _MARK.sub(r"\1", _ASK.sub("", text))
