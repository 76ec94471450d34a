"""The same outputs in a real browser, with nothing to protect it: scripts on, no policy of ours, and a canary that any survivor would touch."""

import re
from email import policy
from email.parser import BytesParser

import pytest
from lxml import etree
from playwright.sync_api import Error

pytestmark = pytest.mark.slow

SHELL = '<!doctype html><meta charset="utf-8"><title>x</title><body>'
CANARY = "window.hits = []; window.__hit = number => window.hits.push(number);"
EVERYTHING = """() => [...new Set([...document.querySelectorAll('*')].flatMap(node => {
  const own = node.namespaceURI === 'http://www.w3.org/1999/xhtml' ? node.localName : node.namespaceURI + ' ' + node.localName;
  return [own, ...[...node.attributes].map(one => own + ' ' + one.name)];
}))]"""
SCHEMES = """() => [...new Set([...document.querySelectorAll('[href],[src],[action],[formaction],[cite],[poster],[data]')].flatMap(node =>
  ['href', 'src', 'action', 'formaction', 'poster', 'data'].map(name => node[name])
    .filter(value => typeof value === 'string' && value)
    .map(value => { try { return new URL(value, 'http://page.invalid/').protocol } catch { return 'unreadable ' + value } })))]"""
CLICK = """() => { for (const node of document.querySelectorAll('a,button,input,summary,label,area')) {
  node.addEventListener('click', event => event.preventDefault(), {once: true});
  for (const kind of ['pointerover', 'mouseover', 'focus', 'click', 'toggle']) node.dispatchEvent(new Event(kind, {bubbles: true, cancelable: true}));
} }"""


class Witness:
    """Loads pages into one tab and notes all that they do by themselves."""

    def __init__(self, browser):
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.add_init_script(CANARY)
        self.asked, self.dialogs, self.shown = [], [], ""
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.context.route("**/*", self._route)

    def _route(self, route):
        url = route.request.url
        if url == "http://page.invalid/":
            route.fulfill(body=self.shown, content_type="text/html; charset=utf-8")
            return
        if not re.fullmatch(r"http://page\.invalid/(?:[\w.-]+\.png|favicon\.ico)", url):
            self.asked.append(url)
        route.abort()

    def look(self, text):
        """(numbers that called, other addresses asked for, elements and attributes, schemes)."""
        self.asked, self.shown = [], text
        self.page.goto("http://page.invalid/", wait_until="load")
        self.page.evaluate(CLICK)
        hits = self.page.evaluate("() => window.hits")
        return hits, self.asked, set(self.page.evaluate(EVERYTHING)), set(self.page.evaluate(SCHEMES))


@pytest.fixture
def witness(chromium):
    made = Witness(chromium)
    yield made
    made.context.close()


def judged(witness, oracle, pages):
    """What each page did that it should not, by name; nothing is {}."""
    sins = {}
    for name, text in pages:
        hits, asked, held, schemes = witness.look(text)
        elements = {one for one in held if " " not in one}
        attributes = {one.split(" ")[-1] for one in held - elements}
        foreign = elements - oracle.PAGE
        unknown = {one for one in attributes - oracle.ATTRIBUTES if not re.fullmatch(r"(?:aria|data)-[a-z-]+", one)}
        wrong = schemes - {"http:", "https:", "mailto:"}
        if hits or asked or foreign or unknown or wrong or witness.dialogs:
            sins[name] = (hits, asked, foreign, unknown, wrong, list(witness.dialogs))
            witness.dialogs.clear()
    return sins


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


def test_pages_do_nothing_in_a_browser(witness, oracle, line):
    pages = [
        (f"{edition.week} {language}", rendition.html)
        for edition in line.editions
        for language, rendition in edition.renditions.items()
    ]
    assert judged(witness, oracle, pages) == {}


def test_html_of_mails_does_nothing_in_a_browser(witness, oracle, line):
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


def test_content_of_atom_does_nothing_in_a_browser(witness, oracle, line):
    pages = [
        (edition.week, SHELL + etree.fromstring(rendition.atom_entry.encode()).find("{http://www.w3.org/2005/Atom}content").text)
        for edition in line.editions
        for rendition in edition.renditions.values()
    ]
    assert judged(witness, oracle, pages) == {}
