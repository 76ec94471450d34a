"""Where heavy pure functions run: here, or in worker processes that can be replaced when one dies."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from monitor.model.errors import FeedUnreachable

T = TypeVar("T")


class InlineCompute:
    """Runs in the calling thread: for one-off commands, the demo and tests."""

    def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call it here."""
        return function(*arguments)

    def close(self) -> None:
        """Nothing to end."""


class ProcessCompute:
    """Runs in `processes` worker processes, so that parsing never holds up fetching, and a crash of a parser loses one page only."""

    def __init__(self, processes: int, *, timeout_s: float = 60.0) -> None:
        self._processes = processes
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._closed = False
        self._pool = self._new_pool()

    def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call it in a worker.

        Raises:
            FeedUnreachable: The worker died or took longer than the time-out. Transient: the pool is renewed.
        """
        pool, future = self._submit(function, *arguments)
        try:
            return future.result(timeout=self._timeout_s)
        except (BrokenProcessPool, CancelledError):
            # cancelled: another document made the pool be renewed while this one waited in it
            self._renew(pool)
            raise FeedUnreachable("the parser process died on this document") from None
        except TimeoutError:
            self._renew(pool)
            raise FeedUnreachable(f"parsing took longer than {self._timeout_s:.0f} s") from None

    def close(self) -> None:
        """End the workers without waiting for what they do, and free what the system lent for them."""
        with self._lock:
            self._closed = True
        self._end(self._pool, wait=True)

    def _submit(self, function: Callable[..., T], *arguments: object) -> tuple[ProcessPoolExecutor, Future[T]]:
        with self._lock:
            try:
                return self._pool, self._pool.submit(function, *arguments)
            except BrokenProcessPool:
                self._pool = self._new_pool()
                return self._pool, self._pool.submit(function, *arguments)

    def _new_pool(self) -> ProcessPoolExecutor:
        # forkserver: a fork of a threaded process may deadlock, spawn imports everything anew for each worker
        return ProcessPoolExecutor(self._processes, mp_context=multiprocessing.get_context("forkserver"))

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken and not self._closed:
                self._pool = self._new_pool()
                self._end(broken)

    @staticmethod
    def _end(pool: ProcessPoolExecutor, *, wait: bool = False) -> None:
        for worker in list((getattr(pool, "_processes", None) or {}).values()):
            worker.terminate()
        pool.shutdown(wait=wait, cancel_futures=True)
