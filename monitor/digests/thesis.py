"""The opening of an item: the rule's assessment with its slots filled, or the most central lead sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from monitor.digests.roles import LEAD_SENTENCES, Cast
from monitor.digests.scope import ACTORS, Scope
from monitor.digests.select import Ranked
from monitor.digests.similar import cosine
from monitor.digests.turns import SLOT, by_turn
from monitor.model.edition import Role, Sentence
from monitor.model.names import NameKind
from monitor.text.locale import join_list, long_date
from monitor.text.sentences import split_sentences

MOST_SENTENCES = 3
_ACTORS_NAMED = 3
_LATER = 0.1
"""What each sentence before it costs a lead: the first says what happened."""


def slots_of(ranked: Ranked, casts: Sequence[Cast], scope: Scope) -> dict[str, str]:
    """Values for {actors}, {count}, {sources}, {first_date}, {last_date}; a slot without a value is absent."""
    days = sorted(one.day for one in casts if one.role in (Role.EVENT, Role.CLAIM))
    values = {
        "actors": join_list(_actors(ranked, scope), scope.language),
        "count": str(len(ranked.story.articles)),
        "sources": str(ranked.sources),
        "first_date": long_date(days[0], scope.language) if days else "",
        "last_date": long_date(days[-1], scope.language) if days else "",
    }
    return {key: value for key, value in values.items() if value}


def _actors(ranked: Ranked, scope: Scope) -> list[str]:
    """The actors named in most articles, people and offices before states; printed forms."""
    counted: Counter[str] = Counter()
    for item in ranked.story.articles:
        counted.update({mention.name for mention in item.analysis.mentions})
    known = [
        (scope.names[key], number) for key, number in counted.items() if key in scope.names and scope.names[key].kind in ACTORS
    ]
    people_first = (NameKind.PERSON, NameKind.OFFICE)
    known.sort(key=lambda pair: (-pair[1], pair[0].kind not in people_first, pair[0].id))
    return [name.form(scope.language) for name, _ in known[:_ACTORS_NAMED]]


def own_words(
    offers: Iterable[Sequence[str]], role: Role, slots: Mapping[str, str], scope: Scope, used: Collection[str]
) -> tuple[Sentence, ...]:
    """The analyst's text for a role, by sentences: of the first rule that has any, the one whose turn it is.

    A sentence that needs a slot without a value is left out; a text of which this edition has printed a sentence gives way to the next,
    so that a text is printed whole or not at all.

    Args:
        offers: What each rule has for the verdict in the edition's language, the strongest rule first.
        role: Thesis or outlook.
        slots: Values by slot.
        scope: The edition's language, and what earlier editions printed.
        used: What this edition has printed already.
    """
    for texts in offers:
        told = [_told(text, slots, scope.language) for text in by_turn(texts, scope.language, scope.inputs.earlier_items)]
        if any(told):
            fresh = next((words for words in told if words and not any(one in used for one in words)), ())
            return tuple(Sentence(words, role, scope.language, own=True) for words in fresh)
    return ()


def _told(text: str, slots: Mapping[str, str], language: str) -> list[str]:
    filled = SLOT.sub(lambda slot: slots.get(slot[1], slot[0]), " ".join(text.split()))
    return [span.text for span in split_sentences(filled, language) if not SLOT.search(span.text)][:MOST_SENTENCES]


def central_lead(casts: Sequence[Cast], scope: Scope) -> Cast | None:
    """The lead sentence that the most other texts carry too, one in the edition's language before any other.

    Each other text vouches with its likest lead sentence: by words, or in another language by names and numbers.
    """
    leads = [one for one in casts if one.role in (Role.EVENT, Role.CLAIM) and one.told.index < LEAD_SENTENCES]

    def centrality(one: Cast) -> float:
        vouching: dict[str, float] = {}
        for other in leads:
            article = other.told.article.id
            if article != one.told.article.id:
                same = other.told.language == one.told.language
                like = cosine(one.told.stems, other.told.stems) if same else cosine(one.told.features, other.told.features)
                vouching[article] = max(vouching.get(article, 0.0), like)
        # To a tenth: what differs by less is equal, and the earliest report speaks.
        return round(math.fsum(vouching.values()) - _LATER * one.told.index, 1)

    def order(one: Cast) -> tuple[bool, float, object, str, int]:
        article = one.told.article
        return (one.told.language != scope.language, -centrality(one), article.published, article.id, one.told.start)

    return min(leads, key=order, default=None)
