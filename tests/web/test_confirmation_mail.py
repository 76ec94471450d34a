"""The mails that answer an asking pass the lint of confirmations, in every language, as they go out."""

import pytest

from monitor.delivery.lint.check import kind_of, lint_message
from monitor.delivery.lint.mail import MailKind
from monitor.model.delivery import OutboxKind, Subscribed


@pytest.mark.parametrize(("digest", "language"), [("weekly", "en"), ("weekly", "be"), ("grain", "ru")])
@pytest.mark.parametrize(("state", "kind"), [(None, OutboxKind.CONFIRMATION), (Subscribed.ACTIVE, OutboxKind.NOTICE)])
def test_what_goes_out_has_nothing_to_mend(door, state, kind, digest, language):
    if state:
        door.subscribe(state=state, digest=digest, language=language)
    door.post(f"/{digest}/subscribe/", {"address": "ann@example.org", "language": language})
    [(row, _)] = door.mails()
    assert row.kind is kind
    assert kind_of(row.body) is MailKind.CONFIRMATION
    assert [str(problem) for problem in lint_message(row.body)] == []
