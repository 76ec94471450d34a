"""The archive: every edition under an address that never changes, as frozen; listings, feeds, and the data behind."""

from __future__ import annotations

import hashlib
import json

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from monitor.digests.render.atom import atom_feed
from monitor.digests.render.desk import language_and_revision
from monitor.digests.render.picture import pictures_of
from monitor.model.digest import Digest
from monitor.model.edition import FrozenEdition, Rendition
from monitor.text.locale import week_line
from monitor.web.headers import GZIPPED, policy_for

ARROWS = {"better": "↑", "worse": "↓", "unchanged": "→"}
KINDS = {
    "index.html": ("html", "text/html"),
    "edition.json": ("json", "application/json"),
    "edition.md": ("markdown", "text/markdown"),
    "edition.txt": ("text", "text/plain"),
}


def _digest(request: Request) -> Digest:
    digest: Digest | None = request.app.state.site.files().digest(request.path_params["digest"])
    if digest is None:
        raise HTTPException(404)
    return digest


def _title(digest: Digest, language: str) -> str:
    return digest.title.get(language) or next(iter(digest.title.values()), digest.id)


async def home(request: Request) -> Response:
    """All digests."""
    digests = [
        (digest.id, _title(digest, "en"), digest.promise.get("en", "")) for digest in request.app.state.site.files().digests
    ]
    response: Response = request.app.state.page("home.html", title="Digests", digests=digests)
    return response


async def digest_page(request: Request) -> Response:
    """All editions of a digest, newest first, by year."""
    return await run_in_threadpool(_digest_page, request)


def _digest_page(request: Request) -> Response:
    digest = _digest(request)
    years: dict[int, list[dict[str, object]]] = {}
    for edition in request.app.state.site.store.editions(digest.id):
        years.setdefault(edition.window.last_day.year, []).append(_row(edition, _language(edition, digest)))
    response: Response = request.app.state.page(
        "digest.html",
        title=_title(digest, "en"),
        digest=digest.id,
        promise=digest.promise.get("en", ""),
        years=years,
        languages=digest.languages,
    )
    return response


def _row(edition: FrozenEdition, language: str) -> dict[str, object]:
    """An edition in the listing: its week, and what it leads with in each section, with the section's arrow."""
    data = json.loads(edition.renditions[language].json)
    leads = [(ARROWS[part["status"]["verdict"]], part["items"][0]["headline"]) for part in data["sections"] if part["items"]]
    line = week_line(edition.window.first_day, edition.window.last_day, language)
    return {"week": edition.week, "line": line, "leads": leads, "language": language, "languages": list(edition.renditions)}


def _language(edition: FrozenEdition, digest: Digest) -> str:
    return next((language for language in digest.languages if language in edition.renditions), next(iter(edition.renditions)))


async def latest(request: Request) -> Response:
    """To the newest edition, in the digest's first language."""
    digest = _digest(request)
    edition = await run_in_threadpool(request.app.state.site.store.last_edition, digest.id)
    if edition is None:
        raise HTTPException(404)
    return RedirectResponse(f"/{digest.id}/{edition.week}/{_language(edition, digest)}/", 302)


async def any_language(request: Request) -> Response:
    """To the edition in the digest's first language."""
    edition = await run_in_threadpool(_edition, request)
    return RedirectResponse(f"/{edition.digest}/{edition.week}/{_language(edition, _digest(request))}/", 302)


async def edition_page(request: Request) -> Response:
    """The page of an edition, exactly as frozen."""
    edition, rendition = await run_in_threadpool(_printed, request)
    return _frozen(request, edition, rendition.html, "text/html")


async def edition_file(request: Request) -> Response:
    """The data, Markdown or text of an edition."""
    kind = KINDS.get(request.path_params["name"])
    edition, rendition = await run_in_threadpool(_printed, request)
    if kind is None:
        raise HTTPException(404)
    return _frozen(request, edition, getattr(rendition, kind[0]), kind[1])


async def picture(request: Request) -> Response:
    """The picture of a section's last weeks, drawn from the edition's data as frozen."""
    return await run_in_threadpool(_picture, request)


def _picture(request: Request) -> Response:
    drawn = pictures_of(_edition(request)).get(f"{request.path_params['name']}.png")
    if drawn is None:
        raise HTTPException(404)
    return _with_tag(request, drawn, "image/png")


async def feed(request: Request) -> Response:
    """The Atom feed of a digest in a language, with whole editions as content."""
    return await run_in_threadpool(_feed, request)


def _feed(request: Request) -> Response:
    site, digest, language = request.app.state.site, _digest(request), request.path_params["language"]
    editions = [edition for edition in site.store.editions(digest.id) if language in edition.renditions]
    if not editions:
        raise HTTPException(404)
    text = atom_feed(
        digest, language, [(edition, edition.renditions[language].atom_entry) for edition in editions], site.sender.base_url
    )
    return _with_tag(request, text.encode(), "application/atom+xml")


def _edition(request: Request) -> FrozenEdition:
    edition: FrozenEdition | None = request.app.state.site.store.edition_of_week(
        request.path_params["digest"], request.path_params["week"]
    )
    if edition is None:
        raise HTTPException(404)
    return edition


def _printed(request: Request) -> tuple[FrozenEdition, Rendition]:
    """The edition in the language of the address; "en-r1" means its first revision, which stays readable after a correction."""
    edition = _edition(request)
    language, revision = language_and_revision(request.path_params["language"])
    if revision:
        store = request.app.state.site.store
        older = {one.revision: one for one in store.revisions(edition.digest, edition.key)[:-1]}
        if revision not in older:
            raise HTTPException(404)
        edition = older[revision]
    if language not in edition.renditions:
        raise HTTPException(404)
    return edition, edition.renditions[language]


def _frozen(request: Request, edition: FrozenEdition, text: str, media_type: str) -> Response:
    response = _with_tag(request, text.encode(), media_type)
    if media_type == "text/html":
        response.headers["Content-Security-Policy"] = policy_for(text)
    response.headers["Last-Modified"] = edition.frozen_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return response


def _with_tag(request: Request, body: bytes, media_type: str) -> Response:
    """A strong ETag over the bytes; 304 where the reader has them."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("if-none-match", "").replace(GZIPPED, "") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    if media_type == "text/html":
        return HTMLResponse(body, headers={"ETag": tag})
    charset = "" if media_type.startswith("image/") else "; charset=utf-8"
    return Response(body, media_type=f"{media_type}{charset}", headers={"ETag": tag})


ROUTES = (
    Route("/", home),
    Route("/{digest}/", digest_page),
    Route("/{digest}/latest/", latest),
    Route("/{digest}/feed.{language}.atom", feed),
    Route("/{digest}/{week}/", any_language),
    Route("/{digest}/{week}/{name}.png", picture),
    Route("/{digest}/{week}/{language}/", edition_page),
    Route("/{digest}/{week}/{language}/{name}", edition_file),
)
