"""One name in several alphabets shares most of its letters."""

import pytest

from monitor.stories.profile import name_grams
from monitor.stories.romanise import romanise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("лукашенко", "lukashenko"),
        ("лукашэнка", "lukashenka"),
        ("łukašenka", "лукашэнка"),
        ("савченко", "sawczenko"),
        ("хренин", "khrenin"),
        ("гродна", "grodna"),
        ("žukas", "жукас"),
    ],
)
def test_spellings_of_one_name_meet(one, other):
    first, second = set(name_grams(one)), set(name_grams(other))
    assert 2 * len(first & second) / (len(first) + len(second)) >= 0.5, (romanise(one), romanise(other))


def test_different_names_share_nothing():
    assert not set(name_grams("лукашенко")) & set(name_grams("zelensky"))


def test_short_name_is_one_run():
    assert name_grams("lis") == ("lis",)
