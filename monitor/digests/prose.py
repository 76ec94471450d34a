"""Makes an item's prose: sentences that say the same become one, the best are chosen within the limits and set in paragraphs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from monitor.digests.citations import cite, publisher_of
from monitor.digests.roles import Cast
from monitor.digests.scope import Scope
from monitor.digests.similar import alike, figures_agree, mostly_within, overlap
from monitor.model.edition import Role, Sentence

MOST_WORDS = 320
FEWEST_WORDS = 120
MOST_PARAGRAPHS = 5
PARAGRAPH_WORDS = 85
PARAGRAPH_SENTENCES = 3
MOST_CITATIONS = 8
MOST_FOREIGN = 2
"""Sentences of one role in other languages."""

_DAY_WORTH = {"named": 2.0, "relative": 1.5, "publication": 0.0}
_HOME_WORTH = 3.0
_NEW_STANCE_WORTH = 0.8
_TOO_ALIKE = 0.5
_SAME_MATTER = 0.6
_FEATURES_NEEDED = 3
_ECHO = 0.4
"""The share of the shorter sentence's stems that another publisher's telling of the same has."""
_ECHO_STEMS = 4
_ONE_LOOK_BACK = 2
"""Names, numbers and terms in common from which two looks back on one day are one."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence with all the sources that say the same; `score` is its worth to this edition."""

    cast: Cast
    also: tuple[Cast, ...]
    score: float

    @property
    def words(self) -> int:
        """Its length."""
        return self.cast.told.words

    @property
    def language(self) -> str:
        """Of its words."""
        return self.cast.told.language


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of one role an item takes: in its own language, and of others where that leaves too little."""

    role: Role
    sentences: int
    words: int
    enough: int
    """Words in the edition's language from which no other language is taken."""


BUDGETS = (
    Budget(Role.EVENT, 6, 150, 45),
    Budget(Role.CLAIM, 3, 80, 20),
    Budget(Role.BACKGROUND, 2, 60, 10),
    Budget(Role.OUTLOOK, 2, 50, 10),
)


def merge(casts: Iterable[Cast], scope: Scope) -> list[Saying]:
    """One saying for all near-identical sentences of a role and language; the document of record, then the earliest, is quoted."""

    def order(one: Cast) -> tuple[bool, object, str, int]:
        article = one.told.article
        return (not article.source.of_record, article.published, article.id, one.told.index)

    groups: list[list[Cast]] = []
    for one in sorted((one for one in casts if one.role), key=order):
        for group in groups:
            if _same(group[0], one):
                group.append(one)
                break
        else:
            groups.append([one])
    return [_saying(group, scope) for group in groups]


def choose(sayings: Sequence[Saying], scope: Scope, taken: Sequence[Saying], spent: int) -> list[Saying]:
    """The sayings that an item prints, role by role within their budgets, none that repeats another.

    Args:
        sayings: All of the story, the thesis left out.
        scope: The edition's language.
        taken: Sayings printed already (the thesis).
        spent: Words printed already or promised to the rule's own words.
    """
    shelf = _Shelf(scope, list(taken), spent)
    for budget in BUDGETS:
        shelf.take(budget, [one for one in sayings if one.cast.role is budget.role])
    for one in sorted(sayings, key=_worth, reverse=True):
        if shelf.words >= FEWEST_WORDS:
            break
        if one.cast.role in (Role.EVENT, Role.CLAIM):
            shelf.put(one)
    return shelf.chosen


@dataclass(slots=True)
class _Shelf:
    scope: Scope
    taken: list[Saying]
    words: int
    chosen: list[Saying] = field(default_factory=list)

    def take(self, budget: Budget, offers: Sequence[Saying]) -> None:
        """Fill one role's budget, the edition's language first."""
        home = [one for one in offers if one.language == self.scope.language]
        away = [one for one in offers if one.language != self.scope.language]
        count, spent = self._fill(home, budget.sentences, budget.words)
        if spent < budget.enough:
            self._fill(away, min(MOST_FOREIGN, budget.sentences - count), budget.words - spent)
        elif budget.role is Role.CLAIM:
            heard = {saying.cast.told.article.source.stance for saying in self.chosen}
            self._fill([one for one in away if one.cast.told.article.source.stance not in heard], 1, budget.words - spent)

    def _fill(self, offers: Sequence[Saying], sentences: int, words: int) -> tuple[int, int]:
        """Greedily the best, a stance not heard yet before one that was; returns the sentences and words taken."""
        rest, count, spent = list(offers), 0, 0
        while rest and count < sentences:
            heard = {saying.cast.told.article.source.stance for saying in self.chosen}
            best = max(
                rest,
                key=lambda one: (one.score + _NEW_STANCE_WORTH * (one.cast.told.article.source.stance not in heard), _worth(one)),
            )
            rest.remove(best)
            if spent + best.words <= words and self.put(best):
                count, spent = count + 1, spent + best.words
        return count, spent

    def put(self, saying: Saying) -> bool:
        """Take a saying unless it repeats another, tells the reader of no more in a foreign language, or the item is full."""
        if self.words + saying.words > MOST_WORDS or any(repeats(saying, other) for other in self.taken):
            return False
        if saying.language != self.scope.language and not self._adds(saying):
            return False
        self.taken.append(saying)
        self.chosen.append(saying)
        self.words += saying.words
        return True

    def _adds(self, saying: Saying) -> bool:
        """Whether it names a thing, a rule term, an amount or a day that no sentence taken in the reader's own language names."""
        known = [self._things(one) for one in self.taken if one.language == self.scope.language]
        return bool(self._things(saying).difference(*known))

    def _things(self, saying: Saying) -> frozenset[object]:
        told = saying.cast.told
        names, days = {self.scope.whose(name) for name in told.names}, {day.first for day in told.dates}
        return frozenset(names | told.terms | told.amounts | days)


def repeats(one: Saying, other: Saying) -> bool:
    """Whether a reader of both would read the same twice: by words in one language, by names, numbers and terms across languages."""
    first, second = one.cast.told, other.cast.told
    if first.text == second.text or overlap(first.stems, second.stems) >= _TOO_ALIKE or alike(first.stems, second.stems):
        return True
    shared = first.features & second.features
    if one.cast.role is other.cast.role is Role.BACKGROUND and _of_one_day(one, other) and len(shared) >= _ONE_LOOK_BACK:
        return True
    if first.language == second.language:
        if not first.names & second.names:
            return False
        return mostly_within(first.stems, second.stems) or _one_statement(one, other) or _told_by_another(one, other)
    return (
        one.cast.day == other.cast.day
        and len(shared) >= _FEATURES_NEEDED
        and overlap(first.features, second.features) >= _SAME_MATTER
    )


def _one_statement(one: Saying, other: Saying) -> bool:
    """Whether two sentences report one statement, in one language: of one day and one matter, pointing one way, the shorter naming no more."""
    less, more = sorted((one.cast.told, other.cast.told), key=lambda told: (len(told.names), told.words))
    if not (one.cast.day == other.cast.day and less.speech and more.speech and less.cues * more.cues > 0):
        return False
    return less.names <= more.names and less.amounts <= more.amounts and bool(less.terms & more.terms)


def _told_by_another(one: Saying, other: Saying) -> bool:
    """Whether two publishers tell one thing of one day in their own words: of the same names and matter, with many words in common."""
    first, second = one.cast.told, other.cast.told
    if publisher_of(first.article.source) == publisher_of(second.article.source) or not _of_one_day(one, other):
        return False
    if first.cues * second.cues < 0 or not figures_agree(first.amounts, second.amounts):
        return False
    shared = len(first.stems & second.stems)
    return (
        shared >= _ECHO_STEMS
        and shared >= _ECHO * len(min(first.stems, second.stems, key=len))
        and (overlap(first.names | first.terms, second.names | second.terms) >= _SAME_MATTER)
    )


def _of_one_day(one: Saying, other: Saying) -> bool:
    return one.cast.exact and other.cast.exact and one.cast.day == other.cast.day


def paragraphs(
    thesis: Sequence[Sentence], chosen: Sequence[Saying], outlook: Sequence[Sentence], scope: Scope
) -> tuple[tuple[Sentence, ...], ...]:
    """Three to five paragraphs: thesis, what happened and who says so by date, what went before, what is to come."""

    def by_time(one: Saying) -> tuple[object, int, int, object, str, int]:
        told = one.cast.told
        away = one.language != scope.language
        return (one.cast.day, one.cast.role is Role.CLAIM, away, told.article.published, told.article.id, told.start)

    told = sorted((one for one in chosen if one.cast.role in (Role.EVENT, Role.CLAIM)), key=by_time)
    before = sorted((one for one in chosen if one.cast.role is Role.BACKGROUND), key=by_time)
    ahead = sorted((one for one in chosen if one.cast.role is Role.OUTLOOK), key=by_time)
    last = (*(to_sentence(one, scope) for one in ahead), *outlook)
    room = MOST_PARAGRAPHS - sum(1 for part in (thesis, before, last) if part)
    parts = [tuple(thesis), *_blocks(told, room, scope), tuple(to_sentence(one, scope) for one in before), last]
    return tuple(part for part in parts if part)


def to_sentence(saying: Saying, scope: Scope, role: Role | None = None) -> Sentence:
    """The printed sentence, verbatim, with every source that says it."""
    cast = saying.cast
    fragments = scope.inputs.text_fragments
    citations = tuple(
        cite(one.told.article, "text", one.told.start, one.told.end, fragment=fragments) for one in (cast, *saying.also)
    )
    return Sentence(
        text=cast.told.text,
        role=role or cast.role or Role.EVENT,
        language=cast.told.language,
        day=cast.day if cast.exact else None,
        day_end=cast.day_end if cast.exact else None,
        day_from=cast.day_from,
        citations=citations[:MOST_CITATIONS],
        speaker=cast.told.speech.speaker if cast.told.speech else "",
        score=round(saying.score, 2),
    )


def _blocks(told: Sequence[Saying], room: int, scope: Scope) -> list[tuple[Sentence, ...]]:
    """Sayings in order, cut into at most `room` paragraphs of two or three sentences, or of more where there is too much to say."""
    blocks: list[list[Saying]] = []
    most_sentences = max(PARAGRAPH_SENTENCES, math.ceil(len(told) / max(1, room)))
    most_words = max(PARAGRAPH_WORDS, math.ceil(1.1 * sum(one.words for one in told) / max(1, room)))
    for one in told:
        block = blocks[-1] if blocks else None
        full = block is None or len(block) >= most_sentences or sum(other.words for other in block) + one.words > most_words
        if full and len(blocks) < room:
            blocks.append([one])
        elif block is not None:
            block.append(one)
    return [tuple(to_sentence(one, scope) for one in block) for block in blocks]


def _same(one: Cast, other: Cast) -> bool:
    first, second = one.told, other.told
    return (
        one.role is other.role
        and (first.text == second.text or alike(first.stems, second.stems))
        and figures_agree(first.figures, second.figures)
    )


def _saying(group: Sequence[Cast], scope: Scope) -> Saying:
    lead, articles, also = group[0], {group[0].told.article.id}, []
    for one in group[1:]:
        if one.told.article.id not in articles:
            articles.add(one.told.article.id)
            also.append(one)
    return Saying(lead, tuple(also), _score(lead, len(also), scope))


def _score(cast: Cast, also: int, scope: Scope) -> float:
    told = cast.told
    return (
        1.2 * min(3, len(told.terms))
        + min(2.0, abs(told.cues) / 4)
        + 0.8 * min(2, len(told.actors))
        + _DAY_WORTH[cast.day_from]
        + 1.5 / (1 + told.index)
        + 0.8 * min(2, also)
        + (0.5 if 10 <= told.words <= 35 else 0.0)
        + (0.5 if told.article.source.of_record else 0.0)
        + (_HOME_WORTH if told.language == scope.language else 0.0)
    )


def _worth(one: Saying) -> tuple[float, str, int]:
    """A total order: equal inputs give equal editions."""
    return one.score, one.cast.told.article.id, -one.cast.told.start
