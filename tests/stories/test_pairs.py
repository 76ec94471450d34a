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


OTHERS = [word_set(["the", "of", "on", "a", "to", "that", "in", "for", f"w{number}"]) for number in range(200)]


def compared(one, other):
    """As among many articles on other things."""
    return compare(one, other, rarity_of([*OTHERS, one.words, other.words]))


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
    found = compared(side(item, "a", WIRE, title="Ships"), side(item, "b", other, title="Ships"))
    assert found.matches is matches, f"{why}: {found.reason}"
    assert words in found.reason


def test_one_host_needs_more_agreement_than_two(item):
    changed = WIRE.replace("14", "19").replace("Monday", "Friday")
    apart = compared(side(item, "a", WIRE), side(item, "b", changed))
    together = compared(side(item, "a", WIRE, host="x.example.org"), side(item, "b", changed, host="x.example.org"))
    assert (apart.matches, together.matches) == (True, False)
    assert "on one host" in together.reason


def test_finding_is_symmetric(item):
    one, other = side(item, "a", WIRE), side(item, "b", WIRE[:130] + " And nothing more is known of it.")
    assert compared(one, other) == compared(other, one)


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


def test_a_text_in_other_words_is_known_by_its_rare_ones(item):
    one, other = side(item, "a", TOLD), side(item, "b", RETOLD)
    found = compared(one, other)
    assert found.matches
    assert "at the same places" in found.reason


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
    assert not compared(side(item, "a", TOLD), side(item, "b", text)).matches, why


def test_a_short_piece_in_other_words_is_not_a_copy(item):
    cut = RETOLD[: RETOLD.index("With Captain")]
    assert not compared(side(item, "a", TOLD), side(item, "b", cut)).matches


def test_the_same_sentences_told_in_another_order_are_no_retelling(item):
    one, other, third = RETOLD.split(". ")
    found = compared(side(item, "a", TOLD), side(item, "b", f"{third} {other}. {one}."))
    assert not found.matches, found.reason


def prose(prefix, words, names=()):
    """Words that no other text has, with names among them."""
    plain = [f"{prefix}{number}" for number in range(words)]
    for place, name in enumerate(names):
        plain.insert(3 + place * (words // max(1, len(names))), name)
    return " ".join(plain)


NAMES = ["Bodo", "Narvik", "Ada", "Berg", "Ole", "Lund", "Tromso", "Harstad", "Moe", "Dahl"]


def test_news_that_quotes_a_paragraph_of_background_is_no_copy_of_where_it_stood(item):
    background = prose("b", 60, NAMES)
    older = f"{prose('old', 110)}.\n{background}"
    found = compared(side(item, "a", older), side(item, "b", f"{prose('new', 120)}.\n{background}"))
    assert found.strength > 0.25, "enough shingles are shared for a copy"
    assert not found.matches
    assert "of its words by weight" in found.reason


def test_a_list_of_names_in_common_makes_no_retelling(item):
    dates = " ".join(f"{day} {name} hall{day}" for day, name in enumerate(NAMES * 2, start=1))
    found = compared(
        side(item, "a", f"{prose('old', 130)}. On the road: {dates}."),
        side(item, "b", f"{prose('new', 130)}. Dates and towns: {dates}."),
    )
    assert not found.matches, found.reason


def test_the_figures_of_another_day_are_another_report_though_all_names_are_the_same(item):
    text = (
        "The Ministry of Health of Northland counted {} new cases in the past day, spokeswoman Ada Berg said in Bodo. "
        "Of these {} were found in Narvik and {} in Tromso; hospitals of Harstad care for {} people, says Doctor Moe."
    )
    one, other = side(item, "a", text.format(212, 90, 71, 33)), side(item, "b", text.format(187, 64, 58, 41))
    found = compared(one, other)
    assert not found.matches
    assert "only 0 of 4 numbers" in found.reason


@pytest.mark.parametrize("host", ["", "x.example.org"])
def test_words_that_an_edit_puts_in_as_names_do_not_make_another_text_of_it(item, host):
    words = prose("w", 120, NAMES).split()
    edited = [f"Own{place}" if place % 8 == 5 and word not in NAMES else word for place, word in enumerate(words)]
    found = compared(side(item, "a", " ".join(words), host=host), side(item, "b", " ".join(edited), host=host))
    assert found.matches, found.reason
