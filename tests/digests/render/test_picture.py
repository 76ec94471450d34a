"""The picture of a section's weeks says what its data say: taller bars for more stories, a mark for each edition, nothing else."""

import json
import struct
import zlib
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digests.render.idiom import idiom_of
from monitor.digests.render.palette import DARK, LIGHT, MARKS, contrast
from monitor.digests.render.picture import HEIGHT, WIDTH, picture_name, weeks_picture
from monitor.digests.render.rendition import render_edition
from monitor.digests.render.sparkline import blocks
from monitor.model.edition import Verdict


def chunks(png):
    """Type and content of each chunk (PNG, third edition, 5.3)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at = 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        yield kind, png[at + 8 : at + 8 + size]
        at += size + 12


def pixels(png):
    """Rows of (red, green, blue, alpha), filters undone (PNG, third edition, 9)."""
    parts = list(chunks(png))
    width, height, depth, kind = struct.unpack(">IIBB", parts[0][1][:10])
    assert (depth, kind) == (8, 6)
    data = zlib.decompress(b"".join(content for name, content in parts if name == b"IDAT"))
    above, rows = bytes(width * 4), []
    for line in range(height):
        start = line * (width * 4 + 1)
        row = bytearray(data[start + 1 : start + 1 + width * 4])
        for at in range(width * 4):
            left, corner = (row[at - 4], above[at - 4]) if at >= 4 else (0, 0)
            row[at] = (row[at] + predicted(data[start], left, above[at], corner)) % 256
        rows.append([tuple(row[at : at + 4]) for at in range(0, width * 4, 4)])
        above = bytes(row)
    return rows


def predicted(how, left, up, corner):
    if how == 4:
        guess = left + up - corner
        return min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
    return (0, left, up, (left + up) // 2)[how]


def colour(name):
    value = getattr(MARKS, name)
    return (*(int(value[at : at + 2], 16) for at in (1, 3, 5)), 255)


def heights(rows, weeks):
    """How tall the bar of each week is, in pixels, measured in its middle above the marks."""
    step = len(rows[0]) // weeks
    bars = {colour("bar"), colour("now")}
    ground = len(rows) - 26
    return [sum(rows[line][week * step + step // 2] in bars for line in range(ground)) for week in range(weeks)]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=12, max_size=12))
def test_more_stories_stand_taller_and_no_week_is_missing(counts):
    rows = pixels(weeks_picture(tuple(counts), (None,) * 12))
    assert (len(rows[0]), len(rows)) == (2 * WIDTH, 2 * HEIGHT)
    tall = sorted(zip(counts, heights(rows, 12), strict=True))
    assert all(one[1] <= other[1] for one, other in pairwise(tall))
    assert all(height >= 1 for _, height in tall)


def test_this_week_has_its_own_colour_and_the_others_share_theirs():
    rows = pixels(weeks_picture((3,) * 12, ()))
    middle = rows[len(rows) // 2]
    assert {pixel for pixel in middle if pixel[3]} == {colour("bar"), colour("now")}
    assert all(pixel != colour("now") for pixel in middle[: -len(middle) // 12])


@pytest.mark.parametrize("verdict", [verdict.value for verdict in Verdict])
def test_each_edition_has_a_mark_whose_shape_tells_its_status_without_colour(verdict):
    counts = (1,) * 12
    rows = pixels(weeks_picture(counts, (verdict, *(None,) * 11)))
    foot = [row[: len(row) // 12] for row in rows[-24:]]
    widths = [sum(pixel[3] > 127 for pixel in row) for row in foot]
    drawn = [width for width in widths if width]
    assert any(colour(verdict) in row for row in foot)
    if verdict == "better":
        assert drawn == sorted(drawn), "narrow above, wide below: it points up"
    elif verdict == "worse":
        assert drawn == sorted(drawn, reverse=True), "it points down"
    else:
        assert drawn == drawn[::-1], "it points neither up nor down"


def test_weeks_without_an_edition_have_no_mark():
    rows = pixels(weeks_picture((1,) * 12, (*(None,) * 11, "better")))
    marks = [week for week in range(12) if any(pixel[3] for row in rows[-24:] for pixel in row[week * 36 : week * 36 + 36])]
    assert marks == [11]


def test_equal_weeks_give_equal_bytes_and_nothing_tells_when_or_with_what_they_were_drawn():
    counts, verdicts = (0, 2, 5, 1), (None, "worse", None, "better")
    first = weeks_picture(counts, verdicts)
    weeks_picture.cache_clear()
    assert weeks_picture(counts, verdicts) == first
    assert {kind for kind, _ in chunks(first)} <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
    assert len(first) < 4_000


@pytest.mark.parametrize("paper", [LIGHT.paper, LIGHT.panel, DARK.paper, DARK.panel, "#ffffff", "#000000"])
def test_one_set_of_colours_stands_on_light_and_dark_paper(paper):
    for name in ("bar", "now", "better", "worse", "unchanged"):
        assert contrast(getattr(MARKS, name), paper) >= 3, name


def test_page_and_mail_show_it_with_the_same_in_words(edition, digest):
    section = replace(edition.sections[0], past=(*(None,) * 8, Verdict.WORSE, None, Verdict.UNCHANGED))
    printed = render_edition(replace(edition, sections=(section,)), digest)
    says = (
        'alt="Stories per week, last 12 weeks: 0, 1, 1, 0, 2, 3, 1, 0, 0, 2, 1, 4. '
        'Status in earlier editions: 1 week ago no change, 3 weeks ago worsened"'
    )
    assert f'<img src="../{picture_name(section.id)}" {says} width="216" height="42">' in printed.html
    assert (
        f'src="https://monitor.frontier.example/frontier-weekly/2019-W10/{picture_name(section.id)}" {says}' in printed.mail_html
    )
    assert json.loads(printed.json)["sections"][0]["history_status"][-3:] == ["worse", None, "unchanged"]
    above, below = (line for line in printed.text.splitlines() if "stories this week" in line or "↓ →↑" in line)
    assert above.index("▁") + 8 == below.index("↓ →↑")


@pytest.mark.parametrize("permalink", ["", "http://monitor.frontier.example/frontier-weekly/2019-W10/en/"])
def test_a_mail_without_a_safe_address_shows_blocks(edition, digest, permalink):
    mail = render_edition(replace(edition, permalink=permalink), digest).mail_html
    assert "<img" not in mail
    assert blocks(edition.sections[0].history) in mail


def test_blocks_and_words_stay_in_every_language(edition, digest):
    idiom = idiom_of("be", digest)
    assert idiom.words.count("history.ago", 2, word="без змен") == "2 тыдні таму — без змен"
