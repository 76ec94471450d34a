"""A draft of what rules refer to (names, a lexicon, a filter) tried: what is wrong with it and with the rules that use it, and the tests of all rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitor.rules.engine import Engine
from monitor.rules.examples import ExampleReport, ExampleResult, run_examples
from monitor.trials.draft_trial import Tried
from monitor.trials.drafts import DraftCheck, check_draft


def try_reference(folder: Path, file: str, text: str, over: Callable[[], bool]) -> Tried:
    """Read the folder with one file as drafted and run every rule's tests; `over` ends it between two rules, with the tests run so far.

    Raises:
        WorldFailed: The folder cannot be read.
    """
    found = check_draft(folder, file, text)
    # a lexicon may have the name of a rule, and is none
    check = DraftCheck(found.check, found.own, found.others, None, found.left_out)
    ruleset = check.check.ruleset
    if ruleset is None:
        return Tried(check)
    engine, run = Engine(ruleset), [rule.id for rule in ruleset.rules]
    results: list[ExampleResult] = []
    for rule in run:
        if over():
            break
        results += run_examples(ruleset, engine, [rule]).results
    return Tried(check, examples=ExampleReport(tuple(results), tuple(run)))
