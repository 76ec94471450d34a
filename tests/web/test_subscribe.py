"""Double opt-in: one answer to everybody, one mail to whoever may have one, and nothing active before the mailbox's reader says so."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose
from monitor.model.consent import ConsentAct, Suppression
from monitor.model.delivery import OutboxKind, OutboxState, Subscribed
from monitor.model.errors import StoreBusy
from monitor.web.subscribe import TRAP

ANN = "ann@example.org"
BROWSER = "Mozilla/5.0 (X11; Linux)"


def ask(door, address=ANN, digest="weekly", language="en", headers=None, **fields):
    return door.post(
        f"/{digest}/subscribe/",
        {"address": address, "language": language, **fields},
        **{"user_agent": BROWSER, **(headers or {})},
    )


def link_in(message, kind="c"):
    return re.search(rf"https://news\.example\.org(/{kind}/\S{{40}})", message.get_body(("plain",)).get_content())[1]


def suppress(door, address=ANN, digest="", reason="complaint"):
    mac = address_mac(door.sender.suppression_key, address)
    door.store.suppress(Suppression(mac, digest, reason, door.clock()), address)


# The form


def test_the_form_asks_for_address_and_language_and_works_without_script(door):
    page = door.get("/weekly/subscribe/", accept_language="be")
    assert page.status == 200
    assert '<html lang="be">' in page.text
    assert 'type="email"' in page.text
    assert "<script" not in page.text
    assert re.search(r'<option value="be" lang="be" selected>', page.text), "the reader's own language is chosen"
    assert (page.headers["Cache-Control"], page.headers["Set-Cookie"]) == ("no-store", None)


def test_the_form_of_an_unknown_digest_is_not_found(door):
    assert door.get("/monthly/subscribe/").status == 404
    assert ask(door, digest="monthly").status == 404


def test_the_address_without_a_slash_leads_to_the_form(door):
    answer = door.get("/weekly/subscribe")
    assert (answer.status, answer.headers["Location"]) == (308, "/weekly/subscribe/")


def test_looking_at_the_form_writes_nothing(door):
    for method in ("GET", "HEAD"):
        door.ask(method, "/weekly/subscribe/")
    assert door.store.subscriptions() == ()
    assert door.store.forget_paces(door.clock() + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "typed", ["", "  ", "ann", "ann@", "a n@example.org", "ann@example.org\r\nBcc: x@example.org", "<b>@x.org"]
)
def test_what_is_no_address_is_told_and_the_form_keeps_what_was_typed(door, typed):
    answer = ask(door, typed, language="be")
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert "<b>" not in answer.text
    assert door.store.subscriptions() == ()
    assert '<option value="be" lang="be" selected>' in answer.text


# One answer to everybody


def test_the_answer_tells_nobody_whether_an_address_is_known(door):
    door.subscribe("active@example.org")
    door.subscribe("ended@example.org", Subscribed.ENDED)
    door.subscribe("waiting@example.org", Subscribed.WAITING)
    door.subscribe("bounced@example.org", Subscribed.SUPPRESSED)
    suppress(door, "listed@example.org")
    people = ("active", "ended", "waiting", "bounced", "listed", "unknown")
    answers = {name: ask(door, f"{name}@example.org", headers={"peer": f"203.0.{place}.1"}) for place, name in enumerate(people)}
    shapes = {
        (one.status, one.text.replace(f"{name}@", "X@"), tuple(sorted(one.headers.items()))) for name, one in answers.items()
    }
    lengths = {(status, text) for status, text, _ in shapes}
    assert len(lengths) == 1
    assert all(one.headers["Connection"] == "close" for one in answers.values())
    told = {row.recipient: row.kind for row, _ in door.mails()}
    assert told == {
        "active@example.org": OutboxKind.NOTICE,
        "ended@example.org": OutboxKind.CONFIRMATION,
        "waiting@example.org": OutboxKind.CONFIRMATION,
        "unknown@example.org": OutboxKind.CONFIRMATION,
    }


def test_a_domain_that_does_not_exist_is_answered_as_any_other(door):
    one, other = ask(door, "ann@example.org"), ask(door, "ann@no-such-domain.invalid")
    assert (one.status, one.text.replace("example.org", "X")) == (other.status, other.text.replace("no-such-domain.invalid", "X"))


def test_nothing_is_looked_up_before_the_answer_is_out(door, monkeypatch):
    """The work comes after the last byte: how long it takes cannot be measured from outside."""
    order = []
    known = type(door.store).subscribe_all

    def late(self, wishes):
        order.append("looked up")
        return known(self, wishes)

    monkeypatch.setattr(type(door.store), "subscribe_all", late)
    original = door.app

    async def watched(scope, receive, send):
        async def noting(message):
            if message["type"] == "http.response.body" and not message.get("more_body"):
                order.append("answered")
            await send(message)

        await original(scope, receive, noting)

    door.app = watched
    ask(door)
    assert order == ["answered", "looked up"]


def test_a_store_that_fails_after_the_answer_is_recorded_and_breaks_nothing(door, monkeypatch, capsys):
    def busy(self, wishes):
        raise StoreBusy("locked")

    monkeypatch.setattr(type(door.store), "subscribe_all", busy)
    assert ask(door).status == 200
    assert "could not be kept" in capsys.readouterr().out


# The wish and its mail


def test_an_asking_is_kept_as_waiting_with_its_proof(door):
    ask(door, " Ann@Example.ORG ", language="be", headers={"peer": "2001:db8:1:2::3"})
    [kept] = door.store.subscriptions()
    assert (kept.address, kept.canonical, kept.language, kept.state) == (
        "Ann@Example.ORG",
        "Ann@example.org",
        "be",
        Subscribed.WAITING,
    )
    [consent] = door.store.consents([kept.id])
    assert (consent.act, consent.at, consent.prefix, consent.agent) == (
        ConsentAct.ASKED, door.clock(), "2001:db8:1::/48", BROWSER,
    )  # fmt: skip
    assert re.fullmatch(r"subscribe/en/[0-9a-f]{8}", consent.wording)


def test_the_mail_is_a_plain_automatic_one_that_nothing_can_be_left_with(door):
    ask(door)
    [(row, mail)] = door.mails()
    assert (row.kind, row.edition, row.recipient) == (OutboxKind.CONFIRMATION, "", ANN)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == ANN
    assert not [name for name in mail if name.lower().startswith(("list-", "precedence", "feedback-id"))]
    assert mail.get_content_type() == "multipart/alternative"
    plain, rich = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert link_in(mail) in rich
    assert "<img" not in rich, "no tracking"
    assert max(map(len, plain.splitlines())) <= 78
    assert "src=" not in rich
    assert rich.count("href=") == 1


@pytest.mark.parametrize(
    ("language", "subject", "word"),
    [
        ("en", "Confirm your subscription: Talks weekly", "press the button"),
        ("be", "Пацвердзіце падпіску: Перамовы за тыдзень", "націсніце"),
        ("ru", "Подтвердите подписку: Зерно", "нажмите"),
    ],
)
def test_the_mail_speaks_the_language_that_was_asked_for(door, language, subject, word):
    ask(door, language=language, digest="grain" if language == "ru" else "weekly")
    [(row, mail)] = door.mails()
    assert (mail["Subject"], mail["Content-Language"], row.language) == (subject, language, language)
    assert word in mail.get_body(("plain",)).get_content()
    assert f'<html lang="{language}">' in mail.get_body(("html",)).get_content()


def test_an_address_in_another_script_gets_its_mail_too(door):
    ask(door, "аня@пример.example")
    [(row, mail)] = door.mails()
    assert row.recipient == "аня@xn--e1afmkfd.example"
    assert door.get(link_in(mail)).status == 200


def test_a_hostile_title_adds_no_header_and_no_markup(door):
    [weekly, grain] = door.files.digests
    door.files = replace(door.files, digests=(replace(weekly, title={"en": "<b>X</b>\r\nBcc: eve@example.org"}), grain))
    assert "<b>X" not in door.get("/weekly/subscribe/").text
    assert "<b>X" not in ask(door).text
    [(_, mail)] = door.mails()
    assert mail["Bcc"] is None
    assert "<b>X" not in mail.get_body(("html",)).get_content()


def test_a_language_the_digest_is_not_made_in_gives_way_to_its_first(door):
    ask(door, language="tlh")
    assert door.store.subscriptions()[0].language == "en"


def test_a_known_active_address_is_told_so_once_a_day_with_the_way_to_its_preferences(door):
    kept = door.subscribe()
    for hours in (0, 1, 25):
        door.clock.advance(timedelta(hours=hours))
        ask(door)
        door.clock.advance(timedelta(minutes=30))
    mails = door.mails()
    assert [row.kind for row, _ in mails] == [OutboxKind.NOTICE] * 2
    assert link_in(mails[0][1], "p") == door.path("p", Purpose.MANAGE, kept)
    assert mails[0][1]["Subject"] == "You are subscribed: Talks weekly"
    assert door.state(kept) == (Subscribed.ACTIVE, "test")


def test_one_who_left_may_ask_again_and_waits_for_confirmation(door):
    kept = door.subscribe(state=Subscribed.ENDED)
    ask(door, language="be")
    found = door.store.subscription(kept.id)
    assert (found.state, found.language) == (Subscribed.WAITING, "be")
    [(_, mail)] = door.mails()
    assert link_in(mail) == door.path("c", Purpose.CONFIRM, kept)


@pytest.mark.parametrize("digest", ["", "weekly"], ids=["all digests", "this digest"])
def test_a_suppressed_address_gets_nothing(door, digest):
    suppress(door, digest=digest)
    ask(door)
    assert door.mails() == []
    assert door.store.subscriptions() == ()


def test_an_address_suppressed_for_one_digest_may_have_another(door):
    suppress(door, digest="grain")
    ask(door)
    assert len(door.mails()) == 1


def test_a_mailbox_that_is_gone_is_not_asked_about_another_digest(door):
    door.subscribe(state=Subscribed.SUPPRESSED, digest="grain")
    ask(door)
    assert door.mails() == []


def test_a_program_that_fills_in_the_hidden_field_is_answered_and_ignored(door):
    answer = ask(door, **{TRAP: "cheap pills"})
    assert answer.status == 200
    assert answer.text == ask(door, headers={"peer": "203.0.113.1"}).text
    assert len(door.store.subscriptions()) == 1


# Limits


def test_an_address_gets_at_most_three_mails_a_day_and_the_page_says_the_same(door):
    answers = [ask(door, headers={"peer": f"203.0.{place}.1"}).text for place in range(6)]
    assert len(set(answers)) == 1
    assert len(door.store.messages_to([1])) == 1, "asked for in one moment, it is one mail"
    for hour in range(5):
        door.clock.advance(timedelta(minutes=1))
        ask(door, "bob@example.org", headers={"peer": f"203.1.{hour}.1"})
    [bob] = door.store.subscriptions(canonical="bob@example.org")
    assert len(door.store.messages_to([bob.id])) == 3


def test_a_visitors_network_is_slowed_down_and_told_when_to_come_back(door):
    answers = [ask(door, f"p{n}@example.org", headers={"peer": f"192.0.2.{n}"}) for n in range(11)]
    assert [one.status for one in answers] == [200] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "360"
    assert "Try again in 6 minutes" in answers[-1].text
    assert ask(door, headers={"peer": "198.51.100.1"}).status == 200
    door.clock.advance(timedelta(seconds=361))
    assert ask(door, headers={"peer": "192.0.2.99"}).status == 200


def test_the_whole_site_has_a_limit_too(door, monkeypatch):
    from monitor.model.pace import Pace
    from monitor.web import subscribe

    monkeypatch.setattr(subscribe, "PER_SITE", Pace(0.01, 2))
    statuses = [ask(door, f"p{n}@example.org", headers={"peer": f"203.{n}.0.1"}).status for n in range(3)]
    assert statuses == [200, 200, 429]


def test_behind_a_trusted_proxy_the_visitor_is_limited_not_the_proxy(make_door):
    door = make_door(trusted=("10.0.0.0/8",))
    for n in range(12):
        answer = ask(door, f"p{n}@example.org", headers={"peer": "10.0.0.2", "x_forwarded_for": f"203.{n}.0.1"})
        assert answer.status == 200
    stranger = [
        ask(door, f"q{n}@example.org", headers={"peer": "198.51.100.9", "x_forwarded_for": f"203.{n}.0.1"}) for n in range(11)
    ]
    assert stranger[-1].status == 429


# Confirming


def confirmed(door, **given):
    ask(door, **given)
    [(_, mail)] = door.mails()
    return link_in(mail)


def test_looking_at_the_link_changes_nothing_however_often(door):
    link = confirmed(door)
    before = door.store.subscriptions(), door.store.consents([1])
    for method in ("GET", "HEAD", "GET"):
        assert door.ask(method, link).status == 200
    page = door.get(link)
    assert f'<form method="post" action="{link}">' in page.text
    assert "a…\u2060@example.org" in page.text
    assert ANN not in page.text
    assert (door.store.subscriptions(), door.store.consents([1])) == before
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_pressing_the_button_subscribes_with_proof_and_twice_is_harmless(door):
    link = confirmed(door, language="be")
    door.clock.advance(timedelta(days=6))
    first = door.post(link, {"confirm": "1"}, user_agent="Reader's own", peer="203.0.113.77")
    second = door.post(link, {"confirm": "1"})
    assert (first.status, second.status) == (200, 200)
    assert 'role="status"' in first.text
    assert "Вы падпісаны" in first.text
    assert "Вы падпісаны" in second.text
    [kept] = door.store.subscriptions()
    assert (kept.state, kept.how, kept.changed_at) == (Subscribed.ACTIVE, "confirmed", door.clock())
    [asked, agreed] = door.store.consents([kept.id])
    assert (asked.act, agreed.act) == (ConsentAct.ASKED, ConsentAct.CONFIRMED)
    assert (agreed.prefix, agreed.agent) == ("203.0.113.0/24", "Reader's own")
    assert re.fullmatch(r"confirm/be/[0-9a-f]{8}", agreed.wording)
    assert door.path("p", Purpose.MANAGE, kept) in first.text


def test_any_body_confirms(door):
    link = confirmed(door)
    assert door.ask("POST", link, b"whatever", {"content-type": "text/plain"}).status == 200
    assert door.store.subscriptions()[0].state is Subscribed.ACTIVE


def test_after_a_week_the_link_offers_a_new_one_that_works(door):
    link = confirmed(door)
    door.clock.advance(timedelta(days=7, seconds=1))
    page = door.get(link)
    assert "too old" in page.text
    assert 'name="again"' in page.text
    assert "too old" in door.post(link, {"confirm": "1"}).text
    assert door.store.subscriptions()[0].state is Subscribed.WAITING
    again = door.post(link, {"again": "1"})
    assert (again.status, 'role="status"' in again.text) == (200, True)
    [(row, mail)] = door.mails()
    assert row.kind is OutboxKind.CONFIRMATION
    assert link_in(mail) == link
    door.post(link_in(mail), {"confirm": "1"})
    assert door.store.subscriptions()[0].state is Subscribed.ACTIVE


def test_the_week_counts_from_when_it_was_last_asked(door):
    link = confirmed(door)
    door.clock.advance(timedelta(days=6))
    ask(door)
    door.clock.advance(timedelta(days=6))
    door.post(link)
    assert door.store.subscriptions()[0].state is Subscribed.ACTIVE


def test_an_old_link_brings_nobody_back_who_left(door):
    link = confirmed(door)
    door.post(link)
    [kept] = door.store.subscriptions()
    door.post(door.path("u", Purpose.UNSUBSCRIBE, kept))
    answer = door.post(link, {"confirm": "1"})
    assert answer.status == 200
    assert "leads nowhere" in answer.text
    assert "/weekly/subscribe/" in answer.text
    assert door.state(kept)[0] is Subscribed.ENDED


def test_a_link_whose_wish_was_forgotten_says_so(door):
    link = confirmed(door)
    assert door.store.forget_unconfirmed(door.clock() + timedelta(seconds=1)) == 1
    for answer in (door.get(link), door.post(link)):
        assert answer.status == 200
        assert "leads nowhere" in answer.text


def test_who_was_suppressed_since_is_not_subscribed_by_the_link(door):
    link = confirmed(door)
    mac = address_mac(door.sender.suppression_key, ANN)
    door.store.suppress(Suppression(mac, "", "complaint", door.clock()), "nobody@example.org")
    answer = door.post(link, {"confirm": "1"})
    assert "receives nothing" in answer.text
    assert door.store.subscriptions()[0].state is Subscribed.WAITING


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.CONFIRM])
def test_a_token_of_another_purpose_confirms_nothing(door, purpose):
    kept = door.subscribe(state=Subscribed.WAITING)
    answer = door.post(door.path("c", purpose, kept))
    assert answer.status == 404
    assert door.state(kept)[0] is Subscribed.WAITING


def test_a_confirmation_that_was_used_before_it_was_sent_stays_unsent(door):
    """Somebody confirmed by the first mail; the second is wanted by nobody."""
    ask(door)
    door.clock.advance(timedelta(minutes=5))
    ask(door)
    [kept] = door.store.subscriptions()
    door.post(door.path("c", Purpose.CONFIRM, kept))
    assert door.mails() == []
    assert door.store.outbox_counts()[OutboxState.SUPPRESSED] == 2
