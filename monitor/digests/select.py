"""Chooses which stories an edition tells: each in one section, ranked by match, sources, stances and newness, with its reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.digests.aboutness import Aboutness, aboutness
from monitor.digests.citations import publisher_of
from monitor.digests.inputs import EditionInputs
from monitor.model.digest import Section
from monitor.model.feed import Stance
from monitor.model.match import Match
from monitor.model.story import AnalysedArticle, CopyGroup, Story

_STRONGEST_MATCH = 4.0
_STANCE_WEIGHT = 0.5
_SINGLE_SOURCE_SHARE = 0.55
_NEAR_BEST = 0.8
_IN_PASSING = 0.25
"""What is left of the strength of a match that an article mentions in passing."""
_CARRYING = 2
"""Texts about a section's matter that tie a story to it, where another section has as many."""


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
    """How far the section's rules are met, in thresholds, be it in passing: what sections are compared by."""
    about: int = 1
    """Texts of the story that are about the section's matter; the others mention it in passing, or not at all."""


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
        ordered = sorted(claimed[section.id], key=lambda ranked: (not ranked.about, -ranked.score, ranked.story.id))
        items = [ranked for ranked in ordered if _worth_telling(ranked, ordered[0], language)][: section.max_items]
        notes = [ranked for ranked in ordered if ranked not in items][: section.max_notes]
        chosen[section.id] = Chosen(tuple(items), tuple(notes), tuple(sorted(passed_on[section.id], key=order.index)))
    return chosen


def _choose_section(offers: list[Ranked]) -> Ranked:
    """The first of the digest's order that comes near the best: sections stand in the order that the desk cares about.

    A section that only one text is about, where others mention its matter in passing, gives way to one that several are about.
    """
    carrying = min(_CARRYING, max(offer.about for offer in offers))
    tied = [offer for offer in offers if offer.about >= carrying]
    best = max(offer.strength for offer in tied)
    return next(offer for offer in tied if offer.strength >= _NEAR_BEST * best)


def _worth_telling(ranked: Ranked, leading: Ranked, language: str) -> bool:
    """A story that no text is about is only noted, where the section has any other.

    One of a single source is told in full if it comes near the section's leading story, in the reader's language, and is no mere comment.
    """
    if not ranked.about and leading.about:
        return False
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
    found = [_aboutness_of(group.articles, section.rules) for group in story.copies]
    about = sum(any(not one.in_passing for one in text) for text in found)
    weighed = _strength_of(story, section.rules, _IN_PASSING)
    score = weighed + math.log2(1 + sources) + _STANCE_WEIGHT * (stances - 1) + newness
    reasons = (
        f"matches {weighed:.1f} times their threshold on the whole, {about} of {len(found)} texts are about it: {weighed:+.2f}",
        f"{sources} independent sources: {math.log2(1 + sources):+.2f}",
        f"{stances} stances: {_STANCE_WEIGHT * (stances - 1):+.2f}",
        f"newest report {newest.date().isoformat()}: {newness:+.2f}",
    )
    rules = tuple(sorted(strengths, key=lambda rule: (-strengths[rule], section.rules.index(rule))))
    return Ranked(
        story, section.id, round(score, 4), rules, sources, stances, reasons, _strength_of(story, section.rules, 1.0), about
    )


def _strength_of(story: Story, rules: Sequence[str], passing: float) -> float:
    """Half the strongest match, half the mean over the story's texts: a story that one source in five ties to a rule weighs less.

    Of a match that a text mentions in passing only the share `passing` counts.
    """
    best = [min(_STRONGEST_MATCH, _strength_in(group, rules, passing)) for group in story.copies]
    return (max(best) + math.fsum(best) / len(best)) / 2


def _strength_in(group: CopyGroup, rules: Sequence[str], passing: float) -> float:
    """The strongest match of a text."""
    in_passing = {one.rule for one in _aboutness_of(group.articles, rules) if one.in_passing}
    found = _matches(group.articles, rules)
    return max((_strength(match) * (passing if match.rule in in_passing else 1.0) for match in found), default=0.0)


def _aboutness_of(articles: Sequence[AnalysedArticle], rules: Iterable[str]) -> list[Aboutness]:
    """How much of a text is about each rule that it matches, told from the fullest of its copies."""
    wanted = set(rules)
    best: dict[str, Aboutness] = {}
    for item in articles:
        for match in item.analysis.matches:
            if match.rule in wanted and not match.shadow:
                found = aboutness(item.article, match)
                best[match.rule] = max(found, best.get(match.rule, found), key=lambda one: (not one.in_passing, one.share))
    return list(best.values())


def _matches(articles: Iterable[AnalysedArticle], rules: Iterable[str]) -> list[Match]:
    wanted = set(rules)
    return [match for item in articles for match in item.analysis.matches if match.rule in wanted and not match.shadow]


def _strength(match: Match) -> float:
    return match.score / match.threshold if match.threshold > 0 else 1.0
