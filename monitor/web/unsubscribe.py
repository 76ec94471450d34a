"""Leaving a digest: GET shows a page and writes nothing, POST ends the subscription at once (RFC 8058). Both may be repeated."""

from __future__ import annotations

from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.delivery.tokens import Purpose
from monitor.logs import log
from monitor.model.consent import ConsentAct
from monitor.model.delivery import Subscribed, Subscription
from monitor.web.pages import title_of
from monitor.web.people import (
    Form,
    damaged,
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

LIVE = (Subscribed.ACTIVE, Subscribed.WAITING)


async def show(request: Request) -> Response:
    """The page with the button; the same for a subscription that has ended, so that a second click never fails."""
    return await run_in_threadpool(_show, request)


async def act(request: Request) -> Response:
    """End the subscription: by a button of the page, or by a mail program's one-click post. No redirect, no cookie, no login.

    Whatever is posted ends it, an empty or foreign body too; only the page's own button for coming back does not.
    """
    form = await read_form(request)
    return await run_in_threadpool(_act, request, form)


def _show(request: Request) -> Response:
    subscription, ours = subscription_of(request, Purpose.UNSUBSCRIBE)
    return _page(request, subscription) if ours else damaged(request)


def _act(request: Request, form: Form) -> Response:
    subscription, ours = subscription_of(request, Purpose.UNSUBSCRIBE)
    if not ours:
        return damaged(request)
    if subscription is None:
        return _page(request, None, news="ended")
    if form.get("leave") == "again":
        return _come_back(request, subscription)
    whole = form.get("leave") == "all"
    # a post that is neither ours nor of the standard is a click all the same: some mail programs send an empty one
    how = "one-click" if b"One-Click" in form.raw else "page" if form.get("leave") else "post"
    leaving = _live_of_person(request, subscription) if whole else (subscription,)
    for one in leaving:
        _end(request, one, how)
    kept = request.app.state.site.store.subscription(subscription.id)
    return _page(request, kept, news="all" if whole else "ended")


def _end(request: Request, subscription: Subscription, how: str) -> None:
    site = request.app.state.site
    change = replace(subscription, state=Subscribed.ENDED, changed_at=site.clock(), how=how)
    if site.store.move_subscription(change, LIVE):
        site.metrics.unsubscribes.labels(how).inc()
        log("unsubscribed", digest=subscription.digest, how=how)


def _come_back(request: Request, subscription: Subscription) -> Response:
    """Undo: who has the link of a mail reads the mailbox, so that no further mail is needed to prove it."""
    site = request.app.state.site
    language = person_language(request, subscription)
    if not _refused(request, subscription):
        seen = proof(request, ConsentAct.CHANGED, wording("leave", site_words(language)))
        change = replace(subscription, state=Subscribed.ACTIVE, changed_at=seen.at, how="came back")
        if site.store.move_subscription(change, (Subscribed.ENDED,), seen):
            log("subscribed again", digest=subscription.digest)
    kept = site.store.subscription(subscription.id)
    return _page(request, kept, news="again" if kept and kept.state is Subscribed.ACTIVE else "")


def _refused(request: Request, subscription: Subscription) -> bool:
    return refused(request.app.state.site, subscription.canonical, subscription.digest)


def _live_of_person(request: Request, subscription: Subscription) -> tuple[Subscription, ...]:
    found: tuple[Subscription, ...] = request.app.state.site.store.subscriptions(canonical=subscription.canonical, states=LIVE)
    return found


def _page(request: Request, subscription: Subscription | None, news: str = "") -> Response:
    """The page; `news` says what the visitor just did: "ended", "all", "again" or ""."""
    site, language = request.app.state.site, person_language(request, subscription)
    words, digest = site_words(language), site.files().digest(subscription.digest) if subscription else None
    name = title_of(digest, language) or words.say("leave.this_digest")
    live = subscription is not None and subscription.state in LIVE
    others = sum(1 for one in _live_of_person(request, subscription) if one.id != subscription.id) if subscription else 0
    shut = subscription is not None and _refused(request, subscription)
    return private_page(
        request,
        "unsubscribe.html",
        language=language,
        title=words.say("leave.title" if live and news != "again" else "leave.back_title" if live else "leave.ended_title"),
        called=name,
        live=live,
        news=news,
        others=others,
        may_return=subscription is not None and not live and not shut and digest is not None,
        refused=shut,
        digest=digest.id if digest else "",
        preferences=token_path("p", Purpose.MANAGE, site.sender, subscription) if subscription else "",
        action=request.url.path,
    )


ROUTES = (
    Route("/u/{token}", show, methods=["GET", "HEAD"]),
    Route("/u/{token}", act, methods=["POST"]),
)
