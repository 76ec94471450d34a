"""Reads what was posted, up to a bound: what is longer is not held. It knows no form and no meaning."""

from __future__ import annotations

from starlette.requests import Request


async def body_within(request: Request, most: int) -> bytes | None:
    """The body of a request, of `most` bytes at most; None where it is longer, and the rest is not read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            return None
    return body
