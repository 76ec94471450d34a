"""Logging: one event a line, JSON for machines or aligned text for a terminal. The one home of structlog.

Stages do not log: they return reasons, and the edges (service, worker, command line) write them here. Mail addresses never reach a
log as they are: `masked` gives a hint that an operator recognises.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from typing import Any

import structlog


def configure_logs(log_format: str = "auto") -> None:
    """Set up logging to standard error. `log_format`: json, console, or auto (console on a terminal)."""
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Any = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_LibraryEvents()], level=logging.WARNING, force=True)
    # a tick that finds the last one still at work is left out: that is meant, and no news
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


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
