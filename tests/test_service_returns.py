"""The running service takes returned mail at its port, from its mailbox and from a provider by HTTP, and ends cleanly with all of them."""

import json
import mailbox
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from base64 import b64encode

import pytest

from monitor.delivery.tokens import Purpose, make_token

SECRET = "a secret for tests"
PASSWORD = "monitor:a long password"


def notice(subscription, status):
    token = make_token(SECRET.encode(), Purpose.BOUNCE, subscription, "weekly/2019-03-11")
    to = f"b+{token}@bounce.example.org"
    raw = (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: Undelivered mail\r\n"
        f"Message-ID: <{subscription}@mx>\r\n\r\nIt could not be delivered: 550 {status} no such user\r\n"
    )
    return to, raw.encode()


def report(port, subscription):
    """What Postmark says of a complaint; the status of the answer."""
    token = make_token(SECRET.encode(), Purpose.BOUNCE, subscription, "weekly/2019-03-11")
    body = json.dumps({"RecordType": "SpamComplaint", "Email": "cid@example.org", "Metadata": {"monitor": token}}).encode()
    headers = {"Authorization": f"Basic {b64encode(PASSWORD.encode()).decode()}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/hooks/mail/postmark", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status


def eventually(ask, seconds=60):
    pause = threading.Event()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = ask()
        if found:
            return found
        pause.wait(0.1)
    raise AssertionError("it did not come about")


@pytest.fixture
def running(small_home, monitor_here, tmp_path, free_port):
    home = small_home("home", {})
    box = mailbox.Maildir(tmp_path / "box", create=True)
    names = {
        "ADDRESS": "b@bounce.example.org",
        "LISTEN": "127.0.0.1:0",
        "MAILBOX": f"maildir://{tmp_path}/box",
        "TICK_S": "0.3",
        "HOOKS": f"postmark={PASSWORD}",
    }
    bounce = {f"MONITOR_BOUNCE__{name}": value for name, value in names.items()}
    monitor = monitor_here(home, MONITOR_SECRET_KEY=SECRET, **bounce)
    monitor("subscribers", "add", "weekly", "ann@example.org", "bob@example.org", "cid@example.org")
    port = free_port()
    quick = {"MONITOR_WEB__PORT": str(port), "MONITOR_LOG_FORMAT": "json"}
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "monitor", "run"]
        process = subprocess.Popen(command, cwd=home, env={**monitor.environment, **quick}, stdout=log, stderr=log)

        def events(name):
            lines = (home / "log").read_text(encoding="utf-8").splitlines()
            return [event for line in lines if line.startswith("{") for event in [json.loads(line)] if event["event"] == name]

        yield monitor, box, process, events, port
        if process.poll() is None:
            process.kill()
        process.wait(20)


def listens(port):
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def test_returned_mail_is_dealt_with_while_the_service_runs(running):
    monitor, box, process, events, web = running
    port = eventually(lambda: events("intake_listens"))[0]["port"]
    to, raw = notice(1, "5.1.1")
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        assert client.docmd("MAIL", "FROM:<>")[0] == 250
        assert client.rcpt("somebody@example.com")[0] == 550
        assert client.rcpt(to)[0] == 250
        assert client.data(raw)[0] == 250
    box.add(notice(2, "5.1.2")[1])
    eventually(lambda: listens(web))
    assert report(web, 3) == 200
    eventually(lambda: len(events("mail_returned")) == 3)
    assert {event["source"] for event in events("mail_returned")} == {"smtp", "mailbox", "hook:postmark"}
    people = [json.loads(line) for line in monitor("subscribers", "list", "--json").stdout.splitlines()]
    assert [(one["state"], one["how"]) for one in people] == [
        ("suppressed", "bounce 5.1.1"), ("suppressed", "bounce 5.1.2"), ("suppressed", "complaint")
    ]  # fmt: skip
    assert "example.org" not in json.dumps(events("mail_returned"))
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
