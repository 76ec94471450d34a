"""An item added to a list of a rule file as text: everything else, comments too, stays as it was."""

from datetime import date

import pytest

from monitor.rules.append import next_version, with_item
from monitor.text.located_yaml import parse_located

BASE = """\
# head
version: 3   # counted
modified: 2024-01-01
terms:
  a: {en: ["x", 'y']}   # flow
  b:
    ru:
      - "один"   # why
      - "два"    # last
    # a remark of b
match:
  require: [a]
tests:
  should_match: []
"""
CASES = [
    ("A list in brackets.", ("terms", "a", "en"), '"z"', '  a: {en: ["x", \'y\', "z"]}   # flow'),
    ("A list by lines, behind its last comment.", ("terms", "b", "ru"), '"три"', '      - "два"    # last\n      - "три"'),
    ("A new language in brackets.", ("terms", "a", "be"), '"z"', '  a: {en: ["x", \'y\'], be: ["z"]}   # flow'),
    ("A new language by lines.", ("terms", "b", "be"), '"z"', '    be:\n      - "z"'),
    (
        "A list that is missing.",
        ("match", "mask"),
        '{terms: {en: ["q"]}, why: "w"}',
        '  mask:\n    - {terms: {en: ["q"]}, why: "w"}',
    ),
    ("An empty list.", ("tests", "should_match"), '{lang: en, title: "T"}', '  should_match: [{lang: en, title: "T"}]'),
    ("A block that is missing.", ("scope", "langs"), "en", "scope:\n  langs:\n    - en"),
]


@pytest.mark.parametrize(("why", "path", "item", "shown"), CASES, ids=[case[0] for case in CASES])
def test_the_item_is_added_and_nothing_else_changes(why, path, item, shown):
    after = with_item(BASE, path, item)
    assert shown in after
    assert [line for line in BASE.splitlines() if line.strip().startswith("#")] == [
        line for line in after.splitlines() if line.strip().startswith("#")
    ]
    data = parse_located(after, "")[0].data
    for name in path:
        data = data[name]
    assert data[-1] == parse_located(item, "")[0].data


@pytest.mark.parametrize(
    ("path", "message"), [(("version",), "not a list"), (("version", "en"), "not a mapping"), (("terms", "a"), "not a list")]
)
def test_what_is_no_list_is_refused(path, message):
    with pytest.raises(ValueError, match=message):
        with_item(BASE, path, "x")


def test_a_text_that_does_not_parse_is_refused():
    with pytest.raises(ValueError, match="does not parse"):
        with_item("a: [", ("a",), "x")


def test_the_version_is_raised_and_the_day_set_where_they_stand():
    after = next_version(BASE, date(2026, 3, 4))
    assert "version: 4   # counted\nmodified: 2026-03-04\n" in after
