"""`monitor run`."""

from __future__ import annotations

import click

from monitor.cli.shared import settings
from monitor.logs import configure_logs
from monitor.service import run


@click.command("run")
def run_verb() -> int:
    """The service in one process: polls, publishes, delivers, serves the archive. Ends cleanly on SIGTERM."""
    here = settings()
    configure_logs(here.log_format)
    return run(here)
