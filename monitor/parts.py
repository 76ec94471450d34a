"""The parts that `poll` and `publish` work with, put together once in `bootstrap`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from monitor.articles.extract import Mode
from monitor.model.delivery import SenderIdentity
from monitor.model.digest import Digest, RuleVoice
from monitor.model.feed import Feed
from monitor.model.fetch import FetchPolicy
from monitor.model.names import Name
from monitor.model.ports import Clock, Compute, Fetcher, Translator, Writer
from monitor.rules.engine import Engine
from monitor.store.promises import Store
from monitor.stories.window import StoryWindow


@dataclass(frozen=True, slots=True)
class Files:
    """What people wrote, loaded whole or not at all: feeds, rules with names and voices, digests."""

    feeds: tuple[Feed, ...]
    engine: Engine
    names: tuple[Name, ...]
    voices: Mapping[str, RuleVoice]
    digests: tuple[Digest, ...]
    ruleset: str

    def digest(self, digest_id: str) -> Digest | None:
        """One by id."""
        return next((digest for digest in self.digests if digest.id == digest_id), None)


@dataclass(frozen=True, slots=True)
class Parts:
    """The real things behind the ports, or their fakes; `jitter` gives 0 ≤ x < 1."""

    files: Files
    store: Store
    fetcher: Fetcher
    compute: Compute
    clock: Clock
    policy: FetchPolicy
    sender: SenderIdentity
    pages_per_poll: int = 200
    story_days: int = 14
    extraction: Mode = "best"
    jitter: float = 0.5
    sleep: Callable[[float], None] = time.sleep
    """Waits for so many seconds, for a database that is away."""
    stopping: Callable[[], bool] = lambda: False
    """True once the service was told to end: finish what is at hand, begin nothing new."""
    translator: Translator | None = None
    """Sets machine translations beside foreign sentences; None: nobody is asked."""
    writer: Writer | None = None
    """Phrases openings and connecting words; None: nobody is asked."""
    stories: StoryWindow = field(default_factory=StoryWindow)
    """Tells the stories of the last days; what it remembers makes it quick, and changes nothing."""
