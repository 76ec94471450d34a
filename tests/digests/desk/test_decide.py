"""When a draft goes out: each state with its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.digests.desk.decide import age, decide
from monitor.model.desk import DraftState

NOW = datetime(2019, 3, 11, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

TABLE = [
    (
        "Nobody need decide yet.",
        {"goes_out_at": NOW + HOUR},
        0,
        (False, NOW + HOUR, "goes out at 2019-03-11 10:00 UTC unless held"),
    ),
    ("Its time is over.", {"goes_out_at": NOW}, 0, (True, NOW, "nobody held it until 2019-03-11 09:00 UTC")),
    ("Its time is over, an edit has no place.", {"goes_out_at": NOW}, 1, (False, None, "waits: 1 of its edits finds no place")),
    ("It waits for a person.", {}, 0, (False, None, "waits for approval since 2019-03-11 07:00 UTC")),
    ("It was held.", {"state": DraftState.HELD, "why": "a name"}, 0, (False, None, "held since 2019-03-11 08:00 UTC: a name")),
    (
        "Held, its time counts no more.",
        {"state": DraftState.HELD, "goes_out_at": NOW},
        0,
        (False, None, "held since 2019-03-11 08:00 UTC"),
    ),
    ("It was approved.", {"state": DraftState.APPROVED}, 0, (True, NOW, "approved at 2019-03-11 08:00 UTC")),
    ("It was dropped.", {"state": DraftState.DROPPED, "why": "empty"}, 0, (False, None, "dropped: empty")),
    ("It is out.", {"state": DraftState.OUT, "goes_out_at": NOW}, 0, (False, None, "it is out")),
]


@pytest.mark.parametrize(("case", "changes", "conflicts", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_a_draft_goes_out_or_waits_for_a_reason(desk, case, changes, conflicts, expected):
    draft = replace(desk.draft, made_at=NOW - 2 * HOUR, changed_at=NOW - HOUR, **changes)
    decision = decide(draft, conflicts, NOW)
    assert (decision.go, decision.at, decision.reason) == expected


def test_an_age_is_told_in_its_largest_whole_unit():
    spans = (timedelta(seconds=59), timedelta(minutes=90), timedelta(minutes=59), timedelta(hours=50), timedelta(hours=-1))
    assert [age(NOW - span, NOW) for span in spans] == ["now", "1 h", "59 min", "2 d", "now"]
