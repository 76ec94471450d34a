"""The archive over HTTP: lists, editions under addresses that never change, their data, pictures and feeds. Pages are printed elsewhere."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.digests.render.card import card_of
from monitor.digests.render.desk import language_and_revision
from monitor.digests.render.picture import pictures_of
from monitor.model.edition import Rendition
from monitor.model.printed import EditionHead
from monitor.web.answers import FOR_EVER, HTML, LATER, body_of, kept, page_in_language, pages_of
from monitor.web.edition_page import dressed_page, find_edition, place_of
from monitor.web.feeds import feed_file
from monitor.web.headers import OPEN, policy_for
from monitor.web.listing import digest_page, home_page
from monitor.web.pages import NotHere, best_language, title_of
from monitor.web.places import LiveLinks, edition_path
from monitor.web.shelf import Body

KINDS = {
    "frozen.html": ("html", HTML),
    "edition.json": ("json", "application/json; charset=utf-8"),
    "edition.md": ("markdown", "text/markdown; charset=utf-8"),
    "edition.txt": ("text", "text/plain; charset=utf-8"),
}


def home(request: Request) -> Body:
    """All digests."""
    return page_in_language(request, home_page)


def digest(request: Request) -> Body:
    """All editions of a digest."""
    wanted = request.path_params["digest"]
    return page_in_language(request, lambda pages, language, links: digest_page(pages, wanted, language, links))


def latest(request: Request) -> Response:
    """To the newest edition, in the reader's language where it has that, else in its first."""
    heads = _heads(request)
    if not heads or request.app.state.site.files().digest(request.path_params["digest"]) is None:
        raise HTTPException(404)
    return _to_language(request, heads[0])


def any_language(request: Request) -> Response:
    """To an edition, likewise."""
    return _to_language(request, _head(request, _heads(request)))


def _to_language(request: Request, head: EditionHead) -> Response:
    """`?lang=` decides, else the digest's own order: an address that was passed on leads all readers to one page."""
    language = best_language(request.query_params.get("lang", ""), head.languages)
    return RedirectResponse(edition_path(head.digest, head.week, language), 302)


def edition_page(request: Request) -> Body:
    """An edition: the frozen page, dressed with the way to its neighbours."""
    heads = _heads(request)
    newest = _head(request, heads)
    head, rendition = _printed(request, newest)
    older = head.id != newest.id
    place = place_of(heads, head, rendition.language, edition_path(head.digest, head.week, rendition.language) if older else "")
    page = dressed_page(pages_of(request), rendition, place, LiveLinks())
    return body_of(
        page.encode(), HTML, cache=LATER, changed=head.frozen_at, headers={"Content-Security-Policy": policy_for(page)}
    )


def plain_name(request: Request) -> Response:
    """The page under the name that its file has in a folder."""
    _printed(request, _head(request, _heads(request)))
    return RedirectResponse("./", 301)


def edition_file(request: Request) -> Body:
    """The data, Markdown, text or very page of an edition, in the bytes that were frozen."""
    name = request.path_params["name"]
    newest = _head(request, _heads(request))
    head, rendition = _printed(request, newest)
    if name not in KINDS:
        raise HTTPException(404)
    form, media_type = KINDS[name]
    text: str = getattr(rendition, form)
    cache = LATER if head.id == newest.id else FOR_EVER
    own = {"Content-Security-Policy": policy_for(text), "X-Robots-Tag": "noindex"} if media_type == HTML else {}
    return body_of(text.encode(), media_type, cache=cache, changed=head.frozen_at, headers=own)


def picture(request: Request) -> Body:
    """The picture of a section's last weeks, or the card of the edition, drawn from its data as frozen."""
    head, name = _head(request, _heads(request)), request.path_params["name"]
    kind, _, language = name.partition(".")
    site = request.app.state.site
    if kind == "card" and language in head.languages:
        drawn: bytes | None = card_of(
            _rendition(request, head, language), title_of(site.files().digest(head.digest), language, head.digest)
        )
    else:
        first = head.languages[0]
        drawn = pictures_of({first: _rendition(request, head, first)}).get(f"{name}.png")
    if drawn is None:
        raise HTTPException(404)
    return body_of(drawn, "image/png", cache=LATER, headers=OPEN)


def feed(request: Request) -> Body:
    """A feed of a digest in a language, or one of its archive documents."""
    given = request.path_params
    try:
        body, media_type, changed = feed_file(
            pages_of(request), given["digest"], given["language"], given["kind"], int(given.get("number", 0))
        )
    except NotHere:
        raise HTTPException(404) from None
    return body_of(body, f"{media_type}; charset=utf-8", changed=changed, headers=OPEN)


def _heads(request: Request) -> tuple[EditionHead, ...]:
    heads: tuple[EditionHead, ...] = request.app.state.site.store.edition_heads(request.path_params["digest"])
    return heads


def _head(request: Request, heads: tuple[EditionHead, ...]) -> EditionHead:
    try:
        return find_edition(heads, request.path_params["week"])
    except NotHere:
        raise HTTPException(404) from None


def _printed(request: Request, newest: EditionHead) -> tuple[EditionHead, Rendition]:
    """The edition in the language of the address; "en-r1" means its first revision, which stays readable after a correction."""
    language, revision = language_and_revision(request.path_params["language"])
    if not revision:
        return newest, _rendition(request, newest, language)
    store = request.app.state.site.store
    revisions = store.edition_heads(newest.digest, revisions=True)
    for head in revisions:
        if head.key == newest.key and head.revision == revision < newest.revision:
            return head, _rendition(request, head, language)
    raise HTTPException(404)


def _rendition(request: Request, head: EditionHead, language: str) -> Rendition:
    found: Rendition | None = request.app.state.site.store.rendition(head.id, language)
    if found is None:
        raise HTTPException(404)
    return found


ROUTES = (
    Route("/", kept(home, in_languages=True)),
    Route("/{digest}/", kept(digest, in_languages=True)),
    Route("/{digest}/latest/", latest),
    Route("/{digest}/feed.{language}.{number:int}.{kind}", kept(feed)),
    Route("/{digest}/feed.{language}.{kind}", kept(feed)),
    Route("/{digest}/{week}/", any_language),
    Route("/{digest}/{week}/{name}.png", kept(picture)),
    Route("/{digest}/{week}/{language}/", kept(edition_page)),
    Route("/{digest}/{week}/{language}/index.html", plain_name),
    Route("/{digest}/{week}/{language}/{name}", kept(edition_file)),
)
