from datetime import UTC, datetime, timedelta

import pytest

from monitor.cli.moments import moment
from monitor.model.errors import WrongUse

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2019-03-04", datetime(2019, 3, 4, tzinfo=UTC)),
        ("2019-03-04T08:00:00+03:00", datetime(2019, 3, 4, 5, tzinfo=UTC)),
        ("90m", NOW - timedelta(minutes=90)),
        ("12h", NOW - timedelta(hours=12)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(weeks=2)),
        ("8W", NOW - timedelta(weeks=8)),
    ],
)
def test_since_is_a_date_a_moment_or_an_age(text, wanted):
    assert moment(text, NOW) == wanted


@pytest.mark.parametrize("text", ["yesterday", "d", "7y", "-7d", "²d", "9" * 30 + "d", "2019-13-01"])
def test_anything_else_is_no_since(text):
    with pytest.raises(WrongUse, match="no date like"):
        moment(text, NOW)
