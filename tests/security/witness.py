"""A real browser with nothing to protect it: scripts on, no policy of ours, and a canary that any survivor would touch."""

import re

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
