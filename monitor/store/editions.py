"""Keeps frozen editions with what was printed in each language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from monitor.model.delivery import OutboxMessage
from monitor.model.edition import FrozenEdition
from monitor.model.errors import WrongUse
from monitor.store.engine import Keeper, Values
from monitor.store.outbox import put_messages
from monitor.store.promises import EditionStore
from monitor.store.rows import edition_row, frozen_edition, rendition_rows

_EDITIONS = "SELECT * FROM edition WHERE {} ORDER BY window_end DESC, frozen_at DESC, id DESC {}"
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
        return next(iter(self._editions("digest = :digest", {"digest": digest}, "LIMIT 1")), None)

    def edition(self, digest: str, key: date) -> FrozenEdition | None:
        """One by its local date."""
        found = self._editions("digest = :digest AND key = :key", {"digest": digest, "key": key.isoformat()})
        return next(iter(found), None)

    def edition_of_week(self, digest: str, week: str) -> FrozenEdition | None:
        """One by its ISO week; the latest where a week has several."""
        found = self._editions("digest = :digest AND week = :week", {"digest": digest, "week": week}, "LIMIT 1")
        return next(iter(found), None)

    def editions(self, digest: str = "") -> tuple[FrozenEdition, ...]:
        """All, newest window first."""
        return self._editions("digest = :digest", {"digest": digest}) if digest else self._editions("1 = 1", {})

    def freeze_edition(self, edition: FrozenEdition, messages: Sequence[OutboxMessage]) -> bool:
        """Store the edition and its outbox rows in one transaction.

        Returns:
            False, with nothing written, if the edition exists already.

        Raises:
            WrongUse: A message belongs to another edition.
            Invariant: Two messages to one subscription, with one Message-ID, or to a subscription that is not stored.
        """
        strangers = {message.edition for message in messages} - {edition.id}
        if strangers:
            raise WrongUse(f"edition {edition.id} cannot be frozen with messages of {', '.join(sorted(strangers))}")
        with self._engine.writing() as statements:
            if not statements.run(_PUT_EDITION, edition_row(edition)):
                return False
            statements.run_many(_PUT_PAGES, rendition_rows(edition))
            put_messages(statements, messages, edition.frozen_at)
        return True
