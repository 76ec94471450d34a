"""The workbench over the hostile line, logged in: what it shows of strangers' articles, and tells back of what an editor types, is text."""

import html
import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

pytestmark = pytest.mark.slow

RULE = "ferry"
OURS = re.compile(
    r'<svg class="weeks".*?</svg>|<script src="/desk/static/workbench\.\w+\.js" defer></script>'
    r'|(?<=<textarea id="yaml" name="yaml" rows="30") wrap="off"|(?<=id="copy") hidden|(?<=<textarea name="yaml") hidden',
    re.DOTALL,
)
"""What the workbench has and other pages have not: drawings of figures, its script, what that script or the editor needs."""
BATCH = 20
TRIED = """() => { const result = document.getElementById("result");
  return !result.classList.contains("old") && !result.hasAttribute("aria-busy") && result.querySelector(".article"); }"""


class Editor:
    """Logged in; asks as a browser without script does."""

    def __init__(self, url, password):
        self.url, self.cookie = url, ""
        _, headers, _ = self.ask("/desk/login/", {"name": "editor", "password": password})
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = re.search(r'name="csrf" value="(\w+)"', self.ask("/desk/rules/")[2])[1]

    def ask(self, path, form=None):
        """(status, headers, text)."""
        data = None if form is None else urllib.parse.urlencode(form, errors="replace").encode()
        request = urllib.request.Request(self.url + path, data=data, headers={"Cookie": self.cookie})
        try:
            with _OPENER.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def saved(self):
        """(text, digest) of the rule as it is saved."""
        page = self.ask(f"/desk/rules/{RULE}.yml/")[2]
        text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
        return html.unescape(text), re.search(r'name="base" value="(\w*)"', page)[1]

    def press(self, action, text=None, base=None, **more):
        saved, digest = self.saved() if text is None or base is None else (text, base)
        form = {"csrf": self.csrf, "yaml": saved if text is None else text, "base": base or digest, "days": "28", **more}
        return self.ask(f"/desk/rules/{RULE}.yml/{action}", form)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(_Stay)


@pytest.fixture(scope="module")
def editor(hostile_site, password, line):
    """The rule is left as it was."""
    file = line.home / "rules" / f"{RULE}.yml"
    before = file.read_bytes()
    yield Editor(hostile_site, password)
    file.write_bytes(before)


@pytest.fixture(scope="module")
def found(editor, cases):
    """Pages with what drafts find: each asks for the articles of some of the cases by their marks."""
    text, base = editor.saved()
    pages = {}
    for start in range(0, len(cases), 2 * BATCH):
        marks = [case.mark for case in cases[start : start + BATCH]]
        drafted = text.replace(f'topic: {{en: ["{RULE}"]}}', f"topic: {{en: {marks}}}".replace("'", '"'))
        assert drafted != text
        status, _, page = editor.press("try", drafted, base)
        assert status == 200
        pages[start] = page
    return pages


def bare(page):
    """A page without what no other page of the site has."""
    return OURS.sub("", page)


def own_sins(oracle, page):
    return oracle.judge_html(bare(page), forms=("/desk/",), sent=False)


def test_results_and_differences_show_most_cases_as_text(found, oracle, cases):
    everything = "".join(found.values())
    assert "What it finds" in everything
    assert 'id="won"' in everything
    assert sum(case.mark in everything for case in cases) > 0.4 * len(cases)
    assert {start: sins for start, page in found.items() if (sins := own_sins(oracle, page))} == {}


def test_the_part_that_the_script_puts_in_is_clean_and_does_nothing_in_a_browser(found, oracle, witness, judged):
    pages = [(start, bare(page).replace('<link rel="stylesheet"', "<link")) for start, page in found.items()]
    assert judged(witness, oracle, pages) == {}


def typed(case):
    """Rules an editor might type: the text as a whole, a key, a value, a name, a term, a comment, an unknown anchor."""
    plain = case.text.replace("\r", " ").replace("\n", " ").replace("\x00", " ")
    quoted = "'" + plain.replace("'", "''") + "'"
    return (
        case.text,
        f"id: {quoted}\n{quoted}: 1\n",
        f"schema: 1\nid: {RULE}\nmatch: {{require: [{quoted}]}}\nterms: {{{quoted}: {{en: [{quoted}]}}}}\n",
        f"schema: *{plain}\n",
        f"# {plain}\nschema: {quoted}\ntests: {{should_match: [{{lang: {quoted}, title: {quoted}}}]}}\n",
    )


def test_a_text_that_is_typed_and_what_is_wrong_with_it_are_told_back_as_text(editor, oracle, cases):
    _, base = editor.saved()
    sins, told = {}, 0
    for case in cases[::37]:
        for number, text in enumerate(typed(case)):
            for action in ("try", "save"):
                if action == "save" and number != 2:
                    continue
                status, headers, page = editor.press(action, text, base, why=case.text)
                assert status in {200, 422}, (case, status)
                assert "script-src 'self';" in headers["Content-Security-Policy"]
                told += f"__hit({case.number})" in html.unescape(page.partition('id="result"')[2])
                if wrong := own_sins(oracle, page):
                    sins[case.number, number, action] = wrong
    assert sins == {}
    assert told > 15, "errors echo what is wrong"


def test_what_is_saved_shows_in_history_and_differences_as_text(editor, oracle, cases):
    sins, chosen = {}, cases[5::97]
    for case in chosen:
        text, base = editor.saved()
        plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]", " ", case.text)
        status, headers, _ = editor.press("save", f"{text}# {plain}\n", base, why=case.text)
        assert status == 303, case
        assert urllib.parse.urlsplit(headers["Location"]).netloc == ""
        version = re.search(r"saved=(\d+)", headers["Location"])[1]
        page = editor.ask(f"/desk/rules/{RULE}.yml/history/{version}/")[2]
        assert "added" in page
        if wrong := own_sins(oracle, page):
            sins[case.number] = wrong
    history = editor.ask(f"/desk/rules/{RULE}.yml/history/")[2]
    assert history.count("<tr>") > len(chosen)
    assert sins == {}
    assert own_sins(oracle, history) == ()


def test_examples_made_of_hostile_articles_and_previews_are_text(editor, found, oracle):
    articles = re.findall(r'value="should_match:(\w+)"', "".join(found.values()))[::71]
    text, base = editor.saved()
    sins = {}
    for article in articles:
        status, _, page = editor.press("example", text, base, example=f"should_match:{article}")
        assert status == 200
        if wrong := own_sins(oracle, page):
            sins[article] = wrong
    status, _, page = editor.press("preview", text, base)
    assert len(articles) > 4
    assert sins == {}
    assert own_sins(oracle, page) == ()


def test_with_script_and_without_the_policy_nothing_of_an_article_runs(chromium, hostile_site, password, witnesses, cases):
    """The script takes a part of the answer into the page: only what is escaped there stays text."""
    context, asked = chromium.new_context(bypass_csp=True), []
    context.add_init_script(witnesses.CANARY)
    context.on("request", lambda request: None if request.url.startswith(hostile_site) else asked.append(request.url))
    page = context.new_page()
    page.goto(f"{hostile_site}/desk/login/")
    page.locator("#name").fill("editor")
    page.locator("#password").fill(password)
    page.locator("#login").click()
    for start in range(0, len(cases), 12 * BATCH):
        # a page of its own each time: what the clicks have asked for may still come in
        page = context.new_page()
        page.goto(f"{hostile_site}/desk/rules/{RULE}.yml/")
        text = page.locator("#yaml").input_value()
        marks = ", ".join(f'"{case.mark}"' for case in cases[start : start + BATCH])
        page.locator("#yaml").fill(text.replace(f'topic: {{en: ["{RULE}"]}}', f"topic: {{en: [{marks}]}}"))
        page.locator("#try").click()
        page.wait_for_function(TRIED, timeout=90_000)
        page.evaluate(witnesses.CLICK)
        assert page.evaluate("() => window.hits") == []
        page.close()
    context.close()
    assert asked == []
