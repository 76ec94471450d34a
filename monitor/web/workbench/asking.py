"""What every page of the workbench asks first: is there a workbench, who is asking, did their own form send this. It shows nothing itself.

A form counts only with the token of its login, and only from a page of this site (Origin, Sec-Fetch-Site).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.digests.render.catalogue import Catalogue
from monitor.store.promises import Store
from monitor.web.posted import body_within
from monitor.web.words import site_words, wanted_language
from monitor.web.workbench.bench import Turn, Workbench
from monitor.web.workbench.sessions import Editor, editor_of, is_csrf
from monitor.web.workbench.showing import message

MOST_BYTES = 1_300_000
"""Of a posted form: a rule file of the greatest length with every letter percent-encoded."""
MOST_FIELDS = 30
LOGIN = "/desk/login/"
RULES = "/desk/rules/"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of an editor. `form` is empty for a GET; `turn` ends when the browser goes away."""

    request: Request
    bench: Workbench
    editor: Editor
    form: Mapping[str, str] = field(default_factory=dict)
    turn: Turn = field(default_factory=Turn)

    @property
    def store(self) -> Store:
        """The site's store."""
        store: Store = self.request.app.state.site.store
        return store

    @property
    def language(self) -> str:
        """The language of the page."""
        return wanted_language(self.request)

    @property
    def words(self) -> Catalogue:
        """The words of the page."""
        return site_words(self.language)

    @property
    def fragment(self) -> bool:
        """Whether a script asks for the part of the page that changes, and not for a page."""
        return self.request.headers.get("x-fragment") == "1"

    def to(self, path: str, **query: str) -> str:
        """The address of a page of the workbench, in the language that was asked for."""
        return with_language(self.request, path, **query)


Handler = Callable[[Ask], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def with_language(request: Request, path: str, **query: str) -> str:
    """A path of ours with the query given, and the language where one was asked for by address."""
    asked = {"lang": request.query_params["lang"]} if "lang" in request.query_params else {}
    text = urlencode({**query, **asked})
    return quote(path) + (f"?{text}" if text else "")


def bench_of(request: Request) -> Workbench:
    """The workbench of the site.

    Raises:
        HTTPException: 404, as for any address that is not there, where nobody may edit.
    """
    bench: Workbench | None = request.app.state.site.workbench
    if bench is None:
        raise HTTPException(404)
    return bench


def reading(handler: Handler) -> Endpoint:
    """An endpoint that shows a page to an editor, and the login to anybody else."""

    async def endpoint(request: Request) -> Response:
        bench = bench_of(request)
        editor = await run_in_threadpool(editor_of, request, bench)
        if editor is None:
            return RedirectResponse(with_language(request, LOGIN, next=request.url.path), 303)
        return await run_in_threadpool(handler, Ask(request, bench, editor))

    return endpoint


def acting(handler: Handler) -> Endpoint:
    """An endpoint that does what an editor's own form asks for."""

    async def endpoint(request: Request) -> Response:
        bench = bench_of(request)
        form = await form_of(request)
        if form is None:
            return message(request, 413, "workbench.too_long")
        if not from_here(request):
            return message(request, 403, "workbench.foreign")
        editor = await run_in_threadpool(editor_of, request, bench)
        if editor is None:
            return message(request, 401, "workbench.logged_out")
        if not is_csrf(editor, form.get("csrf", "")):
            return message(request, 403, "workbench.foreign")
        return await _watched(handler, Ask(request, bench, editor, form))

    return endpoint


async def _watched(handler: Handler, ask: Ask) -> Response:
    """Run it in a thread, and end its turn when the browser no longer waits."""

    async def watch() -> None:
        while (await ask.request.receive())["type"] != "http.disconnect":
            pass
        ask.turn.end()

    watching = asyncio.create_task(watch())
    try:
        return await run_in_threadpool(handler, ask)
    finally:
        watching.cancel()


async def form_of(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, the first of each name; None where there is too much of it."""
    body = await body_within(request, MOST_BYTES)
    if body is None:
        return None
    try:
        found = parse_qs(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return {name: values[0].replace("\r\n", "\n") for name, values in found.items()}


def from_here(request: Request) -> bool:
    """Whether a page of this site sent the form, as far as the browser says; old browsers say nothing."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    own = {request.headers.get("host", ""), urlsplit(request.app.state.site.sender.base_url).netloc}
    return urlsplit(origin).netloc in own - {""}


def safe_next(path: str) -> str:
    """Where to go after the login: a page of the workbench, whatever was asked for."""
    ours = path.startswith("/desk/") and "\\" not in path and "//" not in path and path.isprintable() and ".." not in path
    return path if ours and not path.startswith(LOGIN) else RULES
