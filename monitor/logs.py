"""Logging: one event a line, JSON for machines or aligned text for a terminal. The one home of structlog.

Stages do not log: they return reasons, and the edges (service, worker, command line) write them here. Mail addresses never reach a
log as they are: `masked` gives a hint that an operator recognises.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_ORDERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What ends a line or commands a terminal: titles and replies of strangers come into logs."""


def configure_logs(log_format: str = "auto") -> None:
    """Set up logging to standard error. `log_format`: json, console, or auto (console on a terminal)."""
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    as_json: list[Any] = [structlog.processors.JSONRenderer(ensure_ascii=False), _line]
    structlog.configure(
        processors=[*shared, *([_visible, structlog.dev.ConsoleRenderer()] if console else as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_LibraryEvents()], level=logging.WARNING, force=True)
    # a tick that finds the last one still at work is left out: that is meant, and no news
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _line(_logger: object, _name: str, line: str) -> str:
    """A JSON line in which what JSON leaves as it is, and terminals or readers of lines obey, is written as an escape."""
    return _ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _visible(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event with its controls spelt out; only a traceback keeps its lines."""
    for key, value in event.items():
        if isinstance(value, str):
            lines = value.split("\n") if key == "exception" else [value]
            event[key] = "\n".join(_ORDERS.sub(lambda found: found[0].encode("unicode_escape").decode(), one) for one in lines)
    return event


class _LibraryEvents(logging.Handler):
    """Writes what libraries log as events in our form: a line of another form would break whoever reads them."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        facts = {"exc_info": record.exc_info} if record.exc_info else {}
        structlog.get_logger().warning("library_said", logger=record.name, message=record.getMessage(), **facts)


def log(event: str, **facts: object) -> None:
    """Write one event with its facts."""
    structlog.get_logger().info(event, **facts)


def warn(event: str, **facts: object) -> None:
    """Write an event that an operator should look at."""
    structlog.get_logger().warning(event, **facts)


def masked(address: str) -> str:
    """A mail address as it may stand in a log: first letter, domain and a short hash ("a…@example.org#3f9c")."""
    local, _, domain = address.partition("@")
    digest = hashlib.sha256(address.encode()).hexdigest()[:4]
    return f"{local[:1]}…@{domain}#{digest}"
