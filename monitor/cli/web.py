"""`monitor web`: what the site's operator needs at hand."""

from __future__ import annotations

import re
import sys

import click

from monitor.model.errors import WrongUse
from monitor.web.workbench.passwords import LEAST_LETTERS, hashed

_NAME = re.compile(r"[\w.@-]{1,64}")


@click.group()
def web() -> None:
    """The site: who may edit rules in the browser."""


@web.command()
@click.argument("name")
def password(name: str) -> None:
    """Print the line of MONITOR_WEB__EDITORS for an editor; the password is asked for, or read from standard input.

    Keep the lines in a file and name it with MONITOR_WEB__EDITORS_FILE: in a shell or a compose file each $ would want quoting.
    """
    if not _NAME.fullmatch(name):
        raise WrongUse(f'"{name}" cannot be a name: write letters, digits and . @ _ -, at most 64')
    if sys.stdin.isatty():
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if len(given) < LEAST_LETTERS:
        raise WrongUse(f"a password has {LEAST_LETTERS} letters at least: a few words with spaces are good")
    click.echo(f"{name}:{hashed(given)}")
