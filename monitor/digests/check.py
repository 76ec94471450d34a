"""Holds a composed edition to the limits it promises: form, citations, dates, statuses, spelling. It changes nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from difflib import SequenceMatcher

from monitor.digests.headline import MOST_WORDS as MOST_HEADLINE_WORDS
from monitor.digests.headline import stem_of
from monitor.digests.prose import MOST_PARAGRAPHS, MOST_WORDS
from monitor.digests.status import INDEPENDENT_SOURCES, balance_of
from monitor.digests.thesis import MOST_SENTENCES
from monitor.model.article import Article
from monitor.model.edition import Citation, Edition, EditionSection, Item, Role, Sentence, SourceRef, Status, Verdict
from monitor.model.names import Name, NameKind

GLANCE_WORDS = range(8, 13)
_WORD = re.compile(r"[^\W\d_]{5,}")
_SPELLING = 0.8


def check_edition(edition: Edition, articles: Mapping[str, Article], names: Collection[Name] = ()) -> list[str]:
    """Every promise that the edition breaks, in words; empty for a good one.

    Args:
        edition: As composed.
        articles: By id; all that the edition cites.
        names: The desk's names, for "one spelling per name" in our own words.
    """
    broken: list[str] = []
    for section in edition.sections:
        broken += _section(section)
        for item in section.items:
            where = f"{section.id}/{item.id}"
            broken += (
                f"{where}: {words}" for words in (*_item(item, articles), *_status(item.status, item), *_spelling(item, names))
            )
    broken += (f"watch: {words}" for watched in edition.watch for words in _cited(watched.sentence, articles))
    if list(edition.watch) != sorted(edition.watch, key=lambda watched: watched.day):
        broken.append("watch: not in order of date")
    broken += (f"watch: {one.day} is not after the window" for one in edition.watch if one.day <= edition.window.last_day)
    return broken


def _section(section: EditionSection) -> Iterator[str]:
    if len(section.glance.split()) not in GLANCE_WORDS:
        yield f'{section.id}: {len(section.glance.split())} words at a glance: "{section.glance}"'
    moved = [item.status for item in section.items if item.status.verdict is not Verdict.UNCHANGED]
    balance = round(math.fsum(status.balance for status in moved) / len(moved), 2) if moved else 0.0
    verdict = Verdict.UNCHANGED
    if moved and abs(balance) >= section.status.threshold:
        verdict = Verdict.BETTER if balance > 0 else Verdict.WORSE
    by_hand = section.status.override or any(item.status.override for item in section.items)
    if section.status.verdict is not verdict and not by_hand:
        yield f"{section.id}: is {section.status.verdict.value}, its items come to {verdict.value} ({balance:+})"


def _item(item: Item, articles: Mapping[str, Article]) -> Iterator[str]:
    words = sum(len(sentence.text.split()) for sentence in item.sentences)
    if not 0 < len(item.headline.split()) <= MOST_HEADLINE_WORDS:
        yield f'{len(item.headline.split())} words in the headline "{item.headline}"'
    if not 0 < len(item.paragraphs) <= MOST_PARAGRAPHS:
        yield f"{len(item.paragraphs)} paragraphs"
    if words > MOST_WORDS:
        yield f"{words} words"
    if sum(sentence.role is Role.THESIS for sentence in item.sentences) > MOST_SENTENCES:
        yield "more than three sentences in the thesis"
    if not item.sources:
        yield "no sources"
    for sentence in (*item.sentences, *(one.sentence for one in item.one_sided)):
        yield from _cited(sentence, articles)
        if sentence.role is Role.EVENT and sentence.day is None:
            yield f'event without a date: "{sentence.text}"'
    texts = [sentence.text for sentence in item.sentences]
    yield from (f'printed twice: "{text}"' for text in sorted(set(texts)) if texts.count(text) > 1)


def _cited(sentence: Sentence, articles: Mapping[str, Article]) -> Iterator[str]:
    if sentence.own == bool(sentence.citations):
        yield f'neither quoted nor our own, or both: "{sentence.text}"'
        return
    for place, citation in enumerate(sentence.citations):
        found = _slice(citation, articles)
        if found is None:
            yield f"cites {citation.article}, which is not among the articles"
        elif place == 0 and found != sentence.text:
            yield f'is not what {citation.article} says at {citation.start}: "{sentence.text}"'
        elif not found.strip():
            yield f"cites nothing at {citation.start} of {citation.article}"


def _slice(citation: Citation, articles: Mapping[str, Article]) -> str | None:
    article = articles.get(citation.article)
    if article is None:
        return None
    return (article.title if citation.field == "title" else article.text)[citation.start : citation.end]


def _status(status: Status, item: Item) -> Iterator[str]:
    """Whether the verdict follows from the counted cues, unless somebody set it by hand."""
    if status.override:
        return
    counted = [cue for cue in status.cues if cue.counted]
    sources: dict[str, SourceRef] = {}
    for citation in item.sources:
        sources.setdefault(citation.source.feed, citation.source)
    balance = balance_of(status.cues, sources.values())
    if balance != status.balance:
        yield f"the balance is given as {status.balance}, its cues come to {balance}"
    carrying = {cue.citation.source.feed for cue in counted if cue.score * balance > 0}
    enough = len(carrying) >= INDEPENDENT_SOURCES or any(sources[feed].of_record for feed in carrying if feed in sources)
    verdict = Verdict.UNCHANGED
    if counted and enough and abs(balance) >= status.threshold:
        verdict = Verdict.BETTER if balance > 0 else Verdict.WORSE
    if status.verdict is not verdict and not (
        verdict is not Verdict.UNCHANGED and status.independent_sources < INDEPENDENT_SOURCES
    ):
        yield f"is {status.verdict.value}, its cues come to {verdict.value} ({balance:+})"
    if not status.reason:
        yield "a status without its reason"


def _spelling(item: Item, names: Collection[Name]) -> Iterator[str]:
    """In our own words, and in headlines, each person's name has one form; where names have cases, one stem."""
    texts = [(item.headline, item.headline_language), *((one.text, one.language) for one in item.sentences if one.own)]
    for name in names:
        if name.kind is not NameKind.PERSON:
            continue
        for text, language in texts:
            printed = name.printed.get(language, "").split()
            for word in _WORD.findall(text):
                close = [form for form in printed if word[0] == form[0] and _near(word, form)]
                if close and not any(_is_form(word, form, language) for form in printed):
                    yield f'"{word}" stands for "{close[0]}"'


def _near(word: str, form: str) -> bool:
    return SequenceMatcher(None, word.lower(), form.lower()).ratio() >= _SPELLING


def _is_form(word: str, form: str, language: str) -> bool:
    return word == form if language == "en" else word.startswith(stem_of(form))
