"""Finds rules that nobody tends: silent, noisy, ownerless, untested, changed under one version, on trial for ever. It mends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.model.problem import Problem, Severity
from monitor.rules.backtest import Backtest, RuleTally
from monitor.rules.schema import Life, Rule, RuleSet

MATTERS = ("scope", "terms", "match", "direction")
"""The blocks of a rule file that decide what it finds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a rule is a finding. Shares are of 1, times in days; rates of fewer than `least_labelled` hits are not judged."""

    silent_days: int = 90
    shadow_days: int = 60
    noisy_share: float = 0.2
    least_precision: float = 0.7
    least_labelled: int = 5
    least_articles: int = 50
    least_hits: int = 5


@dataclass(frozen=True, slots=True)
class History:
    """What git tells of a rule file: what changed since its version was first committed, and since when its status stands."""

    version_since: date | None = None
    changed: tuple[str, ...] = ()
    status_since: date | None = None


def history_of(now: Mapping[str, Any], before: Iterable[tuple[date, Mapping[str, Any]]]) -> History:
    """A rule file's history from its content now and its committed ones, newest first."""
    version_since, status_since = None, None
    changed: dict[str, None] = {}
    same_version = same_status = True
    for day, data in before:
        same_version = same_version and data.get("version") == now.get("version")
        same_status = same_status and data.get("status", "active") == now.get("status", "active")
        if same_version:
            version_since = day
            changed.update(dict.fromkeys(key for key in MATTERS if data.get(key) != now.get(key)))
        if same_status:
            status_since = day
        if not (same_version or same_status):
            break
    return History(version_since, tuple(key for key in MATTERS if key in changed), status_since)


def hygiene(
    ruleset: RuleSet,
    archive: Backtest,
    hits: Mapping[str, frozenset[str]],
    history: Mapping[str, History],
    now: datetime,
    limits: Limits,
) -> tuple[Problem, ...]:
    """Every finding, in order of place.

    Args:
        ruleset: The rules.
        archive: A backtest of those that run, over the last `limits.silent_days`.
        hits: Rule id → ids of the articles that it matched there.
        history: Rule id → what git tells; empty where there is no git.
        now: Aware UTC.
        limits: From when on a rule is a finding.
    """
    tallies = {tally.rule: tally for tally in archive.rules}
    found: list[Problem] = []
    for rule in ruleset.rules:
        found.extend(_kept(rule))
        found.extend(_life(rule, history.get(rule.id, History()), now, limits))
        if rule.id in tallies:
            found.extend(_silent(rule, tallies[rule.id], archive, now, limits))
            found.extend(_noisy(rule, tallies[rule.id], archive, limits))
            found.extend(_shadowed(rule, hits, limits))
            found.extend(_unspoken(rule, archive, now, limits))
    return tuple(sorted(found, key=lambda problem: (problem.place, problem.code)))


def reaches(archive: Backtest, now: datetime, limits: Limits) -> bool:
    """Whether the archive goes back far enough to call a rule silent, give or take a week."""
    return archive.first is not None and archive.first <= now - timedelta(days=max(limits.silent_days - 7, 1))


def _found(rule: Rule, code: str, message: str, mend: str, severity: Severity = Severity.WARNING) -> Problem:
    return Problem(rule.place, code, f"{rule.id}: {message}", mend, severity)


def _kept(rule: Rule) -> Iterator[Problem]:
    """An owner, and tests of both kinds, of a rule that runs."""
    if not rule.runs:
        return
    if not rule.header.owner:
        yield _found(rule, "W121", "nobody owns it", "add owner: …")
    kinds = {example.kind for example in rule.examples}
    missing = [kind for kind in ("should_match", "should_not_match") if kind not in kinds]
    if missing:
        yield _found(rule, "W109", f"no test under {' and '.join(missing)}", "say what it must find, and what it must not")


def _life(rule: Rule, history: History, now: datetime, limits: Limits) -> Iterator[Problem]:
    status = rule.header.status
    if history.changed and status is not Life.DRAFT:
        blocks, since = ", ".join(history.changed), history.version_since
        message = f"{blocks} changed since version {rule.version} was first committed ({since})"
        yield _found(rule, "W111", message, f"set version: {rule.version + 1}, and modified:")
    if status is Life.DEPRECATED and not rule.header.replaces:
        yield _found(rule, "W113", "deprecated, and no rule is named in replaces", "name what stands in for it, or remove it")
    since = history.status_since or rule.header.modified or rule.header.created
    if status is Life.SHADOW and since and (now.date() - since).days > limits.shadow_days:
        days = (now.date() - since).days
        yield _found(rule, "H103", f"on trial as shadow for {days} days", "set status: active after a backtest, or remove it")


def _silent(rule: Rule, tally: RuleTally, archive: Backtest, now: datetime, limits: Limits) -> Iterator[Problem]:
    if tally.hits or not reaches(archive, now, limits):
        return
    near = f"; {tally.near} came near" if tally.near else ""
    message = f"silent: none of {archive.articles:,} articles of {limits.silent_days} days{near}"
    yield _found(rule, "H101", message, f"monitor rules backtest {rule.id} shows what never fired")


def _noisy(rule: Rule, tally: RuleTally, archive: Backtest, limits: Limits) -> Iterator[Problem]:
    judged, mend = tally.right + tally.wrong, f"monitor rules backtest {rule.id} shows the phrases behind it"
    if judged >= limits.least_labelled and tally.precision is not None and tally.precision < limits.least_precision:
        yield _found(rule, "H102", f"noisy: {tally.wrong} of {judged} labelled hits are not relevant", mend)
    elif archive.articles >= limits.least_articles and tally.hits > limits.noisy_share * archive.articles:
        share = tally.hits / archive.articles
        yield _found(rule, "H102", f"noisy: matches {share:.0%} of {archive.articles:,} articles", mend)


def _shadowed(rule: Rule, hits: Mapping[str, frozenset[str]], limits: Limits) -> Iterator[Problem]:
    own = hits.get(rule.id, frozenset())
    if len(own) < limits.least_hits:
        return
    over = sorted(other for other, theirs in hits.items() if other != rule.id and own <= theirs)
    if over:
        message = f"each of its {len(own)} articles was found by {' and by '.join(over)} too"
        yield _found(rule, "W114", message, "narrow one of them, or join them")


def _unspoken(rule: Rule, archive: Backtest, now: datetime, limits: Limits) -> Iterator[Problem]:
    missing = [language for language in rule.langs if language not in archive.languages]
    if missing and archive.articles >= limits.least_articles and reaches(archive, now, limits):
        message = (
            f"reads {', '.join(missing)}; no article of {limits.silent_days} days is in {'it' if len(missing) == 1 else 'them'}"
        )
        yield _found(rule, "I204", message, "add a source in that language, or leave it", Severity.INFO)
