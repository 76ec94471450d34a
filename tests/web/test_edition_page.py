"""Dressing: pieces put in between leave what was frozen as it is, whatever a digest's own template looks like."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web.edition_page import BEGIN, END, put_in, undressed
from monitor.web.pages import embedded_json

PIECES = {name: f"{BEGIN}<b>{name}</b>{END}" for name in ("head", "above", "below")}
WHOLE = '<!doctype html><html><head><meta charset="utf-8"><title>x</title></head><body class="a"><a class="skip" href="#e">S</a><main>y</main></body></html>'


def test_pieces_stand_after_the_character_set_after_the_skip_link_and_at_the_end():
    page = put_in(WHOLE, PIECES)
    assert '<meta charset="utf-8"><!--site--><b>head</b>' in page
    assert ">S</a><!--site--><b>above</b>" in page
    assert "</main><!--site--><b>below</b><!--/site--></body></html>" in page


@pytest.mark.parametrize("page", ["", "<p>bare</p>", "<html><body>x", "<HEAD>x</HEAD><BODY>y", WHOLE, WHOLE + "</body>"])
def test_any_page_can_be_dressed_and_undressed(page):
    assert undressed(put_in(page, PIECES)) == page


@given(st.text(alphabet="<>/abhedoysitmcr -!\n", max_size=200).filter(lambda text: BEGIN not in text and END not in text))
def test_undressed_is_what_was_frozen(page):
    assert undressed(put_in(page, PIECES)) == page


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40)))
def test_data_in_a_page_cannot_end_its_element(data):
    text = embedded_json(data)
    assert json.loads(text) == data
    assert not re.search(r"[<>&\u2028]", text)


def test_neighbours_are_those_of_the_same_language(site):
    site.publish("2019-W07")
    site.publish("2019-W08", ("be",))
    site.publish("2019-W09")
    english = site.get("/weekly/2019-W09/en/").text
    assert '<a href="/weekly/2019-W07/en/" rel="prev">' in english
    assert 'rel="next"' not in english
    belarusian = site.get("/weekly/2019-W08/be/").text
    assert '<link rel="prev" href="/weekly/2019-W07/be/">' in belarusian
    assert '<link rel="next" href="/weekly/2019-W09/be/">' in belarusian
    assert "Наступны:" in belarusian


def test_a_new_edition_changes_the_tag_of_the_one_before_it(site):
    site.publish("2019-W09")
    before = site.get("/weekly/2019-W09/en/").headers["ETag"]
    site.publish("2019-W10")
    assert site.get("/weekly/2019-W09/en/").headers["ETag"] != before
    assert site.get("/weekly/2019-W09/en/frozen.html").status == 200


def test_data_for_search_engines_says_what_the_edition_is(site):
    site.publish("2019-W10")
    page = site.get("/weekly/2019-W10/en/").text
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(data)
    assert (told["@type"], told["inLanguage"], told["headline"]) == ("Article", "en", "Talks weekly: March 4 – March 10, 2019")
    assert told["url"] == "https://news.example.org/weekly/2019-W10/en/"
    assert [part["headline"] for part in told["hasPart"]] == ["Talks agreed"]
    [anchor] = [part["url"].partition("#")[2] for part in told["hasPart"]]
    assert f'id="{anchor}"' in page
