"""Logins of editors and versions of rule files, on each engine."""

from datetime import UTC, datetime, timedelta

from monitor.model.editor import EditorSession, RuleVersion

NOW = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_login_is_known_until_it_is_ended(store):
    kept = EditorSession("a1", "ann", NOW, NOW)
    store.open_session(kept)
    assert store.session("a1") == kept
    assert store.session("a2") is None
    store.end_session("a1")
    store.end_session("a1")
    assert store.session("a1") is None


def test_being_seen_moves_a_login_forward_only_and_never_brings_one_back(store):
    store.open_session(EditorSession("a1", "ann", NOW, NOW))
    for moment in (NOW + timedelta(hours=1), NOW):
        store.touch_session("a1", moment)
        assert store.session("a1").seen_at == NOW + timedelta(hours=1)
    store.end_session("a1")
    store.touch_session("a1", NOW + timedelta(hours=2))
    assert store.session("a1") is None


def test_old_and_idle_logins_are_forgotten(store):
    for name, made, seen in (("old", -10, 0), ("idle", -2, -2), ("fresh", -2, 0)):
        store.open_session(EditorSession(name, "ann", NOW + timedelta(days=made), NOW + timedelta(days=seen)))
    assert store.forget_sessions(made_before=NOW - timedelta(days=7), seen_before=NOW - timedelta(days=1)) == 2
    assert [name for name in ("old", "idle", "fresh") if store.session(name)] == ["fresh"]


def test_versions_are_kept_in_order_each_under_its_own_number(store):
    made = [RuleVersion("talks.yml", NOW, "", "found", "one"), RuleVersion("talks.yml", NOW, "ann", "wider", "two")]
    store.add_rule_versions(made)
    store.add_rule_versions([RuleVersion("other.yml", NOW, "bob", "", "x")])
    newest, oldest = store.rule_versions("talks.yml")
    assert [(one.content, one.editor, one.why, one.at) for one in (oldest, newest)] == [
        ("one", "", "found", NOW),
        ("two", "ann", "wider", NOW),
    ]
    assert store.rule_version(newest.id) == newest
    assert store.rule_version(newest.id + 99) is None
    assert store.rule_versions("talks.yml", limit=1) == (newest,)


def test_the_last_version_of_each_file_tells_one_that_was_taken_away(store):
    store.add_rule_versions([RuleVersion("b.yml", NOW, "ann", "", "one"), RuleVersion("a.yml", NOW, "ann", "", "two")])
    store.add_rule_versions([RuleVersion("b.yml", NOW, "bob", "no longer needed", None)])
    assert [(one.file, one.content) for one in store.last_rule_versions()] == [("a.yml", "two"), ("b.yml", None)]
