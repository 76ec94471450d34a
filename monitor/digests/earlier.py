"""What the archive knows of a matter: stories of the same thread, and the step that came before."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.digests.citations import address_of
from monitor.digests.headline import clean_title
from monitor.digests.prose import Saying, merge
from monitor.digests.roles import cast
from monitor.digests.scope import Scope, names_of
from monitor.digests.sentences import tell_article
from monitor.model.article import Article
from monitor.model.edition import Role, SimilarStory
from monitor.model.names import NameKind
from monitor.model.story import Story

MOST_SIMILAR = 3
LOOKED_INTO = 2
"""Earlier stories whose sentences may serve as background."""
_LEAST_LIKENESS = 0.05
_MATTER = 0.5
"""The share of a story's texts that a rule finds if it is what the story is about."""
_WATCHED = (NameKind.COUNTRY, NameKind.ALLIANCE)
_FEWEST_NAMES = 2
"""Other names that two stories share, as threads ask for."""
_FRESH = timedelta(days=400)
"""How old a story may be that lends background without being of the same thread."""


def related(story: Story, rules: Collection[str], scope: Scope) -> tuple[Story, ...]:
    """Earlier stories of the same matter, most related first: of the same thread, or found by a rule that finds half of the texts of both.

    A rule that a single article of many matches is not what a story is about, and what everybody mentions (a country, a capital) makes
    no two stories one matter: names count by how few stories mention them.
    """
    names, mine = names_of(story), {item.article.id for item in story.articles}
    about = [rule for rule in rules if share_found_by(rule, story) >= _MATTER]
    rated = []
    for other in scope.inputs.earlier:
        if other.id == story.id or any(item.article.id in mine for item in other.articles):
            continue
        same_thread = bool(story.thread) and other.thread == story.thread
        theirs = names_of(other)
        if not (same_thread or _of_one_matter(names & theirs, about, other, scope)):
            continue
        likeness = _likeness(names, theirs, scope)
        if same_thread or likeness >= _LEAST_LIKENESS:
            rated.append((same_thread, round(likeness, 4), last_told(other), other.id, other))
    rated.sort(key=lambda row: row[:4], reverse=True)
    return tuple(row[4] for row in rated)


def _of_one_matter(shared: Collection[str], about: Collection[str], other: Story, scope: Scope) -> bool:
    """Whether shared names tell more than who is watched, and another story is about a rule that one is `about`."""
    kinds = [scope.names[name].kind if name in scope.names else None for name in shared]
    if sum(kind not in _WATCHED for kind in kinds) < _FEWEST_NAMES:
        return False
    return any(share_found_by(rule, other) >= _MATTER for rule in about)


def _likeness(one: frozenset[str], other: frozenset[str], scope: Scope) -> float:
    """The cosine of two stories' names, weighed by rarity: 0 to 1."""

    def weight(names: frozenset[str]) -> float:
        return math.fsum(scope.rarity.get(name, 0.0) ** 2 for name in sorted(names))

    both = weight(one) * weight(other)
    return weight(one & other) / math.sqrt(both) if both else 0.0


def similar_stories(stories: Collection[Story], scope: Scope) -> tuple[SimilarStory, ...]:
    """Where to read on: as an earlier edition told it, else the best-placed article, one in the edition's language before any other."""
    found: list[SimilarStory] = []
    told: set[str] = set()
    for story in stories:
        if len(found) == MOST_SIMILAR:
            break
        if ours := _as_printed(story, scope):
            if ours.item not in told:
                found.append(ours)
            told.add(ours.item)
            continue
        leads = [group.lead.article for group in story.copies]
        article = next((one for one in leads if one.language == scope.language), leads[0])
        title = clean_title(article.title, article.source)
        found.append(SimilarStory(story.id, title, address_of(article), article.published, article.source.name, article.language))
    return tuple(found)


def _as_printed(story: Story, scope: Scope) -> SimilarStory | None:
    """The item of an earlier edition that rests on most of a story's articles; None where none rests on any."""
    mine = {item.article.id for item in story.articles}
    shared = [(len(mine & one.articles), one.week, one) for one in scope.inputs.earlier_items]
    best = max((row for row in shared if row[0]), key=lambda row: row[:2], default=None)
    if best is None:
        return None
    printed, inputs = best[2], scope.inputs
    language = scope.language if scope.language in printed.headlines else next(iter(printed.headlines))
    headline, spoken = printed.headlines[language]
    title = inputs.digest.title.get(scope.language) or inputs.digest.id
    url = f"{inputs.base_url.rstrip('/')}/{inputs.digest.id}/{printed.week}/{language}/" if inputs.base_url else ""
    first = min(item.article.published for item in story.articles)
    return SimilarStory(story.id, headline, url, first, title, spoken, week=printed.week, item=printed.item)


def background(stories: Collection[Story], rules: Collection[str], scope: Scope, thread: str = "") -> list[Saying]:
    """What earlier stories can lend: their sentences, all as background; of another `thread` than the story's, only if not too old."""
    casts = []
    oldest = scope.inputs.window.start - _FRESH
    fresh = [one for one in stories if (one.thread and one.thread == thread) or last_told(one)[0] >= oldest]
    for story in fresh[:LOOKED_INTO]:
        for group in story.copies:
            for told in tell_article(group.lead, rules, scope):
                found = cast(told, scope)
                if found.role in (Role.BACKGROUND, Role.EVENT) and told.terms and found.day < scope.opens:
                    casts.append(replace(found, role=Role.BACKGROUND, reason="from an earlier story of the same matter"))
    return merge(casts, scope)


def share_found_by(rule: str, story: Story) -> float:
    """The share of a story's independent texts that a rule matches, 0 to 1."""
    leads = [group.lead for group in story.copies]
    found = sum(any(match.rule == rule and not match.shadow for match in lead.analysis.matches) for lead in leads)
    return found / len(leads)


def last_told(story: Story) -> tuple[datetime, str]:
    """When its newest article was published; an order for equals."""
    newest: Article = max((item.article for item in story.articles), key=lambda article: (article.published, article.id))
    return newest.published, newest.id
