"""Keeps frozen editions with what was printed in each language, and every revision of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from monitor.model.delivery import OutboxMessage
from monitor.model.edition import FrozenEdition
from monitor.model.errors import Invariant, WrongUse
from monitor.store.codec import time_text
from monitor.store.engine import Keeper, Statements, Values
from monitor.store.outbox import put_messages, supersede
from monitor.store.promises import EditionStore
from monitor.store.rows import edition_row, frozen_edition, rendition_rows

_EDITIONS = "SELECT * FROM edition WHERE {} ORDER BY window_end DESC, frozen_at DESC, id DESC {}"
_NEWEST = "key NOT LIKE '%/%'"
_REVISIONS = "digest = :digest AND (key = :key OR key LIKE :older)"
_STANDING = "SELECT id, details FROM edition WHERE digest = :digest AND key = :key"
_STEP_ASIDE = "UPDATE edition SET key = :aside WHERE id = :id"
_PAGES = "SELECT language, pages FROM rendition WHERE edition = :edition ORDER BY place"
_PUT_EDITION = """
    INSERT INTO edition (id, digest, key, week, window_end, frozen_at, details)
    VALUES (:id, :digest, :key, :week, :window_end, :frozen_at, :details)
    ON CONFLICT DO NOTHING RETURNING id
"""
_PUT_PAGES = "INSERT INTO rendition (edition, language, place, pages) VALUES (:edition, :language, :place, :pages)"


class EditionKeeper(Keeper, EditionStore):
    """`EditionStore` on any engine."""

    def _editions(self, where: str, values: Values, limit: str = "") -> tuple[FrozenEdition, ...]:
        with self._engine.reading() as statements:
            rows = statements.run(_EDITIONS.format(where, limit), values)
            return tuple(frozen_edition(row, statements.run(_PAGES, {"edition": row["id"]})) for row in rows)

    def last_edition(self, digest: str) -> FrozenEdition | None:
        """The one with the latest window end; None if none was published."""
        return next(iter(self._editions(f"digest = :digest AND {_NEWEST}", {"digest": digest}, "LIMIT 1")), None)

    def edition(self, digest: str, key: date) -> FrozenEdition | None:
        """One by its local date."""
        found = self._editions("digest = :digest AND key = :key", {"digest": digest, "key": key.isoformat()})
        return next(iter(found), None)

    def edition_of_week(self, digest: str, week: str) -> FrozenEdition | None:
        """One by its ISO week; the latest where a week has several."""
        found = self._editions(f"digest = :digest AND week = :week AND {_NEWEST}", {"digest": digest, "week": week}, "LIMIT 1")
        return next(iter(found), None)

    def editions(self, digest: str = "", *, until: datetime | None = None, most: int | None = None) -> tuple[FrozenEdition, ...]:
        """Newest window first, of one digest or all."""
        where = [_NEWEST, *(["digest = :digest"] if digest else []), *(["window_end <= :until"] if until else [])]
        values: Values = {"digest": digest, "until": time_text(until) if until else "", "most": most}
        return self._editions(" AND ".join(where), values, "LIMIT :most" if most is not None else "")

    def revisions(self, digest: str, key: date) -> tuple[FrozenEdition, ...]:
        """Every revision of an edition, the first one first; () where there is none."""
        found = self._editions(_REVISIONS, {"digest": digest, "key": key.isoformat(), "older": f"{key.isoformat()}/%"})
        return tuple(sorted(found, key=lambda edition: edition.revision))

    def freeze_edition(self, edition: FrozenEdition, messages: Sequence[OutboxMessage]) -> bool:
        """Store the edition and its outbox rows in one transaction; older mails that were put off are not tried again for who gets it.

        Returns:
            False, with nothing written, if the edition exists already.

        Raises:
            WrongUse: A message belongs to another edition.
            Invariant: Two messages to one subscription, with one Message-ID, or to a subscription that is not stored.
        """
        _refuse_strangers(edition, messages)
        with self._engine.writing() as statements:
            return _put(statements, edition, messages)

    def freeze_revision(self, edition: FrozenEdition, messages: Sequence[OutboxMessage]) -> bool:
        """As `freeze_edition`, for a correction: it takes the place of the revision before it, which is kept.

        Returns:
            False, with nothing written, unless the newest revision is the one before `edition.revision`.

        Raises:
            WrongUse, Invariant: As `freeze_edition`.
        """
        _refuse_strangers(edition, messages)
        key = edition.key.isoformat()
        with self._engine.writing() as statements:
            standing = statements.run(_STANDING, {"digest": edition.digest, "key": key})
            number = int(json.loads(standing[0]["details"]).get("revision", 1)) if standing else 0
            if not number or number + 1 != edition.revision:
                return False
            statements.run(_STEP_ASIDE, {"id": standing[0]["id"], "aside": f"{key}/{number}"})
            if not _put(statements, edition, messages):
                raise Invariant(f"edition {edition.id} stands already, under another date")
        return True


def _refuse_strangers(edition: FrozenEdition, messages: Sequence[OutboxMessage]) -> None:
    strangers = {message.edition for message in messages} - {edition.id}
    if strangers:
        raise WrongUse(f"edition {edition.id} cannot be frozen with messages of {', '.join(sorted(strangers))}")


def _put(statements: Statements, edition: FrozenEdition, messages: Sequence[OutboxMessage]) -> bool:
    if not statements.run(_PUT_EDITION, edition_row(edition)):
        return False
    statements.run_many(_PUT_PAGES, rendition_rows(edition))
    put_messages(statements, messages, edition.frozen_at)
    if messages:
        supersede(statements, edition.id, edition.digest, edition.key.isoformat())
    return True
