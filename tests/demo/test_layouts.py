from datetime import date, timedelta
from html import unescape

import pytest

from monitor.articles.extract import extract_article
from monitor.demo.corpus import Outlet, load_corpus
from monitor.demo.layouts import LAYOUTS, Leaf, render_home, render_page, stamp

CORPUS = load_corpus()
TODAY = date(2020, 1, 1)


def rendered(page):
    recent = [other for other in CORPUS.of(page.outlet, page.published) if other.id != page.id][:4]
    return render_page(Leaf(page, recent, CORPUS.by_id.get(page.similar)))


def extracted(page):
    body = rendered(page).encode(page.outlet.charset, "xmlcharrefreplace")
    return extract_article(body, url=page.url, content_type=f"text/html; charset={page.outlet.header_charset}", today=TODAY)


def test_every_layout_is_used_and_every_outlet_has_one():
    assert {outlet.layout for outlet in CORPUS.outlets} == set(LAYOUTS)


@pytest.mark.parametrize("page", CORPUS.pages, ids=lambda page: page.id)
def test_article_survives_its_page(page):
    """The real extractor finds each paragraph, the title and the language among all the furniture."""
    found = extracted(page)
    assert [paragraph for paragraph in page.paragraphs if paragraph not in found.text] == []
    assert found.title == page.title
    assert found.language == page.language


@pytest.mark.parametrize("page", CORPUS.pages, ids=lambda page: page.id)
def test_nothing_but_the_article_is_taken_from_a_page(page):
    found = extracted(page)
    assert [line for line in found.text.split("\n") if not any(line in paragraph for paragraph in page.paragraphs)] == []


@pytest.mark.parametrize("page", [page for page in CORPUS.pages if page.outlet.layout != "tables"], ids=lambda page: page.id)
def test_the_page_tells_when_it_was_published(page):
    """Layouts of nested tables are left out: they hold the date as text only, among other dates."""
    assert extracted(page).published == page.published


@pytest.mark.parametrize("page", [page for page in CORPUS.pages if page.similar], ids=lambda page: page.id)
def test_whole_unrelated_article_stands_in_the_page_and_is_cut(page):
    other = CORPUS.by_id[page.similar]
    assert other.paragraphs[0] in unescape(rendered(page))
    assert other.paragraphs[0] not in extracted(page).text


def test_pages_carry_the_furniture_met_in_the_wild():
    by_layout = {page.outlet.layout: rendered(page) for page in CORPUS.pages}
    assert 'class="breadcrumbs"' in by_layout["agency"]
    assert 'class="cnt"' in by_layout["agency"]
    assert "subscribe_block" in by_layout["agency"]
    assert "<br><br>" in by_layout["tables"]
    assert "cookie-banner" in by_layout["blog"]
    assert "newsletter" in by_layout["journal"]
    for name in ("tables", "register"):
        page = next(page for page in CORPUS.pages if page.outlet.layout == name)
        assert rendered(page).count(page.title) >= 3, "title twice, and once in the breadcrumbs"


def test_stamp_is_in_the_language_and_zone_of_the_site():
    page = CORPUS.by_id["w10-cfe-prystan"]
    assert stamp(page) == "6 сакавіка 2019, 16:30"


def test_front_page_lists_headlines_and_links_the_feed():
    outlet: Outlet = CORPUS.by_id["w10-kent-ledger"].outlet
    pages = CORPUS.of(outlet, CORPUS.pages[-1].published + timedelta(days=1))
    home = render_home(outlet, pages[:3])
    assert 'rel="alternate"' in home
    assert outlet.feed_path in home
    assert pages[0].path in home
