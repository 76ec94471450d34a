"""Names, lexicons and filters in the workbench: edited as rules are, with the tests of all rules as the result, and never taken for a rule."""

import pytest

LEXICON = """\
schema: 1
id: crossings
description: What joins two banks.
terms: {en: ["(bridge*|ferr*)"]}
"""
NAME = "lexicons/crossings.yml"
RULE_ONLY = ("mark", "example", "exception", "preview", "delete")


@pytest.fixture
def lexicon(desk):
    """The file, there before anybody looks."""
    file = desk.rules / NAME
    file.parent.mkdir()
    file.write_text(LEXICON, encoding="utf-8")
    return file


def test_the_list_leads_to_them_apart_from_the_rules(ann, lexicon):
    page = ann.get("/desk/rules/").text
    assert f'<a href="/desk/rules/{NAME}/">{NAME}</a>' in page
    assert page.index("talks") < page.index(NAME)


def test_trying_runs_the_tests_of_all_rules_and_writes_nothing(ann, lexicon):
    answer = ann.send("try", NAME, yaml=LEXICON.replace("ferr*", "ferry"))
    assert answer.status == 200
    assert "Tests of all rules" in answer.plain
    assert "none fails" in answer.plain
    assert lexicon.read_text(encoding="utf-8") == LEXICON


def test_what_is_wrong_is_told_with_its_place_and_keeps_it_from_being_saved(ann, lexicon):
    wrong = LEXICON.replace("terms:", "tirms:")
    for action, status in (("try", 200), ("save", 422)):
        answer = ann.send(action, NAME, yaml=wrong)
        assert answer.status == status
        assert 'data-line="4"' in answer.text
        assert "tirms" in answer.plain
    assert lexicon.read_text(encoding="utf-8") == LEXICON


def test_saving_keeps_versions_and_they_come_back(desk, ann, lexicon):
    changed = LEXICON + "# more\n"
    answer = ann.save(changed, "more", NAME)
    assert answer.status == 303
    assert lexicon.read_text(encoding="utf-8") == changed
    versions = desk.store.rule_versions(NAME)
    assert [(one.editor, one.content) for one in versions] == [("ann", changed), ("", LEXICON)]
    back = ann.post(f"/desk/rules/{NAME}/restore", {**ann.fields(NAME), "version": versions[-1].id})
    assert back.status == 303
    assert lexicon.read_text(encoding="utf-8") == LEXICON
    assert "more" in ann.get(f"/desk/rules/{NAME}/history/").plain


def test_a_lexicon_that_breaks_a_rule_is_not_saved(desk, ann, lexicon):
    assert ann.save(ann.fields()["yaml"].replace("en: [", 'en: ["@crossings", ', 1)).status == 303
    answer = ann.save(LEXICON.replace("id: crossings", "id: elsewhere"), "", NAME)
    assert answer.status == 422
    assert "talks.yml" in answer.plain


def test_what_only_a_rule_has_is_not_there(desk, ann, lexicon):
    fields = {**ann.fields(NAME), "mark": "relevant:a1", "example": "should_match:a1"}
    assert {action: ann.post(f"/desk/rules/{NAME}/{action}", fields).status for action in RULE_ONLY} == dict.fromkeys(
        RULE_ONLY, 404
    )
    assert desk.store.marks() == ()
    page = ann.get(f"/desk/rules/{NAME}/").text
    assert 'id="days"' not in page
    assert 'id="preview"' not in page


def test_without_the_token_nothing_is_saved(ann, lexicon):
    assert ann.post(f"/desk/rules/{NAME}/save", {**ann.fields(NAME), "yaml": "x", "csrf": "0" * 40}).status == 403
    assert lexicon.read_text(encoding="utf-8") == LEXICON
