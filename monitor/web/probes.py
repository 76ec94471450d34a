"""Probes and metrics. `/healthz` touches nothing; `/readyz` asks the database; `/metrics` may ask for a token."""

from __future__ import annotations

import hmac

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.health import readiness
from monitor.metrics import CONTENT_TYPE


async def healthz(_request: Request) -> Response:
    """200 while the loop turns."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """200 when the database answers with the schema of this program, else 503 with the reasons."""
    health = await run_in_threadpool(readiness, request.app.state.site.store)
    return JSONResponse({"ready": health.well, "reasons": health.reasons, **health.facts}, 200 if health.well else 503)


async def metrics(request: Request) -> Response:
    """The metrics as text; 401 without the token where one is set."""
    site = request.app.state.site
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if site.metrics_token and not hmac.compare_digest(given.encode(), site.metrics_token.encode()):
        return PlainTextResponse("a bearer token is needed\n", 401, headers={"WWW-Authenticate": "Bearer"})
    text = await run_in_threadpool(site.metrics.exposition)
    return Response(text, media_type=CONTENT_TYPE)


ROUTES = (
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
)
