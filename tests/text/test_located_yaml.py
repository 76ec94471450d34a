"""Places, words for what is wrong, and the quick way held equal to the thorough one."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.text.located_yaml import _thoroughly, parse_located
from monitor.text.yaml_events import NotPlain, compose

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(file for folder in ("rules", "digests", "seeds") for file in (ROOT / folder).rglob("*.yml"))


def points(data, marks):
    """Marks as plain numbers: those of value and key, and what is inside. Where nothing is written, a value stands nowhere."""
    return {
        key: (
            None if data[key] is None else (value.line, value.column),
            (own.line, own.column) if isinstance(key, str) else None,
            points(data[key], inside or {}),
        )
        for key, (value, own, inside) in marks.items()
    }


def typed(data):
    """Data with the type of every value beside it: 1, 1.0 and true are three things."""
    if isinstance(data, dict):
        return {key: typed(value) for key, value in data.items()}
    return [typed(value) for value in data] if isinstance(data, list) else (type(data), repr(data))


def assert_equal_to_the_thorough_way(text):
    try:
        data, marks = compose(text)
    except NotPlain:
        return False
    thorough, problems = _thoroughly(text, "f.yml", "E001", "E005")
    assert not problems
    assert typed(data) == typed(thorough.data)
    assert points(data, marks or {}) == points(thorough.data, thorough.marks)
    return True


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(ROOT)))
def test_shipped_files_go_the_quick_way_and_read_alike(file):
    assert assert_equal_to_the_thorough_way(file.read_text(encoding="utf-8"))


SCALARS = [
    "a b",
    "'a: b'",
    "",
    *["no", "on", "нато*", '"@x"', "~", "1", "01", "-3", "2.50", "1e3", "0x1F", "1_0", "12:30", "2026-11-20"],
]
ODD = [*"""'":?-#|>%@`{]\\""", "&a", "*a", "!t", "<<", "\t", "\r", "\x85", "\u2028", "\x07"]
lines = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "  ", "    ", "- ", "  - "]),
    st.sampled_from(["", "a: ", "ключ: ", "no: ", "1: ", "{x: ", "[x, ", "a:", "- - ", "? "]),
    st.one_of(st.sampled_from([*SCALARS, "[1, b]", "{c: 1, d: e}", "{}", "[]", "|", ">-", "😀 b"]), st.text(max_size=6)),
)
files = st.one_of(
    st.lists(lines, max_size=6).map("\n".join),
    st.lists(st.sampled_from([*SCALARS, *ODD, " ", "\n", "\n  ", ", ", ": ", "- ", "}", "["]), max_size=14).map("".join),
)


@settings(max_examples=600)
@given(files)
@example("a: {b: [c, d: e]}\nf:\n- g\n-   h\n")
@example("a: >-\n  folded\n  text\nb: |\n  kept\n   so\n")
@example("[a :b, :c]")
@example("a: \U0001f600\U0001f600 x\nb: [\U0001f600, c]\n")
def test_whatever_goes_the_quick_way_reads_as_it_does_the_thorough_way(text):
    assert_equal_to_the_thorough_way(text)


@given(files)
@example("!t\r-")
def test_any_text_is_read_or_told_wrong(text):
    found, problems = parse_located(text, "f.yml")
    assert (found is None) == bool(problems)


def test_places_count_from_one_and_fall_back_to_the_nearest_parent():
    found, _ = parse_located("a:\n  b: [x, 'y']\n", "f.yml")
    assert found.data == {"a": {"b": ["x", "y"]}}
    assert str(found.place("a", "b", 1)) == "f.yml:2:10"
    assert str(found.key_place("a", "b")) == "f.yml:2:3"
    assert str(found.place("a", "b", 7, "z")) == "f.yml:2:6"
    assert str(found.key_place("a", "c")) == "f.yml:2:3"
    assert str(found.place("nothing")) == "f.yml:1:1"


@pytest.mark.parametrize(
    ("text", "value", "because"),
    [
        ("no", "no", "Norwegian is a language"),
        ("12:30", "12:30", "no number of base 60"),
        ("010", 10, "no octal number"),
        ("0x1F", 31, "a rare way to write a number, left to the thorough reader"),
        ("1.10", 1.1, "a number"),
        ("'1.10'", "1.10", "quotes make a text"),
        ("2026-11-20", date(2026, 11, 20), "a date"),
        ("", None, "nothing"),
    ],
)
def test_values_follow_yaml_1_2(text, value, because):
    found, problems = parse_located(f"a: {text}\n", "f.yml")
    assert not problems
    assert repr(found.data["a"]) == repr(value), because


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", 'f.yml:3:1  E005 error  this key stands twice: "a" → keep one of them: the other would be lost'),
        ('- "a" b\n', "f.yml:1:7  E001 error  does not parse: expected <block end>, but found '<scalar>'"),
        ("a: @x\n", "f.yml:1:4  E001 error  does not parse: found character '@' that cannot start any token"),
        ("a: b\x07\n", "f.yml:1:5  E001 error  holds the control character U+0007, which YAML does not allow"),
        ("[" * 3000 + "]" * 3000, "f.yml  E001 error  has lists or mappings too deep in each other → write it flatter"),
        ("a: !!timestamp 2026-13-45\n", "f.yml  E001 error  holds a value that cannot be read: "),
    ],
)
def test_what_is_wrong_has_its_place_and_mend(text, problem):
    found, (told,) = parse_located(text, "f.yml")
    assert found is None
    assert str(told).startswith(problem)


def test_a_date_that_no_calendar_has_stays_text_for_its_reader_to_refuse():
    found, _ = parse_located("a: 2026-13-45\n", "f.yml")
    assert found.data == {"a": "2026-13-45"}


def test_aliases_that_come_to_more_than_a_machine_holds_are_refused_at_once():
    layers = [f"a{layer}: &a{layer} [{', '.join([f'*a{layer - 1}'] * 9)}]" for layer in range(1, 20)]
    located, [problem] = parse_located("\n".join(["a0: &a0 [x, x]", *layers]), "bomb.yml")
    assert located is None
    assert (problem.code, "aliases" in problem.message, str(problem.place)) == ("E001", True, "bomb.yml")


def test_a_list_that_holds_itself_is_refused():
    assert [problem.code for problem in parse_located("&a [*a]", "self.yml")[1]] == ["E001"]


@pytest.mark.parametrize("text", ["[" * 50_000, "\t[" * 50_000, "&a " + "[" * 50_000, "- " * 50_000, "x: {a: " * 50_000])
def test_a_page_of_opening_brackets_is_refused_at_once(text):
    [problem] = parse_located(text, "deep.yml")[1]
    assert problem.code == "E001"
