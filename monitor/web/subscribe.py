"""Asking for a digest by mail: a form, and one answer to everybody. What follows for the address is done after the answer is out.

Neither words nor timing tell whether an address is known here: the answer is made before anything is looked up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.delivery.addresses import canonical_address
from monitor.delivery.confirmation import PER_SITE, PER_VISITOR
from monitor.digests.render.catalogue import SHIPPED
from monitor.digests.render.typeset import bind
from monitor.logs import log
from monitor.model.consent import ConsentAct
from monitor.model.digest import Digest
from monitor.model.errors import WrongUse
from monitor.text.locale import own_name
from monitor.web.opt_in import Asking, answer_asking
from monitor.web.pages import title_of
from monitor.web.people import Form, private_page, proof, read_form, wording
from monitor.web.visitor import prefix_of, visitor
from monitor.web.words import site_words, wanted_language

TRAP = "comment"
"""A field that people do not see and programs fill in."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds when it is shown again."""

    address: str = ""
    language: str = ""
    wrong: str = ""
    status: int = 200


async def show(request: Request) -> Response:
    """The form: an address and a language."""
    return await run_in_threadpool(_show, request, Typed())


async def ask(request: Request) -> Response:
    """Take a form. Every address that could receive mail gets the same answer; 429 where somebody asks too often."""
    form = await read_form(request)
    return await run_in_threadpool(_ask, request, form)


async def slash(request: Request) -> Response:
    """The form is at the address with a slash, as all pages are."""
    return RedirectResponse(f"{request.url.path}/", 308)


def _show(request: Request, typed: Typed) -> Response:
    digest = _digest(request)
    if digest is None:
        return _unknown(request)
    language = wanted_language(request)
    chosen = typed.language or (language if language in digest.languages else digest.languages[0])
    return private_page(
        request,
        "subscribe.html",
        language=language,
        status=typed.status,
        title=site_words(language).say("subscribe.title"),
        called=title_of(digest, language),
        digest=digest.id,
        promise=bind(digest.promise.get(language, "")),
        action=_address(request),
        languages=[(code, own_name(code)) for code in digest.languages],
        chosen=chosen,
        address=typed.address,
        wrong=typed.wrong,
        trap=TRAP,
    )


def _ask(request: Request, form: Form) -> Response:
    digest, language = _digest(request), wanted_language(request)
    if digest is None:
        return _unknown(request)
    words, typed, wanted = site_words(language), form.get("address").strip(), form.get("language")
    try:
        canonical = canonical_address(typed)
    except WrongUse:
        wrong = words.say("subscribe.no_address" if typed else "subscribe.empty")
        return _show(request, Typed(typed, wanted if wanted in digest.languages else "", wrong, 422))
    wait = _wait(request)
    if wait:
        return _too_often(request, wait)
    if form.get(TRAP):
        log("subscription form filled in by a program", digest=digest.id)
        return _answer(request, digest, typed, None)
    chosen = wanted if wanted in digest.languages else digest.languages[0]
    seen = proof(request, ConsentAct.ASKED, wording("subscribe", words))
    return _answer(request, digest, typed, Asking(digest, typed, canonical, chosen, seen))


def _answer(request: Request, digest: Digest, typed: str, asking: Asking | None) -> Response:
    """The one answer. The connection is closed behind it: a second request on it would wait for what is done after the first."""
    language = wanted_language(request)
    page = private_page(
        request,
        "subscribe_asked.html",
        language=language,
        title=site_words(language).say("subscribe.asked"),
        called=title_of(digest, language),
        digest=digest.id,
        address=typed,
        action=_address(request),
    )
    page.headers["Connection"] = "close"
    if asking:
        page.background = BackgroundTask(run_in_threadpool, answer_asking, request.app.state, asking)
    return page


def _wait(request: Request) -> float:
    """Seconds until this visitor may ask again, 0 where it may now."""
    site, prefix = request.app.state.site, prefix_of(visitor(request))
    now = site.clock()
    wait: float = site.store.draw(f"subscribe/visitor/{prefix}", PER_VISITOR, now)
    return wait or float(site.store.draw("subscribe/site", PER_SITE, now))


def _too_often(request: Request, wait: float) -> Response:
    language = wanted_language(request)
    words = site_words(language)
    minutes = max(1, math.ceil(wait / 60))
    page = private_page(
        request,
        "message.html",
        language=language,
        status=429,
        title=words.say("subscribe.too_often"),
        text=words.count("subscribe.again_in", minutes),
    )
    page.headers["Retry-After"] = str(math.ceil(wait))
    return page


def _digest(request: Request) -> Digest | None:
    found: Digest | None = request.app.state.site.files().digest(request.path_params["digest"])
    return found


def _address(request: Request) -> str:
    """Where the form posts to, in the language that was asked for."""
    wanted = request.query_params.get("lang", "")
    return f"{request.url.path}?lang={wanted}" if wanted in SHIPPED else request.url.path


def _unknown(request: Request) -> Response:
    language = wanted_language(request)
    words = site_words(language)
    title, text = words.say("site.not_found"), words.say("site.not_found_text")
    return private_page(request, "message.html", language=language, status=404, title=title, text=text)


ROUTES = (
    Route("/{digest}/subscribe", slash, methods=["GET", "HEAD"]),
    Route("/{digest}/subscribe/", show, methods=["GET", "HEAD"]),
    Route("/{digest}/subscribe/", ask, methods=["POST"]),
)
