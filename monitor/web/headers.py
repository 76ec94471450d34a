"""Response headers that every page carries: what a browser may load and tell, and compression for who asks for it.

Nothing is loaded from elsewhere, no script runs, no style stands in a page unless its hash is named.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_OFF = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "microphone",
    "payment",
    "usb",
)
SAFE = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _OFF),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"
"""A year, where the site's own address is https; other hosts of its domain are none of our business."""
OPEN = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""Of what others may show in their pages: pictures, which mails load, and feeds."""
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_STYLED = re.compile(r"""<[a-z][^<>]*?\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
GZIPPED = "-gzip"
"""What a strong ETag ends in for the compressed form: other bytes, another tag (RFC 9110 8.8.3)."""


def policy_for(page: str) -> str:
    """The Content-Security-Policy of a page that brings styles of its own: each is named by its hash (CSP 3, 8.1)."""
    sheets = [_hash(sheet) for sheet in _STYLE.findall(page)]
    inline = sorted({_hash(html.unescape(one or other)) for one, other in _STYLED.findall(_STYLE.sub("", page))})
    styles = ["'self'", *dict.fromkeys(sheets), *(["'unsafe-hashes'", *inline] if inline else [])]
    return "; ".join(f"{name} {value}" for name, value in (POLICY | {"style-src": " ".join(styles)}).items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class SafeHeaders:
    """Adds them where a page has not set its own."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self._app = app
        self._headers = SAFE | ({"Strict-Transport-Security": HSTS} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers added."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if headers.get("content-encoding") == "identity":
                    del headers["content-encoding"]
                tag = headers.get("etag", "")
                if headers.get("content-encoding") == "gzip" and tag.endswith('"') and not tag.startswith("W/"):
                    headers["etag"] = f'{tag[:-1]}{GZIPPED}"'
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Compressed:
    """Compresses what may be kept by anybody. Private pages stay as they are: they hold tokens, whose length compression would tell (BREACH)."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._gzip = GZipMiddleware(_Marked(app), minimum_size=500, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress the answers to GET and HEAD, where the reader asks."""
        public = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        await (self._gzip if public else self._plain)(scope, receive, send)


class _Marked:
    """Names an encoding for answers that shall not be compressed, so that the compressor passes them on; `identity` says that there is none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                packed = headers.get("content-type", "").startswith(("image/", "font/"))
                if packed or "no-store" in headers.get("cache-control", ""):
                    headers["content-encoding"] = "identity"
            await send(message)

        await self._app(scope, receive, marked)
