"""`monitor rules hygiene`, over the database, a file, and the history of a git repository."""

import json
import subprocess

import pytest


def git(folder, *arguments):
    who = ["-c", "user.name=Desk", "-c", "user.email=desk@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(desk):
    git(desk.home, "init", "--quiet", "--initial-branch=main")
    git(desk.home, "add", "rules")
    git(desk.home, "commit", "--quiet", "-m", "one")
    return desk.home


def change(desk, old, new):
    rule = desk.home / "rules" / "talks.yml"
    text = rule.read_text(encoding="utf-8")
    assert old in text
    rule.write_text(text.replace(old, new), encoding="utf-8")


def archive(desk, count, title):
    days = [f"2018-{month:02}-{day:02}" for month in (12,) for day in range(8, 8 + count)]
    lines = [{"id": day, "title": title, "lang": "en", "published": day, "source": "Gazette"} for day in days]
    return desk.write("some.jsonl", "\n".join(map(json.dumps, lines)) + "\n")


def test_rules_in_order_end_with_0_and_what_could_not_be_told_is_said(desk, repository):
    desk.run("poll")
    out = desk.run("rules", "hygiene").stdout
    assert "too young" in out
    assert "1 rule, 2 articles, 0 findings" in out


def test_a_silent_rule_ends_with_1(desk, repository):
    file = archive(desk, 9, "Nothing of the kind")
    [problem] = desk.lines("rules", "hygiene", "--file", file, expect=1)
    assert (problem["code"], problem["severity"]) == ("H101", "warning")
    assert desk.run("rules", "hygiene", "--file", archive(desk, 9, "Talks"))


def test_a_change_without_a_new_version_is_found_committed_or_not(desk, repository):
    change(desk, '["talks"]', '["talks", "envoys"]')
    assert [problem["code"] for problem in desk.lines("rules", "hygiene", expect=1)] == ["W111"]
    git(repository, "commit", "--quiet", "-am", "two")
    assert [problem["code"] for problem in desk.lines("rules", "hygiene", expect=1)] == ["W111"]
    change(desk, "version: 1", "version: 2")
    assert desk.lines("rules", "hygiene") == []


def test_without_a_repository_the_rest_is_still_told(desk, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(desk.home.parent))
    change(desk, "owner: desk\n", "")
    out = desk.run("rules", "hygiene", expect=1).stdout
    assert "W121" in out
    assert "No history" in out
    assert "No article" in out


def test_a_folder_that_was_never_committed_has_no_history_and_no_finding(desk, repository):
    git(repository, "rm", "--quiet", "-r", "--cached", "rules")
    git(repository, "commit", "--quiet", "-m", "two")
    assert desk.lines("rules", "hygiene") == []
