"""Who says what: the sources of an item, copies folded behind them, and the sentences that one side alone carries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from monitor.digests.citations import cite_title
from monitor.digests.prose import Saying, to_sentence
from monitor.digests.scope import Scope
from monitor.digests.sentences import Told
from monitor.digests.similar import overlap
from monitor.model.edition import Citation, CopyFold, OneSided, Role
from monitor.model.feed import STATE_SIDE
from monitor.model.story import Story

PER_SIDE = 1
_TOO_ALIKE = 0.4
_SAME_MATTER = 0.5


def sources_of(story: Story) -> tuple[Citation, ...]:
    """One citation per independent text, by first appearance."""
    return tuple(cite_title(group.lead.article) for group in story.copies)


def copies_of(story: Story) -> tuple[CopyFold, ...]:
    """Who else carried the same text as a source: each feed once, and never the source itself, which may publish a text many times.

    Also who says the same in another language.
    """
    folds = []
    leads = {group.lead.article.id: group.lead.article for group in story.copies}
    for group in story.copies:
        lead = group.lead.article
        others = {item.article.source.feed_id: item.article for item in reversed(group.articles)}
        others.pop(lead.source.feed_id)
        same = tuple(cite_title(leads[one.article]) for one in group.related if one.article in leads)
        if others or same:
            first = sorted(others.values(), key=lambda article: (article.published, article.id))
            folds.append(CopyFold(cite_title(lead), tuple(cite_title(article) for article in first), group.origin, same))
    return tuple(folds)


def one_sided(
    story: Story, told: Sequence[Told], sayings: Sequence[Saying], printed: Collection[str], scope: Scope
) -> tuple[OneSided, ...]:
    """Where state media and others both report: sentences that name what no article of the other side names.

    Names are the same in every language, so a name that the other side lacks is a safe sign: not an office or a capital, though, whose
    country the other side speaks of in other words. A sentence that the other side echoes in its own words is left out all the same, and
    so are `printed` texts. Only news counts: events and claims of the days that the edition tells. One for each side, the best; the
    edition's language first.
    """
    found: list[OneSided] = []
    for mine in (True, False):
        theirs = [item for item in story.articles if (item.article.source.stance in STATE_SIDE) is not mine]
        if not theirs or len(theirs) == len(story.articles):
            return ()
        known = frozenset(scope.whose(mention.name) for item in theirs for mention in item.analysis.mentions)
        echoes = [one for one in told if (one.article.source.stance in STATE_SIDE) is not mine]
        candidates = [one for one in sayings if (one.cast.told.article.source.stance in STATE_SIDE) is mine]
        found += _only_here([one for one in candidates if one.cast.told.text not in printed], known, echoes, scope)
    return tuple(found)


def _echoes(one: Told, other: Told, scope: Scope) -> bool:
    """Whether the other side tells the same: alike in words, or of the same past day, or of the same day with much in common."""
    if overlap(one.stems, other.stems) >= _TOO_ALIKE:
        return True
    shared = _days(one) & _days(other)
    if not shared or not one.names & other.names:
        return False
    return min(shared) < scope.opens or overlap(one.features, other.features) >= _SAME_MATTER


def _days(told: Told) -> set[date]:
    return {day.first for day in told.dates if day.is_exact}


def _is_news(saying: Saying, scope: Scope) -> bool:
    cast = saying.cast
    return cast.role in (Role.EVENT, Role.CLAIM) and cast.exact and scope.opens <= cast.day <= scope.closes


def _only_here(candidates: Iterable[Saying], known: frozenset[str], echoes: Sequence[Told], scope: Scope) -> list[OneSided]:
    rated = []
    for saying in candidates:
        told = saying.cast.told
        novelty = len({scope.whose(name) for name in told.names} - known)
        if novelty and told.terms and _is_news(saying, scope) and not any(_echoes(told, other, scope) for other in echoes):
            rated.append((told.language == scope.language, novelty, saying.score, told.article.id, -told.start, saying))
    rated.sort(key=lambda row: row[:5], reverse=True)
    return [OneSided(row[5].cast.told.article.source.stance, to_sentence(row[5], scope)) for row in rated[:PER_SIDE]]
