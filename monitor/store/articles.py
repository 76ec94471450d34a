"""Keeps articles, what the rules found in them, and the stories they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monitor.model.article import Article
from monitor.model.feed import FeedState
from monitor.model.match import Analysis, ArticleWords
from monitor.model.story import AnalysedArticle
from monitor.store.codec import optional_time_text
from monitor.store.engine import Keeper, Statements, Value, listed
from monitor.store.feeds import put_feed_state
from monitor.store.promises import ArticleHead, ArticleQuery, ArticleStamp, ArticleStore, KnownArticle
from monitor.store.rows import (
    analysed_article,
    analysis_row,
    article_head,
    article_keys,
    article_row,
    article_stamp,
    identity_keys,
    known_article,
    words_row,
)

_KNOWN = """
    SELECT id, feed_id, guid, url, canonical_url, title, content_hash, revision, first_seen FROM article
    WHERE id IN (SELECT article_id FROM article_key WHERE key IN @texts(keys)) ORDER BY first_seen, id
"""
_PUT_ARTICLE = """
    INSERT INTO article (id, feed_id, guid, url, final_url, canonical_url, published, first_seen, backlog, revision,
        content_hash, title, details, text)
    VALUES (:id, :feed_id, :guid, :url, :final_url, :canonical_url, :published, :first_seen, :backlog, :revision,
        :content_hash, :title, :details, :text)
    ON CONFLICT (id) DO UPDATE SET feed_id = excluded.feed_id, guid = excluded.guid, url = excluded.url,
        final_url = excluded.final_url, canonical_url = excluded.canonical_url, published = excluded.published,
        backlog = excluded.backlog, revision = excluded.revision, content_hash = excluded.content_hash,
        title = excluded.title, details = excluded.details, text = excluded.text
"""
_DROP_KEYS = "DELETE FROM article_key WHERE article_id = :article_id"
_PUT_KEY = "INSERT INTO article_key (key, article_id) VALUES (:key, :article_id)"
_PUT_ANALYSIS = """
    INSERT INTO analysis (article_id, ruleset, matches, mentions) VALUES (:article_id, :ruleset, :matches, :mentions)
    ON CONFLICT (article_id) DO UPDATE SET ruleset = excluded.ruleset, matches = excluded.matches, mentions = excluded.mentions
"""
_DROP_MATCHES = "DELETE FROM rule_match WHERE article_id = :article_id"
_PUT_MATCH = """
    INSERT INTO rule_match (article_id, rule, score) VALUES (:article_id, :rule, :score)
    ON CONFLICT (article_id, rule) DO UPDATE SET score = excluded.score WHERE excluded.score > rule_match.score
"""
_ARTICLES = """
    SELECT a.*, n.ruleset, n.matches, n.mentions
    FROM article a LEFT JOIN analysis n ON n.article_id = a.id
    WHERE {} ORDER BY a.first_seen, a.id
"""
_ALONE = """
    SELECT a.*, NULL AS ruleset
    FROM article a
    WHERE {} ORDER BY a.first_seen, a.id
"""
_CLAUSES = {
    "seen_from": "a.first_seen >= :seen_from",
    "seen_until": "a.first_seen < :seen_until",
    "published_from": "a.published >= :published_from",
    "published_until": "a.published < :published_until",
    "rules": "a.id IN (SELECT article_id FROM rule_match WHERE rule IN @texts(rules))",
    "feed": "a.feed_id = :feed",
    "ids": "a.id IN @texts(ids)",
    "stale_for": "NOT EXISTS (SELECT 1 FROM analysis x WHERE x.article_id = a.id AND x.ruleset = :stale_for)",
}
_COUNT = "SELECT COUNT(*) AS articles FROM article a WHERE {}"
_HEADS = """
    SELECT a.id, a.url, a.title, a.published, a.details, w.language, w.words
    FROM article a LEFT JOIN article_words w ON w.article_id = a.id AND w.form = :form
    WHERE {} ORDER BY a.first_seen, a.id
"""
_STAMPS = """
    SELECT a.id, a.revision, a.content_hash, a.published, n.ruleset, s.story_id
    FROM article a LEFT JOIN analysis n ON n.article_id = a.id LEFT JOIN article_story s ON s.article_id = a.id
    WHERE {} ORDER BY a.first_seen, a.id
"""
_DROP_WORDS = "DELETE FROM article_words WHERE article_id = :article_id"
_PUT_WORDS = """
    INSERT INTO article_words (article_id, form, language, words) VALUES (:article_id, :form, :language, :words)
    ON CONFLICT (article_id) DO UPDATE SET form = excluded.form, language = excluded.language, words = excluded.words
"""
_ADD_WORDS = """
    INSERT INTO article_words (article_id, form, language, words)
    SELECT id, :form, :language, :words FROM article
    WHERE id = :article_id AND content_hash = :content_hash AND revision = :revision
    ON CONFLICT (article_id) DO UPDATE SET form = excluded.form, language = excluded.language, words = excluded.words
"""
_STORIES = "SELECT article_id, story_id FROM article_story WHERE article_id IN @texts(ids)"
_PUT_STORY = """
    INSERT INTO article_story (article_id, story_id) VALUES (:article_id, :story_id)
    ON CONFLICT (article_id) DO UPDATE SET story_id = excluded.story_id
"""


def conditions(query: ArticleQuery) -> tuple[str, dict[str, Value]]:
    """A query as a WHERE clause over `article a`, and its values. Several `rules` or `ids` are alternatives."""
    values: dict[str, Value] = {
        "seen_from": optional_time_text(query.seen_from),
        "seen_until": optional_time_text(query.seen_until),
        "published_from": optional_time_text(query.published_from),
        "published_until": optional_time_text(query.published_until),
        "rules": listed(query.rules) if query.rules else None,
        "feed": query.feed or None,
        "ids": listed(query.ids) if query.ids else None,
        "stale_for": query.stale_for or None,
    }
    wanted = [clause for name, clause in _CLAUSES.items() if values[name] is not None]
    if query.matched_only:
        wanted.append("EXISTS (SELECT 1 FROM rule_match m WHERE m.article_id = a.id)")
    if query.without_backlog:
        wanted.append("a.backlog = 0")
    return " AND ".join(wanted) or "1 = 1", values


class ArticleKeeper(Keeper, ArticleStore):
    """`ArticleStore` on any engine."""

    def known_articles(
        self, feed_id: str, guids: Iterable[str], urls: Iterable[str], titles: Iterable[str] = ()
    ) -> tuple[KnownArticle, ...]:
        """Those that share a guid or a title with this feed, or an address with any feed; by `first_seen`, then id."""
        keys = identity_keys(feed_id, guids, urls, titles)
        if not keys:
            return ()
        with self._engine.reading() as statements:
            return tuple(known_article(row) for row in statements.run(_KNOWN, {"keys": listed(sorted(keys))}))

    def save_poll(self, articles: Sequence[tuple[Article, Analysis]], state: FeedState | None) -> None:
        """Store new and revised articles with their analyses and the feed's state, where one is given, in one transaction.

        A loss of power may undo it; then the next poll reads them again.
        """
        with self._engine.writing(relaxed=True) as statements:
            if articles:
                _put_articles(statements, [article for article, _ in articles])
                _put_analyses(statements, [analysis for _, analysis in articles])
            if state is not None:
                put_feed_state(statements, state)

    def save_analyses(self, analyses: Sequence[Analysis]) -> None:
        """Replace what the rules found.

        Raises:
            Invariant: An analysis of an article that is not stored.
        """
        with self._engine.writing() as statements:
            _put_analyses(statements, analyses)

    def articles(self, query: ArticleQuery) -> tuple[AnalysedArticle, ...]:
        """By `first_seen`, then id. An article never analysed has an empty analysis."""
        where, values = conditions(query)
        sql = (_ALONE if query.without_analysis else _ARTICLES).format(where) + (" LIMIT :most" if query.limit else "")
        with self._engine.reading() as statements:
            rows = statements.run(sql, values | {"most": query.limit})
        return tuple(analysed_article(row) for row in rows)

    def count_articles(self, query: ArticleQuery) -> int:
        """How many `articles` would give."""
        where, values = conditions(query)
        with self._engine.reading() as statements:
            found = int(statements.run(_COUNT.format(where), values)[0]["articles"])
        return min(found, query.limit) if query.limit else found

    def stamps(self, query: ArticleQuery) -> tuple[ArticleStamp, ...]:
        """As `articles`, with nothing of what is in them."""
        where, values = conditions(query)
        sql = _STAMPS.format(where) + (" LIMIT :most" if query.limit else "")
        with self._engine.reading() as statements:
            return tuple(article_stamp(row) for row in statements.run(sql, values | {"most": query.limit}))

    def heads(self, query: ArticleQuery, form: str) -> tuple[ArticleHead, ...]:
        """As `articles`, without texts and analyses."""
        where, values = conditions(query)
        sql = _HEADS.format(where) + (" LIMIT :most" if query.limit else "")
        with self._engine.reading() as statements:
            rows = statements.run(sql, values | {"most": query.limit, "form": form})
        return tuple(article_head(row, form) for row in rows)

    def save_words(self, made: Sequence[tuple[Article, ArticleWords]]) -> None:
        """Keep words, but for those of an article that is another one now."""
        with self._engine.writing() as statements:
            statements.run_many(_ADD_WORDS, (_of_revision(article) | words_row(article.id, words) for article, words in made))

    def stories(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Article id → story id, for those that have one."""
        with self._engine.reading() as statements:
            return {row["article_id"]: row["story_id"] for row in statements.run(_STORIES, {"ids": listed(article_ids)})}

    def save_stories(self, story_of: Mapping[str, str]) -> None:
        """Insert or replace article id → story id.

        Raises:
            Invariant: An article that is not stored.
        """
        with self._engine.writing() as statements:
            statements.run_many(_PUT_STORY, ({"article_id": article, "story_id": story} for article, story in story_of.items()))


def _of_revision(article: Article) -> dict[str, Value]:
    return {"content_hash": article.content_hash, "revision": article.revision}


def _put_articles(statements: Statements, articles: Sequence[Article]) -> None:
    statements.run_many(_PUT_ARTICLE, map(article_row, articles))
    statements.run_many(_DROP_WORDS, ({"article_id": article.id} for article in articles))
    statements.run_many(_DROP_KEYS, ({"article_id": article.id} for article in articles))
    last = {article.id: article for article in articles}
    keys = ((key, article.id) for article in last.values() for key in sorted(article_keys(article)))
    statements.run_many(_PUT_KEY, ({"key": key, "article_id": article} for key, article in keys))


def _put_analyses(statements: Statements, analyses: Sequence[Analysis]) -> None:
    statements.run_many(_PUT_ANALYSIS, map(analysis_row, analyses))
    with_words = ((analysis.article_id, analysis.words) for analysis in analyses if analysis.words)
    statements.run_many(_PUT_WORDS, (words_row(article, words) for article, words in with_words))
    statements.run_many(_DROP_MATCHES, ({"article_id": analysis.article_id} for analysis in analyses))
    found = ((analysis.article_id, match) for analysis in analyses for match in analysis.matches)
    statements.run_many(
        _PUT_MATCH, ({"article_id": article, "rule": match.rule, "score": match.score} for article, match in found)
    )
