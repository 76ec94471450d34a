"""What an HTTP answer means: which status is which error, and which validators to keep. Pure; it reads no body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from monitor.feeds.retry_after import http_date, retry_after_s
from monitor.model.errors import FeedBusy, FeedGone, FeedRefused, FeedUnreachable, FetchFailed
from monitor.model.feed import Validators

_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


def error_for(status: int, headers: Mapping[str, str], url: str, now: datetime) -> FetchFailed:
    """The error of an answer that gives nothing to read. A Retry-After date counts from the answer's own Date where it has one."""
    words = f"HTTP {status}{_phrase(status)}"
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return FeedRefused(f"{words}: a challenge page that only a browser passes (Cloudflare)", url=url, status=status)
    if status in {429, 503}:
        wait = retry_after_s(headers.get("retry-after", ""), http_date(headers.get("date", "")) or now)
        said = "" if wait is None else f", asks to wait {wait:.0f} s"
        return FeedBusy(words + said, url=url, status=status, retry_after_s=wait)
    if status == 410:
        return FeedGone(f"{words}: the publisher says the feed is gone for good", url=url, status=status)
    if status == 304:
        return FeedUnreachable(f"{words} to a request that set no condition", url=url, status=status)
    if status in {204, 205, 206}:
        return FeedUnreachable(f"{words}: no whole body", url=url, status=status)
    if status == 408 or status >= 500 or status < 300:
        return FeedUnreachable(words, url=url, status=status)
    return FeedRefused(words, url=url, status=status)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def validators_after(status: int, headers: Mapping[str, str], sent: Validators) -> Validators:
    """What to send next time: those of a 200 replace the old ones, also by their absence (F4, F5); a 304 may renew some (F6).

    They are kept byte for byte. A Last-Modified of 1970 or 2038 is a broken clock's and is not kept (F9).
    """
    etag = _usable(headers.get("etag"))
    modified = _usable(headers.get("last-modified"))
    if modified and ("2038" in modified or "1970" in modified):
        modified = None
    if status == 304:
        return Validators(etag or sent.etag, modified or sent.last_modified)
    return Validators(etag, modified)


def _usable(value: str | None) -> str | None:
    """None for a value that is empty or cannot be sent back in one header line."""
    return value if value and not _CONTROL.search(value) else None
