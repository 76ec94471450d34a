"""`monitor rules diff`: two folders, and the revisions of a git repository."""

import json
import re
import shutil
import subprocess

import pytest

LINES = [
    {"id": "a", "title": "Talks agreed", "lang": "en", "published": "2019-03-01", "source": "Gazette", "labels": ["talks"]},
    {"id": "b", "title": "Talks on milk prices", "lang": "en", "published": "2019-03-05", "source": "Herald", "labels": []},
    {"id": "c", "title": "Envoys met", "lang": "en", "published": "2019-03-05", "source": "Herald"},
]


@pytest.fixture
def file(desk):
    return desk.write("some.jsonl", "\n".join(json.dumps(line) for line in LINES) + "\n")


def git(folder, *arguments):
    who = ["-c", "user.name=Desk", "-c", "user.email=desk@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(desk):
    git(desk.home, "init", "--quiet", "--initial-branch=main")
    git(desk.home, "add", "rules")
    git(desk.home, "commit", "--quiet", "-m", "one")
    return desk.home


def change(desk, *replaced, folder="rules"):
    rule = desk.home / folder / "talks.yml"
    text = rule.read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    rule.write_text(text, encoding="utf-8")


ENVOYS = ('["talks"]', '["talks", "envoys"]')
NARROWER = ('["talks"]', '["talks <1> milk"]')


def test_the_folder_against_the_last_commit_tells_words_and_articles_won(desk, repository, file):
    change(desk, ENVOYS, ("version: 1", "version: 2"))
    [told] = desk.lines("rules", "diff", "--file", file)
    assert (told["old_version"], told["new_version"], told["unversioned"]) == (1, 2, False)
    assert told["changes"] == [{"what": "terms.talks.en", "removed": [], "added": ["envoys"]}]
    assert (told["old_hits"], told["new_hits"]) == (2, 3)
    assert [(item["id"], item["mark"]) for item in told["won"]] == [("c", "unlabelled")]


def test_two_revisions_are_compared_whatever_the_folder_holds(desk, repository, file):
    change(desk, ENVOYS)
    git(repository, "commit", "--quiet", "-am", "two")
    (desk.home / "rules" / "talks.yml").write_text("broken", encoding="utf-8")
    [told] = desk.lines("rules", "diff", "HEAD~1..HEAD", "--file", file)
    assert len(told["won"]) == 1
    assert told["unversioned"]
    assert desk.lines("rules", "diff", "HEAD..HEAD", "--file", file) == []


def test_a_labelled_loss_is_a_regression_and_ends_with_1(desk, repository, file):
    change(desk, NARROWER)
    out = re.sub(r" +", " ", desk.run("rules", "diff", "HEAD", "--file", file, expect=1).stdout)
    assert re.search(r"LOST 2019-03-01 relevant \S+\n Gazette “Talks agreed”", out)
    assert "1 regression among what is labelled" in out
    assert "no regressions" not in out


def test_with_a_loss_that_nobody_labelled_it_never_says_no_regressions(desk, repository):
    file = desk.write("some.jsonl", json.dumps({"id": "x", "title": "Talks", "lang": "en"}) + "\n")
    change(desk, NARROWER)
    out = desk.run("rules", "diff", "--file", file, expect=1).stdout
    assert "1 loss that nobody labelled" in out
    assert "no regressions" not in out


def test_without_a_loss_it_says_so(desk, repository, file):
    change(desk, ENVOYS)
    assert "no regressions" in desk.run("rules", "diff", "--file", file).stdout


def test_two_folders_over_the_database(desk, tmp_path):
    desk.run("poll")
    shutil.copytree(desk.home / "rules", desk.home / "other")
    change(desk, ('["talks"]', '["harvest"]'), folder="other")
    [told] = desk.lines("rules", "diff", "--old", "rules", "--new", "other", expect=1)
    assert (len(told["won"]), len(told["lost"]), told["unlabelled_losses"]) == (1, 1, 1)


def test_a_change_that_finds_nothing_else_reads_no_article(desk, repository):
    change(desk, ("owner: desk", "owner: other"))
    out = desk.run("rules", "diff").stdout
    assert "desk → other" in out
    assert "nothing of it changes what is found" in out


def test_text_only_reads_no_article(desk, repository):
    change(desk, NARROWER)
    assert "no article was read" in desk.run("rules", "diff", "--text-only").stdout


WRONG = [
    (("nope..HEAD",), 'no revision "nope"'),
    (("--new", "rules"), "--new needs --old"),
    (("HEAD", "--old", "rules"), "either"),
    (("--output=x..HEAD",), "No such option"),
    (("HEAD..--output=x",), "no revision"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_wrong_use_is_told(desk, repository, arguments, said):
    assert said in desk.run("rules", "diff", *arguments, expect=2).stderr


def test_a_folder_outside_of_any_repository_is_told(desk, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(desk.home.parent))
    assert "git rev-parse" in desk.run("rules", "diff", expect=2).stderr


def test_a_folder_that_is_not_in_the_repository_is_told(desk, repository):
    shutil.copytree(desk.home / "rules", desk.home / "fresh")
    assert "no rule file at HEAD" in desk.run("rules", "diff", "--rules", "fresh", expect=2).stderr
