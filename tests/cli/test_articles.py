"""`monitor articles`: what is stored, with stories, matches and reasons."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)


@pytest.fixture
def polled(desk):
    desk.run("poll")
    return desk


def test_json_has_one_object_an_article_as_the_contract_names_it(polled):
    articles = {article["title"]: article for article in polled.lines("articles", "list")}
    talks = articles["Talks agreed"]
    assert {
        "id",
        "url",
        "canonical_url",
        "title",
        "published",
        "first_seen",
        "lang",
        "feed",
        "story",
        "matches",
        "text_chars",
        "reason",
    } <= set(talks)
    assert (talks["url"], talks["canonical_url"]) == (polled.server.url("/talks.html"),) * 2
    assert (talks["published"], talks["first_seen"], talks["lang"], talks["feed"]) == (
        "2019-03-05T13:00:00Z",
        "2019-03-06T09:00:00Z",
        "en",
        "gazette",
    )
    assert talks["story"]
    assert talks["text_chars"] > 200
    [match] = talks["matches"]
    assert (match["rule"], match["direction"]) == ("talks", "improves")
    assert {"field": "title", "start": 0, "end": 5, "text": "Talks", "term": "talks"} in match["spans"]
    assert articles["Harvest ends"]["matches"] == []
    assert articles["Harvest ends"]["story"] is None


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (["--rule", "talks"], ["Talks agreed"]),
        (["--rule", "other"], []),
        (["--matched"], ["Talks agreed"]),
        (["--feed", "gazette"], ["Harvest ends", "Talks agreed"]),
        (["--feed", "other"], []),
        (["--since", "2019-03-06"], ["Harvest ends", "Talks agreed"]),
        (["--since", "2019-03-07"], []),
        (["--since", "1h"], ["Harvest ends", "Talks agreed"]),
    ],
)
def test_options_narrow_the_list(polled, options, titles):
    assert sorted(article["title"] for article in polled.lines("articles", "list", *options)) == titles


def test_limit_cuts_the_list(polled):
    assert len(polled.lines("articles", "list", "--limit", "1")) == 1


def test_people_see_rules_with_their_direction_and_the_totals(polled):
    out = polled.run("articles", "list").stdout
    assert "↑talks" in out
    assert "2 articles, 1 matched, 1 story" in out


def test_an_empty_database_is_an_empty_list(desk):
    assert desk.lines("articles", "list") == []
    assert "0 articles" in desk.run("articles", "list").stdout


def test_one_article_is_shown_whole_by_the_beginning_of_its_id(polled):
    talks = next(article for article in polled.lines("articles", "list") if article["matches"])
    out = polled.run("articles", "show", talks["id"][:6]).stdout
    for words in ("Talks agreed", "The Gazette (independent, en)", "as the feed says", "↑ talks v1", "said on Tuesday"):
        assert words in out
    [shown] = polled.lines("articles", "show", talks["id"])
    assert "said on Tuesday" in shown["text"]


def test_an_ambiguous_beginning_is_wrong_use(polled):
    assert "more than one" in polled.run("articles", "show", "", expect=2).stderr
