"""The mailer against real SMTP servers on loopback: aiosmtpd, and a scripted one that fails at each step."""

import socket
import threading

import pytest
from aiosmtpd.controller import Controller

from monitor.delivery.smtp import Relay, SmtpMailer
from monitor.model.errors import MailAmbiguous, MailDeferred, MailRefused, RelayUnavailable, SenderRefused


class Sink:
    """Keeps every message as it arrived."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, _server, _session, envelope):
        self.messages.append(envelope)
        return "250 2.0.0 Ok: queued as ABC123"


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=0, enable_SMTPUTF8=False)
    # port 0 is for the kernel to choose; the controller's self-check wants to know which
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


class ScriptedRelay:
    """Answers each command from a table; `hang_up_at` closes the connection instead of answering."""

    def __init__(self, answers=None, hang_up_at="", silent_at=""):
        self.answers = {
            "EHLO": "250 relay",
            "MAIL": "250 ok",
            "RCPT": "250 ok",
            "DATA": "354 go",
            ".": "250 queued as X1",
            "QUIT": "221 bye",
            "RSET": "250 ok",
        }
        self.answers.update(answers or {})
        self.hang_up_at, self.silent_at = hang_up_at, silent_at
        self.commands = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while not self.done.is_set():
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection:
                self._talk(connection)

    def _talk(self, connection):
        if self.hang_up_at == "CONNECT":
            return
        connection.sendall(b"220 relay\r\n")
        lines, in_data = connection.makefile("rb"), False
        for line in lines:
            word = "." if in_data and line == b".\r\n" else "" if in_data else line[:4].decode().upper().strip()
            if in_data and not word:
                continue
            self.commands.append(word)
            if word == self.hang_up_at:
                return
            if word == self.silent_at:
                self.done.wait(5)
                return
            connection.sendall(self.answers.get(word, "500 what?").encode() + b"\r\n")
            in_data = word == "DATA" and self.answers["DATA"].startswith("3")
            if word == "QUIT":
                return

    def close(self):
        self.done.set()
        self.server.close()
        self.thread.join(2)


@pytest.fixture
def scripted():
    relays = []

    def start(*args, **kwargs):
        relays.append(ScriptedRelay(*args, **kwargs))
        return relays[-1]

    yield start
    for relay in relays:
        relay.close()


def mailer(port, **changes):
    return SmtpMailer(Relay("127.0.0.1", port, timeout_s=5, **changes))


def test_the_relay_gets_the_frozen_bytes_and_its_queue_id_comes_back(sink, make):
    body = b"Subject: dots\r\n\r\n.leading dot\r\n..two\r\nend\r\n"
    sender = mailer(sink.port)
    receipt = sender.send(make.message(body))
    sender.close()
    assert receipt.code == 250
    assert receipt.queue_id == "ABC123"
    assert sink.messages[0].content == body
    assert sink.messages[0].rcpt_tos == ["ann@example.org"]
    assert sink.messages[0].mail_from == "digest@news.example.org"


def test_one_connection_serves_many_messages(scripted, make):
    relay = scripted()
    sender = mailer(relay.port)
    for number in range(3):
        sender.send(make.message(number=number))
    sender.close()
    assert relay.commands.count("EHLO") == 1
    assert relay.commands.count("MAIL") == 3


def test_a_used_up_connection_is_replaced(scripted, make):
    relay, now = scripted(), [0.0]
    sender = SmtpMailer(Relay("127.0.0.1", relay.port), monotonic=lambda: now[0])
    sender.send(make.message())
    now[0] = 301.0
    sender.send(make.message())
    sender.close()
    assert relay.commands.count("EHLO") == 2


@pytest.mark.parametrize(
    ("script", "error", "why"),
    [
        ({"hang_up_at": "CONNECT"}, RelayUnavailable, "no greeting: nothing was said"),
        ({"hang_up_at": "MAIL"}, RelayUnavailable, "lost before the message: the row stays as it is"),
        ({"hang_up_at": "RCPT"}, RelayUnavailable, "the same"),
        ({"hang_up_at": "DATA"}, RelayUnavailable, "the same"),
        ({"hang_up_at": "."}, MailAmbiguous, "lost after the final dot: nobody knows (RFC 1047)"),
        ({"answers": {"MAIL": "421 4.3.2 shutting down"}}, RelayUnavailable, "421 is about the server"),
        ({"answers": {"MAIL": "550 5.7.1 not you"}}, SenderRefused, "a refused sender is our fault"),
        ({"answers": {"RCPT": "450 4.2.0 greylisted"}}, MailDeferred, "4xx for the recipient"),
        ({"answers": {"RCPT": "550 5.1.1 no such user"}}, MailRefused, "5xx for the recipient"),
        ({"answers": {".": "451 4.7.0 later"}}, MailDeferred, "4xx after the data"),
        ({"answers": {".": "554 5.6.0 no"}}, MailRefused, "5xx after the data"),
    ],
)
def test_each_failure_is_told_apart(scripted, make, script, error, why):
    sender = mailer(scripted(**script).port)
    with pytest.raises(error) as raised:
        sender.send(make.message())
    sender.close()
    assert type(raised.value) is error, why


def test_after_a_refusal_the_next_message_goes_through(scripted, make):
    relay = scripted({"RCPT": "550 5.1.1 no"})
    sender = mailer(relay.port)
    with pytest.raises(MailRefused):
        sender.send(make.message())
    relay.answers["RCPT"] = "250 ok"
    assert sender.send(make.message()).code == 250
    sender.close()


def test_a_silent_relay_is_left_at_the_deadline(scripted, make):
    relay = scripted(silent_at=".")
    with pytest.raises(MailAmbiguous):
        mailer(relay.port, deadline_s=0.3).send(make.message())


def test_nobody_listening_is_a_relay_that_is_not_available(make):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(RelayUnavailable):
            mailer(closed.getsockname()[1]).send(make.message())


def test_an_address_in_another_script_needs_smtputf8(sink, make):
    sender = mailer(sink.port)
    with pytest.raises(MailRefused, match="SMTPUTF8"):
        sender.send(make.message(recipient="аня@example.org"))
    sender.close()
