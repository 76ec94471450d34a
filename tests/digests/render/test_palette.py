"""Every colour of text is readable on everything that lies under it, light and dark."""

import pytest

from monitor.digests.render.palette import DARK, LIGHT, MINIMUM, contrast, luminance

TEXT = ("ink", "muted", "accent", "better", "worse", "unchanged")


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("under", ["paper", "panel"])
@pytest.mark.parametrize("name", TEXT)
def test_text_is_readable(palette, under, name):
    assert contrast(getattr(palette, name), getattr(palette, under)) >= MINIMUM


def inverted(colour):
    return "#" + "".join(f"{255 - int(colour[at : at + 2], 16):02x}" for at in (1, 3, 5))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("under", ["paper", "panel"])
@pytest.mark.parametrize("name", TEXT)
def test_text_is_readable_where_a_mail_program_inverts_it_by_force(palette, under, name):
    assert contrast(inverted(getattr(palette, name)), inverted(getattr(palette, under))) >= MINIMUM


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_of_the_sparkline_can_be_seen(palette):
    assert contrast(palette.bar, palette.paper) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_no_pure_black_or_white(palette):
    colours = {getattr(palette, name) for name in palette.__slots__}
    assert not colours & {"#000000", "#ffffff"}


def test_contrast_of_known_pairs():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("wrong", ["#fff", "red", "1f4e79x", "#gggggg"])
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(ValueError, match=r"not a colour|invalid literal"):
        luminance(wrong)
