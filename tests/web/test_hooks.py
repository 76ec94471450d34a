"""Mail providers report by HTTP: what is proved is kept and answered; what is not is answered, and tells nothing."""

import base64
import hashlib
import hmac
import http.client
import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.delivery.hooks.files import MAPPINGS, check_hook
from monitor.delivery.tokens import Purpose, make_token
from monitor.hook_reports import Hooked, work_off
from monitor.model.delivery import Subscribed
from monitor.model.errors import StoreBusy
from monitor.model.hook import HookProof, HookScheme
from monitor.model.pace import Pace
from monitor.returned_mail import Returns
from monitor.web import hooks
from monitor.web.hooks import MAX_BYTES

PASSWORD, KEY = "monitor:a long password", "key-0123456789abcdef"


def shipped(name):
    return check_hook(MAPPINGS / f"{name}.yml")[0]


HOOKS = {
    "postmark": Hooked(shipped("postmark"), PASSWORD),
    "amazon-ses": Hooked(shipped("amazon-ses"), PASSWORD),
    "mailgun": Hooked(shipped("mailgun"), KEY),
    "other": Hooked(replace(shipped("postmark"), name="other", proof=HookProof(HookScheme.HEADER, "{header:X-Secret}")), KEY),
    "hidden": Hooked(replace(shipped("postmark"), name="hidden", proof=HookProof(HookScheme.PATH)), KEY),
}
BASIC = {"authorization": "Basic " + base64.b64encode(PASSWORD.encode()).decode()}


@pytest.fixture
def door(make_door):
    return make_door(hooks=HOOKS)


def report(token="", **more):
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 1,
        "Email": "ann@example.org",
        "Metadata": {"monitor": token},
        **more,
    }


def token_of(door, person):
    return make_token(door.sender.secret, Purpose.BOUNCE, person.id, "weekly/2019-03-11")


def send(door, document, name="postmark", **headers):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return door.ask("POST", f"/hooks/mail/{name}", body, {**BASIC, "content-type": "application/json", **headers})


def signed(door, event, key=KEY, **changes):
    time = str(int(door.clock().timestamp()))
    mac = hmac.new(key.encode(), f"{time}word".encode(), hashlib.sha256).hexdigest()
    return {"signature": {"timestamp": time, "token": "word", "signature": mac, **changes}, "event-data": event}


def waiting(door):
    return [json.loads(one.body) for one in door.store.waiting_hooks(100)]


def count(door, name, **labels):
    wanted = name + "{" + ",".join(f'{key}="{value}"' for key, value in labels.items()) + "}"
    return next(
        (float(line.split()[-1]) for line in door.metrics.exposition().decode().splitlines() if line.startswith(wanted)), 0.0
    )


def test_a_report_over_real_http_suppresses_once_it_is_worked_off(make_site):
    site = make_site(hooks=HOOKS)
    person, _ = site.subscribe("ann@example.org")
    sender, store = site.world.parts.sender, site.world.store
    document = report(make_token(sender.secret, Purpose.BOUNCE, person.id, "weekly/2019-03-11"), Details="smtp;550 5.1.1 no")
    answer = site.ask("POST", "/hooks/mail/postmark", json.dumps(document).encode(), {"Authorization": BASIC["authorization"]})
    assert (answer.status, answer.text) == (200, "ok\n")
    assert store.subscription(person.id).state is Subscribed.ACTIVE
    assert work_off(Returns(store, sender, site.world.clock), HOOKS) == 1
    assert store.subscription(person.id).state is Subscribed.SUPPRESSED
    again = site.ask("POST", "/hooks/mail/postmark", json.dumps(document).encode(), {"Authorization": BASIC["authorization"]})
    work_off(Returns(store, sender, site.world.clock), HOOKS)
    assert (again.status, len(store.bounces())) == (200, 1)


def test_what_is_proved_is_kept_as_it_came(door):
    document = report()
    assert send(door, document).status == 200
    assert waiting(door) == [document]
    assert count(door, "monitor_mail_hook_requests_total", hook="postmark", status="200") == 1
    assert count(door, "monitor_mail_hook_events_total", hook="postmark", meaning="hard") == 1
    assert door.store.bounces() == ()


def test_a_password_is_asked_for_since_amazon_sends_it_only_then(door):
    answer = door.ask("POST", "/hooks/mail/amazon-ses", b"{}", {"content-type": "text/plain"})
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="monitor"')


@pytest.mark.parametrize(
    ("name", "headers", "status", "why"),
    [
        ("postmark", {"authorization": ""}, 401, "no password"),
        ("postmark", {"authorization": "Basic " + base64.b64encode(b"monitor:guess").decode()}, 401, "a wrong one"),
        ("other", {"x-secret": "guess"}, 401, "a wrong secret"),
        ("other", {"x-secret": KEY}, 200, "the right secret"),
        ("hidden", {}, 403, "no secret in the address"),
        ("hidden/guess", {}, 403, "a wrong address"),
        (f"hidden/{KEY}", {}, 200, "the right address"),
        ("nobody", {}, 404, "no such provider"),
    ],
)
def test_who_does_not_prove_it_is_turned_away(door, name, headers, status, why):
    answer = send(door, report(), name, **headers)
    assert answer.status == status, why
    assert len(waiting(door)) == (1 if status == 200 else 0)
    assert KEY not in answer.text
    assert PASSWORD not in answer.text


def test_a_signature_is_checked(door):
    event = {"event": "complained", "id": "1", "recipient": "ann@example.org"}
    assert send(door, signed(door, event), "mailgun").status == 200
    for forged in (
        signed(door, event, key="another key, as long"),
        signed(door, event, token="other"),
        signed(door, event, signature=""),
        {"event-data": event},
        {"signature": "text", "event-data": event},
    ):
        assert send(door, forged, "mailgun").status == 403
    assert len(waiting(door)) == 1
    assert count(door, "monitor_mail_hook_requests_total", hook="mailgun", status="403") == 5


def test_an_old_signature_is_refused_and_one_of_an_hour_ago_is_not(door):
    document = signed(door, {"event": "complained", "id": "1"})
    door.clock.advance(timedelta(hours=1))
    assert send(door, document, "mailgun").status == 200
    door.clock.advance(timedelta(hours=24))
    assert send(door, document, "mailgun").status == 403


def test_what_is_played_again_changes_nothing(door):
    person = door.subscribe()
    document = report(token_of(door, person))
    returns = Returns(door.store, door.sender, door.clock)
    for _ in range(3):
        assert send(door, document).status == 200
        work_off(returns, HOOKS)
    assert len(door.store.bounces()) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"event=bounce&email=ann", b"\xff\xfe\x00", b'"text"', b"7", b"null", b"[7]", b'["text"]', b"[" * 200_000, b'{"a":' * 100_000, b"9" * 50_000],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_report_is_refused_in_two_words(door, body):
    for name in ("postmark", "amazon-ses", "mailgun"):
        answer = send(door, body, name)
        assert answer.status in ({400, 403, 413} if name == "mailgun" else {400})
        assert len(answer.text) < 40
        assert "Traceback" not in answer.text
    assert waiting(door) == []


def test_a_huge_body_is_refused_whether_its_length_is_told_or_not(door, make_site):
    assert send(door, b" " * (MAX_BYTES + 1)).status == 413
    assert send(door, b"{}", **{"content-length": str(10**30)}).status == 413
    site = make_site(hooks=HOOKS)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("POST", "/hooks/mail/postmark", iter([b" " * 65536] * 20), BASIC, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_strangers_body_is_not_read_at_all(door, monkeypatch):
    async def never(*_):
        raise AssertionError("it was read")

    monkeypatch.setattr(hooks, "_body", never)
    assert send(door, report(), authorization="").status == 401
    assert send(door, report(), "hidden/guess").status == 403


def test_what_must_be_read_before_it_is_proved_may_not_be_large(door):
    event = {"event": "complained", "id": "1", "more": "x" * hooks.MAX_UNPROVED}
    assert send(door, signed(door, event), "mailgun").status == 413
    assert send(door, report(Content="x" * hooks.MAX_UNPROVED)).status == 200


def test_only_so_many_bodies_are_read_at_once(make_site, monkeypatch):
    monkeypatch.setattr(hooks, "MOST_READING", 1)
    monkeypatch.setattr(hooks, "BODY_S", 5)
    site = make_site(hooks=HOOKS)
    slow = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    slow.putrequest("POST", "/hooks/mail/mailgun")
    slow.putheader("Content-Length", "10")
    slow.endheaders()
    body = json.dumps(report()).encode()
    pause = threading.Event()
    for _ in range(100):
        answer = site.ask("POST", "/hooks/mail/postmark", body, {"Authorization": BASIC["authorization"]})
        if answer.status == 503:
            break
        pause.wait(0.02)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    slow.send(b"0123456789")
    assert slow.getresponse().status == 400
    slow.close()
    assert site.ask("POST", "/hooks/mail/postmark", body, {"Authorization": BASIC["authorization"]}).status == 200


def test_a_body_that_does_not_come_is_not_waited_for(make_site, monkeypatch):
    monkeypatch.setattr(hooks, "BODY_S", 0.05)
    site = make_site(hooks=HOOKS)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.putrequest("POST", "/hooks/mail/mailgun")
    connection.putheader("Content-Length", "10")
    connection.endheaders()
    assert connection.getresponse().status == 408
    connection.close()


def test_unknown_kinds_are_kept_once_and_told_to_people(door):
    returns = Returns(door.store, door.sender, door.clock)
    for number in range(5):
        assert send(door, {"RecordType": "Rocket", "ID": number}).status == 200
        work_off(returns, HOOKS)
    [bounce] = door.store.bounces()
    assert (bounce.bounce_class.value, "Rocket" in bounce.reason) == ("unknown", True)


def test_opened_and_delivered_mails_are_counted_and_not_kept(door):
    send(door, {"RecordType": "Open", "Recipient": "ann@example.org"})
    send(door, {"RecordType": "Delivery", "Recipient": "ann@example.org"})
    assert waiting(door) == []
    assert count(door, "monitor_mail_hook_events_total", hook="postmark", meaning="delivered") == 1


def test_a_store_that_is_away_has_the_provider_try_again(door, monkeypatch):
    def busy(*_):
        raise StoreBusy("locked")

    monkeypatch.setattr(type(door.store), "keep_hook", busy)
    answer = send(door, report())
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "locked" not in answer.text
    assert count(door, "monitor_mail_hook_events_total", hook="postmark", meaning="hard") == 0


def test_who_comes_too_often_is_asked_to_wait_and_others_are_not(make_door, monkeypatch):
    monkeypatch.setattr(hooks, "PACE", Pace(per_s=1, burst=3))
    door = make_door(hooks=HOOKS)
    answers = [send(door, report(), peer="203.0.113.9", authorization="").status for _ in range(3)]
    last = send(door, report(), peer="203.0.113.10")
    assert (answers, last.status, last.headers["Retry-After"]) == ([401] * 3, 429, "1")
    assert send(door, report()).status == 200
    door.clock.advance(timedelta(seconds=1))
    assert send(door, report(), peer="203.0.113.9").status == 200


def test_refusals_of_one_network_do_not_fill_the_log(door):
    with capture_logs() as told:
        for _ in range(50):
            send(door, report(), authorization="")
    assert len(told) == 5
    assert count(door, "monitor_mail_hook_requests_total", hook="postmark", status="401") == 50


def test_only_post_is_answered_and_nothing_may_keep_the_answer(door):
    assert door.get("/hooks/mail/postmark").status == 405
    answer = send(door, report())
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_without_providers_there_is_no_such_place(make_door):
    assert send(make_door(), report()).status == 404


def test_the_log_of_a_refusal_names_no_address_and_no_secret(door):
    with capture_logs() as told:
        send(door, report(), authorization="Basic " + base64.b64encode(b"monitor:guess at it").decode())
    assert told == [
        {"event": "hook_refused", "log_level": "warning", "hook": "postmark", "status": 401, "network": "192.0.2.0/24"}
    ]


def test_many_requests_at_once_are_all_kept(make_site):
    site = make_site(hooks=HOOKS)

    def post(number):
        site.ask(
            "POST", "/hooks/mail/postmark", json.dumps(report(ID=number)).encode(), {"Authorization": BASIC["authorization"]}
        )

    threads = [threading.Thread(target=post, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.world.store.waiting_hooks(100)) == 20
