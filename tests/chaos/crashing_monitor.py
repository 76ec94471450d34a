"""As forked_monitor.py, for children that end themselves: each runs `monitor` and is gone, as by SIGKILL, at the point it is told.

`MONITOR_CRASH_AT` in a child's environment is `<point>:<n>`: at the n-th time (from 1) that the child comes to

    write     the begin of a transaction that writes        written   its commit, before anybody knows of it
    connect   a connection to the relay                     send      some bytes for it
    sent      the end of sending them                       heard     an answer of it
"""

import json
import os
import signal
import socket
import sys
import threading
from contextlib import contextmanager

import monitor.cli.deliver
import monitor.cli.publish  # noqa: F401 — imported once, for all children
from monitor.cli.main import run
from monitor.store.sqlite import SqliteEngine


class Fuse:
    """Ends the process at one point."""

    def __init__(self, at: str):
        self._point, _, number = at.partition(":")
        self._left = int(number or 0)
        self._lock = threading.Lock()

    def come_to(self, point: str) -> None:
        with self._lock:
            self._left -= point == self._point
            if point == self._point and self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Wire(socket.socket):
    """A socket that tells the fuse what it does."""

    fuse: Fuse

    def sendall(self, *arguments):
        self.fuse.come_to("send")
        super().sendall(*arguments)
        self.fuse.come_to("sent")

    def recv(self, *arguments):
        found = super().recv(*arguments)
        self.fuse.come_to("heard")
        return found

    def recv_into(self, *arguments):
        found = super().recv_into(*arguments)
        self.fuse.come_to("heard")
        return found


def lay(fuse: Fuse) -> None:
    """Put the fuse where the world is touched."""
    writing, connect = SqliteEngine.writing, socket.create_connection

    @contextmanager
    def fused(self, **named):
        fuse.come_to("write")
        with writing(self, **named) as statements:
            yield statements
        fuse.come_to("written")

    def dial(*arguments, **named):
        fuse.come_to("connect")
        plain = connect(*arguments, **named)
        wire = Wire(fileno=plain.detach())
        wire.fuse = fuse
        wire.settimeout(10)
        return wire

    SqliteEngine.writing = fused
    socket.create_connection = dial


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.environ.update(order["environment"])
            os.dup2(2, 1)  # what it prints goes to the log, the answers are ours
            if at := os.environ.get("MONITOR_CRASH_AT"):
                lay(Fuse(at))
            code = run(order["arguments"])
            sys.stdout.flush()
            os._exit(code)
        os.write(1, f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
