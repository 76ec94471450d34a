"""The link of a confirmation: GET shows a page with one button and writes nothing, POST confirms. Both may be repeated."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.delivery.confirmation import Standing, asked_at, standing_of
from monitor.delivery.tokens import Purpose
from monitor.logs import log
from monitor.model.consent import ConsentAct
from monitor.model.delivery import Subscribed, Subscription
from monitor.web.opt_in import Asking, answer_asking
from monitor.web.pages import title_of
from monitor.web.people import (
    Form,
    damaged,
    masked,
    person_language,
    private_page,
    proof,
    read_form,
    refused,
    subscription_of,
    token_path,
    wording,
)
from monitor.web.words import site_words

HOW = "confirmed"


@dataclass(frozen=True, slots=True)
class Link:
    """Whose link it is, and where it leads."""

    subscription: Subscription | None
    standing: Standing


async def show(request: Request) -> Response:
    """The page with the one button; what else there is to say where the link leads nowhere any more."""
    return await run_in_threadpool(_show, request)


async def confirm(request: Request) -> Response:
    """Make the subscription active; or, where the page offered it, send a new link."""
    form = await read_form(request)
    return await run_in_threadpool(_confirm, request, form)


def _show(request: Request) -> Response:
    link = _link(request)
    return _page(request, link) if link else damaged(request)


def _confirm(request: Request, form: Form) -> Response:
    link = _link(request)
    if link is None:
        return damaged(request)
    if form.get("again") and link.standing is Standing.EXPIRED:
        return _ask_again(request, link)
    subscription = link.subscription
    if link.standing is not Standing.OPEN or subscription is None:
        return _page(request, link)
    site = request.app.state.site
    words = site_words(person_language(request, subscription))
    seen = proof(request, ConsentAct.CONFIRMED, wording("confirm", words))
    change = replace(subscription, state=Subscribed.ACTIVE, changed_at=seen.at, how=HOW)
    if site.store.move_subscription(change, (Subscribed.WAITING,), seen):
        log("subscription confirmed", digest=subscription.digest)
        return _page(request, Link(change, Standing.DONE), news=True)
    return _page(request, _link(request) or link)


def _ask_again(request: Request, link: Link) -> Response:
    """A new mail to the address of the link; the page says so whether or not limits let one out."""
    site, subscription = request.app.state.site, link.subscription
    digest = site.files().digest(subscription.digest) if subscription else None
    if subscription and digest:
        words = site_words(person_language(request, subscription))
        seen = proof(request, ConsentAct.ASKED, wording("confirm", words))
        answer_asking(
            request.app.state, Asking(digest, subscription.address, subscription.canonical, subscription.language, seen)
        )
    return _page(request, link, news=True)


def _link(request: Request) -> Link | None:
    """None where the token is none of ours."""
    subscription, ours = subscription_of(request, Purpose.CONFIRM)
    if not ours:
        return None
    site = request.app.state.site
    if subscription is None:
        return Link(None, Standing.OVER)
    asked = asked_at(subscription, site.store.consents([subscription.id]))
    shut = refused(site, subscription.canonical, subscription.digest)
    return Link(subscription, standing_of(subscription, asked, shut, site.clock()))


def _page(request: Request, link: Link, *, news: bool = False) -> Response:
    """The page of a standing; `news` where it is what the visitor just did."""
    site, subscription = request.app.state.site, link.subscription
    language = person_language(request, subscription)
    digest = site.files().digest(subscription.digest) if subscription else None
    words = site_words(language)
    name = title_of(digest, language, subscription.digest if subscription else "")
    shown = link.standing.value
    if link.standing is Standing.EXPIRED and news:
        shown = "again"
    return private_page(
        request,
        "confirm.html",
        language=language,
        title=words.say(f"confirm.{shown}_title"),
        text=words.say(f"confirm.{shown}_text", name=name, address=masked(subscription.address) if subscription else ""),
        standing=shown,
        news=news,
        digest=digest.id if digest else "",
        called=name,
        preferences=token_path("p", Purpose.MANAGE, site.sender, subscription)
        if subscription and link.standing is Standing.DONE
        else "",
        action=request.url.path,
    )


ROUTES = (
    Route("/c/{token}", show, methods=["GET", "HEAD"]),
    Route("/c/{token}", confirm, methods=["POST"]),
)
