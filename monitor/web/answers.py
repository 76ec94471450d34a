"""Answers of the public site: strong tags, dates, how long they may be kept, and the page for what is not there. It prints no page itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.web.headers import GZIPPED
from monitor.web.pages import NotHere, Pages
from monitor.web.places import LiveLinks
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
    language = wanted_language(request)
    links = LiveLinks(language_to_name(request, language))
    try:
        text = made(pages_of(request), language, links)
    except NotHere:
        raise HTTPException(404) from None
    return tagged(request, text.encode(), HTML, headers={"Vary": "Accept-Language", "Content-Language": language})


def tagged(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    cache: str = SOON,
    changed: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The body with a strong ETag over its bytes; 304 where the reader has them (RFC 9110 13.1.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    given = {"ETag": tag, "Cache-Control": cache, **(headers or {})}
    if changed:
        given["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    for one in known:
        if one == "*" or one.replace(f'{GZIPPED}"', '"') == tag:
            return Response(status_code=304, headers=given | {"ETag": tag if one == "*" else one})
    return Response(body, headers={"Content-Type": media_type, **given})
