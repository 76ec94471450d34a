"""Whatever stands in a rule file, loading it ends soon, in findings or in rules, and never in a crash."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model.match import Document
from monitor.rules.engine import Engine
from monitor.rules.format import formatted
from monitor.rules.load import check_rules
from monitor.rules.mend import requoted
from monitor.rules.regex import RegexWrong, bounded_regex
from monitor.rules.terms import TermWrong, parse_term
from monitor.text.fold import fold
from monitor.text.located_yaml import parse_located

RULES = Path(__file__).parents[2] / "rules"
SHIPPED = {file.name: file.read_text(encoding="utf-8") for file in sorted((RULES / "lexicons").glob("*.yml"))}
LIMIT_S = 5.0
"""Far above what any of it takes, so that a loaded machine is no failure; a runaway takes minutes."""
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
SIGNS = st.sampled_from(
    [*"{}[]:,#&*!|>'\"%@`-?<=()\\/.~ \n\t", "\u200b", "\ufeff", "\x00", "\ud800", "й", "é", "٣", "- ", ": ", "<<: ", "!!int "]
)
DOCUMENT = Document("a", "Harbour halts grain ships", "The grain of the harbour town.", "en", True)


def mutated(text, edits):
    for share, cut, new in edits:
        at = int(share * len(text))
        text = text[:at] + new + text[at + cut :]
    return text


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.lists(SIGNS, max_size=3).map("".join)), min_size=1, max_size=4)


def load(folder, name, text):
    """What checking a folder with this file comes to; its time is bounded and each finding is complete."""
    where = folder({})
    where.mkdir(exist_ok=True)
    (where / name).parent.mkdir(exist_ok=True)
    (where / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    began = time.monotonic()
    check = check_rules(where, information=True)
    assert time.monotonic() - began < LIMIT_S
    assert (check.ruleset is None) == any(problem.severity.value == "error" for problem in check.problems)
    assert all(problem.code and problem.message and problem.place.file for problem in check.problems)
    if check.ruleset:
        Engine(check.ruleset).analyse(DOCUMENT)
    return check


@FEW
@given(edits=EDITS)
def test_a_rule_file_with_slips_of_the_keyboard(folder, harbour, edits):
    load(folder, "harbour.yml", mutated(harbour, edits))


@FEW
@given(name=st.sampled_from(sorted(SHIPPED)), edits=EDITS)
def test_a_shipped_lexicon_with_slips_of_the_keyboard(folder, harbour, name, edits):
    load(folder, "harbour.yml", harbour)
    load(folder, f"lexicons/{name}", mutated(SHIPPED[name], edits))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 99)
    | st.floats(allow_nan=False, allow_infinity=False, width=16)
    | st.sampled_from(["thing", "en", "by", "@x", "re:a*", "=NATO", "(a|b", "<2>", "", "require:thing"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "en",
                    "ru",
                    "term",
                    "terms",
                    "near",
                    "any",
                    "all",
                    "within",
                    "weight",
                    "score",
                    "why",
                    "in",
                    "unless",
                    "title",
                    "lang",
                    "thing",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)
BLOCKS = st.dictionaries(
    st.sampled_from(
        [
            "version",
            "title",
            "status",
            "owner",
            "created",
            "scope",
            "terms",
            "match",
            "direction",
            "digest",
            "tests",
            "tags",
            "related",
            "lint",
        ]
    ),
    VALUES,
    max_size=5,
)


def as_yaml(value):
    """JSON, which is YAML; bare where a bare word will do."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {as_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else {None: "null", True: "true", False: "false"}.get(value, str(value))


@FEW
@given(blocks=BLOCKS)
def test_blocks_of_any_shape(folder, blocks):
    usual = {"version": 1, "title": "Thing", "terms": {"thing": {"en": ["thing"]}}, "match": {"require": ["thing"]}}
    lines = [f"{key}: {as_yaml(value)}" for key, value in {**usual, **blocks}.items()]
    load(folder, "thing.yml", "\n".join(["schema: 1", "id: thing", *lines]) + "\n")


@settings(max_examples=150)
@given(text=st.lists(SIGNS | st.sampled_from(["a", "key", "1"]), max_size=40).map("".join))
def test_text_of_any_kind_parses_or_is_told_of_and_keeps_its_meaning(text):
    located, problems = parse_located(text, "x.yml")
    assert bool(located) != bool(problems)
    if located:
        again, _ = parse_located(formatted(text), "x.yml")
        assert again
        assert again.data == located.data
    requoted(text)


@settings(max_examples=200)
@given(text=st.lists(st.sampled_from([*"ab(|)*=<>@ -'", "<2>", "@x", "grain", "й", "\u200b"]), max_size=25).map("".join))
def test_a_term_of_any_kind_is_read_or_told_of(text):
    began = time.monotonic()
    try:
        assert parse_term(text, "be", lambda _name: ()) is not None
    except TermWrong as wrong:
        at, message = wrong.at, wrong.message
        assert message
        assert 0 <= at <= len(text)
    assert time.monotonic() - began < LIMIT_S


PIECES = st.sampled_from(
    [*"ab.|()[]^$?+*{}\\-", r"\w", r"\b", r"\1", "(?:", "(?=", "(?P<n>", "{0,9}", "{1,20}", "{3}", "(a|aa)", "[а-я]", "(?i)", "а"]
)


@settings(max_examples=250)
@given(source=st.lists(PIECES, min_size=1, max_size=14).map("".join))
def test_an_expression_is_refused_or_runs_in_bounded_time(source):
    try:
        regex = bounded_regex(source, "ru")
    except RegexWrong:
        return
    began = time.monotonic()
    for hostile in ("a" * 2000, "ab" * 1000, "а" * 2000 + "!", "a-" * 1000):
        for start, end in regex.find(fold(hostile, "ru")):
            assert start < end
    assert time.monotonic() - began < LIMIT_S


@pytest.mark.parametrize(
    "source", ["(a{0,9}){0,9}b", "(a|a){0,20}b", "(a|aa){1,20}c", r"(\w{0,20}){0,20}x", "(((a{0,9}){0,9}){0,9}){0,9}b"]
)
def test_expressions_that_explode_elsewhere_are_refused_with_a_mend(source):
    with pytest.raises(RegexWrong) as caught:
        bounded_regex(source, "en")
    assert caught.value.mend
