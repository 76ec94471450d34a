"""`monitor bounces`: reads what came back, lists it, shows it."""

import json
import mailbox
from datetime import UTC, datetime
from pathlib import Path

from monitor.delivery.tokens import Purpose, make_token
from monitor.model.hook import HookBody
from monitor.store.open import open_store

DSN = Path(__file__).parent.parent / "delivery" / "dsn"
SECRET = "a secret for tests"
SETTINGS = {"MONITOR_SECRET_KEY": SECRET, "MONITOR_BOUNCE__ADDRESS": "b@bounce.example.org"}


def notice(number=1, status="5.1.1", subscription=1):
    token = make_token(SECRET.encode(), Purpose.BOUNCE, subscription, "weekly/2019-03-11")
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: b+{token}@bounce.example.org\r\nSubject: Undelivered mail\r\n"
        f"Message-ID: <{number}@mx>\r\n\r\nIt could not be delivered.\r\n<ann@example.org>: 550 {status} no such user\r\n"
    ).encode()


def desk_with(desk, **settings):
    return desk.at(datetime(2019, 3, 11, 6, tzinfo=UTC), **SETTINGS, **settings)


def test_files_are_read_acted_on_and_shown(desk):
    run = desk_with(desk)
    run("subscribers", "add", "weekly", "ann@example.org")
    file = desk.write("notice.eml", "")
    file.write_bytes(notice())
    told = [json.loads(line) for line in run("bounces", "read", str(file), "--json").stdout.splitlines()]
    assert [(one["class"], one["act"], one["subscription"], one["status"]) for one in told] == [("hard", "suppress", 1, "5.1.1")]
    people = [json.loads(line) for line in run("subscribers", "list", "--json").stdout.splitlines()]
    assert [(one["state"], one["how"]) for one in people] == [("suppressed", "bounce 5.1.1")]
    assert "0 of them new" in run("bounces", "read", str(file)).stdout


def test_the_mailbox_is_read(desk, tmp_path):
    box = mailbox.Maildir(tmp_path / "box", create=True)
    box.add(notice(1, "5.2.2"))
    box.add(notice(2, "5.7.1"))
    run = desk_with(desk, MONITOR_BOUNCE__MAILBOX=f"maildir://{tmp_path}/box")
    assert "2 mails read, 2 of them new" in run("bounces", "read").stdout
    listed = [json.loads(line) for line in run("bounces", "list", "--json").stdout.splitlines()]
    assert {one["class"] for one in listed} == {"soft", "sender"}
    assert "1 report" in run("bounces", "list", "--class", "soft").stdout
    assert "0 reports" in run("bounces", "list", "--since", "2020-01-01").stdout
    assert "0 reports" in run("bounces", "list", "--edition", "none/2019-03-11").stdout
    assert len(run("bounces", "list", "--subscription", "1", "--limit", "1", "--json").stdout.splitlines()) == 1


def test_one_report_is_shown_with_its_mail(desk):
    run = desk_with(desk)
    file = desk.write("notice.eml", "")
    file.write_bytes(notice())
    run("bounces", "read", str(file))
    key = json.loads(run("bounces", "list", "--json").stdout)["key"]
    shown = run("bounces", "show", key[:8])
    assert "550 5.1.1 no such user" in shown.stdout
    assert json.loads(run("bounces", "show", key[:6], "--json").stdout)["proof"] == "token"
    assert "Subject: Undelivered mail" in run("bounces", "show", key, "--raw").stdout


def test_what_a_provider_reported_is_worked_off_and_tells_by_which_way_it_came(desk):
    run = desk_with(desk, MONITOR_BOUNCE__HOOKS="postmark=monitor:a long password")
    run("subscribers", "add", "weekly", "ann@example.org")
    token = make_token(SECRET.encode(), Purpose.BOUNCE, 1, "weekly/2019-03-11")
    body = json.dumps({"RecordType": "SpamComplaint", "Email": "ann@example.org", "Metadata": {"monitor": token}}).encode()
    store = open_store(f"sqlite:///{desk.home}/var/monitor.db")
    store.keep_hook(HookBody("k", "postmark", body), datetime(2019, 3, 11, 6, tzinfo=UTC))
    store.close()
    assert "0 mails and 1 request of mail providers read, 1 of them new" in run("bounces", "read").stdout
    [listed] = [json.loads(line) for line in run("bounces", "list", "--json").stdout.splitlines()]
    assert (listed["source"], listed["class"], listed["act"]) == ("hook:postmark", "complaint", "suppress")
    assert "hook:postmark" in run("bounces", "list").stdout


def test_what_cannot_be_done_is_said(desk):
    run = desk_with(desk)
    assert "MONITOR_BOUNCE__MAILBOX" in run("bounces", "read", expect=2).stderr
    assert "no report has a key" in run("bounces", "show", "ffff", expect=2).stderr
    away = desk_with(desk, MONITOR_BOUNCE__MAILBOX="maildir:///nowhere/at/all")
    assert "nowhere" in away("bounces", "read", expect=3).stderr
