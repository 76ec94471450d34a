"""`monitor check --live`, the part about mail: a relay, a name server and a mailbox on loopback."""

import importlib.util
import subprocess
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import dkim
import pytest

from monitor.delivery.lint.check import lint_message
from monitor.model.problem import Severity

PLACE = Path(__file__).parent.parent / "delivery" / "name_server.py"
SPEC = importlib.util.spec_from_file_location("name_server_for_check", PLACE)
name_server = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(name_server)
NOW = datetime(2019, 3, 6, tzinfo=UTC)
IP = "93.184.216.34"


@pytest.fixture
def key(tmp_path):
    file = tmp_path / "dkim.pem"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(file)],
        check=True,
        capture_output=True,
    )
    der = subprocess.run(
        ["openssl", "rsa", "-in", str(file), "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    import base64

    return file, base64.b64encode(der).decode()


@pytest.fixture
def zone(key):
    text = f"v=DKIM1; k=rsa; p={key[1]}"
    strings = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
    return {
        ("bounce.example.org.", "TXT"): [f'"v=spf1 ip4:{IP} -all"'],
        ("2026a._domainkey.news.example.org.", "TXT"): [strings],
        ("_dmarc.example.org.", "TXT"): ['"v=DMARC1; p=none"'],
        ("bounce.example.org.", "MX"): ["10 mx.example.org."],
        ("mx.example.org.", "A"): [IP],
        ("34.216.184.93.in-addr.arpa.", "PTR"): ["mx.example.org."],
    }


@pytest.fixture
def dns(zone):
    made = name_server.Server(zone)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def run(desk, mail_sink, key):
    return desk.at(
        NOW,
        MONITOR_SMTP__HOST="127.0.0.1",
        MONITOR_SMTP__PORT=str(mail_sink.port),
        MONITOR_MAIL__SENDER="digest@news.example.org",
        MONITOR_BOUNCE__ADDRESS="b@bounce.example.org",
        MONITOR_DKIM__SELECTOR="2026a",
        MONITOR_DKIM__DOMAIN="news.example.org",
        MONITOR_DKIM__KEY_FILE=str(key[0]),
        MONITOR_BASE_URL="https://news.example.org",
    )


def test_a_sender_that_does_everything_right_is_told_so(run, dns):
    out = run("check", "--live", "--sends-from", IP, "--name-server", f"127.0.0.1:{dns.port}").stdout
    for words in (
        "relay",
        "lets us in",
        "pass, ip4",
        "has the key that signs",
        "policy none",
        "takes bounces at mx.example.org",
        f"{IP} is mx.example.org",
    ):
        assert words in out
    assert "✗" not in out


def test_what_is_missing_is_told_with_the_record_to_publish(run, dns, zone):
    zone.pop(("bounce.example.org.", "TXT"))
    zone.pop(("2026a._domainkey.news.example.org.", "TXT"))
    done = run("check", "--live", "--json", "--sends-from", IP, "--name-server", f"127.0.0.1:{dns.port}", expect=1)
    import json

    rows = {row["test"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["SPF"]["mend"] == f'publish: bounce.example.org. TXT "v=spf1 ip4:{IP} mx ~all"'
    assert rows["DKIM"]["mend"].startswith('publish: 2026a._domainkey.news.example.org. TXT "v=DKIM1; k=rsa; p=MII')
    assert (rows["DMARC"]["well"], rows["SPF"]["well"], rows["SPF"]["transient"]) == (True, False, False)


def test_a_message_is_sent_as_editions_are_and_marked(run, dns, mail_sink, zone):
    out = run("check", "--live", "--send-to", "Operator@Example.ORG", "--name-server", f"127.0.0.1:{dns.port}").stdout
    assert "took <test." in out
    recipient, raw = mail_sink.mails[0]
    assert recipient == "Operator@example.org"
    message = message_from_bytes(raw)
    assert message["Subject"].startswith("[TEST] ")
    assert message["List-Id"] == "Test <test.news.example.org>"
    assert [
        str(problem)
        for problem in lint_message(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        if problem.severity is Severity.ERROR
    ] == []
    text = "".join(part.strip('"') for part in zone["2026a._domainkey.news.example.org.", "TXT"][0].split('" "'))
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: text.encode())
    assert run("outbox", "list", "--json").stdout == ""


def test_a_relay_that_does_not_give_the_protection_asked_for_is_told(run, dns, desk, mail_sink):
    import json

    wrong = desk.at(
        NOW, MONITOR_SMTP__HOST="127.0.0.1", MONITOR_SMTP__PORT=str(mail_sink.port), MONITOR_SMTP__SECURITY="starttls"
    )
    rows = {row["test"]: row for row in map(json.loads, wrong("check", "--live", "--json", expect=1).stdout.splitlines())}
    assert "STARTTLS" in rows["relay"]["message"]
    assert "MONITOR_SMTP__SECURITY" in rows["relay"]["mend"]


def test_a_name_server_that_is_away_is_told_as_such(run, free_port):
    import json

    done = run("check", "--live", "--json", "--name-server", f"127.0.0.1:{free_port()}", expect=1)
    rows = {row["test"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["SPF"]["transient"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--send-to", "a@example.org"), "go with --live"),
        (("--live", "--sends-from", "mx.example.org"), "is no IP address"),
        (("--live", "--name-server", "dns.example.org"), "is no name server"),
        (("--live", "--name-server", "192.0.2.53:x"), "is no name server"),
    ],
)
def test_wrong_options_are_told(run, options, words):
    assert words in run("check", *options, expect=2).stderr


def test_a_desk_for_this_machine_alone_asks_no_name_server(desk, mail_sink):
    local = desk.at(NOW, MONITOR_SMTP__HOST="127.0.0.1", MONITOR_SMTP__PORT=str(mail_sink.port))
    assert "mail for this machine alone" in local("check", "--live").stdout


def test_a_key_that_is_none_is_a_problem_before_anything_goes_out(desk, tmp_path):
    (tmp_path / "key.pem").write_text("no key", encoding="utf-8")
    names = {"SELECTOR": "a", "DOMAIN": "example.org", "KEY_FILE": str(tmp_path / "key.pem")}
    wrong = desk.at(
        NOW, MONITOR_MAIL__SENDER="d@example.org", **{f"MONITOR_DKIM__{name}": value for name, value in names.items()}
    )
    out = wrong("check", expect=2).stdout
    assert "MONITOR_DKIM__KEY_FILE:1:1" in out
    assert "rsa_keygen_bits:2048" in out.replace("\n", " ")
