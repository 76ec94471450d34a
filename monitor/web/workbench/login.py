"""Logging in and out. Attempts are limited by visitor and by name; who does not exist takes as long as who does."""

from __future__ import annotations

import hashlib
import math
import threading

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.logs import log, warn
from monitor.model.pace import Pace
from monitor.web.visitor import prefix_of, visitor
from monitor.web.workbench.asking import LOGIN, RULES, Ask, bench_of, form_of, from_here, safe_next, with_language
from monitor.web.workbench.bench import Workbench
from monitor.web.workbench.passwords import fits, nobody
from monitor.web.workbench.sessions import editor_of, log_in, set_cookie
from monitor.web.workbench.showing import message, show

BY_VISITOR = Pace(per_s=1 / 30, burst=10)
BY_NAME = Pace(per_s=1 / 60, burst=10)
MOST_LETTERS = 1024
"""Of a password: more is nobody's, and hashing it is work."""
# one costs 32 MB and a tenth of a second
_COMPARING = threading.BoundedSemaphore(2)


async def door(request: Request) -> Response:
    """To the rules."""
    bench_of(request)
    return RedirectResponse(with_language(request, RULES), 303)


async def login_page(request: Request) -> Response:
    """The form; to the rules for who is logged in already."""
    bench = bench_of(request)
    if await run_in_threadpool(editor_of, request, bench):
        return RedirectResponse(with_language(request, RULES), 303)
    return _form(request, bench, request.query_params.get("next", ""))


async def login(request: Request) -> Response:
    """Compare name and password; a login that was there before is ended, and the new one has a key of its own."""
    bench = bench_of(request)
    form = await form_of(request)
    if form is None:
        return message(request, 413, "workbench.too_long")
    if not from_here(request):
        return message(request, 403, "workbench.foreign")
    return await run_in_threadpool(_login, request, bench, form)


def _login(request: Request, bench: Workbench, form: dict[str, str]) -> Response:
    site, name, wanted = request.app.state.site, form.get("name", "").strip(), form.get("next", "")
    now, network = site.clock(), prefix_of(visitor(request))
    hidden = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    wait = max(site.store.draw(f"login:{network}", BY_VISITOR, now), site.store.draw(f"login-name:{hidden}", BY_NAME, now))
    if wait:
        warn("editor_login_limited", visitor=network)
        limited = _form(request, bench, wanted, "workbench.login_limited", 429, minutes=math.ceil(wait / 60))
        limited.headers["Retry-After"] = str(math.ceil(wait))
        return limited
    if not _right(bench, name, form.get("password", "")):
        # a name that is nobody's may be a password typed into the wrong field: it is not written down
        warn("editor_login_refused", editor=name if name in bench.editors else "", visitor=network)
        return _form(request, bench, wanted, "workbench.login_wrong", 403)
    before = editor_of(request, bench)
    if before and before.session:
        site.store.end_session(before.session)
    response = RedirectResponse(with_language(request, safe_next(wanted)), 303)
    set_cookie(response, bench, log_in(site.store, bench, name, now))
    log("editor_logged_in", editor=name, visitor=network)
    return response


def _right(bench: Workbench, name: str, password: str) -> bool:
    with _COMPARING:
        same = fits(password[:MOST_LETTERS], bench.editors.get(name) or nobody())
    return same and name in bench.editors and len(password) <= MOST_LETTERS


def _form(request: Request, bench: Workbench, wanted: str, wrong: str = "", status: int = 200, **slots: object) -> Response:
    return show(
        request,
        "login.html",
        status=status,
        wrong=wrong,
        slots=slots,
        next=safe_next(wanted),
        action=with_language(request, LOGIN),
        by_password=bool(bench.editors),
    )


def logout(ask: Ask) -> Response:
    """End the login, here and in the store."""
    if ask.editor.session:
        ask.store.end_session(ask.editor.session)
    response = RedirectResponse(ask.to(LOGIN), 303)
    set_cookie(response, ask.bench, "")
    log("editor_logged_out", editor=ask.editor.name)
    return response
