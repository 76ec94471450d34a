"""Drafts are read with the folder around them, by the loader of production; nothing is written into it."""

import pytest

from monitor.model.errors import WorldFailed
from monitor.model.problem import Place
from monitor.trials.drafts import check_draft, check_with


@pytest.fixture
def text(rules):
    return (rules / "talks.yml").read_text(encoding="utf-8")


def test_a_draft_is_read_as_if_it_lay_in_the_folder_and_the_folder_stays(rules, text):
    before = {file: file.read_bytes() for file in rules.rglob("*")}
    found = check_draft(rules, "talks.yml", text.replace("threshold: 2", "threshold: 2.5"))
    assert (found.rule.threshold, found.errors) == (2.5, ())
    assert {file: file.read_bytes() for file in rules.rglob("*")} == before


def test_what_is_wrong_is_told_with_its_place_in_the_file_itself(rules, text):
    found = check_draft(rules, "talks.yml", text.replace("within:", "withn:"))
    [problem] = found.errors
    assert (problem.code, problem.place, found.rule) == ("E002", Place("talks.yml", 14, 36), None)
    assert "monitor-draft" not in str(problem)


def test_names_of_the_folder_hold_in_a_draft(rules, text):
    (rules / "names").mkdir()
    (rules / "names" / "places.yml").write_text(
        'schema: 1\nnames:\n  - {id: minsk, kind: place, printed: {en: Minsk}, variants: {en: ["minsk"]}}\n', encoding="utf-8"
    )
    draft = text.replace('"capital"', '"@minsk"').replace("talks in the capital", "talks in Minsk")
    assert check_draft(rules, "talks.yml", draft).errors == ()
    [problem] = check_draft(rules, "talks.yml", draft.replace("@minsk", "@pinsk")).errors
    assert problem.code == "E012"


def test_a_wrong_file_beside_it_is_told_apart_and_left_out_of_the_trial(rules, text):
    (rules / "broken.yml").write_text("id: [\n", encoding="utf-8")
    found = check_draft(rules, "talks.yml", text)
    assert (found.own, [problem.place.file for problem in found.others]) == ((), ["broken.yml"])
    assert (found.left_out, found.rule.id) == (("broken.yml",), "talks")
    assert found.check.ruleset is not None


def test_a_file_taken_away_is_missed_by_those_that_name_it(rules, text):
    other = text.replace("id: talks", "id: other").replace("owner: desk", "owner: desk\nrelated: [talks]")
    (rules / "other.yml").write_text(other, encoding="utf-8")
    assert [problem.code for problem in check_with(rules, {}).problems] == []
    assert "E015" in [problem.code for problem in check_with(rules, {"talks.yml": None}).problems]


def test_a_file_that_is_a_link_to_elsewhere_is_not_read(rules, text, tmp_path):
    (tmp_path / "far.yml").write_text("id: [\n", encoding="utf-8")
    (rules / "far.yml").symlink_to(tmp_path / "far.yml")
    assert check_with(rules, {}).problems == ()


def test_no_room_for_the_copy_is_told(rules, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    with pytest.raises(WorldFailed, match="No space left"):
        check_with(rules, {})
