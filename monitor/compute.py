"""Where heavy pure functions run: here, or in worker processes that can be replaced when one dies.

The work is bounded and ordered: as many calls as there are workers are under way, the others wait their turn in the threads that
made them, and each call gives its own result. What a document does to its worker costs no other document.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import Queue
from typing import Any, TypeVar

from monitor.model.errors import FeedUnreachable

T = TypeVar("T")
_MIB = 1024 * 1024


class InlineCompute:
    """Runs in the calling thread: for one-off commands, the demo and tests."""

    def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call it here."""
        return function(*arguments)

    def close(self) -> None:
        """Nothing to end."""


class ProcessCompute:
    """Runs in `processes` worker processes, so that parsing never holds up fetching, and a crash of a parser loses one page only.

    Args:
        processes: How many, at least 1; each is started when it is first needed.
        timeout_s: Seconds that one call may take before its worker is replaced.
        memory_mib: MiB of data that a worker may hold, its libraries included.
    """

    def __init__(self, processes: int, *, timeout_s: float = 60.0, memory_mib: int = 1024) -> None:
        self._timeout_s = timeout_s
        self._memory_mib = memory_mib
        self._lock = threading.Lock()
        self._closed = False
        self._workers: set[_Worker] = set()
        self._places: Queue[_Worker | None] = Queue()
        for _ in range(processes):
            self._places.put(None)

    def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call it in a worker, when one is free.

        Raises:
            FeedUnreachable: The worker died, took longer than the time-out or more memory than it may. Transient: it is replaced.
        """
        worker = self._places.get()
        try:
            worker = worker or self._new_worker()
            fine, result = self._outcome(worker, function, *arguments)
        except BaseException:
            self._end(worker)
            worker = None
            raise
        finally:
            self._places.put(worker)
        if fine:
            return result  # type: ignore[no-any-return]  # it crossed a pipe
        raise result

    def _outcome(self, worker: _Worker, function: Callable[..., T], *arguments: object) -> tuple[bool, Any]:
        """What the function gave or raised."""
        try:
            worker.pipe.send((function, arguments))
            if not worker.pipe.poll(self._timeout_s):
                raise FeedUnreachable(f"parsing took longer than {self._timeout_s:.0f} s")
            fine, result = worker.pipe.recv()
        except (EOFError, OSError):
            why = "the service is ending" if self._closed else "the parser process died on this document"
            raise FeedUnreachable(why) from None
        if isinstance(result, MemoryError):
            raise FeedUnreachable(f"parsing took more than {self._memory_mib} MiB of memory") from None
        return fine, result

    def close(self) -> None:
        """End the workers without waiting for what they do, and free what the system lent for them."""
        with self._lock:
            self._closed = True
            workers = list(self._workers)
        for worker in workers:
            self._end(worker)

    def _new_worker(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise FeedUnreachable("the service is ending")
            worker = _Worker(self._memory_mib)
            self._workers.add(worker)
            return worker

    def _end(self, worker: _Worker | None) -> None:
        if worker is not None:
            with self._lock:
                self._workers.discard(worker)
            worker.end()


class _Worker:
    """One process, and our end of the pipe to it."""

    def __init__(self, memory_mib: int) -> None:
        # forkserver: a fork of a threaded process may deadlock, spawn imports everything anew for each worker
        context = multiprocessing.get_context("forkserver")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, memory_mib), name="compute", daemon=True)
        self.process.start()
        theirs.close()

    def end(self) -> None:
        """Kill it; whoever waits for it is told by the end of the pipe."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection, memory_mib: int) -> None:
    """The life of a worker: take a call, answer it, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C means the service, which ends its workers
    _limit_memory(memory_mib * _MIB)
    while True:
        try:
            function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            outcome = (True, function(*arguments))
        except BaseException as error:  # noqa: BLE001 — it is raised anew where the call was made
            outcome = (False, error)
        try:
            pipe.send(outcome)
        except (OSError, EOFError):
            return
        except Exception as error:  # noqa: BLE001 — told to the caller: a result or an error that no pipe can carry
            pipe.send((False, TypeError(f"{type(outcome[1]).__name__} cannot leave its worker: {error}")))


def _limit_memory(limit: int) -> None:
    """Data above it raises MemoryError here, not trouble for the whole machine; systems without such limits go without."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.getrlimit(resource.RLIMIT_DATA)[1]))
