"""The site: archive, unsubscribe pages, probes, metrics. Every page works without script and cookies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from monitor.metrics import Metrics
from monitor.model.delivery import SenderIdentity
from monitor.model.ports import Clock
from monitor.parts import Files
from monitor.store.promises import Store
from monitor.text.templates import Templates, environment
from monitor.web import archive_pages, feedback_page, probes, unsubscribe
from monitor.web.headers import SafeHeaders
from monitor.web.icon import icon


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages are made from. `files` gives those in force at the moment of the request."""

    store: Store
    files: Callable[[], Files]
    sender: SenderIdentity
    clock: Clock
    metrics: Metrics
    metrics_token: str = ""

    def templates(self) -> Templates:
        """The pages' templates."""
        return environment([files("monitor.web") / "templates"])


def make_app(site: Site) -> Starlette:
    """The ASGI application."""
    pages = site.templates()

    def page(name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        return HTMLResponse(pages.render(name, **context), status_code=status)

    app = Starlette(
        routes=[
            Route("/healthz", probes.healthz),
            Route("/readyz", probes.readyz),
            Route("/metrics", probes.metrics),
            Route("/u/{token}", unsubscribe.show, methods=["GET", "HEAD"]),
            Route("/u/{token}", unsubscribe.end, methods=["POST"]),
            Route("/mark/{digest}/{key}/{story}/{token}", feedback_page.show, methods=["GET", "HEAD"]),
            Route("/mark/{digest}/{key}/{story}/{token}", feedback_page.record, methods=["POST"]),
            Route("/favicon.ico", icon),
            Route("/", archive_pages.home),
            Route("/{digest}/", archive_pages.digest_page),
            Route("/{digest}/latest/", archive_pages.latest),
            Route("/{digest}/feed.{language}.atom", archive_pages.feed),
            Route("/{digest}/{week}/", archive_pages.any_language),
            Route("/{digest}/{week}/{name}.png", archive_pages.picture),
            Route("/{digest}/{week}/{language}/", archive_pages.edition_page),
            Route("/{digest}/{week}/{language}/{name}", archive_pages.edition_file),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={404: _not_found},
    )
    app.state.site = site
    app.state.page = page
    return app


def _not_found(request: Request, _error: Exception) -> Response:
    response: Response = request.app.state.page("message.html", status=404, title="Not found", text="There is no such page here.")
    return response
