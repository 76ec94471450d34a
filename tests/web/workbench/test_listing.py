"""The list of rules, and a new rule from the template."""

import pytest


def test_the_list_has_every_file_with_its_matches_and_what_is_wrong(desk, ann):
    (desk.rules / "broken.yml").write_text("id: [", encoding="utf-8")
    page = ann.get("/desk/rules/")
    assert 'href="/desk/rules/talks.yml/"' in page.text
    assert 'href="/desk/rules/broken.yml/"' in page.text
    assert "1 error" in page.plain
    assert '<svg class="weeks" role="img"' in page.text
    row = page.text.partition('href="/desk/rules/talks.yml/"')[2].partition("</tr>")[0]
    assert "2019-W10: 1 found" in row


def test_a_broken_rule_can_be_opened(desk, ann):
    (desk.rules / "broken.yml").write_bytes(b"id: \xff[")
    assert "\ufffd" in ann.fields("broken.yml")["yaml"]
    assert "E003" in ann.send("try", "broken.yml").plain


def test_findings_on_files_that_are_no_rules_are_listed(desk, ann):
    (desk.rules / "names").mkdir()
    (desk.rules / "names" / "x.yml").write_text("names: 3\n", encoding="utf-8")
    page = ann.get("/desk/rules/")
    assert "names/x.yml" in page.plain


def test_a_folder_without_rules_says_so(desk, ann):
    desk.rule.unlink()
    assert "There is no rule yet." in ann.get("/desk/rules/").plain


def test_a_new_rule_is_a_draft_that_loads_and_is_kept(desk, ann):
    answer = ann.post("/desk/new/", {"id": "bridges", "title": "Bridges", "langs": "en, be"})
    assert (answer.status, answer.location) == (303, "/desk/rules/bridges.yml/?saved=1")
    assert ann.send("try", "bridges.yml").status == 200
    text = (desk.rules / "bridges.yml").read_text(encoding="utf-8")
    assert ("status: draft" in text, "owner: ann" in text or 'owner: "ann"' in text, "langs: [en, be]" in text) == (
        True,
        True,
        True,
    )
    assert desk.store.rule_versions("bridges.yml")[0].editor == "ann"


def test_a_new_rule_goes_into_a_folder_that_has_rules(desk, ann):
    (desk.rules / "east").mkdir()
    text = desk.rule.read_text(encoding="utf-8").replace("id: talks", "id: ports")
    (desk.rules / "east" / "ports.yml").write_text(text, encoding="utf-8")
    assert '<option value="east">' in ann.get("/desk/new/").text
    assert ann.post("/desk/new/", {"id": "bridges", "topic": "east"}).location == "/desk/rules/east/bridges.yml/?saved=1"
    assert "../schema/rule.json" in (desk.rules / "east" / "bridges.yml").read_text(encoding="utf-8")
    assert ann.get("/desk/rules/east/bridges.yml/").status == 200
    assert ann.send("try", "east/bridges.yml").status == 200


@pytest.mark.parametrize(
    "given",
    [
        {"id": "talks"},
        {"id": "../x"},
        {"id": "X"},
        {"id": ""},
        {"id": "lint"},
        {"id": "bridges", "topic": "../../x"},
        {"id": "bridges", "langs": "english"},
        {"id": "bridges", "topic": "names"},
    ],
)
def test_a_new_rule_with_an_impossible_name_is_refused(desk, ann, given, tmp_path):
    before = sorted(tmp_path.rglob("*.y*ml"))
    page = ann.post("/desk/new/", given)
    assert (page.status, 'role="alert"' in page.text) == (422, True)
    assert sorted(tmp_path.rglob("*.y*ml")) == before


def test_a_title_that_is_yaml_stays_a_title(desk, ann):
    assert ann.post("/desk/new/", {"id": "bridges", "title": 'x: "y" # z'}).status == 303
    assert 'x: "y" # z' in ann.get("/desk/rules/").text.replace("&#34;", '"')
