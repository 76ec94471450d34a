"""`monitor rules`: check, test, explain, list."""

import json


def test_check_tells_how_many_and_ends_with_0_for_sound_rules(desk):
    assert "1 file, 1 rule" in desk.run("rules", "check").stdout


def test_check_tells_every_error_with_place_and_mend_and_ends_with_2(desk):
    file = desk.home / "rules" / "talks.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("require: [talks]", "require: [talk]").replace("weight: 2", "weigth: 2"),
        encoding="utf-8",
    )
    done = desk.run("rules", "check", expect=2)
    assert "Nothing was loaded" in done.stdout
    problems = desk.lines("rules", "check", expect=2)
    assert len(problems) >= 2
    assert all(problem["line"] and problem["severity"] == "error" for problem in problems)
    assert any("talks" in problem["mend"] for problem in problems)


def test_check_of_another_folder_leaves_home_alone(desk, tmp_path):
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "x.yml").write_text("id: y\n", encoding="utf-8")
    assert desk.run("rules", "check", tmp_path / "drafts", expect=2)
    assert desk.run("rules", "check")


def test_a_warning_fails_a_strict_check_only(desk):
    file = desk.home / "rules" / "talks.yml"
    text = file.read_text(encoding="utf-8").replace('talks: {en: ["talks"]}', 'talks: {en: ["talks", "ta*"]}')
    file.write_text(text, encoding="utf-8")
    assert desk.lines("rules", "check")[0]["severity"] == "warning"
    assert desk.run("rules", "check", "--strict", expect=1)


def test_inline_tests_that_hold_end_with_0(desk):
    out = desk.run("rules", "test").stdout
    assert "talks    2/2" in out
    assert "2 tests: 2 passed, 0 failed, 0 todo." in out


def test_an_inline_test_that_fails_is_told_with_the_explanation_and_ends_with_1(desk):
    file = desk.home / "rules" / "talks.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("Harvest ends", "Harvest talks end"), encoding="utf-8")
    done = desk.run("rules", "test", expect=1)
    assert "FAIL" in done.stdout
    assert "Harvest talks end" in done.stdout
    outcomes = [(row["kind"], row["outcome"]) for row in desk.lines("rules", "test", "talks", expect=1)]
    assert len(outcomes) == 2
    assert len({outcome for _, outcome in outcomes}) == 2


def test_explain_tells_why_a_text_matches_or_not_in_its_exit_code_too(desk):
    assert "MATCH" in desk.run("rules", "explain", "talks", "--title", "Talks agreed", "--lang", "en").stdout
    assert "NO" in desk.run("rules", "explain", "talks", "--text", "Nothing of the kind", "--lang", "en", expect=1).stdout
    [told] = desk.lines("rules", "explain", "talks", "--title", "Talks agreed", "--lang", "en")
    assert told["matched"]


def test_explain_reads_standard_input_a_file_and_a_stored_article(desk):
    assert desk.run("rules", "explain", stdin="They held talks in the capital for three days.")
    desk.write(
        "some.jsonl", json.dumps({"id": "a", "title": "Talks agreed"}) + "\n" + json.dumps({"id": "b", "title": "Harvest"}) + "\n"
    )
    assert [told["matched"] for told in desk.lines("rules", "explain", "--file", "some.jsonl")] == [True, False]
    desk.run("poll")
    talks = next(article for article in desk.lines("articles", "list") if article["matches"])
    for name in (talks["id"][:8], talks["url"]):
        assert desk.run("rules", "explain", "talks", "--article", name)
    assert "0 stored articles" in desk.run("rules", "explain", "--article", "zz", expect=2).stderr


def test_list_tells_life_owner_tests_and_what_was_found_of_late(desk):
    bare = {"id": "talks", "version": 1, "status": "active", "owner": "desk", "title": "Talks", "tests": 2}
    assert desk.lines("rules", "list") == [{**bare, "last_hit": None, "per_week": 0.0}]
    assert "never" in desk.run("rules", "list").stdout
    desk.run("poll")
    [line] = desk.lines("rules", "list")
    assert line == {**bare, "last_hit": "2019-03-06T09:00:00Z", "per_week": 0.08}
    shown = desk.run("rules", "list").stdout
    assert "2019-03-06" in shown
