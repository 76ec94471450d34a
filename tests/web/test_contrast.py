"""The colours of the site's sheets, as served: every text is readable on everything that may lie under it, light and dark."""

import re

import pytest

from monitor.digests.render.palette import MINIMUM, contrast
from monitor.web.assets import assets

TEXT = ("ink", "soft", "accent", "better", "worse", "unchanged")
SHAPES = 3.0
"""Contrast of what is no text and must be seen (WCAG 2.2, 1.4.11)."""


def colours(sheet):
    """(light, dark): the custom properties that hold a colour."""
    blocks = re.findall(r":root\s*\{([^}]*)\}", sheet)
    found = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks[:2]]
    assert len(found) == 2, "a light and a dark set"
    return found[0], found[0] | found[1]


SITE = dict(zip(("light", "dark"), colours(assets()["site.css"].body.decode()), strict=True))


@pytest.mark.parametrize("scheme", SITE)
@pytest.mark.parametrize("under", ["paper", "panel"])
@pytest.mark.parametrize("name", TEXT)
def test_text_of_the_site_is_readable(scheme, under, name):
    assert contrast(SITE[scheme][name], SITE[scheme][under]) >= MINIMUM


@pytest.mark.parametrize("scheme", SITE)
@pytest.mark.parametrize("name", ["ink", "accent"])
def test_words_that_were_found_are_readable_under_their_mark_within_links_too(scheme, name):
    assert contrast(SITE[scheme][name], SITE[scheme]["mark"]) >= MINIMUM


@pytest.mark.parametrize("scheme", SITE)
def test_words_on_a_button_are_readable_and_its_edge_is_seen(scheme):
    assert contrast(SITE[scheme]["paper"], SITE[scheme]["accent"]) >= MINIMUM
    assert contrast(SITE[scheme]["accent"], SITE[scheme]["panel"]) >= SHAPES


@pytest.mark.parametrize("scheme", SITE)
@pytest.mark.parametrize("under", ["paper", "panel"])
def test_edges_of_fields_and_the_ring_of_the_focus_are_seen(scheme, under):
    assert contrast(SITE[scheme]["soft"], SITE[scheme][under]) >= SHAPES
    assert contrast(SITE[scheme]["accent"], SITE[scheme][under]) >= SHAPES
