"""Chooses which stories an edition tells: each in one section, ranked by match, sources, stances and newness, with its reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.digests.citations import publisher_of
from monitor.digests.inputs import EditionInputs
from monitor.model.digest import Section
from monitor.model.feed import Stance
from monitor.model.match import Match
from monitor.model.story import AnalysedArticle, Story

_STRONGEST_MATCH = 4.0
_STANCE_WEIGHT = 0.5
_SINGLE_SOURCE_SHARE = 0.55
_NEAR_BEST = 0.8


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story in its section: `score` orders it, `rules` are those of the section that match, strongest first."""

    story: Story
    section: str
    score: float
    rules: tuple[str, ...]
    sources: int
    stances: int
    reasons: tuple[str, ...]
    strength: float = 0.0
    """How far the section's rules are met, in thresholds; the only part of the score that differs between sections."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a section prints: `items` in full, `notes` in a line each; `elsewhere` are the sections that tell stories it could tell."""

    items: tuple[Ranked, ...] = ()
    notes: tuple[Ranked, ...] = ()
    elsewhere: tuple[str, ...] = ()


def select(inputs: EditionInputs, language: str = "") -> Mapping[str, Chosen]:
    """Section id → what it prints. A story goes to the first section of the digest that scores it nearly as high as any.

    In an edition in `language`, a story that a single source tells in another one is noted, not told in full.
    """
    claimed: dict[str, list[Ranked]] = {section.id: [] for section in inputs.digest.sections}
    passed_on: dict[str, list[str]] = {section.id: [] for section in inputs.digest.sections}
    for story in inputs.stories:
        offers = [ranked for section in inputs.digest.sections if (ranked := rank(story, section, inputs))]
        if offers:
            chosen_offer = _choose_section(offers)
            claimed[chosen_offer.section].append(chosen_offer)
            for offer in offers:
                if offer is not chosen_offer and chosen_offer.section not in passed_on[offer.section]:
                    passed_on[offer.section].append(chosen_offer.section)
    chosen = {}
    order = [section.id for section in inputs.digest.sections]
    for section in inputs.digest.sections:
        ordered = sorted(claimed[section.id], key=lambda ranked: (-ranked.score, ranked.story.id))
        items = [ranked for ranked in ordered if _worth_telling(ranked, ordered[0], language)][: section.max_items]
        notes = [ranked for ranked in ordered if ranked not in items][: section.max_notes]
        chosen[section.id] = Chosen(tuple(items), tuple(notes), tuple(sorted(passed_on[section.id], key=order.index)))
    return chosen


def _choose_section(offers: list[Ranked]) -> Ranked:
    """The first of the digest's order that comes near the best: sections stand in the order that the desk cares about."""
    best = max(offer.strength for offer in offers)
    return next(offer for offer in offers if offer.strength >= _NEAR_BEST * best)


def _worth_telling(ranked: Ranked, leading: Ranked, language: str) -> bool:
    """A story of one source is told in full only if it comes near the section's leading story, in the reader's language, and is no mere comment."""
    if ranked.sources > 1 or ranked is leading:
        return True
    if all(item.article.source.stance is Stance.THINK_TANK for item in ranked.story.articles):
        return False
    readable = not language or any(item.article.language == language for item in ranked.story.articles)
    return readable and ranked.score >= _SINGLE_SOURCE_SHARE * leading.score


def rank(story: Story, section: Section, inputs: EditionInputs) -> Ranked | None:
    """The story's place in a section; None where no rule of the section matches it."""
    strengths: dict[str, float] = {}
    for match in _matches(story.articles, section.rules):
        strengths[match.rule] = max(strengths.get(match.rule, 0.0), _strength(match))
    if not strengths:
        return None
    leads = [group.lead.article for group in story.copies]
    sources = len({publisher_of(article.source) for article in leads})
    stances = len({article.source.stance for article in leads})
    newest = max(article.published for article in leads)
    week = max(inputs.window.end - inputs.window.start, timedelta(hours=1))
    newness = min(1.0, max(0.0, 1 - (inputs.window.end - newest) / week))
    strength = _strength_of(story, section.rules)
    score = strength + math.log2(1 + sources) + _STANCE_WEIGHT * (stances - 1) + newness
    reasons = (
        f"matches {strength:.1f} times their threshold on the whole: {strength:+.2f}",
        f"{sources} independent sources: {math.log2(1 + sources):+.2f}",
        f"{stances} stances: {_STANCE_WEIGHT * (stances - 1):+.2f}",
        f"newest report {newest.date().isoformat()}: {newness:+.2f}",
    )
    rules = tuple(sorted(strengths, key=lambda rule: (-strengths[rule], section.rules.index(rule))))
    return Ranked(story, section.id, round(score, 4), rules, sources, stances, reasons, strength)


def _strength_of(story: Story, rules: Iterable[str]) -> float:
    """Half the strongest match, half the mean over the story's texts: a story that one source in five ties to a rule weighs less."""
    best = [
        min(_STRONGEST_MATCH, max((_strength(match) for match in _matches(group.articles, rules)), default=0.0))
        for group in story.copies
    ]
    return (max(best) + math.fsum(best) / len(best)) / 2


def _matches(articles: Iterable[AnalysedArticle], rules: Iterable[str]) -> list[Match]:
    wanted = set(rules)
    return [match for item in articles for match in item.analysis.matches if match.rule in wanted and not match.shadow]


def _strength(match: Match) -> float:
    return match.score / match.threshold if match.threshold > 0 else 1.0
