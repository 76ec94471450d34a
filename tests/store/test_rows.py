"""Rows of databases that an older or a newer program wrote."""

import json

import pytest

from monitor.model.errors import StoreFailed
from monitor.store.rows import article, article_keys, article_row, edition_row, frozen_edition, identity_keys


def test_a_row_from_before_a_field_existed_takes_the_fields_default(make):
    row = article_row(make.article())
    details = json.loads(row["details"])
    del details["reason"], details["author"]
    back = article(row | {"details": json.dumps(details | {"given_up": 1})})
    assert (back.reason, back.author, back.source) == ("", "", make.article().source)


def test_an_edition_from_before_revisions_is_the_first(make):
    row = edition_row(make.edition())
    details = {name: value for name, value in json.loads(row["details"]).items() if name != "revision"}
    assert frozen_edition(row | {"details": json.dumps(details)}, []).revision == 1


@pytest.mark.parametrize("details", ["", "[]", '{"source": 3}', '{"text_source": "dream"}'])
def test_a_row_with_rubbish_in_it_is_a_failure_with_words(make, details):
    with pytest.raises(StoreFailed, match="cannot be read"):
        article(article_row(make.article()) | {"details": details})


def test_an_article_has_one_key_for_addresses_that_are_the_same(make):
    item = make.article(
        url="https://a.example", final_url="https://a.example", canonical_url="https://a.example", guid="", title=""
    )
    assert article_keys(item) == identity_keys("any feed", [], ["https://a.example"], [])
    assert len(article_keys(make.article())) == 5


def test_keys_tell_feeds_and_kinds_apart():
    keys = [identity_keys(feed, [text], [], []) for feed in ("f", "g") for text in ("a", "b")]
    keys += [identity_keys("f", [], ["a"], []), identity_keys("f", [], [], ["a"]), identity_keys("g", [], [], ["a"])]
    assert len(set.union(*keys)) == 7
