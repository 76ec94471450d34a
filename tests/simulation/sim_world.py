"""The stage of the simulation: a virtual clock, actors that run one at a time, processes that die between two steps.

Everything is drawn from one seed, so that the same seed plays the same scene to the letter. An actor is ordinary code on a stack of its
own (a greenlet): it goes on until it calls `World.step` or `World.sleep`, and the world says who is next. To be killed is to have
`Killed` raised there: what the dying code does in its `finally` reaches neither store nor relay.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from greenlet import getcurrent, greenlet


class Killed(BaseException):
    """The process is gone; nothing may catch this."""


class Broken(AssertionError):
    """A promise was broken in the simulation."""


@dataclass(eq=False)
class Process:
    """What dies at once: its actors, its claims' signature, its connections."""

    number: int
    name: str
    alive: bool = True
    actors: list[Actor] = field(default_factory=list)

    def must_live(self) -> None:
        if not self.alive:
            raise Killed


@dataclass(eq=False)
class Actor:
    name: str
    body: Callable[[], None]
    process: Process | None = None
    wake: float = 0.0
    stack: greenlet | None = None

    @property
    def done(self) -> bool:
        return self.stack is not None and self.stack.dead


class World:
    """Time, chance and turns. `wall` may be set by anybody, `mono` only goes on."""

    def __init__(self, seed: int, start: datetime):
        self.seed = seed
        self.chance = random.Random(seed)
        self.wall = start
        self.mono = 0.0
        self.jumps = 0
        """How often the wall clock was set forward."""
        self.actors: list[Actor] = []
        self.trace: list[str] = []
        self.steps = 0
        self.kill_rate = 0.0
        self.on_kill: Callable[[Process], None] = lambda _: None
        self._hub = getcurrent()
        self._now_running: Actor | None = None

    # --- what actors call -------------------------------------------------------------------------------------------

    def clock(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.mono

    def step(self, what: str) -> None:
        """Let others have their turn; `what` is about to happen, or just happened."""
        self.say(what)
        if self._now_running is not None:
            self._hub.switch()

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        if self._now_running is None:
            self.pass_time(seconds)
            return
        self._now_running.wake = self.mono + seconds
        self._hub.switch()

    def say(self, what: str) -> None:
        self.trace.append(f"{self.steps:5} {self.wall:%m-%d %H:%M:%S} {what}")

    def often(self, rate: float) -> bool:
        """True so often, 0 to 1; draws nothing where the rate is 0, so that a fault that is off changes no other."""
        return rate > 0 and self.chance.random() < rate

    @property
    def running(self) -> Actor:
        """Whose turn it is."""
        assert self._now_running is not None
        return self._now_running

    # --- what the scene calls ----------------------------------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += timedelta(seconds=seconds)

    def set_clock(self, by: timedelta) -> None:
        self.wall += by
        self.jumps += by > timedelta()
        self.say(f"the clock is set by {by}")

    def enter(self, name: str, body: Callable[[], None], process: Process | None = None, wake: float = 0.0) -> Actor:
        actor = Actor(name, body, process, wake)
        actor.stack = greenlet(lambda: self._play(actor), parent=self._hub)
        self.actors.append(actor)
        if process is not None:
            process.actors.append(actor)
        return actor

    def kill(self, process: Process) -> None:
        """As kill -9: between two steps, at once, for all its actors."""
        self.say(f"{process.name} is killed")
        process.alive = False
        self.on_kill(process)
        for actor in process.actors:
            if actor.stack:  # begun and not over
                before, self._now_running = self._now_running, actor
                actor.stack.parent = getcurrent()  # to whom its end returns
                actor.stack.throw(Killed)
                self._now_running = before
        self.actors = [actor for actor in self.actors if actor.process is not process]

    def run(self, until: Callable[[], bool], most: int) -> None:
        """Let the actors play until `until`, or until nobody is left; fails after `most` steps."""
        for _ in range(most):
            if until():
                return
            self.actors = [actor for actor in self.actors if not actor.done]
            if not self.actors:
                return
            self._turn()
        raise Broken(f"still not quiet after {most} steps")

    def _turn(self) -> None:
        ready = [actor for actor in self.actors if actor.wake <= self.mono + 1e-6]
        if not ready:
            self.pass_time(min(actor.wake for actor in self.actors) - self.mono)
            ready = [actor for actor in self.actors if actor.wake <= self.mono + 1e-6]
        actor = self.chance.choice(ready)
        self.steps += 1
        if actor.process is not None and self.often(self.kill_rate):
            self.kill(actor.process)
            return
        self._now_running = actor
        try:
            actor.stack.switch()
        finally:
            self._now_running = None
        self.pass_time(self.chance.choice((0.0, 0.001, 0.05, 0.5)))

    def _play(self, actor: Actor) -> None:
        try:
            actor.body()
        except Killed:
            return


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
