"""Fakes for the ports, for tests of this program and of whatever is built on it. Production imports none of it.

`Compute` has `monitor.compute.InlineCompute` for its fake, the store is SQLite in memory.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from monitor.compute import InlineCompute
from monitor.model.aid import WritingTask
from monitor.model.delivery import OutboxMessage, Receipt, SenderIdentity
from monitor.model.errors import AidFailed, ClaimLost, FeedRefused, FetchFailed, MailFailed
from monitor.model.feed import Validators
from monitor.model.fetch import FetchPolicy, FetchRequest, FetchResult
from monitor.parts import Files, Parts
from monitor.store.open import open_store
from monitor.store.promises import Store

SENDER = SenderIdentity("digest@news.example.org", "", "news.example.org", "https://news.example.org", b"a test's secret")


class FixedClock:
    """Stands still until it is moved. Gives aware UTC."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """The present, aware UTC."""
        return self.at.astimezone(UTC)

    def advance(self, span: timedelta) -> datetime:
        """Go on by `span`; returns the new present."""
        self.at += span
        return self()


class FakeFetcher:
    """Answers from a script by URL: the last answer of a URL repeats, a URL without one is refused with 404.

    An answer with an ETag becomes a 304 for a request that names it. `requests` holds what was asked, in order. Safe for threads.
    """

    def __init__(self) -> None:
        self.requests: list[FetchRequest] = []
        self._script: dict[str, list[FetchResult | Exception]] = defaultdict(list)
        self._lock = threading.Lock()

    def answer(
        self,
        url: str,
        body: bytes | str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        final_url: str = "",
        etag: str | None = None,
    ) -> None:
        """Script one answer; `headers` have lower-case names."""
        content = body.encode() if isinstance(body, str) else body
        result = FetchResult(url, final_url or url, status, dict(headers or {}), content, Validators(etag=etag))
        self._script[url].append(result)

    def fail(self, url: str, error: Exception) -> None:
        """Script one failure: of the tree as a fetcher raises it, or any other to see what becomes of a bug."""
        self._script[url].append(error)

    def forget(self, url: str = "") -> None:
        """Drop the script of `url`, or all of it: what is scripted next is the first answer again."""
        for known in [url] if url else list(self._script):
            self._script.pop(known, None)

    def asked(self, url: str) -> int:
        """How often `url` was asked for."""
        with self._lock:
            return sum(1 for request in self.requests if request.url == url)

    def fetch(self, request: FetchRequest) -> FetchResult:
        """See `Fetcher.fetch`."""
        with self._lock:
            self.requests.append(request)
            script = self._script.get(request.url)
            if not script:
                raise FeedRefused("404 Not Found", url=request.url, status=404)
            step = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(step, Exception):
            if isinstance(step, FetchFailed) and not step.url:
                step.url = request.url
            raise step
        etag = step.validators.etag
        if etag is not None and etag == request.validators.etag:
            return FetchResult(request.url, step.final_url, 304, step.headers, None, step.validators)
        return step


class FakeMailer:
    """Takes every message, or fails as scripted by recipient. `sent` holds the messages taken, in order; `closed` counts."""

    def __init__(self) -> None:
        self.sent: list[OutboxMessage] = []
        self.closed = 0
        self._script: dict[str, list[MailFailed | None]] = defaultdict(list)

    def fail(self, recipient: str, *errors: MailFailed) -> None:
        """Fail so for the next messages to `recipient`, one error each; then take them again."""
        self._script[recipient] += errors

    def send(self, message: OutboxMessage, ours: Callable[[], bool] = lambda: True) -> Receipt:
        """See `Mailer.send`."""
        if not ours():
            raise ClaimLost("the claim is over")
        script = self._script.get(message.recipient)
        error = script.pop(0) if script else None
        if error:
            raise error
        self.sent.append(message)
        return Receipt(250, f"2.0.0 Ok: queued as F{len(self.sent)}", f"F{len(self.sent)}")

    def close(self) -> None:
        """See `Mailer.close`."""
        self.closed += 1


class FakeTranslator:
    """Translates by a function of text, source and target; `asked` holds what it was asked. `failure`, where set, is raised instead."""

    def __init__(self, answer: Callable[[str, str, str], str], engine: str = "FakeTranslate") -> None:
        self.answer = answer
        self.engine = engine
        self.asked: list[tuple[str, str, str]] = []
        self.failure: AidFailed | None = None

    def translate(self, texts: Sequence[str], source: str, target: str) -> tuple[str, ...]:
        """See `Translator.translate`."""
        self.asked += ((text, source, target) for text in texts)
        if self.failure:
            raise self.failure
        return tuple(self.answer(text, source, target) for text in texts)


class FakeWriter:
    """Writes by a function of the task; `asked` holds the tasks. `failure`, where set, is raised instead."""

    def __init__(self, answer: Callable[[WritingTask], str], engine: str = "fake-model") -> None:
        self.answer = answer
        self.engine = engine
        self.asked: list[WritingTask] = []
        self.failure: AidFailed | None = None

    def write(self, task: WritingTask) -> str:
        """See `Writer.write`."""
        self.asked.append(task)
        if self.failure:
            raise self.failure
        return self.answer(task)


def memory_store() -> Store:
    """An empty store in memory, its schema up to date."""
    store = open_store("sqlite://")
    store.upgrade()
    return store


def fake_parts(files: Files, *, fetcher: FakeFetcher, clock: FixedClock, store: Store | None = None) -> Parts:
    """The parts of `poll` and `publish` over fakes: no network, no pauses, the middle of the jitter."""
    return Parts(
        files=files,
        store=store or memory_store(),
        fetcher=fetcher,
        compute=InlineCompute(),
        clock=clock,
        policy=FetchPolicy(host_delay_s=0.0),
        sender=SENDER,
        sleep=lambda _: None,
    )
