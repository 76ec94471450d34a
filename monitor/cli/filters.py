"""The filters: extract, match, stories. JSON Lines in and out, no database, so that they compose with other tools."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
from rich.markup import escape

from monitor.articles.extract import extract_article
from monitor.articles.identity import canonical_url_of
from monitor.bootstrap import clock_of, folder_of
from monitor.cli.jsonl import article_from, document_from, match_json, read_lines
from monitor.cli.rules_given import Folder
from monitor.cli.screen import iso, json_line, say
from monitor.cli.shared import as_json, settings
from monitor.feeds.http import HttpFetcher
from monitor.model.article import Extraction
from monitor.model.fetch import Accept, FetchRequest
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.stories.telling import tell_stories


@click.command()
@click.argument("source", default="-", metavar="[FILE|URL|-]")
@click.option("--url", default="", help="Address of the page, where SOURCE is a file or standard input")
@click.option("--jsonl", is_flag=True, help='Each input line is {"id","url","html"}')
@as_json
def extract(source: str, url: str, jsonl: bool, as_json: bool) -> None:
    """HTML to article: title, text, date, language, and the reason where something is missing."""
    here = settings()
    today = clock_of(here)().date()
    if jsonl:
        with _open(source) as stream:
            for value in read_lines(stream):
                page = str(value.get("html") or "").encode("utf-8", "surrogatepass")
                address = str(value.get("url") or "")
                json_line(
                    _article(
                        value.get("id"),
                        address,
                        extract_article(
                            page, url=address, content_type="text/html; charset=utf-8", today=today, mode=here.extraction
                        ),
                    )
                )
        return
    body, address, content_type = _page(source, url)
    article = _article(
        None, address, extract_article(body, url=address, content_type=content_type, today=today, mode=here.extraction)
    )
    if as_json or not sys.stdout.isatty():
        json_line(article)
        return
    say(f"[bold]{escape(article['title'])}[/bold]")
    say(
        f"[dim]{article['published'] or 'no date'}  {article['lang']}  {escape(article['canonical_url'])}  {escape(article['reason'])}[/dim]\n"
    )
    say(escape(article["text"]))


def _open(source: str) -> IO[str]:
    return click.open_file(source, "r", encoding="utf-8", errors="replace")


def _page(source: str, url: str) -> tuple[bytes, str, str]:
    """Body, address and content type of a page from an address, a file or standard input."""
    if source.startswith(("http://", "https://")):
        policy = settings().fetch_policy()
        result = HttpFetcher(policy).fetch(FetchRequest(source, Accept.PAGE, policy.max_page_bytes))
        return result.body or b"", result.final_url, result.headers.get("content-type", "")
    if source == "-":
        return sys.stdin.buffer.read(), url, ""
    return Path(source).read_bytes(), url, ""


def _article(identifier: Any, url: str, extraction: Extraction) -> dict[str, Any]:
    return {
        "id": identifier,
        "url": url,
        "title": extraction.title,
        "text": extraction.text,
        "published": iso(extraction.published),
        "lang": extraction.language,
        "author": extraction.author,
        "canonical_url": canonical_url_of(url, url, extraction.canonical_url) if url else extraction.canonical_url,
        "reason": extraction.reason,
    }


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@Folder
def match(source: str, folder: Path | None) -> None:
    """Articles (JSON Lines) to matches: the same id with every rule that holds, its score, direction and proving spans."""
    engine = Engine(load_rules(folder or folder_of(settings(), "rules")))
    with _open(source) as stream:
        for number, value in enumerate(read_lines(stream), start=1):
            analysis = engine.analyse(document_from(value, number))
            json_line({"id": value.get("id", number), "matches": [match_json(found) for found in analysis.matches]})


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option(
    "--rules",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    help="Folder of rules, for names and terms that stories share",
)
def stories(source: str, folder: Path | None) -> None:
    """Articles (JSON Lines) to stories: one line each, with copies folded, translations related, and the reasons."""
    engine = Engine(load_rules(folder or folder_of(settings(), "rules")))
    with _open(source) as stream:
        items = [
            dataclasses.replace(article_from(value, number), analysis=analysis)
            for number, value, analysis in _analysed(stream, engine)
        ]
    for story in tell_stories(items):
        json_line(
            {
                "story": story.id,
                "articles": [item.article.id for item in story.articles],
                "copies": [[item.article.id for item in group.articles] for group in story.copies],
                "related": [
                    {"article": group.lead.article.id, "to": related.article, "reason": related.reason}
                    for group in story.copies
                    for related in group.related
                ],
                "reasons": [*story.reasons, *(reason for group in story.copies for reason in group.reasons)],
            }
        )


def _analysed(stream: IO[str], engine: Engine) -> Iterator[tuple[int, dict[str, Any], Any]]:
    for number, value in enumerate(read_lines(stream), start=1):
        yield number, value, engine.analyse(document_from(value, number))
