"""A person's own page: which digests come, in which language, and leaving all. GET shows and writes nothing, POST acts at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose
from monitor.digests.render.typeset import bind
from monitor.logs import log
from monitor.model.consent import Consent, ConsentAct, Wish
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.digest import Digest
from monitor.text.locale import own_name
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
    wording,
)
from monitor.web.words import site_words, wanted_language

HOW = "preferences"
LIVE = (Subscribed.ACTIVE, Subscribed.WAITING)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person may choose of one digest. `shut`: the address may not have it."""

    digest: Digest
    name: str
    promise: str
    on: bool
    language: str
    languages: tuple[tuple[str, str], ...]
    shut: bool


async def show(request: Request) -> Response:
    """The form with every digest of this site."""
    return await run_in_threadpool(_show, request)


async def change(request: Request) -> Response:
    """Do what the form says: turn digests on and off, change languages, or leave all."""
    form = await read_form(request)
    return await run_in_threadpool(_change, request, form)


def _show(request: Request) -> Response:
    owner, ours = subscription_of(request, Purpose.MANAGE)
    return _page(request, owner) if ours else damaged(request)


def _change(request: Request, form: Form) -> Response:
    owner, ours = subscription_of(request, Purpose.MANAGE)
    if not ours:
        return damaged(request)
    if owner is None:
        return _page(request, None)
    if form.get("leave") == "all":
        for one in _of_person(request, owner).values():
            _leave(request, one)
        return _page(request, request.app.state.site.store.subscription(owner.id), news="left")
    if not form.get("save"):
        return _page(request, owner)
    words = site_words(person_language(request, owner))
    seen = proof(request, ConsentAct.CHANGED, wording("prefs", words))
    mine, shown = _of_person(request, owner), set(form.fields.get("digest", ()))
    for choice in _choices(request, owner):
        # what the page did not show, because it came later, was not decided
        if choice.digest.id in shown and not choice.shut:
            _apply(request, owner, choice, mine.get(choice.digest.id), form, seen)
    return _page(request, request.app.state.site.store.subscription(owner.id), news="saved")


def _apply(
    request: Request, owner: Subscription, choice: Choice, standing: Subscription | None, form: Form, seen: Consent
) -> None:
    """Bring one digest to what the form says of it."""
    store, digest = request.app.state.site.store, choice.digest
    if form.get(f"on.{digest.id}") != "1":
        if standing:
            _leave(request, standing)
        return
    wanted = form.get(f"language.{digest.id}")
    language = wanted if wanted in digest.languages else choice.language
    if standing is None:
        wish = Subscription(0, digest.id, owner.address, owner.canonical, language, Subscribed.ACTIVE, seen.at, seen.at, HOW)
        # the hash says for which digests the address is shut out: without it a complaint about one would end all
        mac = address_mac(request.app.state.site.sender.suppression_key, owner.canonical)
        store.subscribe_all([Wish(wish, mac, (seen,))])
        log("subscribed", digest=digest.id, how=HOW)
    elif standing.state is not Subscribed.ACTIVE or standing.language != language:
        changed = replace(standing, state=Subscribed.ACTIVE, language=language, changed_at=seen.at, how=HOW)
        store.move_subscription(changed, (*LIVE, Subscribed.ENDED), seen)
        log("subscription changed", digest=digest.id, how=HOW)


def _leave(request: Request, subscription: Subscription) -> None:
    site = request.app.state.site
    ended = replace(subscription, state=Subscribed.ENDED, changed_at=site.clock(), how=HOW)
    if site.store.move_subscription(ended, LIVE):
        site.metrics.unsubscribes.labels(HOW).inc()
        log("unsubscribed", digest=subscription.digest, how=HOW)


def _of_person(request: Request, owner: Subscription) -> Mapping[str, Subscription]:
    """All subscriptions of the address, by digest."""
    return {one.digest: one for one in request.app.state.site.store.subscriptions(canonical=owner.canonical)}


def _choices(request: Request, owner: Subscription) -> tuple[Choice, ...]:
    """Every digest of the site, the person's own ones first."""
    site, language, mine = request.app.state.site, person_language(request, owner), _of_person(request, owner)
    choices = []
    for digest in sorted(site.files().digests, key=lambda digest: digest.id not in mine):
        standing = mine.get(digest.id)
        kept = standing.language if standing else language
        choices.append(
            Choice(
                digest=digest,
                name=title_of(digest, language),
                promise=bind(digest.promise.get(language, "")),
                on=standing is not None and standing.state is Subscribed.ACTIVE,
                language=kept if kept in digest.languages else digest.languages[0],
                languages=tuple((code, own_name(code)) for code in digest.languages),
                shut=refused(site, owner.canonical, digest.id),
            )
        )
    return tuple(choices)


def _page(request: Request, owner: Subscription | None, news: str = "") -> Response:
    """The form; words alone where the person was erased."""
    if owner is None:
        language = wanted_language(request)
        words = site_words(language)
        title, text = words.say("prefs.title"), words.say("prefs.nobody")
        return private_page(request, "message.html", language=language, title=title, text=text)
    language = person_language(request, owner)
    choices = _choices(request, owner)
    return private_page(
        request,
        "preferences.html",
        language=language,
        title=site_words(language).say("prefs.title"),
        address=masked(owner.address),
        choices=choices,
        any_on=any(choice.on for choice in choices),
        news=news,
        action=request.url.path,
    )


ROUTES = (
    Route("/p/{token}", show, methods=["GET", "HEAD"]),
    Route("/p/{token}", change, methods=["POST"]),
)
