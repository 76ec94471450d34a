"""Saving over HTTP: nothing wrong is saved, nobody's work is lost, every version is kept and can be brought back."""

import re

import pytest

from monitor.model.editor import RuleVersion


def changed(fields, mark="# one\n"):
    return fields["yaml"] + mark


def versions(desk, name="talks.yml"):
    return [(one.editor, one.why, one.content) for one in reversed(desk.store.rule_versions(name))]


def test_a_text_is_saved_whole_with_who_and_why_and_the_service_is_told(desk, ann, told):
    fields = ann.fields()
    answer = ann.save(changed(fields), "  a note\tfor the  history ")
    assert answer.status == 303
    assert desk.rule.read_text(encoding="utf-8") == changed(fields)
    assert versions(desk) == [("", "", fields["yaml"]), ("ann", "a note for the history", changed(fields))]
    assert desk.reloads == [1]
    event, facts = told[-1]
    assert (event, facts["editor"], facts["rule"], facts["why"]) == ("rule_saved", "ann", "talks", "a note for the history")
    page = ann.get(answer.location)
    assert "Saved as version 2." in page.plain
    assert 'id="undo"' in page.text


def test_undo_brings_back_the_version_before_and_is_a_version_itself(desk, ann):
    fields = ann.fields()
    page = ann.get(ann.save(changed(fields)).location).text
    undo = re.search(r'id="undo" formaction="([^"]+)" name="version" value="(\d+)"', page)
    answer = ann.post(undo[1], {**ann.fields(), "version": undo[2]})
    assert answer.status == 303
    assert desk.rule.read_text(encoding="utf-8") == fields["yaml"]
    assert [(editor, content) for editor, _, content in versions(desk)] == [
        ("", fields["yaml"]),
        ("ann", changed(fields)),
        ("ann", fields["yaml"]),
    ]
    assert versions(desk)[-1][1] == "Version 1 brought back"


def test_saving_the_same_text_makes_no_version(desk, ann):
    assert ann.save(ann.fields()["yaml"]).location == "/desk/rules/talks.yml/"
    assert versions(desk) == []
    assert desk.reloads == []


def test_windows_line_ends_become_plain_ones_and_the_last_line_ends(desk, ann):
    fields = ann.fields()
    ann.save(fields["yaml"].replace("\n", "\r\n") + "# end")
    assert desk.rule.read_bytes() == (fields["yaml"] + "# end\n").encode()


def test_what_is_wrong_is_not_saved_and_all_of_it_is_told(desk, ann):
    before = desk.rule.read_bytes()
    text = ann.fields()["yaml"].replace("window:", "windov:").replace("require: [talks]", "require: [talk]")
    page = ann.save(text, "my reason")
    assert page.status == 422
    assert "Nothing was saved" in page.plain
    assert ("E002" in page.plain, "E007" in page.plain) == (True, True)
    assert (desk.rule.read_bytes(), versions(desk), desk.reloads) == (before, [], [])
    assert "windov:" in page.text
    assert 'value="my reason"' in page.text


def test_a_rule_cannot_be_given_the_id_of_another_file(desk, ann):
    page = ann.save(ann.fields()["yaml"].replace("id: talks", "id: other"))
    assert (page.status, "E006" in page.plain) == (422, True)


def test_two_broken_files_can_be_mended_one_by_one(desk, ann):
    good = desk.rule.read_text(encoding="utf-8")
    other = desk.rules / "other.yml"
    other.write_text("id: [", encoding="utf-8")
    desk.rule.write_text(good.replace("window:", "windov:"), encoding="utf-8")
    assert "E002" in ann.send("try").plain
    assert ann.save(good).status == 303
    assert ann.save(good.replace("id: talks", "id: other"), name="other.yml").status == 303


def test_a_draft_may_not_make_another_file_wrong(desk, ann):
    good = desk.rule.read_text(encoding="utf-8")
    other = good.replace("id: talks", "id: other").replace("owner: desk", "owner: desk\nrelated: [talks]")
    (desk.rules / "other.yml").write_text(other, encoding="utf-8")
    page = ann.send("delete", base=ann.fields()["base"])
    assert page.status == 422
    assert ("E015" in page.plain, "other.yml" in page.plain) == (True, True)
    assert desk.rule.exists()


def test_two_editors_at_once_lose_nothing(desk, ann):
    bob = desk.browser().log_in("bob", "staple of another kind")
    fields = ann.fields()
    assert bob.save(changed(fields, "# of bob\n")).status == 303
    page = ann.post("/desk/rules/talks.yml/save", {**fields, "yaml": changed(fields, "# of ann\n")})
    assert page.status == 409
    assert desk.rule.read_text(encoding="utf-8").endswith("# of bob\n")
    assert "somebody else saved this file" in page.plain
    assert ("-# of bob" in page.text, "+# of ann" in page.text) == (True, True)
    assert "# of ann\n</textarea>" in page.text
    base = re.search(r'name="base" value="(\w*)"', page.text)[1]
    assert ann.post("/desk/rules/talks.yml/save", {**fields, "base": base, "yaml": changed(fields, "# both\n")}).status == 303
    assert versions(desk)[-2][2].endswith("# of bob\n")
    assert versions(desk)[-1][2].endswith("# both\n")


def test_a_file_deleted_meanwhile_is_told_and_can_be_saved_anew(desk, ann):
    fields = ann.fields()
    bob = desk.browser().log_in("bob", "staple of another kind")
    (desk.rules / "other.yml").write_text(fields["yaml"].replace("id: talks", "id: other"), encoding="utf-8")
    desk.rule.unlink()
    assert ann.post("/desk/rules/talks.yml/save", fields).status == 404
    assert bob.get("/desk/rules/talks.yml/").status == 404


def test_changes_from_outside_are_kept_as_versions_too(desk, ann):
    fields = ann.fields()
    ann.save(changed(fields))
    desk.rule.write_text(changed(fields, "# by hand\n"), encoding="utf-8")
    assert "changed outside the workbench" in ann.get("/desk/rules/talks.yml/history/").plain
    ann.save(changed(fields, "# two\n"))
    assert [(editor, content[-10:]) for editor, _, content in versions(desk)[1:]] == [
        ("ann", changed(fields)[-10:]),
        ("", "# by hand\n"),
        ("ann", changed(fields, "# two\n")[-10:]),
    ]


def test_a_folder_that_cannot_be_written_says_so_and_offers_the_text(desk, ann, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    page = ann.get("/desk/rules/talks.yml/")
    assert 'id="save"' not in page.text
    assert "cannot be saved here" in page.plain
    assert 'id="download"' in page.text
    assert ann.save(changed(ann.fields())).status == 403


def test_read_only_tries_and_saves_nothing(make_desk):
    desk = make_desk(rules_read_only=True)
    ann = desk.browser().log_in()
    before = desk.rule.read_bytes()
    fields = ann.fields()
    assert "1 article found" in ann.send("try").plain
    for action, more in (("save", {"yaml": changed(fields)}), ("delete", {}), ("restore", {"version": "1"})):
        assert ann.send(action, **more).status == 403
    assert ann.post("/desk/new/", {"id": "bridges"}).status == 403
    assert ann.get("/desk/rules/talks.yml/delete/").status == 200
    assert (desk.rule.read_bytes(), len(list(desk.rules.glob("*.yml")))) == (before, 1)


def test_a_disk_that_is_full_loses_neither_the_file_nor_the_text(desk, ann, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    fields = ann.fields()
    monkeypatch.setattr("monitor.trials.rule_files.os.fsync", full)
    page = ann.post("/desk/rules/talks.yml/save", {**fields, "yaml": changed(fields)})
    assert page.status == 503
    assert "No space left on device" in page.plain
    assert "# one\n</textarea>" in page.text
    assert desk.rule.read_text(encoding="utf-8") == fields["yaml"]
    assert versions(desk) == []


def test_history_tells_who_when_why_and_what_differs(desk, ann):
    fields = ann.fields()
    ann.save(changed(fields), "first <b>")
    page = ann.get("/desk/rules/talks.yml/history/")
    assert "ann" in page.plain
    assert "first &lt;b&gt;" in page.text
    one = ann.get("/desk/rules/talks.yml/history/2/")
    assert "+# one" in one.plain
    assert "This is what the file says now." in one.plain
    first = ann.get("/desk/rules/talks.yml/history/1/")
    assert "found, not made here" in first.plain
    assert 'id="restore"' in first.text


@pytest.mark.parametrize("number", ["0", "99", "x", "1" * 30, "-1"])
def test_a_version_that_is_none_is_not_there(desk, ann, number):
    ann.save(changed(ann.fields()))
    assert ann.get(f"/desk/rules/talks.yml/history/{number}/").status == 404
    assert ann.send("restore", version=number).status == 404


def test_a_version_of_another_file_is_not_put_in_its_place(desk, ann):
    desk.store.add_rule_versions([RuleVersion("other.yml", desk.world.clock(), "bob", "", "id: other\n")])
    assert ann.send("restore", version="1").status == 404
    assert ann.get("/desk/rules/other.yml/history/").status == 200


def test_a_version_that_would_be_wrong_today_is_not_brought_back(desk, ann):
    desk.store.add_rule_versions([RuleVersion("talks.yml", desk.world.clock(), "bob", "", "id: [\n")])
    page = ann.send("restore", version="1")
    assert (page.status, "E001" in page.plain) == (422, True)


def test_a_stale_page_brings_nothing_back(desk, ann):
    ann.save(changed(ann.fields()))
    assert ann.send("restore", version="1", base="0" * 32).status == 409


def second_rule(desk):
    text = desk.rule.read_text(encoding="utf-8").replace("id: talks", "id: bridges")
    (desk.rules / "bridges.yml").write_text(text, encoding="utf-8")


def test_a_rule_is_deleted_after_a_question_and_can_be_brought_back(desk, ann, told):
    second_rule(desk)
    page = ann.get("/desk/rules/bridges.yml/delete/")
    assert "Delete bridges?" in page.plain
    assert (desk.rules / "bridges.yml").exists()
    answer = ann.send("delete", "bridges.yml", why="no longer needed")
    assert answer.status == 303
    assert not (desk.rules / "bridges.yml").exists()
    assert told[-1][0] == "rule_deleted"
    after = ann.get(answer.location)
    assert "bridges is deleted." in after.plain
    assert "/desk/rules/bridges.yml/history/" in after.text
    page = ann.get("/desk/rules/bridges.yml/history/").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert ann.post("/desk/rules/bridges.yml/restore", {"version": version, "base": ""}).status == 303
    assert (desk.rules / "bridges.yml").exists()


def test_a_rule_that_a_digest_prints_is_not_deleted(desk, ann):
    second_rule(desk)
    page = ann.send("delete")
    assert page.status == 422
    assert "digest.yml" in page.plain
    assert desk.rule.exists()


def test_the_last_rule_is_not_deleted(desk, ann):
    assert "E017" in ann.send("delete").plain
    assert desk.rule.exists()


def test_deleting_a_version_that_nobody_looked_at_is_refused(desk, ann):
    second_rule(desk)
    assert ann.send("delete", "bridges.yml", base="0" * 32).status == 409
