"""Proposals: forms and prefixes, spellings of names, words of what was missed, exceptions that cost nothing."""

import pytest

from monitor.model.match import Document
from monitor.rules.engine import Engine
from monitor.rules.explain import explain
from monitor.rules.load import check_rules
from monitor.rules.suggest_exception import exception_lines, suggest_exception, with_exception
from monitor.rules.suggest_forms import alternatives, skeleton, suggest_forms, suggest_variants, word_counts
from monitor.rules.suggest_terms import suggest_terms


def articles(language, *texts):
    return [Document(f"{language}{number}", text, "", language, True) for number, text in enumerate(texts)]


def test_forms_are_counted_by_article_and_the_prefix_that_holds_them_all_is_proposed():
    documents = articles("ru", "Граница закрыта, граница", "На границе тихо", "Границы и границам", "Сила")
    found = suggest_forms("граница", "ru", word_counts(documents, "ru"))
    assert found.forms == {"граница": 1, "границам": 1, "границе": 1, "границы": 1}
    assert found.proposal == "границ*"


def test_a_prefix_that_reaches_another_word_is_shown_with_it_and_forms_are_written_out():
    documents = articles("ru", "Сила и силы", "Силос и силуэты", "силуэты")
    found = suggest_forms("сила", "ru", word_counts(documents, "ru"))
    short = next(prefix for prefix in found.prefixes if prefix.text == "сил")
    assert short.others == {"силуэты": 2}
    assert not short.safe
    assert found.proposal == "сил(а|ос|ы)"


def test_a_word_that_no_article_holds_is_proposed_as_it_is():
    found = suggest_forms("граница", "ru", word_counts(articles("be", "граница"), "ru"))
    assert (found.forms, found.proposal) == ({"граница": 0}, "граница")


def test_spellings_that_fold_alike_are_shown_as_people_write_them():
    found = suggest_forms("вучэнні", "be", word_counts(articles("be", "Вучэнні", "вучэнняў", "вучэньні"), "be"))
    assert found.forms == {"вучэнні": 2, "вучэнняў": 1}
    assert found.proposal == "вучэнн*"


@pytest.mark.parametrize(
    ("words", "term"),
    [(["a"], "a"), (["граница", "границы"], "границ(а|ы)"), (["сил", "сила"], "сил(|а)"), (["x", "y"], "(x|y)")],
)
def test_words_are_written_out_as_one_term(words, term):
    assert alternatives(words) == term


LUKASHENKO = (
    "Лукашэнка Лукашенко Łukaszenka Lukašenka Lukaschenko Loukachenko Lukasjenko Lukaşenko Lukashenka Lukasjenka Łukaszenko"
)


@pytest.mark.parametrize("name", LUKASHENKO.split())
def test_spellings_of_one_name_share_a_skeleton(name):
    assert skeleton(name) == "lukasenk"


@pytest.mark.parametrize("name", ["Lukashuk", "Lukashenya", "Lukashevich", "Лукашук", "Лукашеня", "Лукашевіч"])
def test_other_names_do_not(name):
    assert not skeleton(name).startswith("lukasenk")


def test_spellings_are_found_in_any_alphabet_and_case_and_others_are_not():
    documents = [
        *articles("ru", "Лукашенко и Лукашенком", "Лукашенко", "лукашенко", "Лукашук"),
        *articles("pl", "Prezydent Łukaszenka", "Łukaszenkę"),
        *articles("en", "Lukashenya"),
    ]
    found = [(one.text, one.language, one.articles) for one in suggest_variants("Лукашэнка", documents)]
    assert found == [
        ("лукашенко", "ru", 2),
        ("lukaszenka", "pl", 1),
        ("lukaszenke", "pl", 1),
        ("лукашенком", "ru", 1),
    ]


def test_a_short_name_is_refused():
    with pytest.raises(ValueError, match="too short"):
        suggest_variants("Макей", [])


def test_words_of_missed_articles_come_before_words_of_all(ruleset, harbour):
    rule = ruleset({"harbour.yml": harbour}).by_id["harbour"]
    missed = articles("en", "Barley leaves the quay today", "More barley leaves by the quay", "Barley again leaves with grain")
    others = articles("en", *["The minister leaves the talks today"] * 9)
    found = suggest_terms(rule, missed, others)
    assert [idea.word for idea in found][:2] == ["barley", "quay"]
    assert (found[0].missed, found[0].others) == (3, 0)
    assert "grain" not in [idea.word for idea in found], "the rule has it"
    assert found[0].z > next((idea.z for idea in found if idea.word == "leaves"), 0)


FALSE = [
    Document("f1", "The harbour grain silo theatre opens", "A play.", "en", True),
    Document("f2", "Tickets for the grain silo theatre at the harbour", "A show.", "en", True),
]
TRUE = [
    Document("t1", "Grain ships leave the harbour once more this week", "", "en", True),
    Document("t2", "The grain silo at the harbour is full once more", "", "en", True),
]


def test_an_exception_silences_the_false_hits_and_keeps_every_true_one(ruleset, folder, harbour):
    rules = ruleset({"harbour.yml": harbour})
    rule = rules.by_id["harbour"]
    found = suggest_exception(rule, rules, FALSE, TRUE)
    assert (found.silenced, found.left, found.kept) == (("f1", "f2"), (), 2)
    assert [words.text for words in found.words] == ["grain silo theatre"]
    changed = with_exception(rule, found.words)
    engine = Engine(rules)
    assert all(explain(rule, document, engine).matched for document in (*FALSE, *TRUE))
    pasted = harbour.replace("  veto:\n", "\n".join(exception_lines(found)[1:]) + "\n  veto:\n")
    again = check_rules(folder({"harbour.yml": pasted})).ruleset
    assert [mask.term for mask in again.by_id["harbour"].masks] == [mask.term for mask in changed.masks]
    engine = Engine(again)
    assert [explain("harbour", document, engine).matched for document in (*FALSE, *TRUE)] == [False, False, True, True]


def test_nothing_is_proposed_that_would_cost_a_true_hit(ruleset, harbour):
    rules = ruleset({"harbour.yml": harbour})
    like_them = Document("t3", "Grain silo theatre: the harbour sells tickets", "", "en", True)
    found = suggest_exception(rules.by_id["harbour"], rules, FALSE, [*TRUE, like_them])
    kept = Engine(rules)
    assert explain("harbour", like_them, kept).matched
    assert "grain silo theatre" not in [words.text for words in found.words]
    assert set(found.left) == {"f1", "f2"} - set(found.silenced)


@pytest.mark.parametrize(
    ("false", "true", "says"),
    [
        (FALSE[:1], TRUE, "2 false hits"),
        ([*FALSE[:1], Document("x", "Rain", "", "en", True)], TRUE, "1 of those"),
        (FALSE, [], "no labelled"),
    ],
)
def test_one_example_or_nothing_to_hold_it_against_is_too_little(ruleset, harbour, false, true, says):
    rules = ruleset({"harbour.yml": harbour})
    with pytest.raises(ValueError, match=says):
        suggest_exception(rules.by_id["harbour"], rules, false, true)
