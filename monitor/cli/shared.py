"""What several verbs need: settings and parts, built when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from monitor import bootstrap
from monitor.parts import Parts
from monitor.settings import Settings, load_settings
from monitor.store.promises import Store

F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S", bound=Store)


def as_json(verb: F) -> F:
    """The option that verbs which report have in common."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for machines.")(verb)


def settings() -> Settings:
    """The settings in force."""
    return load_settings()


def parts() -> Parts:
    """Files loaded, database open until the command ends: for verbs that poll or publish."""
    here = settings()
    return bootstrap.build(here, files=bootstrap.load_files(here), store=store(here))


def store(here: Settings | None = None) -> Store:
    """The database alone, open until the command ends: for verbs that need no files."""
    return until_end(bootstrap.open_database(here or settings()))


def until_end(box: S) -> S:
    """Have the command close a database at its end: the last one to close a file leaves it in one piece."""
    click.get_current_context().call_on_close(box.close)
    return box
