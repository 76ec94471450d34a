"""The pages for what went wrong: no such address, no such way of asking, a store that does not answer, a fault of ours. Each says what to do next."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.logs import warn
from monitor.model.errors import StoreFailed
from monitor.web.headers import SAFE
from monitor.web.words import site_words, wanted_language

NOT_KEPT = {"Cache-Control": "no-store"}
BUSY_S = 30
"""Seconds after which a page that could not be made is worth asking for again."""


def refused(request: Request, error: Exception) -> Response:
    """404 where there is no such page; any other refusal under its own status, with its own headers (405 says what is allowed)."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    answer = _page(request, status, "not_found" if status == 404 else "not_so")
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def unavailable(request: Request, error: Exception) -> Response:
    """503 where the store does not answer; the log has the reason, the page has none of it."""
    warn("page_not_made", path=request.url.path, reason=str(error))
    answer = _page(request, 503, "busy")
    answer.headers.update(NOT_KEPT | {"Retry-After": str(BUSY_S)})
    return answer


def failed(request: Request, error: Exception) -> Response:
    """500: a fault of ours. It is outside of all middleware, so that it brings its headers along."""
    warn("page_failed", path=request.url.path, reason=f"{type(error).__name__}: {error}")
    answer = _page(request, 500, "failed")
    answer.headers.update(SAFE | NOT_KEPT)
    return answer


def _page(request: Request, status: int, key: str) -> Response:
    language = wanted_language(request)
    words = site_words(language)
    response: Response = request.app.state.page(
        request,
        "message.html",
        status=status,
        language=language,
        title=words.say(f"site.{key}"),
        text=words.say(f"site.{key}_text"),
    )
    return response


HANDLERS = {HTTPException: refused, StoreFailed: unavailable, Exception: failed}
