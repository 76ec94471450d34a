"""The articles that rules are tried on, for the command line and the workbench alike: from the database, week by week, or given.

It changes nothing but the words that the database keeps of articles, which are made anew where they are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model.errors import StoreBusy
from monitor.model.match import Analysis, Match
from monitor.model.story import AnalysedArticle
from monitor.polling import document_of
from monitor.rules.marks import UNJUDGED, Judged
from monitor.rules.sieve import Sieve, form, words_of
from monitor.rules.trial import Filed, Outcome, PassedOver, Seen
from monitor.store.promises import ArticleHead, ArticleQuery, Store
from monitor.stories.telling import tell_stories

SLICE = timedelta(days=7)
BACK = timedelta(days=1)
"""As `SLICE` for one who reads the newest first and may stop at any time."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where articles come from. `count` is how many there are; `labels` are those kept beside the rules, by article id or address."""

    count: int
    source: Store | tuple[Filed, ...]
    labels: Mapping[str, Judged]
    since: datetime | None
    until: datetime | None
    stored_by: str = ""
    """Hash of a rule set: what the database holds from it is given along."""
    newest: datetime | None = None
    """Where set, a database gives its newest articles first, beginning with those that came at about this time."""

    def __iter__(self) -> Iterator[Filed]:
        """All of them; from a database those of one week at a time, so that an archive need not fit in memory."""
        if isinstance(self.source, tuple):
            yield from self.source
            return
        for query in self._slices(self.source):
            for item in self.source.articles(query):
                article = item.article
                analysis = item.analysis
                same = self.stored_by and analysis.ruleset == self.stored_by
                stored = Outcome(analysis.matches) if same else None
                yield Filed(article, document_of(article), self._judged(article.id, article.url), stored=stored)

    def sifted(self, sieve: Sieve) -> Iterator[Seen]:
        """All of them in the same order; of those that the sieve lets go no text is read."""
        if isinstance(self.source, tuple):
            yield from self.source
            return
        for query in self._slices(self.source):
            yield from self._sifted(self.source, query, sieve)

    def _sifted(self, store: Store, query: ArticleQuery, sieve: Sieve) -> Iterator[Seen]:
        heads = store.heads(query, form())
        possible = {head.id: found for head in heads if head.words and (found := sieve.possible(head.words))}
        wanted = possible.keys() | {head.id for head in heads if head.words is None}
        alone = store.articles(ArticleQuery(ids=tuple(wanted), without_analysis=True)) if wanted else ()
        whole = {item.article.id: item.article for item in alone}
        wordless = [whole[head.id] for head in heads if head.words is None and head.id in whole]
        with suppress(StoreBusy):  # another writer is at work: the next reader makes them
            if wordless:
                store.save_words([(article, words_of(document_of(article))) for article in wordless])
        for head in heads:
            judged = self._judged(head.id, head.url)
            if head.id in whole:
                article = whole[head.id]
                yield Filed(article, document_of(article), judged, possible=possible.get(head.id))
            elif head.id not in wanted:
                yield _passed(head, judged)

    def _judged(self, article: str, url: str) -> Judged:
        return (self.labels.get(article) or self.labels.get(url) or UNJUDGED) if self.labels else UNJUDGED

    def _slices(self, store: Store) -> Iterator[ArticleQuery]:
        whole = ArticleQuery(published_from=self.since, published_until=self.until)
        if self.newest:
            yield from self._backwards(store, whole, self.newest)
            return
        for earliest in store.articles(replace(whole, limit=1)):
            start, left = earliest.article.first_seen, self.count
            while left > 0:
                query = replace(whole, seen_from=start, seen_until=start + SLICE)
                found = store.count_articles(query)
                if found:
                    yield query
                left -= found
                start += SLICE

    def _backwards(self, store: Store, whole: ArticleQuery, start: datetime) -> Iterator[ArticleQuery]:
        left, query = self.count, replace(whole, seen_from=start)
        # none was published an hour after it came: before this, articles counted have vanished since
        last = self.since or min((item.article.first_seen for item in store.articles(replace(whole, limit=1))), default=start)
        while left > 0:
            found = store.count_articles(query)
            if found:
                yield query
            left -= found
            if start <= last - BACK:
                return
            query = replace(whole, seen_from=start - BACK, seen_until=start)
            start -= BACK


def last_seen(store: Store, now: datetime) -> datetime | None:
    """When the newest article of a database came, to within an hour; `now` where some came in the last day, None where there is none."""
    found, none = min((item.article.first_seen for item in store.articles(ArticleQuery(limit=1))), default=None), now
    if found is None:
        return None
    if found >= now or store.count_articles(ArticleQuery(seen_from=now - BACK)):
        return now
    while none - found > timedelta(hours=1):
        middle = found + (none - found) / 2
        if store.count_articles(ArticleQuery(seen_from=middle)):
            found = middle
        else:
            none = middle
    return none


def archive_of(store: Store, labels: Mapping[str, Judged], since: datetime | None, until: datetime | None = None) -> Archive:
    """The articles of a database published in a span, with the labels given by article id or address."""
    count = store.count_articles(ArticleQuery(published_from=since, published_until=until))
    return Archive(count, store, labels, since, until)


def _passed(head: ArticleHead, judged: Judged) -> PassedOver:
    return PassedOver(head.id, head.title, head.source, head.language, head.published, judged)


def stories_of(hits: Iterable[tuple[Filed, tuple[Match, ...]]]) -> dict[str, str]:
    """Article id → story id, grouped afresh from the matches of the trial: stored stories know only those of other rules."""
    items = [AnalysedArticle(filed.article, Analysis(filed.article.id, matches, (), "")) for filed, matches in hits]
    return {item.article.id: story.id for story in tell_stories(items) for item in story.articles}
