"""Two texts match by figures, and the figures are told."""

import pytest

from monitor.stories.pairs import compare, side_of
from monitor.text.shingles import rarity_of, word_set

WIRE = (
    "The northern harbour lends its ice breaker Polar Bear to Bodo from the first of December, Mayor Ada Berg said on Monday. "
    "A crew of 14 will be trained in October, and the insurers of both towns have accepted the plan after three months of talks."
)


def side(item, name, text, **options):
    entry = item(name, text, **options).article
    return side_of(entry, entry.text)


@pytest.mark.parametrize(
    ("other", "matches", "words", "why"),
    [
        (WIRE, True, "the same words", "the same"),
        (WIRE.upper(), True, "the same words", "case is no difference"),
        (WIRE[:120], True, "100% of its 3-word shingles", "a teaser"),
        (
            WIRE.replace("Polar Bear", "Grey Wolf").replace("Bodo", "Narvik").replace("Ada Berg", "Ida Lund").replace("14", "19"),
            False,
            "too few",
            "facts",
        ),
        (
            "Bakers in the capital have quarrelled for years about who may call a loaf of rye bread traditional and who may not do so.",
            False,
            "only 0%",
            "other",
        ),
    ],
)
def test_pair_is_decided_and_explained(item, other, matches, words, why):
    found = compare(side(item, "a", WIRE, title="Ships"), side(item, "b", other, title="Ships"))
    assert found.matches is matches, f"{why}: {found.reason}"
    assert words in found.reason


def test_one_host_needs_more_agreement_than_two(item):
    changed = WIRE.replace("14", "19").replace("Monday", "Friday")
    apart = compare(side(item, "a", WIRE), side(item, "b", changed))
    together = compare(side(item, "a", WIRE, host="x.example.org"), side(item, "b", changed, host="x.example.org"))
    assert (apart.matches, together.matches) == (True, False)
    assert "on one host" in together.reason


def test_finding_is_symmetric(item):
    one, other = side(item, "a", WIRE), side(item, "b", WIRE[:130] + " And nothing more is known of it.")
    assert compare(one, other) == compare(other, one)


TOLD = (
    "Mayor Ada Berg of Bodo said on Monday that the northern harbour lends its ice breaker Polar Bear to Narvik for 14 weeks, "
    "because the southern crews need a strong ship until the ice has gone. Captain Ole Lund takes 22 sailors along. "
    "The council paid 300 crowns for paint and sent Polar Bear to the yard, where welders mended a crack in the hull."
)
RETOLD = (
    "Polar Bear, an ice breaker of the northern harbour, goes to Narvik for 14 weeks, announced Ada Berg, mayor of Bodo, on Monday: "
    "southern crews want a strong ship until all ice is gone. With Captain Ole Lund sail 22 sailors. "
    "For 300 crowns the council bought paint; at the yard, welders had mended a crack in the hull of Polar Bear."
)


def with_rarity(*sides):
    """Compared as among many articles on other things."""
    others = [word_set(["the", "of", "on", "a", "to", "that", "in", "for", f"w{number}"]) for number in range(200)]
    return compare(*sides, rarity_of([*others, *(side.words for side in sides)]))


def test_a_text_in_other_words_is_known_by_its_rare_ones(item):
    one, other = side(item, "a", TOLD), side(item, "b", RETOLD)
    assert compare(one, other).matches is False
    found = with_rarity(one, other)
    assert found.matches
    assert "words alike by" in found.reason


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"14": "19", "22": "31", "300": "800", "Monday": "Friday", "Narvik": "Harstad"}, "another loan of the same ship"),
        (
            {"Ada Berg": "Ida Moe", "Polar Bear": "Grey Wolf", "Ole Lund": "Per Dahl", "Bodo": "Tromso"},
            "other people, another ship",
        ),
    ],
)
def test_other_words_with_other_facts_are_another_text(item, changes, why):
    text = RETOLD
    for old, new in changes.items():
        text = text.replace(old, new)
    assert not with_rarity(side(item, "a", TOLD), side(item, "b", text)).matches, why


def test_a_short_piece_in_other_words_is_not_a_copy(item):
    cut = RETOLD[: RETOLD.index("With Captain")]
    assert not with_rarity(side(item, "a", TOLD), side(item, "b", cut)).matches
