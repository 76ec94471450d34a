"""The site: archive, unsubscribe pages, probes, metrics. Every page works without script and cookies."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from monitor.digests.render.clean import legible
from monitor.hook_reports import Hooked
from monitor.metrics import Metrics
from monitor.model.delivery import SenderIdentity
from monitor.model.ports import Clock
from monitor.parts import Files
from monitor.search_index import index_missing, missing_editions
from monitor.store.promises import Store
from monitor.text.templates import Templates, environment
from monitor.web import (
    archive_pages,
    assets,
    confirm,
    errors,
    feedback_page,
    hooks,
    preferences,
    probes,
    search_page,
    sitemap,
    source_page,
    story_page,
    subscribe,
    unsubscribe,
)
from monitor.web.assets import address
from monitor.web.headers import Compressed, SafeHeaders
from monitor.web.hooks import Limits
from monitor.web.icon import icon
from monitor.web.places import LiveLinks
from monitor.web.shelf import Shelf
from monitor.web.visitor import Network
from monitor.web.words import language_to_name, site_words, tongues_of
from monitor.web.workbench import pages as workbench_pages
from monitor.web.workbench.bench import Workbench


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages are made from. `files` gives those in force at the moment of the request."""

    store: Store
    files: Callable[[], Files]
    sender: SenderIdentity
    clock: Clock
    metrics: Metrics
    metrics_token: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    """Networks whose `X-Forwarded-For` is believed."""
    workbench: Workbench | None = None
    """Where rules are edited in the browser; None: nobody may."""
    hooks: Mapping[str, Hooked] = field(default_factory=dict)
    """Mail providers that may report, by name."""
    hook_limits: Limits = field(default_factory=Limits)

    def templates(self) -> Templates:
        """The pages' templates."""
        return site_templates()


def site_templates() -> Templates:
    """The templates of the site's pages, read once."""
    return environment([files("monitor.web") / "templates"], steady=True, clean=legible)


def page(request: Request, name: str, *, status: int = 200, language: str = "en", **context: Any) -> HTMLResponse:
    """A page that is not of the archive, for `app.state.page`; it keeps the language that its reader asked for."""
    given = {
        "links": LiveLinks(language_to_name(request, language)),
        "tongues": tongues_of(request, language),
        "stylesheet": address("site.css"),
        "words": site_words(language),
        **context,
    }
    templates: Templates = request.app.state.templates
    return HTMLResponse(templates.render(name, language=language, **given), status_code=status)


def make_app(site: Site) -> Starlette:
    """The ASGI application."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        """Before the first answer: what an older program froze, or one that was killed, shall be found as well."""
        await run_in_threadpool(index_missing, site.store, missing_editions(site.store))
        yield

    app = Starlette(
        lifespan=lifespan,
        routes=[
            *probes.ROUTES,
            *hooks.ROUTES,
            *assets.ROUTES,
            *unsubscribe.ROUTES,
            *confirm.ROUTES,
            *preferences.ROUTES,
            *subscribe.ROUTES,
            *feedback_page.ROUTES,
            *workbench_pages.ROUTES,
            *search_page.ROUTES,
            *source_page.ROUTES,
            *sitemap.ROUTES,
            *story_page.ROUTES,
            Route("/favicon.ico", icon),
            # last: a digest's id may stand first in the path
            *archive_pages.ROUTES,
        ],
        middleware=[Middleware(SafeHeaders, https=site.sender.base_url.startswith("https://")), Middleware(Compressed)],
        exception_handlers=errors.HANDLERS,
    )
    app.state.site = site
    app.state.page = page
    app.state.patience = search_page.Patience()
    app.state.shelf = Shelf()
    app.state.templates = site.templates()
    return app
