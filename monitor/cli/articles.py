"""`monitor articles`: what is stored, with stories, matches and reasons."""

from __future__ import annotations

import click
from rich.markup import escape

from monitor.cli.jsonl import article_json
from monitor.cli.moments import given_moment
from monitor.cli.screen import counted, json_line, say, table
from monitor.cli.shared import as_json
from monitor.cli.shared import store as open_store
from monitor.model.errors import WrongUse
from monitor.model.match import Field, Match
from monitor.model.story import AnalysedArticle
from monitor.store.promises import ArticleQuery


@click.group()
def articles() -> None:
    """What is stored, with stories, matches and reasons."""


@articles.command("list")
@click.option("--since", default="", help="First seen since: a date, a moment, or an age like 7d")
@click.option("--rule", "rules", multiple=True, help="Only articles that match this rule (may be repeated)")
@click.option("--feed", default="", help="Only articles of this feed")
@click.option("--matched", is_flag=True, help="Only articles that match any rule")
@click.option("--limit", default=0, help="At most so many; 0 is all")
@as_json
def list_articles(since: str, rules: tuple[str, ...], feed: str, matched: bool, limit: int, as_json: bool) -> None:
    """Articles by the time they were first seen."""
    seen_from = given_moment(since)
    store = open_store()
    found = store.articles(ArticleQuery(seen_from=seen_from, rules=rules, feed=feed, matched_only=matched, limit=limit))
    story_of = store.stories([item.article.id for item in found])
    if as_json:
        for item in found:
            json_line(article_json(item, story_of.get(item.article.id)))
        return
    table(("id", "published", "lang", "feed", "rules", "title"), [_row(item) for item in found])
    matching = sum(1 for item in found if item.analysis.matches)
    stories = len({story_of[item.article.id] for item in found if item.article.id in story_of})
    say(f"[dim]{counted(len(found), 'article')}, {matching} matched, {counted(stories, 'story', 'stories')}[/dim]")


def _row(item: AnalysedArticle) -> tuple[str, ...]:
    article = item.article
    rules = ", ".join(f"{_arrow(match)}{match.rule}" for match in item.analysis.matches)
    return (article.id[:8], f"{article.published:%Y-%m-%d}", article.language, article.feed_id, rules, escape(article.title))


def _arrow(match: Match) -> str:
    return {"improves": "↑", "worsens": "↓"}.get(match.direction.value, "→")


@articles.command()
@click.argument("article_id")
@as_json
def show(article_id: str, as_json: bool) -> None:
    """One article whole: where it came from, why it matched (hits highlighted), which story it belongs to."""
    store = open_store()
    item = _find(store.articles(ArticleQuery()), article_id)
    story_of = store.stories([item.article.id])
    if as_json:
        json_line({**article_json(item, story_of.get(item.article.id)), "text": item.article.text})
        return
    article = item.article
    say(f"[bold]{_lit(item, Field.TITLE)}[/bold]")
    facts = {
        "id": article.id,
        "source": f"{article.source.name} ({article.source.stance.value}, {article.language}{'' if article.language_sure else '?'})",
        "address": article.canonical_url or article.url,
        "published": f"{article.published:%Y-%m-%d %H:%M} UTC, as the {article.published_source.value} says",
        "first seen": f"{article.first_seen:%Y-%m-%d %H:%M} UTC",
        "text": f"{len(article.text)} characters from the {article.text_source.value}"
        + (f": {article.reason}" if article.reason else ""),
        "story": story_of.get(article.id, "none"),
    }
    for name, value in facts.items():
        say(f"  [dim]{name:<11}[/dim]{escape(value)}")
    for match in item.analysis.matches:
        say(f"  [green]{_arrow(match)} {match.rule}[/green] v{match.version}  {escape(match.reason)}")
    say("")
    say(_lit(item, Field.TEXT))


def _find(found: tuple[AnalysedArticle, ...], wanted: str) -> AnalysedArticle:
    hits = [item for item in found if item.article.id.startswith(wanted)]
    if len(hits) != 1:
        raise WrongUse(f"{'no' if not hits else 'more than one'} article has an id that begins with {wanted}")
    return hits[0]


def _lit(item: AnalysedArticle, field: Field) -> str:
    """Title or text with the matching words highlighted."""
    text = item.article.title if field is Field.TITLE else item.article.text
    spans = sorted({(span.start, span.end) for match in item.analysis.matches for span in match.spans if span.field is field})
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            parts += [escape(text[at:start]), f"[reverse]{escape(text[start:end])}[/reverse]"]
            at = end
    return "".join([*parts, escape(text[at:])])
