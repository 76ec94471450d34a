"""A drafted rule loads, finds what it was drafted from, and is refused where nothing is shared."""

from datetime import date

import pytest

from monitor.model.match import Document
from monitor.rules.engine import Engine
from monitor.rules.examples import run_examples
from monitor.rules.explain import explain
from monitor.rules.load import check_rules
from monitor.rules.schema import Life
from monitor.rules.suggest_rule import suggest_rule

TODAY = date(2026, 3, 4)
OTHERS = [Document(f"o{n}", f"Harvest number {n} ends early", "Farmers were glad.", "en") for n in range(9)]


def article(name, title, text="", language="en"):
    return Document(name, title, text, language, language_sure=True)


LIKE = [
    article("a", "Barges wait at the lock", "Negotiators of both sides spoke on Monday."),
    article("b", "Negotiators argue", "Barges do not move: “nobody knows why”, said one."),
    article("c", "Баржи стоят у шлюза", "Переговорщики спорят.", "ru"),
    article("d", "Переговорщики молчат", "Баржи стоят.", "ru"),
]


def loaded(tmp_path, text):
    (tmp_path / "barges.yml").write_text(text, encoding="utf-8")
    check = check_rules(tmp_path)
    assert check.ruleset is not None, check.problems
    return check.ruleset


def test_the_draft_finds_every_article_in_each_language_and_passes_its_tests(tmp_path):
    draft = suggest_rule("barges", LIKE, OTHERS, TODAY, "ann")
    rules = loaded(tmp_path, draft.text)
    [rule] = rules.rules
    assert (rule.header.status, rule.header.owner, rule.langs) == (Life.DRAFT, "ann", ("en", "ru"))
    engine = Engine(rules)
    assert [explain(rule, one, engine).matched for one in LIKE] == [True] * 4
    assert not any(explain(rule, one, engine).matched for one in OTHERS)
    assert run_examples(rules, engine).ok
    assert draft.detail, "articles that share two words ask for both"


def test_articles_that_share_one_word_ask_for_it_alone():
    draft = suggest_rule("x", [article("a", "Barges wait"), article("b", "Barges burn")], OTHERS, TODAY)
    assert (draft.subject, draft.detail) == ({"en": ("barges",)}, {})


@pytest.mark.parametrize(
    ("like", "told"),
    [
        pytest.param(LIKE[:1], "2 articles are needed", id="one article"),
        pytest.param([*LIKE, article("e", "Barges", language="")], "no language is known of e", id="no language"),
        pytest.param([*LIKE, article("e", "Rain")], "shared with the others of its language by e", id="nothing in common"),
    ],
)
def test_what_cannot_be_drafted_is_told(like, told):
    with pytest.raises(ValueError, match=told):
        suggest_rule("x", like, OTHERS, TODAY)
