"""Stylesheets and scripts under names that hold their hash and may be kept for ever: the site's own, and how others serve theirs.

Colours come from the palette of the editions. It decides nothing about pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.digests.render.palette import DARK, LIGHT
from monitor.text.templates import environment

FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
SHIPPED = ("site.css", "strip.css", "search.js")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: `name` holds the hash ("site.1f2e3d4c.css")."""

    name: str
    body: bytes
    media_type: str


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """All of the site's by their plain name ("site.css"); made once a process."""
    return made_of("monitor.web", SHIPPED)


def made_of(package: str, names: Iterable[str]) -> dict[str, Asset]:
    """The files `names` in the folder `static` of a package, by plain name; a stylesheet has the colours filled in."""
    folder = files(package) / "static"
    sheets = environment([folder])
    made = {}
    for name in names:
        path = PurePosixPath(name)
        if path.suffix == ".css":
            text = sheets.render(name, light=LIGHT, dark=DARK)
        else:
            text = (folder / name).read_text(encoding="utf-8")
        body = text.encode()
        hashed = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:8]}{path.suffix}"
        made[name] = Asset(hashed, body, TYPES[path.suffix])
    return made


def address(name: str) -> str:
    """Where the site has a file: `address("site.css")` is "/static/site.1f2e3d4c.css"."""
    return f"/static/{assets()[name].name}"


def asset(request: Request) -> Response:
    """A file of the site under its hashed name."""
    return served(assets(), request.path_params["name"])


def served(made: Mapping[str, Asset], hashed: str) -> Response:
    """The one of `made` with a hashed name; another hash is another file, which is not there."""
    found = next((one for one in made.values() if one.name == hashed), None)
    if found is None:
        raise HTTPException(404)
    return Response(found.body, headers={"Content-Type": found.media_type, "Cache-Control": FOR_EVER})


ROUTES = (Route("/static/{name}", asset),)
