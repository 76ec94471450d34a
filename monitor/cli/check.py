"""`monitor check` and `monitor settings`: tell whether everything is as it must be."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.check_sender import send_trial, sender_verdicts
from monitor.cli.feeds_check import look
from monitor.cli.feeds_look import Looker
from monitor.cli.screen import counted, json_line, out, problem_json, say, show_problems
from monitor.cli.shared import as_json, settings, store
from monitor.delivery.sender.check import Verdict
from monitor.feeds.http import HttpFetcher
from monitor.model.errors import MonitorError, WrongFiles, WrongUse
from monitor.model.feed import Feed
from monitor.model.problem import Problem, Severity
from monitor.parts import Files
from monitor.settings import Settings, setting_names, shown_settings

MIN_FREE_MIB = 200


@click.command()
@click.option("--live", is_flag=True, help="Also the world around: disk, database, zones, relay, every feed")
@click.option("--strict", is_flag=True, help="Warnings fail as well")
@click.option("--sends-from", multiple=True, metavar="IP", help="With --live: an address that receivers see mail come from")
@click.option("--name-server", default="", metavar="IP", help="With --live: ask this one instead of the system's")
@click.option("--send-to", default="", metavar="ADDRESS", help="With --live: also send one message, marked [TEST], there")
@as_json
def check(live: bool, strict: bool, sends_from: tuple[str, ...], name_server: str, send_to: str, as_json: bool) -> int:
    """Validate seeds, rules, digests and settings; every problem with its place and how to mend it."""
    here = settings()
    if not live and (sends_from or name_server or send_to):
        raise WrongUse("--sends-from, --name-server and --send-to go with --live")
    files, problems = bootstrap.check_files(here)
    problems += _key_problems(here) + bootstrap.check_hooks(here)[1]
    if as_json:
        for problem in problems:
            json_line(problem_json(problem))
    else:
        show_problems(problems, out())
        say(_summary(files, problems) if files else "[red]Nothing was loaded.[/red]")
    if files is None or any(problem.severity is Severity.ERROR for problem in problems):
        return 2
    failed = strict and any(problem.severity is Severity.WARNING for problem in problems)
    if live:
        failed |= not _show_live(here, files, as_json=as_json)
        mail = [*sender_verdicts(here, store(here), sends_from, name_server)]
        mail += [send_trial(here, store(here), send_to)] if send_to else []
        failed |= not _show_verdicts(mail, as_json=as_json)
    return 1 if failed else 0


def _key_problems(here: Settings) -> tuple[Problem, ...]:
    """What is wrong with the key that messages are signed with, if one is set."""
    try:
        bootstrap.dkim_of(here)
    except WrongFiles as error:
        return error.problems
    return ()


def _summary(files: Files, problems: tuple[Problem, ...]) -> str:
    polled = sum(1 for feed in files.feeds if not feed.disabled)
    return (
        f"[green]✓[/green] {counted(len(files.feeds), 'feed')} ({polled} polled), "
        f"{counted(len(files.engine.ruleset.rules), 'rule')}, {counted(len(files.names), 'name')}, {counted(len(files.digests), 'digest')}; "
        f"{counted(len(problems), 'finding')}"
    )


def _show_live(here: Settings, files: Files, *, as_json: bool) -> bool:
    well = True
    for name, test in _live_tests(here, files):
        try:
            words, fine = test()
        except (MonitorError, OSError) as error:
            words, fine = f"{type(error).__name__}: {error}", False
        well &= fine
        if as_json:
            json_line({"test": name, "well": fine, "message": words})
            continue
        mark = "[green]✓[/green]" if fine else "[red]✗[/red]"
        say(f"{mark} {name:<10} {escape(words)}")
    return well


def _show_verdicts(verdicts: list[Verdict], *, as_json: bool) -> bool:
    for one in verdicts:
        if as_json:
            facts = {"mend": one.mend, "transient": one.transient}
            json_line({"test": one.name, "well": one.fine, "message": one.message, **facts})
            continue
        mark = "[green]✓[/green]" if one.fine else "[red]✗[/red]"
        say(f"{mark} {one.name:<10} {escape(one.message)}")
        if one.mend:
            say(f"  {'':<10} → {escape(one.mend)}")
    return all(one.fine for one in verdicts)


Test = Callable[[], tuple[str, bool]]


def _live_tests(here: Settings, files: Files) -> Iterator[tuple[str, Test]]:
    yield "disk", lambda: _disk(here)
    yield "archive", lambda: _writable(here)
    yield "database", lambda: _database(here)
    yield "zones", lambda: _zones(files)
    now = bootstrap.clock_of(here)()
    blocks = {key: until for key, until in store(here).host_blocks().items() if until > now}
    looker = Looker(HttpFetcher(here.fetch_policy()), here.fetch_policy(), now, blocks)
    for feed in files.feeds:
        if not feed.disabled:
            yield feed.id, lambda feed=feed: _feed(looker, feed)  # type: ignore[misc]


def _feed(looker: Looker, feed: Feed) -> tuple[str, bool]:
    sight = look(looker, feed, None)
    told = [words for word, words in sight.lines if word != "polls"]
    return "; ".join([*told, sight.meaning]), sight.fine


def _disk(here: Settings) -> tuple[str, bool]:
    free = shutil.disk_usage(here.home).free // 2**20
    return f"{free} MiB free (at least {MIN_FREE_MIB} are wanted)", free >= MIN_FREE_MIB


def _writable(here: Settings) -> tuple[str, bool]:
    folder = here.under_home(here.out)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder):
        return f"{folder} can be written", True


def _database(here: Settings) -> tuple[str, bool]:
    found, known = store(here).schema_version()
    return f"schema {found}", found == known


def _zones(files: Files) -> tuple[str, bool]:
    try:
        names = sorted({ZoneInfo(digest.schedule.zone).key for digest in files.digests})
    except ZoneInfoNotFoundError as error:
        return str(error), False
    return f"{', '.join(names)}; now {bootstrap.system_clock():%Y-%m-%d %H:%M} UTC; TZ={os.environ.get('TZ', 'unset')}", True


@click.command("settings")
@as_json
def settings_verb(as_json: bool) -> None:
    """Every setting with its value; secrets are hidden."""
    here = settings()
    texts = setting_names()
    shown = shown_settings(here)
    if as_json:
        json_line(shown)
        return
    for name, value in shown.items():
        say(f"[bold]{name}[/bold]={escape(value)}")
        say(f"    [dim]{escape(texts[name])}[/dim]")
