import pytest

from monitor.rules.compare import Change, compare_rules


@pytest.fixture
def change(harbour, ruleset):
    """What `compare_rules` says of the harbour rule with texts replaced."""

    def made(*replaced):
        text = harbour
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new, 1)
        one = ruleset({"harbour.yml": harbour})
        other = ruleset({"harbour.yml": text})
        return compare_rules(one, other)

    return made


def test_equal_rules_and_a_new_comment_are_no_change(change):
    assert change() == ()
    assert change(("schema: 1", "# a comment\nschema: 1")) == ()


CASES = [
    ("phrases added", ('["harbour*", "=PORT"]', '["harbour*", "quay*"]'), Change("terms.port.en", ("=PORT",), ("quay*",))),
    ("a threshold", ("threshold: 3", "threshold: 4"), Change("match.threshold", ("3",), ("4",))),
    ("a weight", ("{term: grain, weight: 2}", "{term: grain, weight: 1}"), Change("match.score", ("grain × 2",), ("grain × 1",))),
    (
        "a distance",
        ("within: 5", "within: 7"),
        Change("match.score", ("near(grain, port) ≤5 × 3",), ("near(grain, port) ≤7 × 3",)),
    ),
    ("a cue", ("score: 4, plover: CONSULT/visit", "score: 2"), None),
    ("a mask", ("grain of salt", "grain of truth"), Change("mask 0.en", ("grain of salt",), ("grain of truth",))),
    ("a reason", ("why: recipes", "why: cooking"), None),
    ("what is required", ("source_country: [ro]", "source_country: [bg]"), None),
    ("the window", ("window: 6", "window: 9"), Change("direction.window", ("6",), ("9",))),
    ("languages", ("langs: [en, ru, be]", "langs: [en, ru]"), Change("scope.langs", ("be",), ())),
]


@pytest.mark.parametrize(("what", "replaced", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_changes_articles_is_named_and_matters(change, what, replaced, expected):
    [found] = change(replaced)
    assert len(found.changes) == 1, what
    assert expected in (None, found.changes[0])
    assert found.matters
    assert found.unversioned


HEADER = [
    ("owner", ("owner: desk", "owner: other")),
    ("title", ("title: Grain in the harbour", "title: Wheat")),
    ("a headline", ("Ships load grain again", "Ships load wheat again")),
    ("a test", ("for another week", "for another month")),
]


@pytest.mark.parametrize(("what", "replaced"), HEADER, ids=[case[0] for case in HEADER])
def test_what_people_read_is_told_and_does_not_matter(change, what, replaced):
    [found] = change(replaced)
    assert found.changes, what
    assert not found.matters


def test_a_raised_version_is_not_unversioned_and_no_change_by_itself(change):
    [found] = change(("threshold: 3", "threshold: 4"), ("version: 3", "version: 4"))
    assert not found.unversioned
    assert change(("version: 3", "version: 4")) == ()


def test_a_draft_set_active_matters(change):
    [found] = change(("status: active", "status: draft"))
    assert found.matters


def test_words_behind_a_reference_that_change_are_told(rule_text, ruleset):
    name = "schema: 1\nnames:\n  - {{id: thing-name, kind: place, printed: {{en: Thing}}, variants: {{en: [{}]}}}}\n"
    texts = [name.format(word) for word in ("thingy", "gadget")]
    rule = rule_text(terms='{thing: {en: ["@thing-name"]}}')
    one, other = (ruleset({"thing.yml": rule, "names/things.yml": text}) for text in texts)
    [found] = compare_rules(one, other)
    assert found.changes == (Change("terms.thing.en", (), ("@thing-name (what it refers to changed)",)),)
    assert found.matters


def test_new_and_removed_rules_matter(harbour, rule_text, ruleset, tmp_path):
    both = ruleset({"harbour.yml": harbour, "thing.yml": rule_text()})
    (tmp_path / "rules" / "thing.yml").unlink()
    one = ruleset({"harbour.yml": harbour})
    [gone] = compare_rules(both, one)
    [come] = compare_rules(one, both)
    assert (gone.rule, gone.new, come.old) == ("thing", None, None)
    assert gone.matters
    assert come.matters
