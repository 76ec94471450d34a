"""`monitor feeds add`: finds how a source can be read, shows what a poll would see, and writes the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.feeds_catalogue import new_feed, own_catalogue
from monitor.cli.feeds_look import Looker, entry_rows, source_lines
from monitor.cli.screen import say, table
from monitor.cli.shared import settings
from monitor.feeds.catalogue import load_feeds
from monitor.feeds.catalogue_writing import append_feed, feed_to_yaml
from monitor.feeds.http import HttpFetcher
from monitor.feeds.proposals import Findings, Proposal, propose
from monitor.model.errors import WrongUse
from monitor.model.feed import Feed, FeedKind, Selectors
from monitor.settings import Settings
from monitor.text.selectors import selector_problem
from monitor.text.urls import normalise_url

_FIRST_POLL = "its next poll will be its first; what is old by then is stored, and no edition calls it news"


@click.command()
@click.argument("url")
@click.option("--file", "file", type=click.Path(dir_okay=False, path_type=Path), help="Seed file to write to; default by --group")
@click.option("--group", default="own", show_default=True, help="File under seeds/ to write to, without .yml")
@click.option("--id", "feed_id", default="", help="Stable name of the feed; made from its host if not given")
@click.option("--stance", default="independent", show_default=True, help="Whose voice it is")
@click.option("--country", default="", help="ISO 3166-1 alpha-2")
@click.option("--kind", type=click.Choice([kind.value for kind in FeedKind]), help="Take only ways of this kind")
@click.option("--links", default="", help="For a page: the CSS selector of its news, in place of a guessed one")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing")
def add(
    url: str,
    file: Path | None,
    group: str,
    feed_id: str,
    stance: str,
    country: str,
    kind: str | None,
    links: str,
    dry_run: bool,
) -> None:
    """Find how to read URL (a feed, a page, a site), show what a poll would see, and add it to the catalogue.

    A page that names its feeds is believed; else usual places and robots.txt are asked. Where there is no feed, the page itself is
    proposed with the selector that finds most headlines, or a sitemap.
    """
    here = settings()
    now = bootstrap.clock_of(here)()
    looker = Looker(HttpFetcher(here.fetch_policy()), here.fetch_policy(), now)
    proposals = _given(url, links) if links else _found(looker, url, kind)
    chosen = proposals[0]
    result, parsed = looker.read(chosen.feed)
    own, known = _catalogue(here, dry_run=dry_run)
    _refuse_twin(chosen.feed, known)
    found = replace(chosen.feed, name=parsed.title or chosen.feed.name, language=chosen.feed.language or parsed.language[:2])
    feed = new_feed(found, feed_id, stance, country, {feed.id for feed in known})
    table(("what a poll sees", ""), [(word, escape(told)) for word, told in source_lines(feed, result, parsed, now)])
    table(("when", "entry", "address"), [tuple(map(escape, row)) for row in entry_rows(parsed)])
    target = file or own / f"{group}.yml"
    if dry_run:
        say(f"[dim]would be written to {target}:[/dim]\n{escape(feed_to_yaml(feed))}")
        return
    append_feed(target, feed)
    say(f"[green]added[/green] {feed.id}  {escape(feed.name)}  {escape(feed.url)}")
    say(f"[dim]to {target}; {_FIRST_POLL}[/dim]")


def _catalogue(here: Settings, *, dry_run: bool) -> tuple[Path, Sequence[Feed]]:
    if dry_run and not (here.home / "seeds").is_dir():
        return here.home / "seeds", load_feeds(bootstrap.folder_of(here, "seeds"))
    return own_catalogue(here)


def _refuse_twin(found: Feed, known: Sequence[Feed]) -> None:
    twin = next((feed for feed in known if normalise_url(feed.url) == normalise_url(found.url)), None)
    if twin:
        raise WrongUse(f"{found.url} is in the catalogue already, as {twin.id}; `monitor feeds check {twin.id}` looks at it")


def _given(url: str, links: str) -> Sequence[Proposal]:
    problem = selector_problem(links)
    if problem:
        raise WrongUse(f'"{links}" is no CSS selector: {problem}')
    return [Proposal(Feed("", url, url, kind=FeedKind.PAGE, selectors=Selectors(links)), "the selector given")]


def _found(looker: Looker, url: str, kind: str | None) -> Sequence[Proposal]:
    """What was found, shown; of one kind where that is wished."""
    findings = propose(url, looker.get, looker.robots, lambda words: say(f"[dim]{escape(words)}[/dim]"))
    wanted = [proposal for proposal in findings.proposals if kind in {None, proposal.feed.kind.value}]
    if not wanted:
        raise WrongUse(_nothing(url, findings, kind))
    if len(findings.proposals) > 1 or wanted[0].feed.kind is not FeedKind.FEED:
        rows = [_row(proposal, taken=proposal is wanted[0]) for proposal in findings.proposals]
        table(("", "kind", "address", "how it was found"), rows)
        say("[dim]another one: give its address, --kind, or --links with its selector[/dim]")
    return wanted


def _row(proposal: Proposal, *, taken: bool) -> tuple[str, str, str, str]:
    feed, guess = proposal.feed, proposal.guess
    why = f"--links '{guess.links}': {proposal.why}, such as “{guess.sample[:60]}”" if guess else proposal.why
    return ("[green]→[/green]" if taken else "", feed.kind.value, escape(feed.url), escape(why))


def _nothing(url: str, findings: Findings, kind: str | None) -> str:
    wished = f" of kind {kind}" if kind else ""
    tried = f" (tried: {'; '.join(findings.tried)})" if findings.tried else ""
    return f"{url} is no feed, and nothing{wished} to read was found: the page names none and shows no list of headlines{tried}"
