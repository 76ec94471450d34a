"""The site's words: every language has every message with the same slots; and which language a reader gets."""

import json
from importlib.resources import files

import pytest
from starlette.requests import Request

from monitor.digests.render.catalogue import SHIPPED, slots_of
from monitor.web.words import site_words, wanted_language

FAMILIES = sorted({file.name.split(".")[0] for file in files("monitor.web").joinpath("catalogue").iterdir()})


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", SHIPPED)
def test_every_language_has_every_message_with_the_same_slots(family, language):
    mine, english = (
        json.loads(files("monitor.web").joinpath("catalogue", f"{family}.{one}.json").read_text(encoding="utf-8"))
        for one in (language, "en")
    )
    assert {key: slots_of(message) for key, message in mine.items()} == {key: slots_of(m) for key, m in english.items()}
    assert all(key.startswith(f"{family}.") for key in mine)


@pytest.mark.parametrize("language", [one for one in SHIPPED if one != "en"])
def test_no_message_was_left_in_english(language):
    english = site_words("en").messages
    same = {key for key, message in site_words(language).messages.items() if message == english[key]}
    assert not {key for key in same if any(c.isalpha() for c in str(english[key]))}


@pytest.mark.parametrize(
    ("query", "header", "wanted"),
    [
        ("", "", "en"),
        ("lang=be", "ru", "be"),
        ("", "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("", "de,en;q=0.5,be;q=0.7", "be"),
        ("lang=xx", "de, *;q=0.1", "en"),
        ("", "ru;q=much,be", "be"),
    ],
)
def test_the_address_wins_then_the_browser_then_english(query, header, wanted):
    scope = {"type": "http", "query_string": query.encode(), "headers": [(b"accept-language", header.encode())]}
    assert wanted_language(Request(scope)) == wanted
