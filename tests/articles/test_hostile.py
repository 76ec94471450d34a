"""Pages made to harm are read in bounded time, or refused with the reason; what a worker does beyond that is cut by its limits."""

import time
from datetime import date

import pytest

from monitor.articles.extract import MOST_ELEMENTS, extract_article

SECONDS = 20
"""Of CPU, on a slow and busy machine; each takes under two on an idle one, and minutes where a step is quadratic."""
PAGES = {
    "nested as deep as it goes": "<div>" * 100_000 + "<p>text of the page</p>",
    "lists in lists": "<ul><li>" * 20_000,
    "attributes that never end": "<a href='" * 100_000,
    "comments in comments": "<!-- " * 200_000,
    "one word": "<p>" + "a" * 1_000_000,
    "one paragraph of years": "<p>" + "2019 " * 100_000,
    "a title of a thousand parts": f"<title>{'a - ' * 100_000}</title><h1>x</h1><p>y</p>",
    "a title of breadcrumbs": f"<title>{'home / ' * 50_000}</title><h1>{'home / ' * 20_000}</h1>",
    "headings of other articles": "<h1>One</h1>" + "<h3>Related</h3><p>A paragraph that is long enough to count as one of the page, and is one.</p>" * 3_000,
    "JSON-LD without end": "<script type='application/ld+json'>" + '[{"@type":"NewsArticle","author":' * 20_000 + "</script>",
    "a dateline without end": "<p>Northport, 4 " + "/ " * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("mode", ["fast", "best"])
@pytest.mark.parametrize("shape", PAGES)
def test_a_page_made_to_harm_is_read_in_bounded_time(shape, mode):
    body = f"<html><head></head><body>{PAGES[shape]}</body></html>".encode()
    start = time.process_time()
    found = extract_article(body, url="https://north.example/1", today=date(2026, 3, 1), mode=mode)
    assert time.process_time() - start < SECONDS
    assert found.text or found.reason


def test_a_page_of_too_many_elements_is_refused_with_the_reason():
    body = b"<html><body>" + b"<p><b>x</b></p>" * (MOST_ELEMENTS // 2) + b"</body></html>"
    found = extract_article(body, url="", today=date(2026, 3, 1))
    assert (found.text, found.reason) == ("", "the page has more than 50,000 elements: no article has so many")
