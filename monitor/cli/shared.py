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


def as_json(verb: F) -> F:
    """The option that verbs which report have in common."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for machines.")(verb)


def settings() -> Settings:
    """The settings in force."""
    return load_settings()


def parts() -> Parts:
    """Files loaded, database open: for verbs that poll or publish."""
    return bootstrap.build(settings())


def store() -> Store:
    """The database alone: for verbs that need no files."""
    return bootstrap.open_database(settings())
