"""What the tuning verbs are given: the folder of rules and the rules chosen in it."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import click

from monitor import bootstrap
from monitor.cli.shared import settings
from monitor.model.errors import WrongUse

Folder = click.option(
    "--rules", "folder", type=click.Path(exists=True, path_type=Path), help="Folder of rules; default that of MONITOR_HOME"
)


def rules_folder(folder: Path | None) -> Path:
    """The folder given, that of `MONITOR_HOME`, or the shipped one."""
    return folder or bootstrap.folder_of(settings(), "rules")


def known_rules(ids: tuple[str, ...], known: Container[str]) -> None:
    """Refuse ids that no rule has.

    Raises:
        WrongUse: Names all of them.
    """
    strange = [rule for rule in ids if rule not in known]
    if strange:
        raise WrongUse(f"no such rule: {', '.join(strange)}")
