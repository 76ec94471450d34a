"""Takes mail for addresses of our own, acknowledges it when it is kept, and passes nothing on."""

import smtplib
import socket
import threading

import pytest

from monitor.delivery import intake
from monitor.delivery.intake import MAX_BYTES, MAX_RECIPIENTS, Intake
from monitor.model.errors import StoreBusy, WorldFailed

OURS = "b+token@bounce.example.org"


class Desk:
    """Accepts addresses with "token" in them; keeps what it was given."""

    def __init__(self):
        self.kept = []
        self.alarms = []
        self.failure = None

    def accepts(self, address):
        return "token" in address

    def take(self, raw, recipients):
        if self.failure:
            raise self.failure
        self.kept.append((raw, recipients))


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def server(desk):
    made = Intake("127.0.0.1:0", desk.accepts, desk.take, hostname="mx.example.org", alarm=desk.alarms.append)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def client(server):
    with smtplib.SMTP("127.0.0.1", server.port, local_hostname="mta.example.net", timeout=10) as made:
        made.ehlo()
        yield made


def send(client, *recipients, body=b"Subject: x\r\n\r\nreturned\r\n", sender=""):
    client.ehlo_or_helo_if_needed()
    client.mail(sender)
    replies = [client.rcpt(one)[0] for one in recipients]
    return replies, client.data(body)[0] if 250 in replies else None


def test_a_mail_for_an_address_of_ours_is_kept_with_its_envelope(client, desk):
    assert send(client, OURS) == ([250], 250)
    assert desk.kept == [(b"Subject: x\r\n\r\nreturned\r\n", (OURS,))]


def test_several_mails_come_by_one_connection(client, desk):
    for number in range(3):
        assert send(client, OURS, body=f"Subject: {number}\r\n\r\nx\r\n".encode()) == ([250], 250)
    assert len(desk.kept) == 3


@pytest.mark.parametrize(
    "address", ["digest@bounce.example.org", "postmaster@bounce.example.org", "somebody@example.com", "b+x@bounce.example.org"]
)
def test_an_address_that_we_did_not_make_is_refused(client, desk, address):
    assert send(client, address) == ([550], None)
    assert client.docmd("DATA")[0] == 503
    assert desk.kept == []


def test_among_several_recipients_only_ours_are_taken(client, desk):
    assert send(client, "eve@example.com", OURS) == ([550, 250], 250)
    assert desk.kept[0][1] == (OURS,)


def test_too_many_recipients_are_for_another_time(client):
    replies, _ = send(client, *[OURS] * (MAX_RECIPIENTS + 2))
    assert replies == [250] * MAX_RECIPIENTS + [452] * 2


def test_a_mail_that_could_not_be_kept_is_not_acknowledged_and_comes_again(client, desk):
    desk.failure = StoreBusy("the database is busy")
    assert send(client, OURS) == ([250], 451)
    assert desk.kept == []
    assert desk.alarms == ["StoreBusy: the database is busy"]
    desk.failure = None
    assert send(client, OURS) == ([250], 250)


def test_a_bug_loses_no_mail_either(client, desk):
    desk.failure = ZeroDivisionError("a bug")
    assert send(client, OURS) == ([250], 451)
    assert desk.alarms == ["ZeroDivisionError: a bug"]


def test_a_mail_that_is_too_large_is_refused_before_and_after_it_came(client, desk):
    assert client.esmtp_features["size"] == str(MAX_BYTES)
    assert client.mail("", [f"SIZE={MAX_BYTES + 1}"])[0] == 552
    assert send(client, OURS, body=b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * (MAX_BYTES // 70)) == ([250], 552)
    assert desk.kept == []


def test_a_mail_beyond_ascii_is_taken(client, desk):
    assert "smtputf8" in client.esmtp_features
    assert send(client, OURS, body="Subject: ящик\r\n\r\nполон\r\n".encode()) == ([250], 250)
    assert "ящик".encode() in desk.kept[0][0]


def test_clients_beyond_the_limit_are_asked_to_come_back(desk, monkeypatch):
    monkeypatch.setattr(intake, "MAX_CLIENTS", 1)
    made = Intake("127.0.0.1:0", desk.accepts, desk.take, hostname="mx.example.org")
    made.start()
    try:
        with smtplib.SMTP("127.0.0.1", made.port, timeout=10) as first:
            first.noop()
            with socket.create_connection(("127.0.0.1", made.port), timeout=10) as second:
                assert second.recv(100).startswith(b"421 4.3.2")
            assert send(first, OURS) == ([250], 250)
    finally:
        made.stop()


def test_the_place_of_a_client_that_left_is_free_again(desk, monkeypatch):
    monkeypatch.setattr(intake, "MAX_CLIENTS", 1)
    made = Intake("127.0.0.1:0", desk.accepts, desk.take, hostname="mx.example.org")
    made.start()
    try:
        for _ in range(3):
            with smtplib.SMTP("127.0.0.1", made.port, timeout=10) as client:
                assert send(client, OURS) == ([250], 250)
            wait_until_free(made)
    finally:
        made.stop()


def wait_until_free(made):
    """The server learns of the end of a connection a moment later."""
    event = threading.Event()
    for _ in range(100):
        if not made._open_ones:
            return
        event.wait(0.02)
    raise AssertionError("the place was not given back")


def test_a_port_that_is_taken_is_told(server, desk):
    with pytest.raises(WorldFailed, match="cannot be taken here"):
        Intake(f"127.0.0.1:{server.port}", desk.accepts, desk.take).start()


def test_a_conversation_under_way_ends_with_the_server(server, client, desk):
    client.mail("")
    server.stop()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.rcpt(OURS)
    assert desk.kept == []


def test_stopping_twice_is_harmless_and_nobody_is_let_in_afterwards(server):
    server.stop()
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)
