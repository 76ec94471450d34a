"""`monitor rules suggest`: what is proposed from a file of articles; nothing is written."""

import json

import pytest

ARTICLES = [
    {"id": "t1", "lang": "en", "title": "Talks agreed on the border bridge in the capital", "labels": ["talks"]},
    {"id": "t2", "lang": "en", "title": "Ministers agreed to hold talks about grain next month", "labels": ["talks"]},
    {
        "id": "m1",
        "lang": "en",
        "title": "Negotiations on the bridge",
        "text": "Negotiators met in the capital.",
        "labels": ["talks"],
    },
    {"id": "m2", "lang": "en", "title": "Fresh negotiations about grain", "text": "Negotiators met again.", "labels": ["talks"]},
    {"id": "f1", "lang": "en", "title": "The podcast talks show agreed on a new host for the autumn", "labels": []},
    {"id": "f2", "lang": "en", "title": "A new season of the podcast talks show was agreed on Monday", "labels": []},
]


@pytest.fixture
def ask(desk):
    desk.write("some.jsonl", "".join(json.dumps(article) + "\n" for article in ARTICLES))
    before = {file: file.read_bytes() for file in desk.home.rglob("*.yml")}

    def run(*words, **how):
        return desk.lines("rules", "suggest", *words, "--file", "some.jsonl", **how)

    yield run
    assert {file: file.read_bytes() for file in desk.home.rglob("*.yml")} == before, "nothing is written"


def test_forms_come_with_counts_prefixes_and_a_proposal(ask, desk):
    [found] = ask("forms", "en", "negotiations")
    assert found["forms"]["negotiations"] == 2
    assert found["prefixes"][-1]["safe"]
    text = desk.run("rules", "suggest", "forms", "en", "negotiations", "--file", "some.jsonl").stdout
    assert found["proposal"] in text
    assert ask("forms", "en", "harvest", expect=1)[0]["forms"] == {"harvest": 0}
    desk.run("rules", "suggest", "forms", "xx", "word", expect=2)
    desk.run("rules", "suggest", "forms", "en", "two words", expect=2)


def test_forms_are_taken_from_the_archive_too(desk):
    desk.run("poll")
    assert desk.lines("rules", "suggest", "forms", "en", "talks")[0]["forms"]["talks"] == 1


def test_variants_are_listed_by_language(ask, desk):
    assert ask("variants", "Podcastova", expect=1) == []
    desk.write("some.jsonl", json.dumps({"id": "a", "lang": "pl", "title": "Prezydent Łukaszenka"}) + "\n")
    assert ask("variants", "Лукашенко") == [{"text": "lukaszenka", "language": "pl", "articles": 1}]
    assert 'pl: ["lukaszenka"]' in desk.run("rules", "suggest", "variants", "Лукашенко", "--file", "some.jsonl").stdout
    assert "too short" in desk.run("rules", "suggest", "variants", "Макей", "--file", "some.jsonl", expect=2).stderr


def test_terms_are_those_of_missed_articles(ask, desk):
    assert {"negotiations", "negotiators"} <= {idea["word"] for idea in ask("terms", "talks")}
    assert "2 articles missed" in desk.run("rules", "suggest", "terms", "talks", "--file", "some.jsonl").stdout
    assert "no such rule" in desk.run("rules", "suggest", "terms", "tulks", expect=2).stderr


def test_an_exception_is_printed_with_tests_to_paste(ask, desk):
    [found] = ask("exception", "talks", "--false", "f1,f2")
    assert found["silenced"] == ["f1", "f2"]
    assert found["kept"] == 2
    text = desk.run("rules", "suggest", "exception", "talks", "--false", "f1,f2", "--file", "some.jsonl").stdout
    assert "all 2 labelled true hits still match" in text
    assert "podcast" in text
    assert "should_not_match" in text
    assert (
        "2 false hits"
        in desk.run("rules", "suggest", "exception", "talks", "--false", "f1", "--file", "some.jsonl", expect=2).stderr
    )
    assert "zz" in desk.run("rules", "suggest", "exception", "talks", "--false", "f1,zz", "--file", "some.jsonl", expect=2).stderr
