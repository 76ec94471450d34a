"""What editions print is indexed when they are frozen, found afterwards, and made anew for databases of older programs."""

import pytest

from monitor import pipeline, search_index
from monitor.digests.due import due_of_week
from monitor.model.printed import Printed
from monitor.store.printed_promises import SearchQuery
from monitor.text.search_words import query_words

BODY = "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4


@pytest.fixture
def world(make_world, tmp_path):
    world = make_world("north", "south")
    world.article("north", "1", "Talks agreed on the old bridge", BODY)
    world.article("south", "1", "Harbour strike", BODY.replace("talks", "wages").replace("bridge", "harbour"))
    pipeline.poll(world.parts)
    world.out = tmp_path / "out"
    return world


def publish(world, week="2019-W10", **options):
    [digest] = world.parts.files.digests
    return pipeline.publish(world.parts, digest, due_of_week(digest, week, world.clock()), ("en", "be"), world.out, **options)


def found(world, words, language="en"):
    return world.store.search(SearchQuery(query_words(words), language)).found


def test_an_edition_is_found_as_soon_as_it_is_frozen_by_headline_sentence_and_source(world):
    edition = publish(world).frozen
    [item] = found(world, "talks bridge")
    assert (item.week, item.kind, item.section, item.digest) == ("2019-W10", Printed.ITEM, "talks", edition.digest)
    assert any("The neighbours agreed" in line.text for line in item.lines)
    for words in ("minister", "BRIDGES", "neighbour agreed"):
        assert found(world, words) == (item,), words


def test_what_was_stored_and_not_published_is_not_found(world):
    assert found(world, "bridge") == ()
    publish(world)
    assert world.store.search(SearchQuery(query_words("harbour strike"), "en")).counts == {}


def test_a_trial_leaves_nothing_to_find(world):
    publish(world, dry_run=True)
    assert found(world, "bridge") == ()


def test_each_language_is_found_by_itself(world):
    publish(world)
    assert [item.language for item in found(world, "bridge", "be")] == ["be"]
    assert found(world, "bridge", "ru") == ()


def test_a_database_of_an_older_program_is_indexed_once(world):
    edition = publish(world).frozen
    world.store.save_printed(search_index.head_of(edition), (), "0")
    assert found(world, "bridge") == ()
    done = []
    assert search_index.index_missing(world.store, search_index.missing_editions(world.store), done.append) == 1
    assert [head.id for head in done] == [edition.id]
    assert len(found(world, "bridge")) == 1
    assert search_index.missing_editions(world.store) == []


def test_indexing_again_changes_nothing(world):
    edition = publish(world).frozen
    before = found(world, "bridge")
    search_index.index_edition(world.store, edition)
    publish(world)
    assert found(world, "bridge") == before
