"""Runs the inline tests of all rules through the engine and tells every one that fails, where it stands and what stopped it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.model.match import Document
from monitor.model.problem import Problem, Severity
from monitor.rules.engine import Engine, proving
from monitor.rules.evaluate import Evaluation
from monitor.rules.explain import Explanation, explain
from monitor.rules.schema import Example, Rule, RuleSet
from monitor.rules.text import Reading


class Outcome(StrEnum):
    """What a test came to. `TODO` is failing as it said it would, `TODO_PASSES` no longer does."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    TODO_PASSES = "todo-passes"


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One inline test. `failures` has a line for each assertion that does not hold; `other_reason` is set where it passes for another one."""

    rule: str
    example: Example
    outcome: Outcome
    failures: tuple[str, ...]
    explanation: Explanation
    other_reason: str = ""


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """All results, by rule id and then as written; `rules` are the ids of every rule, with tests or without."""

    results: tuple[ExampleResult, ...]
    rules: tuple[str, ...]

    def count(self, outcome: Outcome, rule: str = "") -> int:
        """How many came out so, of one rule or of all."""
        return sum(result.outcome is outcome and rule in ("", result.rule) for result in self.results)

    @property
    def ok(self) -> bool:
        """True where no test failed."""
        return not self.count(Outcome.FAILED)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Failures as errors (T001), passes for another reason (W110) and todos that pass (T002) as warnings, in order of place."""
        found = []
        for result in self.results:
            place, shown = result.example.place, f"{result.rule} {result.example.kind}[{result.example.index}]"
            if result.outcome is Outcome.FAILED:
                found.append(Problem(place, "T001", f"{shown}: {'; '.join(result.failures)}"))
            elif result.outcome is Outcome.TODO_PASSES:
                found.append(Problem(place, "T002", f"{shown} passes now", "move it to should_match", Severity.WARNING))
            elif result.other_reason:
                found.append(
                    Problem(place, "W110", f"{shown}: {result.other_reason}", "change because:, or the test", Severity.WARNING)
                )
        return tuple(sorted(found, key=lambda problem: problem.place))


def run_examples(ruleset: RuleSet, engine: Engine, rules: Iterable[str] = ()) -> ExampleReport:
    """Run the inline tests of all rules, drafts too, or of those named; a failing one never hides another."""
    wanted = set(rules)
    chosen = [rule for rule in ruleset.rules if not wanted or rule.id in wanted]
    results = tuple(_run(rule, example, engine) for rule in chosen for example in rule.examples)
    return ExampleReport(results, tuple(rule.id for rule in chosen))


def example_document(example: Example) -> Document:
    """The article that an inline test stands for; its language is taken as sure where it names one."""
    return Document(
        id=f"{example.kind}[{example.index}]",
        title=example.title,
        text=example.body,
        language=example.language,
        language_sure=bool(example.language),
        stance=example.stance,
        country=example.country,
        feed=example.feed,
    )


def _run(rule: Rule, example: Example, engine: Engine) -> ExampleResult:
    document = example_document(example)
    explanation = explain(rule, document, engine)
    evaluation, reading = engine.evaluate(rule.id, document)
    failures = tuple(_failures(example, explanation, evaluation))
    counted = counted_words(evaluation, reading) if example.words else ()
    failures += tuple(f"«{stretch}» does not count" for stretch in example.words if stretch not in counted)
    if example.kind == "todo_match":
        return ExampleResult(rule.id, example, Outcome.TODO if failures else Outcome.TODO_PASSES, failures, explanation)
    other = ""
    if example.because and explanation.because and example.because != explanation.because:
        other = f"stopped at {explanation.because}, not at {example.because}"
    return ExampleResult(rule.id, example, Outcome.FAILED if failures else Outcome.PASSED, failures, explanation, other)


def counted_words(evaluation: Evaluation, reading: Reading) -> set[str]:
    """The stretches of a document that do something: prove a condition, count as a cue or carry one, mask, or stop the rule."""
    checks = [*evaluation.requires, *(scored.check for scored in evaluation.scored)]
    for veto in evaluation.vetoes:
        checks += [veto.check, veto.unless] if veto.unless else [veto.check]
    hits = [*evaluation.masked, *(hit for check in checks for hit in proving(check))]
    for cue in evaluation.cues:
        if not cue.cancelled:
            hits += [cue.hit, cue.near] if cue.near else [cue.hit]
    return {reading.shown(hit) for hit in hits}


def _failures(example: Example, explanation: Explanation, evaluation: Evaluation) -> Iterable[str]:
    if example.kind == "should_not_match":
        if explanation.matched:
            yield f"matches with score {explanation.score:.1f} of {explanation.threshold:.1f}"
    elif not explanation.matched:
        yield f"stopped at {explanation.stopped_at}"
    if example.direction and example.direction is not explanation.direction:
        yield f"direction is {explanation.direction.value} ({explanation.direction_score:+.1f}), not {example.direction.value}"
    if example.score is not None and abs(example.score - explanation.score) > 0.05:
        yield f"score is {explanation.score:.2f}, not {example.score:g}"
    checks = [*evaluation.requires, *(scored.check for scored in evaluation.scored)]
    found = {hit.term for check in checks for hit in proving(check)} | {cue.hit.term for cue in evaluation.cues}
    if missing := [name for name in example.hits if name not in found]:
        yield f"no hit of {', '.join(missing)}"
