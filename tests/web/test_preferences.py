"""A person's own page: it shows and changes nothing by itself, and what is posted counts at once, for that person alone."""

import re
from datetime import timedelta

import pytest

from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose, make_token
from monitor.model.consent import ConsentAct, Suppression
from monitor.model.delivery import Subscribed

ANN = "ann@example.org"


def page_of(door, kept):
    return door.path("p", Purpose.MANAGE, kept)


def form(on=(), languages=None, shown=("weekly", "grain")):
    """What the page's form posts."""
    fields = {"save": "1", "digest": list(shown)}
    fields |= {f"on.{digest}": "1" for digest in on}
    return fields | {f"language.{digest}": language for digest, language in (languages or {}).items()}


def standing(door):
    return {one.digest: (one.state, one.language) for one in door.store.subscriptions(canonical=ANN)}


def test_the_page_shows_every_digest_and_writes_nothing(door):
    kept = door.subscribe(language="be")
    for method in ("GET", "HEAD", "OPTIONS"):
        door.ask(method, page_of(door, kept))
    page = door.get(page_of(door, kept))
    assert page.status == 200
    assert '<html lang="be">' in page.text
    assert re.search(r'name="on.weekly" value="1" checked', page.text)
    assert re.search(r'name="on.grain" value="1">', page.text)
    assert '<option value="be" lang="be" selected>' in page.text
    assert "a…\u2060@example.org" in page.text
    assert ANN not in page.text
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert door.state(kept) == (Subscribed.ACTIVE, "test")
    assert len(door.store.subscriptions()) == 1


def test_saving_turns_on_and_off_and_changes_languages_with_proof(door):
    kept = door.subscribe()
    door.clock.advance(timedelta(hours=1))
    answer = door.post(page_of(door, kept), form(on=["weekly", "grain"], languages={"weekly": "be", "grain": "ru"}))
    assert answer.status == 200
    assert re.search(r'role="status"[^>]*>Захавана', answer.text), "in the language chosen, from now on"
    assert standing(door) == {"weekly": (Subscribed.ACTIVE, "be"), "grain": (Subscribed.ACTIVE, "ru")}
    acts = door.store.consents(one.id for one in door.store.subscriptions())
    assert [act.act for act in acts] == [ConsentAct.CHANGED] * 2
    door.post(page_of(door, kept), form(on=["grain"]))
    assert standing(door) == {"weekly": (Subscribed.ENDED, "be"), "grain": (Subscribed.ACTIVE, "ru")}
    assert door.state(kept)[1] == "preferences"


def test_saving_what_stands_changes_nothing(door):
    kept = door.subscribe()
    before = door.store.subscriptions()
    door.clock.advance(timedelta(hours=1))
    door.post(page_of(door, kept), form(on=["weekly"], languages={"weekly": "en"}))
    assert door.store.subscriptions() == before
    assert door.store.consents([kept.id]) == ()


def test_one_button_leaves_all(door):
    kept = door.subscribe()
    door.subscribe(digest="grain")
    door.subscribe("bob@example.org")
    answer = door.post(page_of(door, kept), {"leave": "all"})
    assert "You have left everything" in answer.text
    assert 'name="leave"' not in answer.text
    assert {state for state, _ in standing(door).values()} == {Subscribed.ENDED}
    assert [one.canonical for one in door.store.subscriptions(states=(Subscribed.ACTIVE,))] == ["bob@example.org"]
    assert b'monitor_unsubscribes_total{via="preferences"} 2.0' in door.metrics.exposition()


def test_one_who_left_comes_back_by_the_page(door):
    kept = door.subscribe(state=Subscribed.ENDED)
    door.post(page_of(door, kept), form(on=["weekly"]))
    assert door.state(kept) == (Subscribed.ACTIVE, "preferences")


@pytest.mark.parametrize("posted", [{}, {"on.weekly": "1"}, {"save": "1"}, {"save": "1", "digest": "unknown", "on.unknown": "1"}])
def test_a_form_that_decides_nothing_changes_nothing(door, posted):
    kept = door.subscribe()
    assert door.post(page_of(door, kept), posted).status == 200
    assert standing(door) == {"weekly": (Subscribed.ACTIVE, "en")}


def test_a_foreign_body_changes_nothing(door):
    kept = door.subscribe()
    assert door.ask("POST", page_of(door, kept), b'{"leave": "all"}', {"content-type": "application/json"}).status == 200
    assert door.state(kept)[0] is Subscribed.ACTIVE


def test_a_language_the_digest_is_not_made_in_is_not_taken(door):
    kept = door.subscribe()
    door.post(page_of(door, kept), form(on=["weekly", "grain"], languages={"weekly": "ru", "grain": "be"}))
    assert standing(door) == {"weekly": (Subscribed.ACTIVE, "en"), "grain": (Subscribed.ACTIVE, "en")}


@pytest.mark.parametrize("digest", ["", "grain"], ids=["all digests", "this digest"])
def test_what_is_suppressed_can_be_turned_on_by_nobody_here(door, digest):
    kept = door.subscribe()
    mac = address_mac(door.sender.suppression_key, ANN)
    door.store.suppress(Suppression(mac, digest, "complaint", door.clock()), "other@example.org")
    page = door.post(page_of(door, kept), form(on=["weekly", "grain"]))
    assert "Nothing is sent to this address" in page.text
    assert "grain" not in standing(door)


def test_a_complaint_about_one_digest_leaves_the_other_to_be_chosen(door):
    kept = door.subscribe(digest="grain")
    mac = address_mac(door.sender.suppression_key, ANN)
    door.store.suppress(Suppression(mac, "grain", "complaint", door.clock()), ANN)
    page = door.post(page_of(door, kept), form(on=["weekly", "grain"]))
    assert standing(door) == {"grain": (Subscribed.SUPPRESSED, "en"), "weekly": (Subscribed.ACTIVE, "en")}
    assert "Saved." in page.text


def test_a_person_erased_since_is_told_that_nothing_is_kept(door):
    kept = door.subscribe()
    door.store.erase(ANN, Suppression("mac", "", "erased", door.clock()))
    for answer in (door.get(page_of(door, kept)), door.post(page_of(door, kept), form(on=["weekly"]))):
        assert answer.status == 200
        assert "Nothing is kept" in answer.text
    assert [one.canonical for one in door.store.subscriptions()] == [f"erased/{kept.id}"]


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.MANAGE])
def test_a_token_of_another_purpose_manages_nothing(door, purpose):
    kept = door.subscribe()
    answer = door.post(door.path("p", purpose, kept), {"leave": "all"})
    assert answer.status == 404
    assert "damaged" in answer.text
    assert door.state(kept)[0] is Subscribed.ACTIVE


def test_a_number_given_anew_is_not_the_person_of_the_token(door):
    """After a database was made anew the same number may be somebody else's."""
    kept = door.subscribe(digest="grain")
    page = door.get(f"/p/{door.path('p', Purpose.MANAGE, door.subscribe())[3:]}")
    assert "a…\u2060@example.org" in page.text
    other = door.get(f"/p/{make_token(door.sender.secret, Purpose.MANAGE, kept.id, 'weekly')}")
    assert "Nothing is kept" in other.text
