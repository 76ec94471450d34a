"""Pages kept in memory: within their bound, never of another state, and gone when anybody publishes or corrects."""

import gzip
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import desk, pipeline
from monitor.digests.due import due_of_week
from monitor.store.open import open_store
from monitor.web import archive_pages, listing
from monitor.web.shelf import Body, Shelf, State, packed, tag_of

FILES, OTHER = object(), object()


def page(size, packed=0):
    return Body(b"x" * size, "text/html", tag_of(b""), "", packed=b"y" * packed)


def test_a_page_is_given_in_its_state_alone_and_another_state_empties_the_shelf():
    shelf, state = Shelf(), State("1", FILES)
    assert shelf.get(state, "a") is None
    shelf.put(state, "a", page(3))
    assert shelf.get(State("1", FILES), "a") == page(3)
    assert shelf.get(State("1", OTHER), "a") is None, "other files"
    assert shelf.get(state, "a") is None, "gone for good"


def test_what_was_printed_before_the_state_changed_is_not_kept_under_the_new_one():
    shelf, before, after = Shelf(), State("1", FILES), State("2", FILES)
    shelf.get(before, "a")
    shelf.get(after, "b")
    shelf.put(before, "a", page(3))
    assert shelf.get(after, "a") is None


def test_what_was_asked_for_longest_ago_makes_room():
    shelf, state = Shelf(most=10), State("1", FILES)
    shelf.get(state, "")
    for key in "ab":
        shelf.put(state, key, page(3, packed=1))
    shelf.get(state, "a")
    shelf.put(state, "c", page(4))
    assert [shelf.get(state, key) is not None for key in "abc"] == [True, False, True]


@given(st.lists(st.tuples(st.sampled_from("12"), st.sampled_from("abcdef"), st.integers(0, 12)), max_size=40))
def test_the_shelf_never_holds_more_than_it_may(steps):
    shelf = Shelf(most=20)
    for stamp, key, size in steps:
        state = State(stamp, FILES)
        shelf.get(state, key)
        shelf.put(state, key, page(size, packed=size // 3))
        there = [found for one in "abcdef" if (found := shelf.get(state, one))]
        assert sum(len(one.content) + len(one.packed) for one in there) <= 20


def test_packing_is_the_same_for_the_same_bytes_and_left_where_it_gains_nothing():
    assert packed(b"a" * 1000, "text/html") == packed(b"a" * 1000, "text/html") != b""
    assert packed(b"a" * 499, "text/html") == packed(b"a" * 1000, "image/png") == b""


PATHS = ("/", "/weekly/", "/weekly/2019-W09/en/", "/weekly/feed.en.atom", "/weekly/feed.en.json", "/sitemap.xml")


@pytest.fixture
def published(site):
    site.publish("2019-W09")
    return site


def test_a_page_is_printed_once_until_something_is_published(published, monkeypatch):
    calls = []
    counted = listing.digest_page
    monkeypatch.setattr(archive_pages, "digest_page", lambda *given: (calls.append(given), counted(*given))[1])
    tags = {published.get("/weekly/").headers["ETag"] for _ in range(3)}
    assert (len(calls), len(tags)) == (1, 1)
    assert published.get("/weekly/", If_None_Match=tags.pop()).status == 304
    assert len(calls) == 1
    published.get("/weekly/", Accept_Language="be")
    assert len(calls) == 2, "each language has its own"
    published.publish("2019-W10")
    assert "/weekly/2019-W10/en/" in published.get("/weekly/").text
    assert len(calls) == 3


def test_what_another_process_publishes_is_seen_at_the_next_request(make_world, make_door, tmp_path):
    """Its own connections to the same file, as another process has them."""
    url = f"sqlite:///{tmp_path}/monitor.db"
    mine, theirs = open_store(url), open_store(url)
    mine.upgrade()
    world = make_world("north", store=mine)
    world.article("north", "1", "Talks agreed", "The neighbours agreed on talks about the bridge, the minister said.\n" * 4)
    pipeline.poll(world.parts)
    door, parts = make_door(world), replace(world.parts, store=theirs)
    [digest] = parts.files.digests

    def publish(week):
        pipeline.publish(parts, digest, due_of_week(digest, week, world.clock()), ("en", "be"), tmp_path / "out")

    publish("2019-W09")
    before = {path: door.get(path).headers["ETag"] for path in PATHS}
    assert before == {path: door.get(path).headers["ETag"] for path in PATHS}
    publish("2019-W10")
    after = {path: door.get(path).headers["ETag"] for path in PATHS}
    assert [path for path in PATHS if before[path] == after[path]] == []
    theirs.close()


def test_a_correction_is_seen_at_the_next_request(published):
    before = published.get("/weekly/2019-W09/en/")
    world = published.world
    draft = desk.revise(
        world.parts, world.store.edition_of_week("weekly", "2019-W09"), {"en": "A name.", "be": "Імя."}, mail=False
    )
    desk.publish_draft(world.parts, desk.approve(world.parts, draft), world.out)
    after = published.get("/weekly/2019-W09/en/")
    assert "A name." in after.text
    assert before.headers["ETag"] != after.headers["ETag"]


def test_other_files_in_force_change_what_is_shown(published):
    published.get("/weekly/")
    parts = published.world.parts
    [digest] = parts.files.digests
    changed = replace(digest, title={**digest.title, "en": "Another name"})
    published.world.parts = replace(parts, files=replace(parts.files, digests=(changed,)))
    assert "Another name" in published.get("/weekly/").text


def test_a_kept_page_is_the_same_whether_compressed_or_not(published):
    plain = published.get("/weekly/2019-W09/en/")
    small = published.get("/weekly/2019-W09/en/", Accept_Encoding="gzip")
    assert gzip.decompress(small.body) == plain.body
    assert small.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-gzip"'
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in small.headers["Vary"]
    assert published.get("/weekly/2019-W09/en/", Accept_Encoding="gzip", If_None_Match=small.headers["ETag"]).status == 304
    assert len(small.headers.get_all("Vary")) == 1


def test_an_address_that_is_not_there_is_not_kept(published):
    assert published.get("/weekly/2019-W10/en/").status == 404
    published.publish("2019-W10")
    assert published.get("/weekly/2019-W10/en/").status == 200
