from monitor.model.problem import Severity
from monitor.rules.engine import Engine
from monitor.rules.examples import Outcome, run_examples
from monitor.rules.load import check_rules


def run(ruleset, files, rules=()):
    found = ruleset(files)
    return run_examples(found, Engine(found), rules)


def test_right_examples_pass(ruleset, harbour):
    report = run(ruleset, {"harbour.yml": harbour})
    assert report.ok
    assert report.count(Outcome.PASSED, "harbour") == 2
    assert report.problems == ()


def test_every_failing_test_is_told_with_its_line(ruleset, rule_text):
    tests = """
  should_match:
    - {title: nothing}
    - {title: a thing}
    - {title: a thing, direction: worsens, score: 7, hits: [thing, other]}
  should_not_match:
    - {title: the thing}"""
    terms = "{thing: {en: [thing]}, other: {en: [other]}}"
    report = run(ruleset, {"thing.yml": rule_text(tests=tests, terms=terms)})
    assert not report.ok
    assert report.count(Outcome.FAILED) == 3
    first, second, third = report.problems
    assert (first.code, first.place.line) == ("T001", 11)
    assert first.message == "thing should_match[0]: stopped at require: thing"
    assert second.place.line == 13
    assert second.message.endswith("direction is neutral (+0.0), not worsens; score is 0.00, not 7; no hit of other")
    assert third.message == "thing should_not_match[0]: matches with score 0.0 of 0.0"


def test_a_todo_that_fails_is_expected_and_one_that_passes_is_reported(ruleset, rule_text):
    tests = "{todo_match: [{title: nothing}, {title: a thing}]}"
    report = run(ruleset, {"thing.yml": rule_text(tests=tests)})
    assert report.ok
    assert report.count(Outcome.TODO) == 1
    (problem,) = report.problems
    assert (problem.code, problem.severity, problem.mend) == ("T002", Severity.WARNING, "move it to should_match")


def test_passing_for_another_reason_is_a_warning(ruleset, rule_text):
    tests = "{should_not_match: [{title: nothing, because: threshold}]}"
    report = run(ruleset, {"thing.yml": rule_text(tests=tests)})
    assert report.ok
    (problem,) = report.problems
    assert problem.code == "W110"
    assert "stopped at require:thing, not at threshold" in problem.message


def test_hits_may_be_cues(ruleset, rule_text):
    files = {
        "thing.yml": rule_text(
            terms="{thing: {en: [thing]}, up: {en: [rises]}}",
            direction="{anchor: thing, improves: [{term: up, score: 3}]}",
            tests="{should_match: [{title: a thing rises, hits: [up], direction: improves}]}",
        )
    }
    assert run(ruleset, files).ok


def test_the_source_of_an_example_counts(ruleset, rule_text):
    match = "{require: [thing, {source_country: [by]}, {source_stance: [state]}, {source_feed: [f]}]}"
    tests = "{should_match: [{title: a thing, source_country: BY, source_stance: state, source_feed: f}], should_not_match: [{title: a thing}]}"
    assert run(ruleset, {"thing.yml": rule_text(match=match, tests=tests)}).ok


def test_only_the_rules_asked_for_are_run(ruleset, rule_text, harbour):
    report = run(ruleset, {"thing.yml": rule_text(), "harbour.yml": harbour}, ["thing"])
    assert report.rules == ("thing",)
    assert {result.rule for result in report.results} == {"thing"}


def test_words_of_the_text_must_count(ruleset, rule_text):
    tests = '{should_match: [{title: "a thing beside another", words: [thing]}, {title: "one more thing", words: [more]}]}'
    rules = ruleset({"thing.yml": rule_text(tests=tests)})
    first, second = run_examples(rules, Engine(rules)).results
    assert first.outcome is Outcome.PASSED
    assert second.failures == ("«more» does not count",)


def test_words_that_do_not_stand_in_the_text_are_refused(folder, rule_text):
    found = check_rules(folder({"thing.yml": rule_text(tests="{should_match: [{title: a thing, words: [a, gadget]}]}")}))
    assert [(problem.code, '"gadget"' in problem.message) for problem in found.problems if problem.code == "E014"] == [
        ("E014", True)
    ]
