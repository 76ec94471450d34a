"""Articles and findings as JSON: the shapes of the contract, read and written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from monitor.articles.identity import content_hash
from monitor.cli.screen import iso
from monitor.model.article import Article, DateSource, Source
from monitor.model.errors import WrongUse
from monitor.model.match import Analysis, Document, Match
from monitor.model.story import AnalysedArticle

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_lines(stream: IO[str], name: str = "standard input") -> Iterator[dict[str, Any]]:
    """One object a line; empty lines are passed over.

    Raises:
        WrongUse: A line is no JSON object; says which.
    """
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise WrongUse(f"{name}, line {number}: no JSON ({error})") from None
        if not isinstance(value, dict):
            raise WrongUse(f'{name}, line {number}: an object is wanted, like {{"id": …, "title": …, "text": …}}')
        yield value


def document_from(value: dict[str, Any], number: int) -> Document:
    """A line of `monitor match`. `source` may be a name or an object with `stance` and `country`."""
    source = value.get("source")
    about = source if isinstance(source, dict) else {}
    language = str(value.get("lang") or "")
    return Document(
        id=str(value.get("id", number)),
        title=str(value.get("title") or ""),
        text=str(value.get("text") or ""),
        language=language,
        language_sure=bool(language),
        stance=str(about.get("stance") or ""),
        country=str(about.get("country") or "").lower(),
        feed=str(about.get("feed") or ""),
    )


def article_from(value: dict[str, Any], number: int) -> AnalysedArticle:
    """A line of `monitor stories`, as an article without findings."""
    published = moment_from(value.get("published"))
    title, text = str(value.get("title") or ""), str(value.get("text") or "")
    source = value.get("source")
    name = str(source.get("name") if isinstance(source, dict) else source or "")
    url = str(value.get("url") or "")
    article = Article(
        id=str(value.get("id", number)),
        feed_id=name,
        guid="",
        url=url,
        final_url=url,
        canonical_url=url,
        title=title,
        text=text,
        language=str(value.get("lang") or ""),
        language_sure=bool(value.get("lang")),
        published=published or EPOCH,
        published_source=DateSource.FEED if published else DateSource.FIRST_SEEN,
        first_seen=published or EPOCH,
        source=Source(name, name),
        content_hash=content_hash(title, text),
    )
    return AnalysedArticle(article, Analysis(article.id, (), (), ""))


def moment_from(value: Any) -> datetime | None:
    """An ISO 8601 moment or date; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def match_json(match: Match) -> dict[str, Any]:
    """A match as the contract writes it, with version, threshold and reason besides."""
    return {
        "rule": match.rule,
        "score": round(match.score, 3),
        "direction": match.direction.value,
        "spans": [
            {"field": span.field.value, "start": span.start, "end": span.end, "text": span.text, "term": span.term}
            for span in match.spans
        ],
        "threshold": match.threshold,
        "version": match.version,
        "reason": match.reason,
    }


def article_json(item: AnalysedArticle, story: str | None) -> dict[str, Any]:
    """A stored article as `articles list --json` writes it."""
    article = item.article
    return {
        "id": article.id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "published": iso(article.published),
        "published_source": article.published_source.value,
        "first_seen": iso(article.first_seen),
        "lang": article.language,
        "feed": article.feed_id,
        "story": story,
        "matches": [match_json(match) for match in item.analysis.matches],
        "text_chars": len(article.text),
        "reason": article.reason,
        "revision": article.revision,
    }
