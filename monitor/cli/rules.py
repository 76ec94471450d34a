"""`monitor rules`: the workbench for rule files. Nothing here touches the network; what changes a file says so."""

from __future__ import annotations

import click

from monitor.cli.lazy import LazyVerbs

VERBS = {
    "check": ("rules_check", "check", "Schema, references and lint: every finding with its mend"),
    "test": ("rules_test", "test", "The tests inside the rule files"),
    "explain": ("rules_explain", "explain_verb", "Why an article matches or not, and which came near"),
    "backtest": ("rules_backtest", "backtest", "What rules would have found in the archive; changes nothing"),
    "diff": ("rules_diff", "diff", "Two versions of the rules: what changed, articles won and lost"),
    "coverage": ("rules_coverage", "coverage", "What the tests exercise, phrase by phrase; topics by language"),
    "eval": ("rules_eval", "eval_verb", "Precision, recall, F1 and direction against labelled articles"),
    "label": ("rules_label", "label_verb", "Mark stored articles as relevant or not for a rule"),
    "hygiene": ("rules_hygiene", "hygiene_verb", "Rules that nobody tends: silent, noisy, ownerless, unversioned"),
    "list": ("rules_list", "list_rules", "Every rule with its life, owner, tests and hits"),
    "suggest": ("rules_suggest", "suggest", "Proposals: forms, spellings, terms, exceptions"),
    "words": ("rules_words", "words_verb", "Prefixes against dictionaries: what they reach and miss"),
    "new": ("rules_new", "new", "The draft of a rule, with terms and tests to fill in"),
    "fmt": ("rules_fmt", "fmt", "Keys in order, terms in quotes; comments and meaning stay"),
    "schema": ("rules_schema", "schema", "The JSON Schema of rule files, for editors"),
}


@click.group(cls=LazyVerbs, table=VERBS)
def rules() -> None:
    """Check, test, explain and tune the rules; nothing here touches the network."""
