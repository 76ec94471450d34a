"""`monitor rules check, fmt, schema`: findings, what is mended, and the shape of files."""

import json

from monitor.rules.json_schema import json_schemas


def rule(desk):
    return desk.home / "rules" / "talks.yml"


def change(desk, old, new):
    text = rule(desk).read_text(encoding="utf-8")
    assert old in text
    rule(desk).write_text(text.replace(old, new), encoding="utf-8")


def test_check_explains_a_finding_with_an_example(desk):
    told = desk.run("rules", "check", "--explain", "w103").stdout
    assert "W103" in told
    assert "right" in told
    assert desk.lines("rules", "check", "--explain", "E007")[0]["code"] == "E007"
    assert "no finding" in desk.run("rules", "check", "--explain", "W999", expect=2).stderr


def test_check_mends_what_it_can_and_the_rules_load_again(desk):
    change(desk, 'talks: {en: ["talks"]}', 'talks: {en: ["talks", "talks", "ta\u200blks x"]}')
    assert [problem["code"] for problem in desk.lines("rules", "check")] == ["W103", "W120"]
    assert "mended" in desk.run("rules", "check", "--fix").stderr
    assert desk.lines("rules", "check", "--strict") == []
    assert desk.run("rules", "test")


def test_check_tells_more_when_asked(desk):
    assert desk.lines("rules", "check") == []
    assert {problem["severity"] for problem in desk.lines("rules", "check", "--info", "--strict")} == {"info"}


def test_a_baseline_keeps_what_stands_and_fails_on_what_is_new(desk):
    change(desk, 'talks: {en: ["talks"]}', 'talks: {en: ["talks", "ta*"]}')
    desk.write("rules/lint.yml", "# ours\ndisable: [W121]\n")
    desk.run("rules", "check", "--strict", expect=1)
    desk.run("rules", "check", "--baseline", "--strict")
    assert (desk.home / "rules" / "lint.yml").read_text(encoding="utf-8").startswith("# ours\ndisable: [W121]\nbaseline:\n")
    change(desk, '"ta*"', '"ta*", "no*"')
    desk.run("rules", "check", "--strict", expect=1)
    desk.run("rules", "check", "--baseline", "--strict")
    assert desk.lines("rules", "check") == []


def test_fmt_writes_the_shape_once_and_check_only_tells(desk):
    desk.run("rules", "fmt")
    before = rule(desk).read_text(encoding="utf-8")
    change(desk, "id: talks\n", "")
    rule(desk).write_text(rule(desk).read_text(encoding="utf-8") + "id: talks   # its name\n", encoding="utf-8")
    assert desk.lines("rules", "fmt", "--check", expect=1)[0]["changed"]
    assert "id: talks" in desk.run("rules", "fmt", "--diff", expect=1).stdout
    assert "changed" in desk.run("rules", "fmt").stdout
    after = rule(desk).read_text(encoding="utf-8").replace("\n\n", "\n")
    assert after == before.replace("id: talks\n", "id: talks   # its name\n").replace("\n\n", "\n")
    desk.run("rules", "fmt", "--check")


def test_fmt_leaves_a_broken_file_and_tells_of_it(desk):
    desk.write("rules/broken.yml", "a: [")
    assert "broken.yml" in desk.run("rules", "fmt", expect=2).stderr
    assert (desk.home / "rules" / "broken.yml").read_text(encoding="utf-8") == "a: ["


def test_schema_is_printed_or_written(desk):
    assert json.loads(desk.run("rules", "schema").stdout)["title"] == "A rule"
    assert json.loads(desk.run("rules", "schema", "names").stdout)["title"] == "Names"
    desk.run("rules", "schema", "--write")
    assert sorted(file.name for file in (desk.home / "rules" / "schema").iterdir()) == sorted(json_schemas())
    assert desk.run("rules", "check")


def test_check_tells_mistakes_of_the_expectations_though_the_rules_load(desk):
    desk.write("rules/expectations.yml", "expectations: [{rule: walks, at_least: 3}]\n")
    (problem,) = desk.lines("rules", "check", expect=1)
    assert (problem["code"], problem["line"]) == ("E015", 1)
    desk.write("rules/expectations.yml", "expectations: [{rule: talks, at_least: 3}]\n")
    assert desk.lines("rules", "check") == []
