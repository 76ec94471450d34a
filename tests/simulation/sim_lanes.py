"""Several connections of one process as actors instead of threads: what `worker` takes from `threading` and its pool."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import SimpleNamespace, TracebackType
from typing import Any, Self

from sim_world import World


def wait_until(world: World, over: Callable[[], bool]) -> None:
    """Look more and more rarely: somebody may wait for a slow relay."""
    pause = 0.01
    while not over():
        world.sleep(pause)
        pause = min(2 * pause, 30.0)


class Turns:
    """A lock that actors wait for: one that holds it may be put aside at a step."""

    def __init__(self, world: World):
        self._world = world
        self._taken = False

    def __enter__(self) -> None:
        wait_until(self._world, lambda: not self._taken)
        self._taken = True

    def __exit__(self, *_: object) -> None:
        self._taken = False


class Lanes:
    """As a `ThreadPoolExecutor` within `with`: each call is played by an actor of the process that asked."""

    def __init__(self, world: World):
        self._world = world
        self._ends: list[Future[Any]] = []

    def __enter__(self) -> Self:
        return self

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        end: Future[Any] = Future()
        self._ends.append(end)
        me = self._world.running

        def play() -> None:
            try:
                end.set_result(call(*arguments))
            except Exception as error:
                end.set_exception(error)

        self._world.enter(f"{me.name}.{len(self._ends)}", play, me.process)
        return end

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if kind is None:
            wait_until(self._world, lambda: all(end.done() for end in self._ends))


def threads_of(world: World) -> SimpleNamespace:
    """What stands for the module `threading`."""
    return SimpleNamespace(Lock=lambda: Turns(world))
