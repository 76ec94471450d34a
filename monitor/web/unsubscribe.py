"""Leaving a digest: GET shows a page and writes nothing, POST ends the subscription at once (RFC 8058). Both may be repeated."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.delivery.tokens import Purpose, read_token
from monitor.logs import log
from monitor.model.delivery import Subscribed, Subscription

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


async def show(request: Request) -> Response:
    """The page with the one button; the same for a subscription that has ended, so that a second click never fails."""
    return await run_in_threadpool(_show, request)


async def end(request: Request) -> Response:
    """End the subscription: by the button of the page, or by a mail program's one-click post. No redirect, no cookie, no login."""
    body = await request.body()
    how = "one-click" if b"One-Click" in body else "page"
    return await run_in_threadpool(_end, request, how)


def _show(request: Request) -> Response:
    subscription, ours = _of_token(request)
    if not ours:
        return _unknown(request)
    return _page(
        request, "unsubscribe.html", subscription, ended=subscription is None or subscription.state is not Subscribed.ACTIVE
    )


def _end(request: Request, how: str) -> Response:
    subscription, ours = _of_token(request)
    if not ours:
        return _unknown(request)
    site = request.app.state.site
    if subscription and subscription.state in {Subscribed.ACTIVE, Subscribed.WAITING}:
        site.store.set_subscription(subscription.id, Subscribed.ENDED, site.clock(), how)
        site.metrics.unsubscribes.labels(how).inc()
        log("unsubscribed", digest=subscription.digest, how=how)
    return _page(request, "unsubscribe.html", subscription, ended=True)


def _of_token(request: Request) -> tuple[Subscription | None, bool]:
    """The subscription of the token (None for a person erased since), and whether the token is ours at all."""
    site = request.app.state.site
    claim = read_token(site.sender.secret, Purpose.UNSUBSCRIBE, request.path_params["token"])
    if claim is None:
        return None, False
    return site.store.subscription(claim.subscription), True


def _page(request: Request, name: str, subscription: Subscription | None, *, ended: bool) -> Response:
    digest = request.app.state.site.files().digest(subscription.digest) if subscription else None
    language = subscription.language if subscription else "en"
    title = digest.title.get(language) or next(iter(digest.title.values())) if digest else "this digest"
    response: Response = request.app.state.page(
        name, title=title, ended=ended, digest=digest.id if digest else "", action=request.url.path, language="en"
    )
    response.headers.update(PRIVATE)
    return response


def _unknown(request: Request) -> Response:
    text = "This link is damaged: some mail programs cut long links. Open it from the mail once more."
    response: Response = request.app.state.page("message.html", status=404, title="Unknown link", text=text)
    response.headers.update(PRIVATE)
    return response


ROUTES = (
    Route("/u/{token}", show, methods=["GET", "HEAD"]),
    Route("/u/{token}", end, methods=["POST"]),
)
