"""The five reader documents, wrapped in plain HTML, yield their article and nothing else. Skipped where they are absent."""

import html
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.articles.extract import extract_article

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
FLOORS = json.loads((Path(__file__).parents[1] / "quality_floors.json").read_text(encoding="utf-8"))["extraction"]
# Of each document: the line that is its title, the first and the last line of its article (numbered from 0, empty lines out),
# lines between them that are captions or furniture, and the date it carries.
FORMS = {
    "000": (1, 3, 16, {4, 5}, None),
    "001": (0, 2, 10, set(), None),
    "002": (3, 6, 10, set(), datetime(2019, 3, 10, tzinfo=UTC)),
    "003": (0, 3, 7, set(), datetime(2016, 9, 26, 10, 28, tzinfo=UTC)),
    "004": (7, 8, 11, set(), datetime(2019, 11, 18, 18, 41, tzinfo=UTC)),
}

pytestmark = pytest.mark.skipif(not SEEDS.exists(), reason="the reader documents are not beside this checkout")


def lines_of(number):
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def wrapped(lines, title, *, headings, heading_one):
    """The lines as `<p>`; with `headings`, short lines without a full stop as `<h2>`; with `heading_one`, the title's last line as `<h1>`."""
    last = max(place for place, line in enumerate(lines) if line == title)
    body = []
    for place, line in enumerate(lines):
        short = len(line) < 90 and not re.search(r"[.!?:]$|\d{4}", line)
        tag = "h1" if heading_one and place == last else "h2" if headings and short else "p"
        body.append(f"<{tag}>{html.escape(line)}</{tag}>")
    return f"<html><head><title>{html.escape(title)} | Site</title></head><body>{''.join(body)}</body></html>".encode()


@pytest.mark.parametrize("heading_one", [True, False])
@pytest.mark.parametrize("headings", [True, False])
@pytest.mark.parametrize("number", sorted(FORMS))
def test_document_yields_its_article_and_nothing_else(number, headings, heading_one):
    title_at, first, last, out, published = FORMS[number]
    lines = lines_of(number)
    title = lines[title_at]
    found = extract_article(
        wrapped(lines, title, headings=headings, heading_one=heading_one), url="https://example.org/a/b", today=date(2026, 3, 1)
    )
    own = [line for place, line in enumerate(lines) if first <= place <= last and place not in out]
    got = found.text.split("\n")
    foreign = [line for line in got if line not in own and len(line) > 60]
    assert found.title == title
    assert sum(line in got for line in own) / len(own) >= FLOORS["own_paragraphs_kept"], [line for line in own if line not in got]
    assert len(foreign) / len(got) <= FLOORS["foreign_paragraphs_let_in_at_most"], foreign
    assert title not in got
    assert (found.language, found.language_sure) == ("en", True)
    assert found.published == published


def test_first_document_has_its_title_once():
    lines = lines_of("000")
    found = extract_article(
        wrapped(lines, lines[1], headings=True, heading_one=True), url="https://example.org/a", today=date(2026, 3, 1)
    )
    assert found.title == lines[1]
    assert lines[1] not in found.text


def test_death_penalty_article_is_no_part_of_the_fourth_document():
    lines = lines_of("003")
    found = extract_article(
        wrapped(lines, lines[0], headings=False, heading_one=True), url="https://example.org/a", today=date(2026, 3, 1)
    )
    assert "death penalty" not in found.text
    assert "moratorium" not in found.text


def test_subscription_box_is_no_part_of_the_third_document():
    lines = lines_of("002")
    found = extract_article(
        wrapped(lines, lines[3], headings=False, heading_one=False), url="https://example.org/a", today=date(2026, 3, 1)
    )
    assert "subscribed" not in found.text
    assert "newsletter" not in found.text
    assert "Once a week" not in found.text
