"""The mailer against real SMTP servers on loopback: aiosmtpd, and a scripted one that fails at each step."""

import itertools
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from monitor.delivery.smtp import Relay, SmtpMailer
from monitor.model.errors import ClaimLost, MailAmbiguous, MailDeferred, MailRefused, RelayUnavailable, SenderRefused


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

    def __init__(self, answers=None, hang_up_at="", silent_at="", hang_up_after=(), offers=()):
        self.answers = {
            "EHLO": "250 relay",
            "MAIL": "250 ok",
            "RCPT": "250 ok",
            "DATA": "354 go",
            ".": "250 queued as X1",
            "QUIT": "221 bye",
            "RSET": "250 ok",
        }
        if offers:
            self.answers["EHLO"] = "\r\n".join(["250-relay", *(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"])
        self.answers.update(answers or {})
        self.hang_up_after = set(hang_up_after)
        self.hang_up_at, self.silent_at = hang_up_at, silent_at
        self.commands, self.lines, self.connection = [], [], None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while not self.done.is_set():
            try:
                self.connection, _ = self.server.accept()
            except OSError:
                return
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.connection, suppress(OSError):
                self._talk(self.connection)

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
            self.lines.append(line.decode().strip())
            if word == self.hang_up_at:
                return
            if word == self.silent_at:
                self.done.wait(5)
                return
            connection.sendall(self.answers.get(word, "500 what?").encode() + b"\r\n")
            in_data = word == "DATA" and self.answers["DATA"].startswith("3")
            if word == "QUIT" or (word in self.hang_up_after):
                self.hang_up_after = set()
                return

    def close(self):
        self.done.set()
        for one in (self.server, self.connection):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
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


OPEN = []


@pytest.fixture(autouse=True)
def _closed_at_the_end():
    yield
    while OPEN:
        OPEN.pop()._drop()


def mailer(port, **changes):
    OPEN.append(SmtpMailer(Relay("127.0.0.1", port, timeout_s=5, **changes)))
    return OPEN[-1]


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
        ({"answers": {".": "421 4.3.2 shutting down"}}, RelayUnavailable, "it said that it did not take it"),
        ({"answers": {".": "what?"}}, MailAmbiguous, "no reply that makes sense: it may have it"),
        ({"answers": {".": "354 go on"}}, MailAmbiguous, "the same"),
        ({"answers": {"RCPT": "what?"}}, RelayUnavailable, "whatever it is, it speaks no SMTP"),
        ({"answers": {"DATA": "250 ok"}}, RelayUnavailable, "it does not wait for the message"),
        ({"answers": {"DATA": "451 4.3.0 later"}}, MailDeferred, "4xx before the data"),
        ({"answers": {"DATA": "554 5.5.1 no valid recipients"}}, MailRefused, "5xx before the data"),
        ({"answers": {"RCPT": "530 5.7.0 log in first"}}, SenderRefused, "a login is our affair"),
        ({"answers": {".": "552 5.3.4 too large"}}, SenderRefused, "too large for the relay: so it is for everybody"),
        ({"answers": {".": "552 5.2.2 over quota"}}, MailRefused, "the mailbox is full: that is the recipient's"),
        ({"answers": {"RCPT": "552 over quota"}}, MailRefused, "the same, without a status"),
    ],
)
@pytest.mark.parametrize("offers", [(), ("PIPELINING", "8BITMIME")], ids=["in turn", "at once"])
def test_each_failure_is_told_apart(scripted, make, script, error, why, offers):
    sender = mailer(scripted(**script, offers=offers).port)
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


DSN = ("PIPELINING", "SIZE 100000", "8BITMIME", "SMTPUTF8", "DSN")


@pytest.mark.parametrize("pipelining", [True, False], ids=["at once", "in turn"])
def test_what_the_relay_offers_is_used(scripted, make, pipelining):
    relay = scripted(offers=DSN if pipelining else DSN[1:])
    sender = mailer(relay.port)
    sender.send(make.message(b"Subject: x\r\n\r\nhello\r\n", "a+b=c@example.org", 17))
    sender.close()
    assert relay.lines[1:4] == [
        "MAIL FROM:<digest@news.example.org> SIZE=21 RET=HDRS ENVID=17",
        "RCPT TO:<a+b=c@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@example.org",
        "DATA",
    ]


def test_what_the_relay_does_not_offer_is_not_used(scripted, make):
    relay = scripted()
    mailer(relay.port).send(make.message())
    assert relay.lines[1:3] == ["MAIL FROM:<digest@news.example.org>", "RCPT TO:<ann@example.org>"]


def test_eight_bits_and_other_scripts_are_announced(scripted, make):
    relay = scripted(offers=DSN)
    sender = mailer(relay.port)
    sender.send(make.message("Subject: x\r\n\r\nпрывітанне\r\n".encode(), "аня@example.org"))
    assert relay.lines[1:3] == [
        "MAIL FROM:<digest@news.example.org> SIZE=36 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=1",
        "RCPT TO:<аня@example.org> NOTIFY=FAILURE,DELAY",
    ]
    sender.close()


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"body": b"x" * 100_001}, SenderRefused, "has 100001 bytes, the relay takes 100000"),
        ({"recipient": "ann@example.org>\r\nRSET"}, MailRefused, "cannot carry"),
        ({"recipient": "<ann@example.org"}, MailRefused, "cannot carry"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_a_word_is_said(scripted, make, changes, error, words):
    relay = scripted(offers=DSN)
    sender = mailer(relay.port)
    with pytest.raises(error, match=words):
        sender.send(replace(make.message(), **changes))
    assert "MAIL" not in relay.commands
    sender.send(make.message())
    sender.close()


def test_a_relay_without_eight_bits_does_not_get_any(scripted, make):
    sender = mailer(scripted(offers=("DSN",)).port)
    with pytest.raises(MailRefused, match="8BITMIME"):
        sender.send(make.message("Subject: x\r\n\r\nё\r\n".encode()))
    sender.close()


def test_a_relay_that_waits_for_a_message_it_refused_gets_an_empty_one(scripted, make):
    relay = scripted({"RCPT": "550 5.1.1 nobody"}, offers=("PIPELINING",))
    sender = mailer(relay.port)
    with pytest.raises(MailRefused, match="nobody"):
        sender.send(make.message())
    relay.answers["RCPT"] = "250 ok"
    assert sender.send(make.message()).code == 250
    sender.close()
    assert relay.commands == ["EHLO", "MAIL", "RCPT", "DATA", ".", "RSET", "MAIL", "RCPT", "DATA", ".", "QUIT"]


def test_the_refusal_counts_though_the_relay_hangs_up_after_it(scripted, make):
    relay = scripted({"MAIL": "550 5.7.1 not you"}, hang_up_after=("MAIL",), offers=("PIPELINING",))
    with pytest.raises(SenderRefused):
        mailer(relay.port).send(make.message())


def test_a_connection_that_went_stale_is_replaced_without_a_word(scripted, make):
    relay = scripted(hang_up_after=(".",))
    sender = mailer(relay.port)
    sender.send(make.message(number=1))
    assert sender.send(make.message(number=2)).code == 250
    sender.close()
    assert relay.commands.count("EHLO") == 2


def test_a_fresh_connection_that_fails_is_not_tried_again(scripted, make):
    relay = scripted({"MAIL": "421 4.3.2 busy"})
    with pytest.raises(RelayUnavailable):
        mailer(relay.port).send(make.message())
    assert relay.commands == ["EHLO", "MAIL"]


def test_a_connection_carries_a_hundred_messages(scripted, make):
    relay = scripted(offers=("PIPELINING",))
    sender = mailer(relay.port)
    for number in range(101):
        sender.send(make.message(number=number))
    sender.close()
    assert (relay.commands.count("EHLO"), relay.commands.count("QUIT")) == (2, 2)


def test_a_message_that_is_no_longer_ours_is_not_begun(scripted, make):
    relay = scripted()
    sender = mailer(relay.port)
    with pytest.raises(ClaimLost):
        sender.send(make.message(), lambda: False)
    assert relay.commands[-1] == "DATA", "nothing was said where a line would have been taken for the message"
    assert sender.send(make.message()).code == 250
    sender.close()
    assert relay.commands.count("EHLO") == 2


def test_a_relay_that_hangs_up_in_the_message_with_a_reason_is_understood(make):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"220 relay\r\n")
                lines = connection.makefile("rb")
                for answer in (b"250 relay\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                    lines.readline()
                    connection.sendall(answer)
                connection.recv(1000)
                connection.sendall(b"552 5.3.4 that is enough\r\n")
                connection.shutdown(socket.SHUT_RD)
                # the reply is read before the reset that unread bytes cause
                done.wait(5)

        done = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises((SenderRefused, RelayUnavailable)) as raised:
            mailer(server.getsockname()[1], deadline_s=2.0).send(make.message(b"x" * 50_000_000))
        done.set()
        thread.join()
    assert not isinstance(raised.value, MailAmbiguous), "the final dot never went out"
    assert "552" in str(raised.value)


# Time


class Dripping:
    """Sends what it is given a byte at a time, for ever or to the end, in answer to whatever comes."""

    def __init__(self, before, drip):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(before, drip))
        self.thread.start()

    def _serve(self, before, drip):
        connection, _ = self.server.accept()
        with connection, suppress(OSError):
            lines = connection.makefile("rb")
            for answer in before:
                connection.sendall(answer)
                while b"\n" not in lines.readline():
                    pass
            for byte in itertools.cycle(drip):
                if self.done.wait(0.02):
                    return
                connection.sendall(bytes([byte]))

    def close(self):
        self.done.set()
        self.server.close()
        self.thread.join()


@pytest.mark.parametrize(
    ("before", "drip", "security", "error"),
    [
        ([], b"220-still here\r\n", "none", RelayUnavailable),
        ([b"220 relay\r\n"], b"250-still here\r\n", "none", RelayUnavailable),
        ([b"220 relay\r\n", b"250 relay\r\n"], b"2", "none", RelayUnavailable),
        ([b"220 relay\r\n", b"250 relay\r\n", b"250 ok\r\n", b"250 ok\r\n"], b"354-still here\r\n", "none", RelayUnavailable),
        ([b"220 relay\r\n", b"250-relay\r\n250 STARTTLS\r\n"], b"2", "starttls", RelayUnavailable),
        ([], b"\x16\x03\x03\x3f\xff" + bytes(1 << 14), "tls", RelayUnavailable),
    ],
    ids=["greeting", "hello", "mail", "data", "starttls", "handshake"],
)
def test_a_relay_that_drips_is_left_at_the_deadline_wherever_it_drips(make, before, drip, security, error):
    relay = Dripping(before, drip)
    began = time.monotonic()
    with pytest.raises(error):
        mailer(relay.port, deadline_s=0.3, security=security).send(make.message())
    assert time.monotonic() - began < 20, "each byte came in time: without an end it would go on for ever"
    relay.close()


def test_a_last_word_that_drips_is_ambiguous(make):
    words = [b"220 relay\r\n", b"250 relay\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"]
    relay = Dripping(words, b"250-queued\r\n")
    began = time.monotonic()
    with pytest.raises(MailAmbiguous, match="deadline"):
        mailer(relay.port, deadline_s=1.0).send(make.message(b"one line\r\n"))
    assert time.monotonic() - began < 20
    relay.close()


# TLS and login


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for localhost and 127.0.0.1, signed by an authority of its own: `ca.pem`, `cert.pem`, `key.pem`."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command")
    folder = tmp_path_factory.mktemp("authority")

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    openssl(
        *[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test-authority",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
        ]
    )
    openssl(*["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "request.pem"])
    (folder / "names").write_text("subjectAltName=DNS:localhost\n", encoding="ascii")
    openssl(
        *[
            "x509",
            "-req",
            "-in",
            "request.pem",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "names",
            "-out",
            "cert.pem",
        ]
    )
    return folder


class Checker:
    """Lets one in who knows the word."""

    def __call__(self, _server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data.login == b"desk" and data.password == b"secret", handled=False)


@pytest.fixture(params=["starttls", "tls"])
def protected(request, authority):
    """A real server that wants TLS and a login; `security` says how TLS begins."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler.port = free.getsockname()[1]
    # the library asks for a login only where it began TLS itself
    login = {"authenticator": Checker(), "auth_required": True}
    tls = {"ssl_context": context} if request.param == "tls" else {"tls_context": context, "require_starttls": True, **login}
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, **tls)
    controller.start()
    handler.security = request.param
    yield handler
    controller.stop()


def secure(protected, authority, **changes):
    fields = {
        "host": "localhost", "port": protected.port, "security": protected.security, "ca_file": str(authority / "ca.pem"),
        "username": "desk" if protected.security == "starttls" else "", "password": "secret", "timeout_s": 5,
    }  # fmt: skip
    OPEN.append(SmtpMailer(Relay(**fields | changes)))
    return OPEN[-1]


def test_a_protected_relay_is_verified_and_logged_into(protected, authority, make):
    sender = secure(protected, authority)
    for number in range(2):
        assert sender.send(make.message(number=number)).code == 250
    sender.close()
    assert len(protected.messages) == 2


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"ca_file": ""}, RelayUnavailable, "certificate verify failed"),
        ({"host": "127.0.0.1"}, RelayUnavailable, "certificate"),
        ({"password": "wrong"}, SenderRefused, "535"),
    ],
    ids=["unknown authority", "another name", "wrong password"],
)
def test_a_relay_that_cannot_be_trusted_or_does_not_let_us_in_gets_nothing(protected, authority, make, changes, error, words):
    if "password" in changes and protected.security == "tls":
        pytest.skip("this server asks for no login")
    with pytest.raises(error, match=words):
        secure(protected, authority, **changes).send(make.message())
    assert protected.messages == []


def test_a_relay_that_no_longer_offers_protection_gets_nothing(scripted, make):
    relay = scripted(offers=("PIPELINING",))
    with pytest.raises(SenderRefused, match="does not offer STARTTLS"):
        mailer(relay.port, security="starttls").send(make.message())
    assert relay.commands == ["EHLO"]


def test_a_relay_that_offers_no_login_is_told(scripted, make):
    with pytest.raises(SenderRefused, match="AUTH"):
        mailer(scripted(offers=("DSN",)).port, username="desk", password="x").send(make.message())


def test_a_login_that_fails_for_now_is_tried_again(scripted, make):
    relay = scripted({"AUTH": "454 4.7.0 come back later"}, offers=("AUTH PLAIN",))
    with pytest.raises(RelayUnavailable, match="454"):
        mailer(relay.port, username="desk", password="x").send(make.message())


def test_what_was_said_before_the_protection_is_forgotten(authority, make):
    """A reply slipped in behind STARTTLS, in the open, must not be read as the protected relay's own (CVE-2011-0411)."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    said = []

    def serve():
        connection, _ = server.accept()
        connection.sendall(b"220 relay\r\n")
        connection.recv(1000)
        connection.sendall(b"250-relay\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        connection.sendall(b"220 go\r\n250-slipped in\r\n250 SIZE 1\r\n")
        with suppress(OSError, ssl.SSLError), context.wrap_socket(connection, server_side=True) as wrapped:
            said.append(wrapped.recv(1000))
            wrapped.sendall(b"250 the relay itself\r\n")
            said.append(wrapped.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        relay = Relay("localhost", server.getsockname()[1], security="starttls", ca_file=str(authority / "ca.pem"), timeout_s=2)
        with pytest.raises(RelayUnavailable):
            SmtpMailer(relay).send(make.message())
        thread.join()
    # either the handshake fails over the bytes that do not belong to it, or they are dropped
    assert not said or b"MAIL FROM" in said[-1]


def test_a_silent_relay_is_left_at_the_deadline(scripted, make):
    relay = scripted(silent_at=".")
    with pytest.raises(MailAmbiguous):
        mailer(relay.port, deadline_s=1.0).send(make.message())


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
