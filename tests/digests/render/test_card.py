"""The card: the size that sites ask for, the same bytes for the same words, whatever the words are."""

import struct

import pytest

from monitor.digests.render.card import card_of, card_picture
from monitor.digests.render.rendition import render_edition


def size_of(png):
    return struct.unpack(">II", png[16:24])


def test_a_card_has_the_size_that_shared_links_are_shown_in(edition, digest):
    drawn = card_of(render_edition(edition, digest), "Frontier Weekly")
    assert drawn.startswith(b"\x89PNG")
    assert size_of(drawn) == (1200, 630)
    assert len(drawn) < 200_000


def test_the_same_words_give_the_same_bytes_and_others_do_not():
    sections = (("worse", "Security", "Something happened"),)
    first = card_picture("Title", "March 4 – March 10, 2019", sections)
    card_picture.cache_clear()
    assert card_picture("Title", "March 4 – March 10, 2019", sections) == first
    assert card_picture("Title", "March 11 – March 17, 2019", sections) != first


@pytest.mark.parametrize(
    ("title", "sections"),
    [
        ("", ()),
        ("$x_1^2$ \\frac{1}{2} %s", (("better", "$", "Costs $5 and $6"),)),
        ("Дуже довга назва " * 20, tuple(("unchanged", "Раздел " * 10, "Очень длинный заголовок " * 30) for _ in range(3))),
        ("W" * 400, (("worse", "x", "y" * 500),)),
    ],
)
def test_long_empty_and_strange_words_are_drawn(title, sections):
    assert size_of(card_picture(title, "week", sections)) == (1200, 630)
