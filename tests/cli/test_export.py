"""`monitor export` and `monitor db reindex`: the archive as files, brought up to date; databases of older programs are found in."""

import json

import pytest


@pytest.fixture
def published(desk):
    desk.run("poll")
    desk.run("publish", "weekly", "--week", "2019-W10")
    return desk


def test_an_export_says_what_it_wrote_and_doing_it_again_writes_nothing(published):
    first = json.loads(published.run("export", "site", "--json").stdout)
    assert first["written"] > 20
    assert (published.home / "site" / "weekly" / "2019-W10" / "en" / "index.html").is_file()
    again = json.loads(published.run("export", "site", "--json").stdout)
    assert (again["written"], again["unchanged"], again["removed"]) == (0, first["written"], 0)
    assert "0 files written" in published.run("export", "site").stdout


def test_an_export_for_nowhere_in_particular_names_no_address(published):
    published.run("export", "site", "--base-url", "")
    assert "canonical" not in (published.home / "site" / "index.html").read_text()
    published.run("export", "site", "--base-url", "https://pages.example.org/digest/")
    assert 'href="https://pages.example.org/digest/weekly/"' in (published.home / "site" / "weekly" / "index.html").read_text()


def test_a_folder_that_cannot_be_written_is_the_worlds_failure(published):
    published.write("site", "a file")
    assert published.run("export", "site/below", expect=3).stderr


def test_what_is_indexed_already_needs_nothing_and_all_can_be_made_anew(published):
    assert "Nothing to do." in published.run("db", "reindex").stdout
    assert "1 edition indexed." in published.run("db", "reindex", "--all").stdout
