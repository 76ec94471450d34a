"""`monitor rules words`: prefixes against the dictionaries of a folder, in every form; nothing is written."""

import json

import pytest

AFFIXES = "SET UTF-8\nSFX A Y 4\nSFX A k ce k\nSFX A 0 i .\nSFX A 0 iem .\nSFX A 0 om .\n"
RULE = """schema: 1
id: flanks
version: 1
title: Flanks
status: draft
scope: {langs: [pl]}
terms: {flank: {pl: ["flank*"]}}
match: {require: [flank]}
tests:
  should_match: [{lang: pl, title: "flank"}]
  should_not_match: [{lang: pl, title: "bok"}]
"""


@pytest.fixture
def words(desk, tmp_path):
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "pl_PL.aff").write_text(AFFIXES, encoding="utf-8")
    (folder / "pl_PL.dic").write_text("1\nflank/A\n", encoding="utf-8")
    rules = tmp_path / "looked-at"
    rules.mkdir()
    (rules / "flanks.yml").write_text(RULE, encoding="utf-8")

    def run(*more, **how):
        return desk.run("rules", "words", "--rules", str(rules), "--dictionaries", str(folder), *more, **how)

    return run


def test_a_missed_form_is_told_in_json_and_ends_with_one(words):
    shown = words("--json", expect=1)
    [found] = map(json.loads, shown.stdout.splitlines())
    assert found["code"] == "W122"
    assert "flance" in found["message"]


def test_text_names_what_is_missed(words):
    assert "flance" in words(expect=1).stdout
