"""Every page of the site in a real browser: no finding of axe, no sideways scrolling, no stranger asked, nothing refused by the policy."""

import os
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.slow

SERIOUS = {"serious", "critical"}
VIEWS = [(1280, False), (320, True)]
if os.environ.get("MONITOR_TEST_BROWSER") == "1":
    VIEWS += [(1280, True), (320, False)]
FOUND_OFFENDERS = """() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')].filter(node => {
    const box = node.getBoundingClientRect();
    return box.width && box.right > wide + 1 && !node.closest('.scroll, pre, textarea');
  }).slice(0, 5).map(node => `${node.tagName}.${node.className} ${Math.round(node.getBoundingClientRect().right)}`);
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def paths(world, service, sink):
    """Every kind of page."""
    return world.visits(service, sink)


def findings(page):
    """What axe says that is serious or critical: rule, and where."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        (one["id"], one["help"], node["target"], node["html"][:160])
        for one in found.response["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


def test_the_walk_finds_the_pages_that_there_are(paths, world):
    assert {"/", f"/{world.DIGEST}/"} <= set(paths)
    assert any(world.shape(path) == f"/{world.DIGEST}/WEEK/en/" for path in paths)
    assert len(paths) >= 8


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_axe_finds_nothing_serious_on_any_page(tab, paths, width, dark):
    one = tab(width, dark=dark)
    wrong = {}
    for path in paths:
        one.open(path)
        if found := findings(one.page):
            wrong[path] = found
    assert wrong == {}


def test_no_page_scrolls_sideways_at_320_pixels(tab, paths):
    """WCAG 2.2, 1.4.10: also what a page at 1280 pixels is at a zoom of four."""
    one, wide = tab(320), {}
    for path in paths:
        one.open(path)
        if one.page.evaluate(SIDEWAYS) > 0:
            wide[path] = one.page.evaluate(FOUND_OFFENDERS)
    assert wide == {}


def test_pages_stand_without_script(tab, paths):
    one = tab(scripts=False)
    for path in paths:
        one.open(path)
        assert one.page.locator("main").inner_text().strip(), path
        assert one.page.locator("h1").count() == 1, path


def test_headings_go_down_one_step_at_a_time(tab, paths):
    one, wrong = tab(), {}
    for path in paths:
        one.open(path)
        levels = one.page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(node => +node.localName[1])")
        if levels[:1] != [1] or any(after > before + 1 for before, after in pairwise(levels)):
            wrong[path] = levels
    assert wrong == {}


def test_targets_are_24_pixels_or_lie_in_a_line_of_text(tab, paths):
    """WCAG 2.2, 2.5.8; a link within a sentence may be as high as its line."""
    small = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, summary, nav a')].filter(node => {
      const box = node.getBoundingClientRect();
      return box.width && (box.height < 24 || box.width < 24) && getComputedStyle(node).position !== 'absolute';
    }).map(node => `${node.localName} "${(node.textContent || node.name || '').trim().slice(0, 20)}" ${node.getBoundingClientRect().width.toFixed()}x${node.getBoundingClientRect().height.toFixed()}`)"""
    one, wrong = tab(320), {}
    for path in paths:
        one.open(path)
        if found := one.page.evaluate(small):
            wrong[path] = found[:6]
    assert wrong == {}
