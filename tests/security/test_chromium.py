"""The same outputs in a real browser, with nothing to protect it: scripts on, no policy of ours, and a canary that any survivor would touch."""

import re
from email import policy
from email.parser import BytesParser

import pytest
from lxml import etree
from playwright.sync_api import Error

pytestmark = pytest.mark.slow

SHELL = '<!doctype html><meta charset="utf-8"><title>x</title><body>'


def test_the_canary_sings_for_raw_cases(witness, cases):
    """Where nothing guards, many cases run or ask their host: else silence would mean nothing."""
    sung = set()
    markup = [case for case in cases if "<" in case.text and case.family in {"handler", "script", "style", "oddity"}]
    for case in markup[::6]:
        try:
            hits, _, _, _ = witness.look(SHELL + case.text)
        except Error:  # it led the page elsewhere while we looked
            hits = [case.number]
        if hits or any("hit.invalid" in url for url in witness.asked):
            sung.add(case.number)
    assert len(sung) > 12


def test_pages_do_nothing_in_a_browser(witness, judged, oracle, line):
    pages = [
        (f"{edition.week} {language}", rendition.html)
        for edition in line.editions
        for language, rendition in edition.renditions.items()
    ]
    assert judged(witness, oracle, pages) == {}


def test_html_of_mails_does_nothing_in_a_browser(witness, judged, oracle, line):
    pages = []
    for message in line.store.claim("chromium", line.parts.clock(), line.parts.clock(), 10_000):
        if message.recipient.startswith("reader-en"):
            [part] = [
                one
                for one in BytesParser(policy=policy.default).parsebytes(message.body).walk()
                if one.get_content_subtype() == "html"
            ]
            pages.append((message.message_id, re.sub(r'src="https://monitor\.example/', 'src="/', part.get_content())))
    line.store.release("chromium")
    assert len(pages) == len(line.editions)
    assert judged(witness, oracle, [(name, re.sub(r'src="/[\w/-]+/', 'src="/', text)) for name, text in pages]) == {}


def test_content_of_atom_does_nothing_in_a_browser(witness, judged, oracle, line):
    pages = [
        (edition.week, SHELL + etree.fromstring(rendition.atom_entry.encode()).find("{http://www.w3.org/2005/Atom}content").text)
        for edition in line.editions
        for rendition in edition.renditions.values()
    ]
    assert judged(witness, oracle, pages) == {}
