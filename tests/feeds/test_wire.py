"""Deadlines, names and addresses under a fetch."""

import socket
import threading

import pytest

from monitor.feeds.wire import Deadline, addresses_of, connect, system_addresses
from monitor.model.errors import FeedUnreachable


def test_a_deadline_runs_but_not_while_waiting():
    now = [100.0]
    deadline = Deadline(10, lambda: now[0])
    now[0] = 104
    assert deadline.at_most(20) == 6
    assert deadline.at_most(2) == 2
    deadline.exclude(3)
    assert deadline.elapsed_s == 1
    now[0] = 113
    assert deadline.passed
    with pytest.raises(TimeoutError):
        deadline.at_most(1)


@pytest.mark.parametrize(
    ("host", "address"), [("192.0.2.1", "192.0.2.1"), ("[2001:db8::1]", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1")]
)
def test_an_address_is_not_looked_up(host, address):
    def resolve(_):
        raise AssertionError("looked up")

    assert addresses_of(host, resolve, 1) == [address]


@pytest.mark.parametrize("outcome", [OSError(-2, "unknown"), UnicodeError("label too long"), []])
def test_names_without_address_are_unreachable(outcome):
    def resolve(_):
        if isinstance(outcome, list):
            return outcome
        raise outcome

    with pytest.raises(FeedUnreachable, match="has no address"):
        addresses_of("name.example", resolve, 1)


def test_a_resolver_that_hangs_is_left_behind():
    release = threading.Event()
    with pytest.raises(FeedUnreachable, match=r"no answer for slow\.example"):
        addresses_of("slow.example", lambda _: release.wait(5) and ["192.0.2.1"], 0.05)
    release.set()


def test_the_system_knows_localhost():
    assert set(system_addresses("localhost")) <= {"127.0.0.1", "::1"}


def test_a_connection_goes_to_the_address_given():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with connect("127.0.0.1", port, 1) as sock:
            assert sock.getpeername() == listener.getsockname()
    with pytest.raises(OSError, match="refused"):
        connect("127.0.0.1", port, 1)
