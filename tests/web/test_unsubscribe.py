"""Leaving a digest over HTTP: reading changes nothing, posting ends it at once, and both may be repeated (RFC 8058)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.delivery.tokens import Purpose, make_token
from monitor.model.delivery import OutboxState, Subscribed

ONE_CLICK = {"Content-Type": "application/x-www-form-urlencoded"}


def state(site, kept):
    found = site.world.store.subscription(kept.id)
    return found.state, found.how


def test_reading_the_page_changes_nothing_however_often(site):
    kept, link = site.subscribe("ann@example.org")
    for method in ("GET", "HEAD", "GET"):
        assert site.ask(method, link).status == 200
    page = site.get(link).text
    assert f'<form method="post" action="{link}">' in page
    assert "Stop receiving Talks weekly by mail?" in page
    assert state(site, kept) == (Subscribed.ACTIVE, "test")


@pytest.mark.parametrize(("body", "how"), [(b"List-Unsubscribe=One-Click", "one-click"), (b"leave=this", "page"), (b"", "post")])
def test_posting_ends_it_at_once_without_redirect_login_or_cookie(site, body, how):
    kept, link = site.subscribe("ann@example.org")
    answer = site.ask("POST", link, body, ONE_CLICK)
    assert answer.status == 200
    assert "You are unsubscribed" in answer.text
    assert answer.headers["Set-Cookie"] is None
    assert state(site, kept) == (Subscribed.ENDED, how)
    assert f'monitor_unsubscribes_total{{via="{how}"}} 1.0' in site.get("/metrics").text


def test_a_multipart_post_as_some_mail_programs_send_it_counts_as_one_click(site):
    kept, link = site.subscribe("ann@example.org")
    body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    assert site.ask("POST", link, body, {"Content-Type": "multipart/form-data; boundary=x"}).status == 200
    assert state(site, kept) == (Subscribed.ENDED, "one-click")


def test_a_second_click_is_answered_as_the_first_and_changes_nothing(site):
    kept, link = site.subscribe("ann@example.org")
    first = site.ask("POST", link, b"")
    second = site.ask("POST", link, b"List-Unsubscribe=One-Click")
    assert (second.status, second.text) == (first.status, first.text)
    assert state(site, kept) == (Subscribed.ENDED, "post")
    assert "You are unsubscribed" in site.get(link).text


@pytest.mark.parametrize(
    ("before", "after"), [(Subscribed.WAITING, Subscribed.ENDED), (Subscribed.SUPPRESSED, Subscribed.SUPPRESSED)]
)
def test_a_wish_not_confirmed_ends_and_a_suppressed_one_stays_so(site, before, after):
    kept, link = site.subscribe("ann@example.org", before)
    assert site.ask("POST", link, b"").status == 200
    assert state(site, kept)[0] is after


def test_one_persons_link_ends_nobody_elses_wish(site):
    ann, link = site.subscribe("ann@example.org")
    bob, _ = site.subscribe("bob@example.org")
    site.ask("POST", link, b"")
    assert state(site, ann)[0] is Subscribed.ENDED
    assert state(site, bob)[0] is Subscribed.ACTIVE


@pytest.mark.parametrize(
    "damage",
    [
        lambda link: link[:-1],
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link + "x",
        lambda _: "/u/%D0%BF" + "x" * 39,
        lambda _: "/u/" + make_token(b"another secret", Purpose.UNSUBSCRIBE, 1, "weekly"),
    ],
)
def test_a_damaged_or_forged_link_says_so_and_ends_nothing(site, damage):
    kept, link = site.subscribe("ann@example.org")
    for method in ("GET", "POST"):
        answer = site.ask(method, damage(link), b"" if method == "POST" else None)
        assert answer.status == 404
        assert "This link is damaged" in answer.text
    assert state(site, kept)[0] is Subscribed.ACTIVE


def test_a_token_of_another_purpose_is_worthless_here(site):
    kept, _ = site.subscribe("ann@example.org")
    token = make_token(site.world.parts.sender.secret, Purpose.CONFIRM, kept.id, "weekly")
    assert site.ask("POST", f"/u/{token}", b"").status == 404
    assert state(site, kept)[0] is Subscribed.ACTIVE


def test_a_person_erased_since_is_told_the_same(site):
    token = make_token(site.world.parts.sender.secret, Purpose.UNSUBSCRIBE, 999, "weekly")
    for method in ("GET", "POST"):
        answer = site.ask(method, f"/u/{token}", b"" if method == "POST" else None)
        assert answer.status == 200
        assert "You are unsubscribed" in answer.text


def test_the_page_is_neither_kept_nor_indexed_and_shows_no_address(site):
    _, link = site.subscribe("ann@example.org")
    answer = site.get(link)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "ann@" not in answer.text


def test_other_methods_are_refused(site):
    _, link = site.subscribe("ann@example.org")
    assert site.ask("PUT", link, b"").status == 405
    assert site.ask("DELETE", link).status == 405


# What the page offers, in the reader's own language


def leave(door, kept, fields=None, **headers):
    return door.post(door.path("u", Purpose.UNSUBSCRIBE, kept), fields, **headers)


@pytest.mark.parametrize(
    ("language", "ask", "gone"),
    [
        ("en", "Stop receiving", "You are unsubscribed"),
        ("be", "Больш не дасылаць", "Вы адпісаны"),
        ("ru", "Больше не присылать", "Вы отписаны"),
    ],
)
def test_the_page_speaks_the_language_of_the_subscription(door, language, ask, gone):
    kept = door.subscribe(language=language)
    page = door.get(door.path("u", Purpose.UNSUBSCRIBE, kept), accept_language="de")
    assert f'<html lang="{language}">' in page.text
    assert ask in page.text
    assert gone in leave(door, kept).text


def test_a_damaged_link_is_told_in_the_browsers_language(door):
    assert "Эта ссылка повреждена" in door.get("/u/cut", accept_language="ru").text


def test_one_button_leaves_this_digest_another_everything(door):
    weekly, grain = door.subscribe(), door.subscribe(digest="grain")
    bob = door.subscribe("bob@example.org")
    page = door.get(door.path("u", Purpose.UNSUBSCRIBE, weekly))
    assert 'value="all"' in page.text
    assert "You receive 1 other digest" in page.text
    leave(door, weekly, {"leave": "this"})
    assert (door.state(weekly)[0], door.state(grain)[0]) == (Subscribed.ENDED, Subscribed.ACTIVE)
    answer = leave(door, weekly, {"leave": "all"})
    assert "any other digest" in answer.text
    assert (door.state(grain), door.state(bob)[0]) == ((Subscribed.ENDED, "page"), Subscribed.ACTIVE)
    assert b'monitor_unsubscribes_total{via="page"} 2.0' in door.metrics.exposition()


def test_one_who_has_one_digest_is_offered_one_button(door):
    page = door.get(door.path("u", Purpose.UNSUBSCRIBE, door.subscribe()))
    assert page.text.count("<button") == 1


def test_a_slip_can_be_undone_at_once_and_is_kept_as_consent(door):
    kept = door.subscribe()
    page = leave(door, kept)
    assert 'value="again"' in page.text
    assert door.store.consents([kept.id]) == ()
    back = leave(door, kept, {"leave": "again"}, user_agent="Reader")
    assert 'role="status"' in back.text
    assert "You are subscribed again" in back.text
    assert door.state(kept) == (Subscribed.ACTIVE, "came back")
    [act] = door.store.consents([kept.id])
    assert (act.act.value, act.prefix, act.agent) == ("changed", "192.0.2.0/24", "Reader")


def test_one_that_bounced_is_not_brought_back_by_the_button(door):
    kept = door.subscribe(state=Subscribed.SUPPRESSED)
    page = door.get(door.path("u", Purpose.UNSUBSCRIBE, kept))
    assert 'value="again"' not in page.text
    leave(door, kept, {"leave": "again"})
    assert door.state(kept)[0] is Subscribed.SUPPRESSED


BODIES = [
    (b"leave=this", "application/x-www-form-urlencoded", "page"),
    (b"", "application/x-www-form-urlencoded", "post"),
    (b"", "", "post"),
    (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded", "one-click"),
    (b"List-Unsubscribe=One-Click", "text/plain", "one-click"),
    (
        b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--',
        "multipart/form-data; boundary=x",
        "one-click",
    ),
    (b'{"unsubscribe": true}', "application/json", "post"),
    (b"\xff\xfe%%%&&&=", "application/x-www-form-urlencoded", "post"),
    (b"leave=again", "text/plain", "post"),
    (b"x" * 50_000, "application/x-www-form-urlencoded", "post"),
    (b"&".join(b"a=1" for _ in range(300)), "application/x-www-form-urlencoded", "post"),
]


@pytest.mark.parametrize(("body", "kind", "how"), BODIES, ids=[f"{kind or 'no type'} {body[:12]!r}" for body, kind, _ in BODIES])
def test_whatever_a_mail_program_posts_ends_the_subscription(door, body, kind, how):
    kept = door.subscribe()
    answer = door.ask("POST", door.path("u", Purpose.UNSUBSCRIBE, kept), body, {"content-type": kind} if kind else {})
    assert (answer.status, answer.headers["Location"], answer.headers["Set-Cookie"]) == (200, None, None)
    assert door.state(kept) == (Subscribed.ENDED, how)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_no_other_method_writes(door, method):
    kept = door.subscribe()
    door.ask(method, door.path("u", Purpose.UNSUBSCRIBE, kept), b"List-Unsubscribe=One-Click")
    assert door.state(kept) == (Subscribed.ACTIVE, "test")


def test_a_link_of_a_mail_sent_under_the_secret_before_still_works(door):
    kept = door.subscribe()
    link = door.path("u", Purpose.UNSUBSCRIBE, kept)
    newer = replace(door.sender, secret=b"newer", previous_secrets=(door.sender.secret,))
    door.app.state.site = replace(door.app.state.site, sender=newer)
    assert door.post(link).status == 200
    assert door.state(kept)[0] is Subscribed.ENDED


def test_who_leaves_between_enqueue_and_claim_gets_no_mail(site):
    """An edition is frozen with its outbox; the reader leaves; then the sender comes round."""
    ann, link = site.subscribe("ann@example.org")
    bob, _ = site.subscribe("bob@example.org")
    report = site.publish("2019-W10", languages=("en",))
    assert report.messages == 2
    site.ask("POST", link, b"List-Unsubscribe=One-Click", ONE_CLICK)
    now = site.world.clock()
    claimed = site.world.store.claim("worker", now, now + timedelta(minutes=20), 10)
    assert [message.subscription for message in claimed] == [bob.id]
    states = {row.subscription: row.state for row in site.world.store.outbox()}
    assert states[ann.id] is OutboxState.SUPPRESSED


def test_the_page_names_nobody_in_any_header_or_referrer(door):
    kept = door.subscribe()
    answer = door.get(door.path("u", Purpose.UNSUBSCRIBE, kept))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
