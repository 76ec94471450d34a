"""The shape of rule files: reached in one go, and nothing lost on the way."""

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.format import formatted
from monitor.rules.load import load_rules
from monitor.text.located_yaml import parse_located

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted(RULES.rglob("*.yml"))
COMMENT = re.compile(r"(?:^|\s)(#[^\"\n]*)$", re.MULTILINE)


def data(text):
    located, problems = parse_located(text, "x.yml")
    assert located, problems
    return located.data


def assert_kept(before, after):
    assert data(after) == data(before)
    assert Counter(COMMENT.findall(after)) == Counter(COMMENT.findall(before))
    assert formatted(after) == after


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_file_keeps_what_it_says(file):
    text = file.read_text(encoding="utf-8")
    assert_kept(text, formatted(text))


def test_keys_come_in_order_with_their_comments_and_terms_in_quotes():
    before = """\
# about the file

title: Thing
id: thing   # its id
schema: 1


# how it decides
match:
    threshold: 2
    # what must be
    require:
      - thing   # yes
    score: [{weight: 3, term: thing}]
# words
terms:
  thing:
    en: [thing, 'big "thing"', thing*]
    ru:
      - вещь
version: 1
tests: {should_not_match: [], should_match: [{title: x, lang: en}]}
"""
    assert (
        formatted(before)
        == """\
# about the file

schema: 1
id: thing   # its id
version: 1
title: Thing

# words
terms:
  thing:
    en: ["thing", 'big "thing"', "thing*"]
    ru:
      - "вещь"

# how it decides
match:
    # what must be
    require:
      - thing   # yes
    score: [{term: thing, weight: 3}]
    threshold: 2
tests: {should_match: [{lang: en, title: x}], should_not_match: []}
"""
    )


def test_texts_over_several_lines_are_left_alone():
    before = "title: x\nschema: 1\ndescription: |\n  one  \n\n\n  two\nid: x\n"
    after = formatted(before)
    assert data(after) == data(before)
    assert "  one  \n\n\n  two\n" in after


def test_names_and_lexicons_have_an_order_too():
    assert formatted("names:\n- {kind: place, id: x, printed: {en: X}, variants: {en: [xan]}}\nschema: 1\n") == (
        'schema: 1\n\nnames:\n- {id: x, kind: place, printed: {en: X}, variants: {en: ["xan"]}}\n'
    )
    assert formatted("terms: {en: [no]}\nid: x\nschema: 1\n") == 'schema: 1\nid: x\nterms: {en: ["no"]}\n'


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a comment\n", "a: [", "- a\n- b\n", "just words\n", "terms: 3\n", "&a b: *a\n"]
)
def test_what_is_no_rule_comes_back_as_good_as_it_was(text):
    after = formatted(text)
    assert after.strip() == text.strip()
    assert formatted(after) == after


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32),
    gaps=st.lists(st.sampled_from(["", "\n", "\n\n", "# a remark\n", "# one\n\n"]), min_size=12, max_size=12),
)
def test_blocks_in_any_order_come_to_one_meaning(seed, gaps):
    from_file = HARBOUR
    head, *blocks = re.split(r"^(?=\w)", from_file, flags=re.MULTILINE)
    random.Random(seed).shuffle(blocks)
    before = head + "".join(gap + block for gap, block in zip(gaps * 2, blocks, strict=False))
    assert_kept(before, formatted(before))
    assert list(data(formatted(before))) == list(data(from_file))


HARBOUR = """\
schema: 1
id: harbour
version: 3
title: Grain in the harbour   # not the port
scope: {max_age_days: 3, langs: [en, ru]}
terms:
  grain: {en: [(grain|wheat), "rye: the bread"], ru: [зерн*]}
  port:   # places
    en:
      - harbour*
      - =PORT   # one of them
match:
  veto:
    - {why: recipes, terms: {en: [recipe*]}}
  require:
    - grain
    # or by its source
    - any: [port, {source_country: [ro]}]
direction: {worsens: [{score: -6, term: port}], window: 6}
tests:
  should_not_match: []
  # found before
  should_match:
    - {title: "Harbour # 5", lang: en}
    - direction: neutral
      title: Grain
"""


def test_the_hash_of_the_rule_is_the_same(folder):
    before = load_rules(folder({"harbour.yml": HARBOUR})).rules[0].hash
    assert formatted(HARBOUR) != HARBOUR
    assert load_rules(folder({"harbour.yml": formatted(HARBOUR)})).rules[0].hash == before
