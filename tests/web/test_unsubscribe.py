"""Leaving a digest over HTTP: reading changes nothing, posting ends it at once, and both may be repeated (RFC 8058)."""

import pytest

from monitor.delivery.tokens import Purpose, make_token
from monitor.model.delivery import Subscribed

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


@pytest.mark.parametrize(("body", "how"), [(b"List-Unsubscribe=One-Click", "one-click"), (b"", "page")])
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
    assert state(site, kept) == (Subscribed.ENDED, "page")
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
