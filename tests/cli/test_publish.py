"""`monitor publish`: an edition asked for, due, tried, or made before."""

import json
from datetime import UTC, datetime, timedelta

import pytest

MONDAY = datetime(2019, 3, 11, 5, tzinfo=UTC)


@pytest.fixture
def polled(desk):
    desk.run("poll")
    desk.run = desk.at(MONDAY)
    return desk


def test_a_week_asked_for_is_frozen_and_its_files_are_named(polled):
    out = polled.run("publish", "weekly", "--week", "2019-W10").stdout
    assert "Talks weekly" in out
    assert "1 source" in out
    assert "0 messages in the outbox" in out
    folder = polled.home / "out" / "weekly" / "2019-W10"
    assert str(folder / "en") in out
    assert sorted(path.name for path in folder.iterdir()) == ["be", "en", "stories-talks.png"]


def test_json_tells_the_edition_its_folders_and_whether_it_is_new(polled):
    polled.run("subscribers", "add", "weekly", "ann@example.org")
    [first] = polled.lines("publish", "weekly", "--week", "2019-W10", "--lang", "en")
    assert first == {
        "edition": "weekly/2019-03-11",
        "week": "2019-W10",
        "folders": [str(polled.home / "out" / "weekly" / "2019-W10" / "en")],
        "messages": 1,
        "fresh": True,
    }
    [second] = polled.lines("publish", "weekly", "--week", "2019-W10")
    assert (second["messages"], second["fresh"]) == (0, False)


def test_an_edition_made_before_says_that_nothing_was_composed_anew(polled):
    polled.run("publish", "weekly", "--week", "2019-W10")
    out = polled.run("publish", "weekly", "--week", "2019-W10").stdout
    assert "was frozen before" in out
    assert "Talks agreed" not in out


def test_a_trial_freezes_nothing_and_goes_where_it_is_sent(polled):
    out = polled.run("publish", "weekly", "--week", "2019-W10", "--lang", "en", "--dry-run", "--out", "trial").stdout
    assert "dry run" in out
    folder = polled.home / "trial" / "weekly" / "2019-W10" / "en"
    assert {path.name for path in folder.iterdir()} == {"index.html", "edition.json", "edition.md", "edition.txt", "message.eml"}
    assert json.loads((folder / "edition.json").read_text(encoding="utf-8"))["window"]["week"] == "2019-W10"
    assert polled.run("lint", folder / "message.eml")
    [fresh] = polled.lines("publish", "weekly", "--week", "2019-W10")
    assert fresh["fresh"]


def test_a_trial_does_not_touch_what_was_published(polled):
    polled.run("publish", "weekly", "--week", "2019-W10")
    page = polled.home / "out" / "weekly" / "2019-W10" / "en" / "index.html"
    before = page.read_bytes()
    file = polled.home / "digests" / "weekly" / "digest.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("Talks weekly", "Weekly on talks"), encoding="utf-8")
    polled.run("publish", "weekly", "--week", "2019-W10", "--dry-run")
    assert page.read_bytes() == before
    trial = polled.home / "out" / "dry-run" / "weekly" / "2019-W10" / "en" / "index.html"
    assert "Weekly on talks" in trial.read_text(encoding="utf-8")


def test_without_a_week_what_is_due_is_made(desk):
    assert "Nothing is due of weekly" in desk.run("publish", "weekly").stdout
    assert desk.lines("publish", "weekly") == []
    desk.run("poll")
    desk.run = desk.at(MONDAY + timedelta(hours=1))
    [made] = desk.lines("publish", "weekly")
    assert (made["edition"], made["fresh"]) == ("weekly/2019-03-11", True)
    assert desk.lines("publish", "weekly") == []


def test_a_past_week_does_not_make_years_of_editions_due(desk):
    desk.run("publish", "weekly", "--week", "2016-W13")
    assert desk.lines("publish", "weekly") == []
    desk.run = desk.at(MONDAY)
    [made] = desk.lines("publish", "weekly")
    edition = json.loads((desk.home / "out" / "weekly" / "2019-W10" / "en" / "edition.json").read_text(encoding="utf-8"))
    assert (made["week"], edition["window"]["weeks"]) == ("2019-W10", 1)
