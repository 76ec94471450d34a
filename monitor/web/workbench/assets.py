"""The workbench's stylesheet and script, under names that hold their hash and may be kept for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.digests.render.palette import DARK, LIGHT
from monitor.text.templates import environment

KINDS = {"workbench.css": "text/css", "workbench.js": "text/javascript"}


@lru_cache(maxsize=1)
def _made() -> Mapping[str, tuple[str, bytes]]:
    """Plain name → (name with the hash, what it holds)."""
    folder = files("monitor.web.workbench") / "static"
    sheets = environment([folder])
    found = {}
    for name, kind in KINDS.items():
        text = sheets.render(name, light=LIGHT, dark=DARK) if kind == "text/css" else folder.joinpath(name).read_text("utf-8")
        body = text.encode()
        first, _, ending = name.rpartition(".")
        found[name] = f"{first}.{hashlib.sha256(body).hexdigest()[:8]}.{ending}", body
    return found


def address(name: str) -> str:
    """Where the workbench has a file of its own."""
    return f"/desk/static/{_made()[name][0]}"


async def asset(request: Request) -> Response:
    """A file under its hashed name, to anybody: the login page needs it too."""
    for name, (hashed, body) in _made().items():
        if hashed == request.path_params["name"]:
            headers = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(body, media_type=f"{KINDS[name]}; charset=utf-8", headers=headers)
    raise HTTPException(404)
