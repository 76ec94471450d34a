"""Takes what mail providers report: POST /hooks/mail/<name>. It proves the request, keeps it and answers; nothing is acted on here.

An answer tells a stranger nothing but that it was not believed.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.delivery.hooks.events import read_events
from monitor.delivery.hooks.json_paths import parsed
from monitor.delivery.hooks.proof import HookRequest, asks_body, doubt
from monitor.hook_reports import Hooked, keep_request
from monitor.logs import warn
from monitor.model.errors import StoreFailed
from monitor.model.hook import Hook, HookScheme
from monitor.model.pace import Pace
from monitor.web.people import PRIVATE
from monitor.web.posted import body_within
from monitor.web.search_page import Patience
from monitor.web.visitor import prefix_of, visitor

MAX_BYTES = 1 << 20
"""Of a request: four times what the largest provider sends at once."""
MAX_UNPROVED = 128 * 1024
"""Of one that must be read before it is proved, since its proof stands inside: Mailgun's have some thousand bytes."""
MOST_READING = 64
"""Bodies that are read at the same time: what strangers can make us hold is bounded by them."""
BODY_S = 20.0
"""How long a body may take to come."""
PACE = Pace(per_s=50, burst=1000)
ALL = Pace(per_s=200, burst=4000)
"""Requests of one network, and of everybody; whoever is asked to wait sends again."""
TOLD = Pace(per_s=1 / 60, burst=5)
"""Refusals of one network that are logged; all are counted."""


@dataclass(slots=True)
class Limits:
    """How often requests may come, and refusals are told, for one site; and how many bodies are being read."""

    requests: Patience = field(default_factory=lambda: Patience(PACE, ALL))
    refusals: Patience = field(default_factory=lambda: Patience(TOLD, TOLD))
    reading: int = 0


async def take(request: Request) -> Response:
    """Keep what a provider reports.

    200 once it is kept, or holds nothing to keep; 401 and 403 where it is not the provider's, 400 where it cannot be read, 404 without
    such a provider, 408 where it comes too slowly, 413 where it is too large, 429 where it comes too often, 503 where it cannot be kept.
    """
    site, name = request.app.state.site, request.path_params["name"]
    hooked: Hooked | None = site.hooks.get(name)
    if hooked is None:
        return _answer(404, "no such provider")
    status, words, headers = await _taken(request, hooked)
    site.metrics.record_hook(name, status)
    network = prefix_of(visitor(request))
    if status in {401, 403} and not site.hook_limits.refusals.wait(network, site.clock()):
        warn("hook_refused", hook=name, status=status, network=network)
    return _answer(status, words, headers)


Outcome = tuple[int, str, Mapping[str, str]]
BUSY: Outcome = (503, "not now, please try again", {"Retry-After": "60"})


async def _taken(request: Request, hooked: Hooked) -> Outcome:
    site, hook = request.app.state.site, hooked.hook
    limits: Limits = site.hook_limits
    wait = limits.requests.wait(prefix_of(visitor(request)), site.clock())
    if wait:
        return 429, "not so often", {"Retry-After": str(math.ceil(wait))}
    if hook.proof.scheme is not HookScheme.HMAC and doubt(hook, hooked.secret, _brought(request), site.clock()):
        return _refused(hook)  # a stranger's body is not read at all
    if limits.reading >= MOST_READING:
        return BUSY
    limits.reading += 1
    try:
        async with asyncio.timeout(BODY_S):
            body = await _body(request, MAX_UNPROVED if asks_body(hook) else MAX_BYTES)
        if body is None:
            return 413, "too large", {"Connection": "close"}
        return await run_in_threadpool(_dealt_with, request, hooked, body)
    except (TimeoutError, ClientDisconnect):
        return 408, "too slow", {"Connection": "close"}
    finally:
        limits.reading -= 1


def _brought(request: Request, body: bytes = b"", document: object = None) -> HookRequest:
    given = {name.lower(): value for name, value in request.headers.items()}
    return HookRequest(given, body, document, request.path_params.get("rest", ""))


async def _body(request: Request, most: int) -> bytes | None:
    """The body; None where it is too large."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:20]) > most:
        return None
    return await body_within(request, most)


def _dealt_with(request: Request, hooked: Hooked, body: bytes) -> Outcome:
    site, hook = request.app.state.site, hooked.hook
    try:
        # before anything is proved only where the proof stands inside
        document = parsed(body) if asks_body(hook) else None
        if doubt(hook, hooked.secret, _brought(request, body, document), site.clock()):
            return _refused(hook)
        events = read_events(hook, document if asks_body(hook) else parsed(body))
    except ValueError:
        return 400, "not what was expected", {}
    try:
        keep_request(site.store, hook, body, events, site.clock())
    except StoreFailed as error:
        warn("hook_not_kept", hook=hook.name, reason=str(error))
        return BUSY
    for event in events:
        site.metrics.record_hook_event(hook.name, event.meaning.value)
    return 200, "ok", {}


def _refused(hook: Hook) -> Outcome:
    """Amazon SNS sends its password only after it was asked for it."""
    if hook.proof.scheme is HookScheme.BASIC:
        return 401, "not believed", {"WWW-Authenticate": 'Basic realm="monitor"'}
    return (401 if hook.proof.scheme is HookScheme.HEADER else 403), "not believed", {}


def _answer(status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{words}\n", status, headers={**PRIVATE, **(headers or {})})


ROUTES = (
    Route("/hooks/mail/{name}", take, methods=["POST"]),
    Route("/hooks/mail/{name}/{rest}", take, methods=["POST"]),
)
