"""The icon of the site: three weeks as bars, the last one tallest. The same for every page, so that browsers may keep it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

_A_DAY = 86_400


async def icon(_request: Request) -> Response:
    """A PNG of 64 × 64 pixels, under the address that browsers ask for unbidden."""
    return Response(icon_bytes(), media_type="image/png", headers={"Cache-Control": f"public, max-age={_A_DAY}"})


@lru_cache(maxsize=1)
def icon_bytes() -> bytes:
    """The file."""
    return (files("monitor.web") / "static" / "icon.png").read_bytes()
