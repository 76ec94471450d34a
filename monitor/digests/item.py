"""Tells one story as an item: headline, argued status, prose, who says what, and where to read on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.digests.corroborate import corroborate
from monitor.digests.earlier import background, related, similar_stories
from monitor.digests.headline import choose_headline
from monitor.digests.prose import Saying, choose, merge, paragraphs, repeats, to_sentence
from monitor.digests.roles import Cast, cast, settle, tells_the_past
from monitor.digests.scope import Scope
from monitor.digests.select import Ranked
from monitor.digests.sentences import Told, tell_article
from monitor.digests.sides import copies_of, one_sided, sources_of
from monitor.digests.status import Bench, Judged, judge_story
from monitor.digests.thesis import central_lead, own_words, slots_of
from monitor.model.digest import RuleVoice, TextsByVerdict
from monitor.model.edition import Item, Role, Sentence, Status, Verdict
from monitor.model.story import AnalysedArticle, Story

MOST_MATCHED = 6
MOST_TEXTS = 40
_ENOUGH_MATCHED = 2
"""Words in the reader's language from which others are left out."""
_LONGEST_MATCH = 4
_ACRONYM = 4
"""Letters up to which capitals are a name's own ("NATO")."""


@dataclass(frozen=True, slots=True)
class Composed:
    """An item with the judgement behind its status and all sentences of its sources."""

    item: Item
    judged: Judged
    told: tuple[Told, ...]

    @property
    def said_once(self) -> frozenset[str]:
        """What no other item of the edition prints again: the rules' words, a headline of theirs included, and background."""
        sentences = {one.text for one in self.item.sentences if one.own or one.role is Role.BACKGROUND}
        return frozenset(sentences | ({self.item.headline} if self.item.headline_from == "rule" else set()))


@dataclass(frozen=True, slots=True)
class _Voice:
    """The rules' own words for one item: thesis and outlook."""

    thesis: tuple[Sentence, ...]
    outlook: tuple[Sentence, ...]

    @property
    def words(self) -> int:
        """Their length together."""
        return sum(len(sentence.text.split()) for sentence in (*self.thesis, *self.outlook))


def compose_item(ranked: Ranked, scope: Scope, used: frozenset[str] = frozenset()) -> Composed | None:
    """The item; None where no sentence of its sources can be printed: such a story is only noted.

    `used` holds what this edition has printed already and prints once: assessments, and what earlier stories lend as background.
    """
    story, digest = ranked.story, scope.inputs.digest
    found_by = (*ranked.rules, *other_rules(ranked, scope))
    told = tuple(one for group in story.copies for one in tell_article(group.lead, found_by, scope))
    heard = {item.article.id for item in spokesmen(story)}
    casts = settle([cast(one, scope) for one in told if one.article.id in heard], scope)
    sayings = merge(casts, scope)
    if not sayings:
        return None
    past = frozenset((one.article.id, one.start) for one in told if tells_the_past(one, scope))
    judged = judge_story(story, Bench(ranked.rules, digest.status_threshold, scope.language, past))
    verdict = judged.status.verdict
    voices = [scope.inputs.voices[rule] for rule in decisive_first(ranked.rules, judged.status) if rule in scope.inputs.voices]
    earlier = related(story, ranked.rules, scope)
    before = [one for one in background(earlier, ranked.rules, scope, story.thread) if one.cast.told.text not in used]
    printed = _prose(casts, [*sayings, *before], _own(ranked, casts, verdict, voices, scope, used), scope)
    headline = choose_headline([group.lead for group in story.copies], voices, verdict, scope, used)
    texts = {sentence.text for paragraph in printed for sentence in paragraph}
    item = Item(
        id=story.id,
        story=story.id,
        rules=found_by,
        headline=headline.text,
        headline_from=headline.origin,
        headline_language=headline.language,
        status=judged.status,
        paragraphs=printed,
        sources=sources_of(story),
        copies=copies_of(story),
        one_sided=one_sided(story, told, sayings, texts, scope),
        similar=similar_stories(earlier, scope),
        matched=matched_words(story, found_by, scope),
        score=ranked.score,
    )
    return Composed(item, judged, told)


def spokesmen(story: Story) -> list[AnalysedArticle]:
    """The texts that an item is written from: all, or forty taken by turns from each stance, documents of record first."""
    leads = sorted((group.lead for group in story.copies), key=lambda item: not item.article.source.of_record)
    turns: dict[str, int] = {}
    ordered = []
    for place, item in enumerate(leads):
        stance = item.article.source.stance.value
        turns[stance] = turns.get(stance, 0) + 1
        ordered.append((turns[stance], place, item))
    return [item for _, _, item in sorted(ordered, key=lambda row: row[:2])][:MOST_TEXTS]


def decisive_first(rules: Sequence[str], status: Status) -> list[str]:
    """The rules in the order in which they may speak: those whose cues carried the verdict first, by weight."""
    sign = {Verdict.BETTER: 1, Verdict.WORSE: -1, Verdict.UNCHANGED: 0}[status.verdict]
    weight = {rule: math.fsum(cue.score * sign for cue in status.cues if cue.counted and cue.rule == rule) for rule in rules}
    return sorted(rules, key=lambda rule: -max(0.0, weight[rule]))


def other_rules(ranked: Ranked, scope: Scope) -> tuple[str, ...]:
    """The rules of other sections that found the story as well, in the digest's order: it stands in one section only."""
    found = {match.rule for item in ranked.story.articles for match in item.analysis.matches if not match.shadow}
    asked = dict.fromkeys(rule for section in scope.inputs.digest.sections for rule in section.rules)
    return tuple(rule for rule in asked if rule in found and rule not in ranked.rules)


def matched_words(story: Story, rules: Sequence[str], scope: Scope) -> tuple[str, ...]:
    """The words that matched and tell this story from others: at most six, as found, in the reader's language where it has them.

    A term counts by the share of the story's texts that have it, against how many stories of the edition have it too.
    """
    leads = [group.lead for group in story.copies]
    mine = Counter(term for item in leads for term in _terms_of(item, rules))
    stories = scope.inputs.stories
    common = Counter(
        term for other in stories for term in {term for group in other.copies for term in _terms_of(group.lead, rules)}
    )
    words_for = {term: _words_for(term, leads, scope.language) for term in mine}
    weight = {
        term: count / len(leads) * math.log((2 + len(stories)) / (1 + common[term])) * _telling(words_for[term][1])
        for term, count in mine.items()
    }
    shown: dict[str, str] = {}
    for term in sorted(weight, key=lambda term: (-round(weight[term], 9), term)):
        readable, words = words_for[term]
        if not readable and len(shown) >= _ENOUGH_MATCHED:
            continue
        if not any(words.casefold() in known.casefold() or known.casefold() in words.casefold() for known in shown.values()):
            shown[term] = words
    return tuple(shown.values())[:MOST_MATCHED]


def _telling(words: str) -> float:
    """How much found words say on their own: a name or two or three words most, a plain word less, half a sentence least."""
    count = len(words.split())
    if count > _LONGEST_MATCH:
        return 0.3
    return 1.5 if count > 1 or words[:1].isupper() else 0.7


def _terms_of(item: AnalysedArticle, rules: Sequence[str]) -> set[str]:
    return {
        f"{match.rule}/{span.term}"
        for match in item.analysis.matches
        if match.rule in rules and not match.shadow
        for span in match.spans
    }


def _words_for(term: str, leads: Sequence[AnalysedArticle], language: str) -> tuple[bool, str]:
    """Whether the words are in the reader's language, and those that a term was most often found as there, else anywhere.

    Words in capitals come last; of equals, the shortest.
    """
    found = Counter(
        (item.article.language == language, " ".join(span.text.split()))
        for item in leads
        for match in item.analysis.matches
        for span in match.spans
        if f"{match.rule}/{span.term}" == term
    )
    return max(found, key=lambda key: (key[0], not key[1].isupper() or len(key[1]) <= _ACRONYM, found[key], -len(key[1]), key[1]))


def _own(
    ranked: Ranked, casts: Sequence[Cast], verdict: Verdict, voices: Sequence[RuleVoice], scope: Scope, used: frozenset[str]
) -> _Voice:
    slots = slots_of(ranked, casts, scope)

    def words(role: Role, texts: Iterable[TextsByVerdict]) -> tuple[Sentence, ...]:
        offers = (one.get(verdict.value, {}).get(scope.language, ()) for one in texts)
        return own_words(offers, role, slots, scope, used)

    return _Voice(words(Role.THESIS, (one.assessment for one in voices)), words(Role.OUTLOOK, (one.outlook for one in voices)))


def _prose(casts: Sequence[Cast], sayings: Sequence[Saying], own: _Voice, scope: Scope) -> tuple[tuple[Sentence, ...], ...]:
    """The paragraphs: opened by the rule's words, or by the most central lead sentence."""
    thesis: tuple[Sentence, ...] = own.thesis
    taken: list[Saying] = []
    if not thesis:
        lead = central_lead(casts, scope)
        opening = next((one for one in sayings if lead and lead in (one.cast, *one.also)), None)
        if opening:
            taken = [opening]
            taken = corroborate(taken, (one.told for one in casts), scope)
            thesis = tuple(to_sentence(one, scope, Role.THESIS) for one in taken)
    rest = [one for one in sayings if not any(repeats(one, other) for other in taken)]
    spent = own.words + sum(one.words for one in taken)
    chosen = corroborate(choose(rest, scope, taken, spent), (one.told for one in casts), scope)
    return paragraphs(thesis, chosen, own.outlook, scope)
