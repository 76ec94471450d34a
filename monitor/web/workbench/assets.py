"""The workbench's stylesheet and script, served as the site's own files are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from monitor.web.assets import Asset, made_of, served


@lru_cache(maxsize=1)
def _made() -> Mapping[str, Asset]:
    return made_of("monitor.web.workbench", ("workbench.css", "workbench.js"))


def address(name: str) -> str:
    """Where the workbench has a file of its own."""
    return f"/desk/static/{_made()[name].name}"


async def asset(request: Request) -> Response:
    """A file under its hashed name, to anybody: the login page needs it too."""
    return served(_made(), request.path_params["name"])
