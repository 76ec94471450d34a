"""The command line: one verb family a file, each loaded when it is asked for, errors told in one way.

Exit codes: 0 fine; 1 findings; 2 wrong use or wrong files; 3 the world failed.
"""

from __future__ import annotations

import os
import sys

import click

from monitor.cli.lazy import LazyVerbs
from monitor.cli.screen import complain, complain_of_files
from monitor.model.errors import MonitorError, WorldFailed, WrongFiles, WrongUse
from monitor.version import __version__

# Verb → (module, attribute, one line of help), so that `--help` needs to load none of them.
VERBS = {
    "demo": ("demo", "demo", "Run the main job with no network: four recorded weeks, four editions"),
    "check": ("check", "check", "Validate every file and setting; --live also the world around"),
    "feeds": ("feeds", "feeds", "The catalogue and the health of its feeds"),
    "articles": ("articles", "articles", "What is stored, with stories, matches and reasons"),
    "poll": ("poll", "poll", "One pass over the feeds that are due"),
    "extract": ("filters", "extract", "Filter: HTML to article"),
    "match": ("filters", "match", "Filter: articles to matches"),
    "stories": ("filters", "stories", "Filter: articles to stories"),
    "rules": ("rules", "rules", "Check, test and explain the rules"),
    "publish": ("publish", "publish", "Make an edition"),
    "desk": ("desk", "desk_verbs", "Drafts of editions: edit, approve, hold, correct"),
    "export": ("export", "export", "The archive as files that any web server can show"),
    "deliver": ("deliver", "deliver_verb", "Send what the outbox holds"),
    "outbox": ("deliver", "outbox", "Who got what"),
    "subscribers": ("subscribers", "subscribers", "People and the digests they want"),
    "bounces": ("bounces", "bounce_verbs", "Mail that came back: read it, see what was done"),
    "lint": ("lint", "lint", "Check the real bytes of a mail"),
    "run": ("service", "run_verb", "The service: scheduler, worker, web"),
    "web": ("web", "web", "Passwords of those who edit rules in the browser"),
    "healthcheck": ("health", "healthcheck", "Is the service alive? For the container"),
    "backup": ("database", "backup", "Copy the database while it is in use"),
    "restore": ("database", "restore", "Put a copy back"),
    "db": ("database", "db", "Migrations"),
    "settings": ("check", "settings_verb", "Show the settings in force"),
}


class _ReaderLeft(Exception):
    """Nobody reads our output any more (`monitor … | head`): all that was wanted was written."""


class Verbs(LazyVerbs):
    """All verbs; what was printed is written out before click takes a closed pipe for a failure."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise _ReaderLeft from None
        return result


@click.group(cls=Verbs, table=VERBS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="monitor")
def monitor() -> None:
    """Reads the news for analysts of one long question, and mails them a weekly edition.

    Start with `monitor demo`. Settings come from the environment and .env: see `monitor settings`.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit code and prints errors to standard error."""
    try:
        result = monitor.main(args=arguments, standalone_mode=False)
    except (MonitorError, click.ClickException, click.Abort, KeyboardInterrupt, OSError, UnicodeDecodeError) as error:
        return _told(error)
    except _ReaderLeft:
        # what is still in the buffer has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def _told(error: BaseException) -> int:
    """Say what went wrong; returns the exit code."""
    match error:
        case WrongFiles():
            complain_of_files(error.problems)
        case MonitorError():
            complain(str(error))
        case click.ClickException():
            error.show()
        case FileNotFoundError():
            complain(f"{error.filename}: there is no such file")
        case OSError():
            complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
            return WorldFailed.exit_code
        case UnicodeDecodeError():
            complain(f"the input is not UTF-8: {error}")
        case _:
            complain("stopped")
            return 130
    return error.exit_code if isinstance(error, MonitorError) else WrongUse.exit_code
