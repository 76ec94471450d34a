"""What editions print, kept item by item: heads without pages, items by story, and what a search finds, on every engine."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.model.edition import Verdict
from monitor.model.printed import EditionHead, Printed, PrintedItem, PrintedLine
from monitor.store.printed_promises import SearchQuery

FORM = "1.1"


def head_of(edition):
    return EditionHead(
        edition.id, edition.digest, edition.key, edition.week, edition.window, edition.due_at, edition.frozen_at,
        edition.revision, edition.inputs_hash, tuple(edition.renditions),
    )  # fmt: skip


def item(head, words="talk bridg", title="", **changes):
    fields = {
        "digest": head.digest, "key": head.key, "week": head.week, "last_day": head.window.last_day, "language": "en", "place": 0,
        "kind": Printed.ITEM, "story": "s1", "item": "i1", "section": "talks", "section_title": "Talks", "verdict": Verdict.WORSE,
        "headline": "Talks on the bridge", "headline_language": "en",
        "lines": (PrintedLine("The «bridge» stands.", "en", "North"), PrintedLine("Мост", "ru")),
        "words": tuple(words.split()), "title_words": tuple(title.split()),
    }  # fmt: skip
    return PrintedItem(**fields | changes)


def shown(printed):
    """As a list gives it: without lines and words."""
    return replace(printed, lines=(), words=(), title_words=())


@pytest.fixture
def heads(store, make):
    """Three frozen editions, newest first: two of one digest, one of another."""
    made = []
    for key, digest in ((date(2019, 3, 18), "weekly"), (date(2019, 3, 11), "weekly"), (date(2019, 3, 4), "other")):
        edition = make.edition(key, digest)
        assert store.freeze_edition(edition, ())
        made.append(head_of(edition))
    return made


def test_heads_are_the_editions_without_their_pages_newest_window_first(store, heads):
    assert store.edition_heads() == tuple(heads)
    assert store.edition_heads("weekly") == tuple(heads[:2])
    assert store.edition_heads("nobody's") == ()
    assert heads[0].languages == ("ru", "en", "be")


def test_a_replaced_revision_has_a_head_where_it_is_asked_for(store, make):
    first = make.edition(revision=1)
    assert store.freeze_edition(first, ())
    second = replace(first, id=f"{first.id}/2", revision=2)
    assert store.freeze_revision(second, ())
    assert store.edition_heads("weekly") == (head_of(second),)
    assert set(store.edition_heads("weekly", revisions=True)) == {head_of(first), head_of(second)}


def test_one_rendition_is_read_alone(store, make, heads):
    assert store.rendition(heads[0].id, "be") == make.edition(heads[0].key).renditions["be"]
    assert store.rendition(heads[0].id, "de") is None
    assert store.rendition("weekly/1999-01-01", "be") is None


def test_items_are_listed_in_printing_order_newest_edition_first(store, heads):
    new = [item(heads[0]), item(heads[0], place=1, story="s2", kind=Printed.NOTE, item="")]
    old = [item(heads[1], language="ru"), item(heads[1])]
    for head, items in ((heads[1], old), (heads[0], new[::-1])):
        store.save_printed(head, items, FORM)
    assert store.printed_items("weekly") == tuple(map(shown, [*new, old[1], old[0]]))
    assert store.printed_items("weekly", language="ru") == (shown(old[0]),)
    assert store.printed_items("weekly", key=heads[1].key, language="en") == (shown(old[1]),)
    assert store.printed_items("weekly", stories=["s2"]) == (shown(new[1]),)
    assert store.printed_items("weekly", stories=[]) == ()
    assert store.printed_items("other") == ()


def test_what_is_saved_again_takes_the_place_of_what_was_there_and_is_found_no_more(store, heads):
    store.save_printed(heads[0], [item(heads[0], "old"), item(heads[0], "both", place=1)], FORM)
    store.save_printed(heads[0], [item(heads[0], "both new")], "2.1")
    found = {word: store.search(SearchQuery((word,), "en")).counts for word in ("old", "both", "new")}
    assert found == {"old": {}, "both": {"en": 1}, "new": {"en": 1}}
    assert store.indexed_editions(FORM) == frozenset()
    assert store.indexed_editions("2.1") == {heads[0].id}


def test_a_revision_takes_the_place_of_the_edition_it_corrects(store, make):
    first = make.edition(revision=1)
    store.freeze_edition(first, ())
    store.save_printed(head_of(first), [item(head_of(first), "mistak")], FORM)
    second = replace(first, id=f"{first.id}/2", revision=2)
    store.freeze_revision(second, ())
    store.save_printed(head_of(second), [item(head_of(second), "mend")], FORM)
    assert store.search(SearchQuery(("mistak",), "en")).counts == {}
    assert store.indexed_editions(FORM) == {second.id}


def test_every_word_must_be_there_whatever_the_order_and_the_script(store, heads):
    store.save_printed(heads[0], [item(heads[0], "talk bridg мост лукашенк 336")], FORM)
    for words in (("bridg",), ("bridg", "talk"), ("мост", "talk"), ("336",), ("лукашенк",)):
        assert store.search(SearchQuery(words, "en")).counts == {"en": 1}, words
    for words in (("bridg", "war"), ("bri",), ("мос",)):
        assert store.search(SearchQuery(words, "en")).counts == {}, words


def test_headlines_with_all_words_come_first_then_the_newest(store, heads):
    old, new = heads[1], heads[0]
    store.save_printed(new, [item(new, "talk bridg", story="text")], FORM)
    store.save_printed(old, [item(old, "talk bridg", "talk bridg", story="title")], FORM)
    assert [one.story for one in store.search(SearchQuery(("bridg", "talk"), "en")).found] == ["title", "text"]
    store.save_printed(old, [item(old, "talk bridg", "talk", story="title")], FORM)
    assert [one.story for one in store.search(SearchQuery(("bridg", "talk"), "en")).found] == ["text", "title"]


def test_hits_are_counted_by_language_and_shown_in_one_with_their_lines(store, heads):
    english, russian = item(heads[0]), item(heads[0], language="ru")
    store.save_printed(heads[0], [english, russian], FORM)
    answer = store.search(SearchQuery(("bridg",), "ru"))
    assert answer.counts == {"en": 1, "ru": 1}
    assert answer.found == (replace(russian, words=(), title_words=()),)


def test_a_search_can_be_kept_to_one_digest_and_is_cut_into_pages(store, heads):
    store.save_printed(heads[0], [item(heads[0], place=place, story=f"s{place}") for place in range(5)], FORM)
    store.save_printed(heads[2], [item(heads[2], story="elsewhere")], FORM)
    pages = [store.search(SearchQuery(("bridg",), "en", "weekly", start, 2)) for start in (0, 2, 4, 6)]
    assert [[one.story for one in page.found] for page in pages] == [["s0", "s1"], ["s2", "s3"], ["s4"], []]
    assert {page.counts["en"] for page in pages} == {5}
    assert store.search(SearchQuery(("bridg",), "en")).counts == {"en": 6}


@pytest.mark.parametrize(
    "word", ['"', "'", "a'b", 'a" OR "b', "talk*", "talk:*", "NEAR(", ")", "\\", "!", "&", "|", "ʰ", "\0", "-", ""]
)
def test_signs_of_the_engines_query_languages_are_no_signs_here(store, heads, word):
    store.save_printed(heads[0], [item(heads[0])], FORM)
    assert store.search(SearchQuery((word, "bridg"), "en")).counts in ({}, {"en": 1})


def test_no_words_find_nothing(store, heads):
    store.save_printed(heads[0], [item(heads[0])], FORM)
    assert store.search(SearchQuery((), "en")).found == ()


def test_articles_are_counted_by_feed_and_day(store, make):
    noon = make.now.replace(hour=12)
    numbers = {
        1: ("north", noon),
        2: ("north", noon + timedelta(hours=1)),
        3: ("south", noon + timedelta(days=1)),
        4: ("north", noon - timedelta(days=9)),
    }
    store.save_poll(
        [(make.article(n, feed_id=feed, first_seen=at), make.analysis(f"a{n:05}")) for n, (feed, at) in numbers.items()], None
    )
    today = noon.date()
    assert store.articles_by_day(noon - timedelta(days=7)) == {"north": {today: 2}, "south": {today + timedelta(days=1): 1}}
    assert store.articles_by_day(noon + timedelta(days=7)) == {}


def test_a_copy_of_the_database_finds_the_same(store, heads, tmp_path):
    from monitor.store.open import open_store

    store.save_printed(heads[0], [item(heads[0])], FORM)
    store.backup(tmp_path / "copy.db")
    copy = open_store(f"sqlite:///{tmp_path}/copy.db")
    assert copy.search(SearchQuery(("bridg",), "en")) == store.search(SearchQuery(("bridg",), "en"))
    copy.close()


def test_the_stamp_changes_when_an_edition_is_frozen_indexed_or_corrected_and_at_nothing_else(store, make):
    first = make.edition(revision=1)
    second, third = (replace(first, id=f"{first.id}/{number}", revision=number) for number in (2, 3))
    stamps = [store.printed_stamp()]
    for edition in (first, second, third):
        (store.freeze_revision if edition.revision > 1 else store.freeze_edition)(edition, ())
        stamps.append(store.printed_stamp())
        store.save_printed(head_of(edition), [item(head_of(edition))], FORM)
        stamps.append(store.printed_stamp())
    assert len(set(stamps)) == len(stamps)
    store.save_printed(head_of(third), [item(head_of(third))], FORM)
    assert not store.freeze_edition(first, ())
    assert store.printed_stamp() == stamps[-1]
