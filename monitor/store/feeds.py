"""Keeps the states of feeds, the hosts that asked us to wait, what sites say in robots.txt, and the lines that their pages repeat."""

from __future__ import annotations

from datetime import datetime

from monitor.model.feed import FeedState
from monitor.model.robots import Robots
from monitor.model.site import SiteLines
from monitor.store.codec import dump, load, text_time, time_text
from monitor.store.engine import Keeper, Statements
from monitor.store.promises import FeedStore

_STATES = "SELECT feed_id, state FROM feed_state ORDER BY feed_id"
_PUT_STATE = """
    INSERT INTO feed_state (feed_id, state) VALUES (:feed_id, :state)
    ON CONFLICT (feed_id) DO UPDATE SET state = excluded.state
"""
_BLOCKS = "SELECT host, blocked_until FROM host_block ORDER BY host"
_BLOCK = """
    INSERT INTO host_block (host, blocked_until) VALUES (:host, :blocked_until)
    ON CONFLICT (host) DO UPDATE SET blocked_until = excluded.blocked_until
    WHERE excluded.blocked_until > host_block.blocked_until
"""

_ROBOTS = "SELECT robots FROM robots WHERE origin = :origin"
_PUT_ROBOTS = """
    INSERT INTO robots (origin, asked_at, robots) VALUES (:origin, :asked_at, :robots)
    ON CONFLICT (origin) DO UPDATE SET asked_at = excluded.asked_at, robots = excluded.robots
"""
_FORGET_ROBOTS = "DELETE FROM robots WHERE asked_at < :before"
_LINES = "SELECT lines FROM site_lines WHERE host = :host"
_PUT_LINES = """
    INSERT INTO site_lines (host, seen_at, lines) VALUES (:host, :seen_at, :lines)
    ON CONFLICT (host) DO UPDATE SET seen_at = excluded.seen_at, lines = excluded.lines
"""
_FORGET_LINES = "DELETE FROM site_lines WHERE seen_at < :before"


def put_feed_state(statements: Statements, state: FeedState) -> None:
    """Insert or replace one, inside a transaction of the caller's."""
    statements.run(_PUT_STATE, {"feed_id": state.feed_id, "state": dump(state)})


class FeedKeeper(Keeper, FeedStore):
    """`FeedStore` on any engine."""

    def feed_states(self) -> dict[str, FeedState]:
        """All stored states by feed id."""
        with self._engine.reading() as statements:
            return {row["feed_id"]: load(FeedState, row["state"]) for row in statements.run(_STATES)}

    def host_blocks(self) -> dict[str, datetime]:
        """Host key → until when no request may go there, past blocks included."""
        with self._engine.reading() as statements:
            return {row["host"]: text_time(row["blocked_until"]) for row in statements.run(_BLOCKS)}

    def block_host(self, host: str, until: datetime) -> None:
        """Remember a block over restarts; a later `until` wins."""
        with self._engine.writing() as statements:
            statements.run(_BLOCK, {"host": host, "blocked_until": time_text(until)})

    def robots(self, origin: str) -> Robots | None:
        """What robots.txt of an origin said when it was last asked, or None."""
        with self._engine.reading() as statements:
            rows = statements.run(_ROBOTS, {"origin": origin})
        return load(Robots, rows[0]["robots"]) if rows else None

    def save_robots(self, robots: Robots, forget_before: datetime) -> None:
        """Insert or replace one, and forget old ones."""
        row = {"origin": robots.origin, "asked_at": time_text(robots.asked_at), "robots": dump(robots)}
        with self._engine.writing() as statements:
            statements.run(_FORGET_ROBOTS, {"before": time_text(forget_before)})
            statements.run(_PUT_ROBOTS, row)

    def site_lines(self, host: str) -> SiteLines | None:
        """What was learnt of a host's pages, or None."""
        with self._engine.reading() as statements:
            rows = statements.run(_LINES, {"host": host})
        return load(SiteLines, rows[0]["lines"]) if rows else None

    def save_site_lines(self, site: SiteLines, forget_before: datetime) -> None:
        """Insert or replace one, and forget old ones. A loss of power may undo it: then the lines are learnt anew."""
        row = {"host": site.host, "seen_at": time_text(site.seen_at), "lines": dump(site)}
        with self._engine.writing(relaxed=True) as statements:
            statements.run(_FORGET_LINES, {"before": time_text(forget_before)})
            statements.run(_PUT_LINES, row)
