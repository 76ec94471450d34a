"""`monitor run` and `monitor healthcheck`."""

from __future__ import annotations

import click

from monitor import bootstrap
from monitor.cli.screen import say
from monitor.cli.shared import settings, store
from monitor.health import liveness
from monitor.logs import configure_logs
from monitor.service import run


@click.command("run")
def run_verb() -> int:
    """The service in one process: polls, publishes, delivers, serves the archive. Ends cleanly on SIGTERM."""
    here = settings()
    configure_logs(here.log_format)
    return run(here)


@click.command()
def healthcheck() -> int:
    """Exit 0 while the scheduler's heart beats and the database answers; else 1 and the reason in one line."""
    health = liveness(store(), bootstrap.system_clock())
    say("; ".join(health.reasons) or "well")
    return 0 if health.well else 1
