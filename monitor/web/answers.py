"""Answers of the public site: strong tags, dates, how long they may be kept, and the page for what is not there. It prints no page itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.web.headers import GZIPPED
from monitor.web.pages import NotHere, Pages
from monitor.web.places import LiveLinks
from monitor.web.shelf import Body, State, packed, tag_of
from monitor.web.words import language_to_name, wanted_language

SOON = "public, max-age=60"
"""Lists: a new edition shows within a minute."""
LATER = "public, max-age=300"
"""Editions: frozen, but for a correction and the way to the next one."""
FOR_EVER = "public, max-age=31536000, immutable"
"""A revision that was replaced: nothing will change it."""
HTML = "text/html; charset=utf-8"


def pages_of(request: Request) -> Pages:
    """What pages are made from at the moment of a request."""
    site = request.app.state.site
    return Pages(site.store, site.files(), request.app.state.templates, site.sender.base_url, site.clock())


def page_answer(request: Request, made: Callable[[Pages, str, LiveLinks], str]) -> Response:
    """A page in the reader's language, as `made` prints it; 404 where it says that there is none."""
    return answer(request, page_in_language(request, made))


def page_in_language(request: Request, made: Callable[[Pages, str, LiveLinks], str]) -> Body:
    """As `page_answer`, not yet answered."""
    language = wanted_language(request)
    try:
        text = made(pages_of(request), language, LiveLinks(language_to_name(request, language)))
    except NotHere:
        raise HTTPException(404) from None
    return body_of(text.encode(), HTML, headers={"Vary": "Accept-Language", "Content-Language": language})


def body_of(
    content: bytes,
    media_type: str,
    *,
    cache: str = SOON,
    changed: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Body:
    """A page or document with its tag."""
    return Body(content, media_type, tag_of(content), cache, changed, headers or {})


def kept(made: Callable[[Request], Body], *, in_languages: bool = False) -> Callable[[Request], Response]:
    """An endpoint for what only publishing and the files change: printed once for all readers, or once in each language of theirs."""

    def endpoint(request: Request) -> Response:
        site, shelf = request.app.state.site, request.app.state.shelf
        state = State(site.store.printed_stamp(), site.files())
        language = wanted_language(request) if in_languages else ""
        key = (request.scope["path"], language, language_to_name(request, language) if language else "")
        page: Body | None = shelf.get(state, key)
        if page is None:
            page = made(request)
            page = replace(page, packed=packed(page.content, page.media_type))
            shelf.put(state, key, page)
        return answer(request, page)

    return endpoint


def answer(request: Request, page: Body) -> Response:
    """The page with its tag; 304 where the reader has it (RFC 9110 13.1.2), compressed where it was and the reader can read that."""
    given = {"ETag": page.tag, "Cache-Control": page.cache, **page.headers}
    if page.changed:
        given["Last-Modified"] = format_datetime(page.changed.astimezone(UTC), usegmt=True)
    if page.packed:
        given["Vary"] = ", ".join(filter(None, (given.get("Vary", ""), "Accept-Encoding")))
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    for one in known:
        if one == "*" or one.replace(f'{GZIPPED}"', '"') == page.tag:
            return Response(status_code=304, headers=given | {"ETag": page.tag if one == "*" else one})
    given["Content-Type"] = page.media_type
    if page.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(page.packed, headers=given | {"Content-Encoding": "gzip"})
    return Response(page.content, headers=given)
