"""Small questions about articles that copies, stories and threads all ask: who came first, on what day, from which host. Pure."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from monitor.model.article import Article, DateSource
from monitor.model.story import AnalysedArticle


def first_appearance(item: AnalysedArticle) -> tuple[datetime, datetime, str]:
    """The order of first appearance: when we saw it, when it says it was published, its id. A later find never comes first."""
    return item.article.first_seen, item.article.published, item.article.id


def host_of(article: Article) -> str:
    """The host that carried the article, "www." dropped, or ""."""
    try:
        host = urlsplit(article.final_url or article.url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def has_date(article: Article) -> bool:
    """False where the date is only when we first saw it."""
    return article.published_source is not DateSource.FIRST_SEEN


def days_apart(one: Article, other: Article) -> float:
    """Days between two publications; 0 where one of them has no date of its own, since then nothing speaks against them."""
    if not has_date(one) or not has_date(other):
        return 0.0
    return abs((one.published - other.published).total_seconds()) / 86_400
