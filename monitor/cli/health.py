"""`monitor healthcheck`: asked by the container every half minute, so it loads nothing but settings and store."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import click
from rich.markup import escape

from monitor.cli.screen import say
from monitor.health import DESK, FILES_REFUSED, liveness
from monitor.settings import load_settings
from monitor.store.open import open_store


@click.command()
def healthcheck() -> int:
    """Exit 0 while the scheduler's heart beats and the database answers; else 1 and the reason in one line."""
    with closing(open_store(load_settings().store_url)) as store:
        health = liveness(store, datetime.now(UTC))
    refused = health.facts.get(FILES_REFUSED)
    waiting = health.facts.get(DESK)
    well = f"well, with old files: {escape(refused)}" if refused else "well"
    say("; ".join(health.reasons) or (f"{well}; desk {escape(waiting)}" if waiting else well))
    return 0 if health.well else 1
