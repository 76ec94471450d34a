"""Fills the workbench's own templates, and puts the headers that its pages need on them. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.digests.render.catalogue import SHIPPED
from monitor.digests.render.clean import legible, safe_url, without_controls
from monitor.text.templates import Templates, environment
from monitor.web.words import site_words, wanted_language
from monitor.web.workbench.assets import address

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": POLICY,
    # with no-referrer a browser would send its own forms with `Origin: null`
    "Referrer-Policy": "same-origin",
}


@lru_cache(maxsize=1)
def templates() -> Templates:
    """The workbench's templates. A text that is edited keeps its marks of direction; what strangers wrote goes through `legible`."""
    filters: dict[str, Callable[[str], str]] = {"legible": legible, "safe_url": safe_url}
    return environment([files("monitor.web.workbench") / "templates"], clean=without_controls, filters=filters)


def show(request: Request, name: str, *, status: int = 200, editor: Any = None, **context: Any) -> HTMLResponse:
    """A page, in the language that the request wants. `editor` is who is logged in, None on pages for anybody."""
    language = wanted_language(request)
    given = {
        "stylesheet": address("workbench.css"),
        "script": address("workbench.js"),
        "words": site_words(language),
        "language": language,
        "languages": [(one, site_words(one).say("workbench.language")) for one in SHIPPED],
        "query": f"?lang={language}" if "lang" in request.query_params else "",
        "editor": editor,
        **context,
    }
    return HTMLResponse(templates().render(name, **given), status_code=status, headers=PRIVATE)


def message(request: Request, status: int, key: str, **slots: object) -> HTMLResponse:
    """A page that says one thing, and leads back to the rules."""
    words = site_words(wanted_language(request))
    return show(request, "said.html", status=status, title=words.say(f"{key}_title"), text=words.say(key, **slots))
