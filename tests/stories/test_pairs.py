"""Two texts match by figures, and the figures are told."""

import pytest

from monitor.stories.pairs import compare, side_of

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
