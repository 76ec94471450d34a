"""What the workbench works with: its folder of rules, who may edit, and what keeps trials from piling up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field

from monitor.model.problem import Problem
from monitor.parts import Parts
from monitor.trials.draft_trial import SavedRules
from monitor.trials.rule_files import RuleFolder

TRIALS_AT_ONCE = 2
PATIENCE_S = 10.0
"""How long a trial waits for others to end before it is given up."""


class Turns:
    """Trials under way: a newer one of the same editor and rule ends the older, and no more than a few run at once."""

    def __init__(self, at_once: int = TRIALS_AT_ONCE) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._newest: dict[tuple[str, str], object] = {}

    def begin(self, editor: str, rule: str) -> Turn:
        """A turn; every earlier one of this editor and rule is over from now on."""
        turn = Turn()
        with self._lock:
            earlier = self._newest.get((editor, rule))
            if isinstance(earlier, Turn):
                earlier.end()
            self._newest[editor, rule] = turn
            if len(self._newest) > 1000:
                self._newest = {key: kept for key, kept in self._newest.items() if isinstance(kept, Turn) and not kept.over()}
        return turn

    @contextmanager
    def place(self, patience_s: float = PATIENCE_S) -> Iterator[bool]:
        """One of the few places; False where none became free in time."""
        got = self._places.acquire(timeout=patience_s)
        try:
            yield got
        finally:
            if got:
                self._places.release()


class Turn:
    """One trial's leave to go on."""

    def __init__(self) -> None:
        self._ended = threading.Event()

    def end(self) -> None:
        """Nobody waits for it any more."""
        self._ended.set()

    def over(self) -> bool:
        """Whether it should stop."""
        return self._ended.is_set()


@dataclass(frozen=True, slots=True)
class Workbench:
    """The workbench of a site. `editors` gives the hash of each editor's password by name.

    `digest_problems` tells what would be wrong with the digests if the rules had just these ids; `reload` has the service look at
    its files soon; `parts` are those that editions are composed with, None where none can be previewed.
    """

    rules: RuleFolder
    secret: bytes
    editors: Mapping[str, str] = field(default_factory=dict)
    proxy_header: str = ""
    read_only: bool = False
    https: bool = False
    trial_s: float = 8.0
    trial_articles: int = 50_000
    digest_problems: Callable[[AbstractSet[str]], tuple[Problem, ...]] = lambda _: ()
    reload: Callable[[], None] = lambda: None
    parts: Callable[[], Parts] | None = None
    turns: Turns = field(default_factory=Turns)
    saving: threading.Lock = field(default_factory=threading.Lock)
    saved: SavedRules = field(default_factory=SavedRules)

    @property
    def may_save(self) -> bool:
        """Whether rules can be written at all."""
        return not self.read_only and self.rules.writable()
