"""Copies folded, stories grouped, with the reasons for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.article import Article
from monitor.model.match import Analysis


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article with what the rules found in it: the unit that stories and editions work on."""

    article: Article
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Related:
    """Another text of a story that says the same in another language; `article` is its id, `reason` says why, in figures.

    Which of the two was there first, and which is the translation, nobody has said.
    """

    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Articles that carry the same text, exact or lightly edited; `articles` by first appearance, the first one leads.

    `reasons` has one line per joined article ("b3f… copies a91…: 94 % of its 3-word shingles"). `origin` is the agency that the
    text comes from, or its first publisher; `origin_reason` says why. `related` are the leads of other groups of its story that
    say the same in another language: translations are never folded.
    """

    articles: tuple[AnalysedArticle, ...]
    reasons: tuple[str, ...] = ()
    origin: str = ""
    origin_reason: str = ""
    related: tuple[Related, ...] = ()

    @property
    def lead(self) -> AnalysedArticle:
        """The article that stands for the group."""
        return self.articles[0]


@dataclass(frozen=True, slots=True)
class Story:
    """Different articles on one event. `copies` by first appearance; every source is kept.

    `id` is stable for the same earliest article. `thread` is the id of the thread that the story belongs to, or "";
    `thread_reason` says why.
    """

    id: str
    copies: tuple[CopyGroup, ...]
    reasons: tuple[str, ...] = ()
    thread: str = ""
    thread_reason: str = ""

    @property
    def articles(self) -> tuple[AnalysedArticle, ...]:
        """All articles of all copy groups, in order."""
        return tuple(article for group in self.copies for article in group.articles)


@dataclass(frozen=True, slots=True)
class ThreadedStory:
    """A story's place in a thread, as decided when an edition was made.

    `began` is when its first article was published (aware UTC); `article` and `title` are that article's, which may be gone since;
    `reason` says why it is in the thread.
    """

    story: str
    thread: str
    began: datetime
    article: str
    title: str
    reason: str
