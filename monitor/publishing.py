"""The steps of `publish`: gather what falls into a window, compose and print it in every language, freeze it with its outbox."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import quote

from monitor.delivery.copies import Copier, copier
from monitor.delivery.message import Letter, build_message
from monitor.delivery.tokens import mark_token
from monitor.digests.compose import compose_edition
from monitor.digests.desk.decide import goes_out_at
from monitor.digests.due import Due
from monitor.digests.earlier_items import EarlierItem, earlier_items
from monitor.digests.inputs import EditionInputs, ReadCounts
from monitor.digests.render.fit import fit_mail
from monitor.digests.render.rendition import render_edition
from monitor.model.delivery import OutboxMessage, SenderIdentity, Subscribed, Subscription
from monitor.model.desk import Draft
from monitor.model.digest import Digest, Window
from monitor.model.edition import Edition, FrozenEdition, Verdict
from monitor.model.story import AnalysedArticle, Story, ThreadedStory
from monitor.parts import Parts
from monitor.store.promises import ArticleQuery
from monitor.stories.copies import fold_copies
from monitor.stories.telling import tell_stories
from monitor.stories.threads import follow_threads, with_threads

EARLIER = timedelta(days=91)
EARLIER_EDITIONS = 150
EARLIER_ITEMS = 300
"""Items of earlier editions that are looked back to, however long ago they were printed."""
HISTORY_WEEKS = 12
SAMPLE_ADDRESS = "reader@example.org"


@dataclass(frozen=True, slots=True)
class Composed:
    """An edition in all its languages, with the stories it tells."""

    inputs: EditionInputs
    editions: Mapping[str, Edition]


def rests_on(window: Window) -> ArticleQuery:
    """Every article that an edition over `window` may rest on, the archive before it included."""
    return _query(replace(window, start=window.start - EARLIER), matched_only=False)


def gather(parts: Parts, digest: Digest, due: Due) -> EditionInputs:
    """Read from the store what an edition rests on."""
    window = due.window
    earlier_window = replace(window, start=window.start - EARLIER, end=window.start)
    read = parts.store.articles(_query(window, matched_only=False))
    rules = {rule for section in digest.sections for rule in section.rules}
    told = tell_stories(_matched(read, rules))
    editions = parts.store.editions(digest.id, until=window.start, most=EARLIER_EDITIONS)
    items = earlier_items(editions, most=EARLIER_ITEMS)
    recent = tell_stories(_matched(parts.store.articles(_query(earlier_window, matched_only=True)), rules))
    before = (
        *recent,
        *_told_before(parts, items, {item.article.id for story in (*told, *recent) for item in story.articles}),
    )
    threads = follow_threads((*told, *before), parts.store.threads([story.id for story in (*told, *before)]))
    stories, earlier = with_threads(told, threads), with_threads(before, threads)
    states = parts.store.feed_states()
    return EditionInputs(
        digest=digest,
        window=window,
        key=due.key,
        due_at=due.due_at,
        number=int(window.week.partition("-W")[2]),
        stories=stories,
        earlier=earlier,
        names=parts.files.names,
        voices=parts.files.voices,
        feeds=tuple((feed, states.get(feed.id)) for feed in parts.files.feeds),
        counts=_counts(read, rules),
        history=_history(digest, window, (*earlier, *stories)),
        earlier_items=items,
        past=_past(digest, window, editions),
        base_url=parts.sender.base_url,
        ruleset=parts.files.ruleset,
    )


def _told_before(parts: Parts, items: Sequence[EarlierItem], known: AbstractSet[str]) -> Iterable[Story]:
    """Stories that earlier editions told, from articles older than what is read anyway (`known`)."""
    old = [one for one in items if not one.articles & known]
    wanted = {article for one in old for article in one.articles}
    if not wanted:
        return
    found = {item.article.id: item for item in parts.store.articles(ArticleQuery(ids=tuple(sorted(wanted))))}
    seen: set[str] = set()
    for one in old:
        articles = [found[article] for article in sorted(one.articles) if article in found and article not in seen]
        seen.update(item.article.id for item in articles)
        if articles:
            yield Story(one.story, tuple(fold_copies(articles)))


def compose(inputs: EditionInputs, languages: Iterable[str], sender: SenderIdentity | None = None) -> Composed:
    """Compose in each language; pure. With `sender`, stories of a digest that asks get links to say whether they are relevant."""
    editions = {language: compose_edition(inputs, language) for language in languages}
    if sender:
        editions = {language: asking(edition, inputs.digest, sender) for language, edition in editions.items()}
    return Composed(inputs, editions)


def edition_id(digest: str, key: date, revision: int = 1) -> str:
    """What an edition is known by: "<digest>/<key>", a correction of it "<digest>/<key>/<revision>"."""
    return f"{digest}/{key.isoformat()}" + (f"/{revision}" if revision > 1 else "")


def asking(edition: Edition, digest: Digest, sender: SenderIdentity) -> Edition:
    """The edition with a page for each story where readers say whether it is relevant; with none where nobody asks, or has no address.

    The pages of a correction are those of the edition it corrects: what readers say of a story counts once.
    """
    if not sender.base_url or not digest.ask_relevance:
        return replace(edition, mark_links={})
    known = edition_id(edition.digest, edition.key)
    links = {
        item.story: f"{sender.base_url.rstrip('/')}/mark/{known}/{quote(item.story, safe='')}/{token}"
        for section in edition.sections
        for item in section.items
        for token in [mark_token(sender.secret, known, item.story)]
    }
    return replace(edition, mark_links=links)


def freeze(composed: Composed, *, frozen_at: datetime) -> FrozenEdition:
    """Print every language and fix the bytes; pure."""
    return freeze_editions(composed.editions, composed.inputs.digest, frozen_at=frozen_at)


def freeze_editions(editions: Mapping[str, Edition], digest: Digest, *, frozen_at: datetime, revision: int = 1) -> FrozenEdition:
    """As `freeze`, for editions that came from a draft; pure."""
    one = next(iter(editions.values()))
    renditions = {}
    for language, edition in editions.items():
        page = render_edition(edition, digest)
        mail = render_edition(fit_mail(edition, digest), digest)
        renditions[language] = replace(page, mail_html=mail.mail_html, mail_text=mail.mail_text)
    printed = "\x1e".join(rendition.json for rendition in renditions.values())
    return FrozenEdition(
        id=edition_id(digest.id, one.key, revision),
        digest=digest.id,
        key=one.key,
        week=one.window.week,
        window=one.window,
        due_at=one.due_at,
        frozen_at=frozen_at,
        number=one.number,
        inputs_hash=hashlib.sha256(printed.encode()).hexdigest(),
        renditions=renditions,
        revision=revision,
    )


def draft_of(editions: Mapping[str, Edition], digest: Digest, due: Due, now: datetime) -> Draft:
    """The draft that holds composed editions, without any edit; pure."""
    return Draft(
        id=edition_id(digest.id, due.key),
        digest=digest.id,
        key=due.key,
        window=due.window,
        due_at=due.due_at,
        made_at=now,
        changed_at=now,
        reason=due.reason,
        goes_out_at=goes_out_at(digest, now),
        edits=dict.fromkeys(editions, ()),
    )


def keep_threads(parts: Parts, inputs: EditionInputs) -> None:
    """Keep the threads of all stories that an edition rests on; what was kept before stands, so that doing it again is harmless."""
    kept = []
    for story in (*inputs.earlier, *inputs.stories):
        first = story.articles[0].article
        kept.append(ThreadedStory(story.id, story.thread, first.published, first.id, first.title, story.thread_reason))
    parts.store.save_threads(kept)


def address_copies(parts: Parts, edition: FrozenEdition, digest: Digest) -> tuple[OutboxMessage, ...]:
    """One outbox message for each active subscription, in its language or the digest's first."""
    copiers: dict[str, Copier] = {}
    copies = []
    for subscription in parts.store.subscriptions(digest=digest.id, states=(Subscribed.ACTIVE,)):
        letter = _letter(edition, digest, subscription.language)
        language = letter.rendition.language
        copiers[language] = copiers.get(language) or copier(letter, parts.sender)
        copies.append(copiers[language](subscription))
    return tuple(copies)


def sample_message(parts: Parts, edition: FrozenEdition, digest: Digest, language: str) -> OutboxMessage:
    """The mail as a reader would get it, to nobody in particular: what `--dry-run` shows."""
    at = edition.frozen_at
    nobody = Subscription(0, digest.id, SAMPLE_ADDRESS, SAMPLE_ADDRESS, language, Subscribed.ACTIVE, at, at)
    return write_message(parts, edition, digest, nobody)


def write_message(parts: Parts, edition: FrozenEdition, digest: Digest, subscription: Subscription) -> OutboxMessage:
    """The frozen message of one edition to one subscription."""
    return build_message(_letter(edition, digest, subscription.language), subscription, parts.sender)


def _letter(edition: FrozenEdition, digest: Digest, wanted: str) -> Letter:
    """What a reader of a language gets: the edition in it, or in the digest's first language."""
    language = wanted if wanted in edition.renditions else digest.languages[0]
    rendition = edition.renditions.get(language) or next(iter(edition.renditions.values()))
    title = digest.title.get(rendition.language) or next(iter(digest.title.values()), digest.id)
    return Letter(edition, rendition, title, edition.frozen_at)


def _query(window: Window, *, matched_only: bool) -> ArticleQuery:
    if window.by_publication:
        return ArticleQuery(published_from=window.start, published_until=window.end, matched_only=matched_only)
    return ArticleQuery(seen_from=window.start, seen_until=window.end, matched_only=matched_only, without_backlog=True)


def _matched(articles: Iterable[AnalysedArticle], rules: set[str]) -> tuple[AnalysedArticle, ...]:
    return tuple(item for item in articles if any(match.rule in rules and not match.shadow for match in item.analysis.matches))


def _counts(read: Sequence[AnalysedArticle], rules: set[str]) -> ReadCounts:
    return ReadCounts(
        articles_read=len(read),
        articles_matched=len(_matched(read, rules)),
        without_text=sum(1 for item in read if not item.article.text),
        by_language=dict(Counter(item.article.language or "?" for item in read)),
        by_stance=dict(Counter(item.article.source.stance.value for item in read)),
    )


def _history(digest: Digest, window: Window, stories: Iterable[Story]) -> dict[str, tuple[int, ...]]:
    """Matched stories of each section in each of the last twelve weeks, this one last."""
    counts = {section.id: [0] * HISTORY_WEEKS for section in digest.sections}
    for story in stories:
        first = story.articles[0].article
        moment = first.published if window.by_publication else first.first_seen
        weeks_ago = (window.end - moment) // timedelta(weeks=1)
        found = {match.rule for item in story.articles for match in item.analysis.matches}
        for section in digest.sections:
            if 0 <= weeks_ago < HISTORY_WEEKS and found & set(section.rules):
                counts[section.id][HISTORY_WEEKS - 1 - weeks_ago] += 1
    return {section: tuple(weeks) for section, weeks in counts.items()}


def _past(digest: Digest, window: Window, editions: Iterable[FrozenEdition]) -> dict[str, tuple[Verdict | None, ...]]:
    """What earlier editions said of each section: one for each of the eleven weeks before this one, None where there was none."""
    said: dict[str, list[Verdict | None]] = {section.id: [None] * (HISTORY_WEEKS - 1) for section in digest.sections}
    for edition in editions:
        weeks_ago = (window.last_day - edition.window.last_day).days // 7
        if not 0 < weeks_ago < HISTORY_WEEKS:
            continue
        for section in json.loads(next(iter(edition.renditions.values())).json)["sections"]:
            if section["id"] in said:
                said[section["id"]][HISTORY_WEEKS - 1 - weeks_ago] = Verdict(section["status"]["verdict"])
    return {section: tuple(verdicts) for section, verdicts in said.items()}
