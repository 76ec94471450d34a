"""The site over the hostile line: every page it links, and whatever it is asked, told or sent, stays as clean as the editions."""

import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from html import unescape

import pytest

pytestmark = pytest.mark.slow

LINK = re.compile(r'<a\s[^>]*?href="([^"#]+)', re.IGNORECASE)
HEADERS = {
    "access-control-allow-origin", "allow", "cache-control", "connection", "content-disposition", "content-encoding",
    "content-language", "content-length", "content-security-policy", "content-type", "cross-origin-opener-policy",
    "cross-origin-resource-policy", "date", "etag", "last-modified", "link", "location", "permissions-policy", "referrer-policy",
    "retry-after", "server", "set-cookie", "strict-transport-security", "transfer-encoding", "vary", "www-authenticate", "x-content-type-options",
    "x-robots-tag",
}  # fmt: skip


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def ask(url, form=None, **headers):
    """(status, headers, text) of a GET, or of a POST with a form."""
    data = None if form is None else urllib.parse.urlencode(form, errors="surrogatepass").encode()
    request = urllib.request.Request(url, data=data, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with OPENER.open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode("utf-8", "replace")


@pytest.fixture(scope="module")
def walked(hostile_site):
    """Every page that is reached by links, at most so many: address and text. One page of an edition in each language is enough."""
    waiting, seen, pages = ["/"], {"/"}, {}
    while waiting and len(pages) < 150:
        path = waiting.pop(0)
        status, headers, text = ask(hostile_site + path)
        if status in {302, 303, 307, 308}:
            targets = [headers["Location"]]
        elif status == 200 and "text/html" in headers["Content-Type"]:
            pages[path] = text
            targets = LINK.findall(text)
        else:
            continue
        for href in targets:
            parts = urllib.parse.urlsplit(urllib.parse.urljoin(hostile_site + path, unescape(href)))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if f"{parts.scheme}://{parts.netloc}" == hostile_site and target not in seen and "lang=" not in target:
                seen.add(target)
                waiting.append(target)
    return pages


def test_pages_reached_by_links_are_clean(walked, oracle):
    kinds = {re.sub(r"[0-9a-f]{8,}|\d{4}-W\d\d", "*", path) for path in walked}
    assert len(walked) >= 100
    assert len(kinds) >= 6, kinds
    sins = {path: found for path, text in walked.items() if (found := oracle.judge_html(text, sent=False))}
    assert sins == {}


def test_pages_show_many_cases(walked, cases):
    everything = "".join(walked.values())
    assert sum(case.mark in everything for case in cases) > 0.5 * len(cases)


def test_feeds_are_well_formed_and_clean(hostile_site, oracle):
    from lxml import etree

    status, _, text = ask(f"{hostile_site}/crossings/feed.en.atom")
    tree = etree.fromstring(text.encode())
    contents = tree.findall("{*}entry/{*}content")
    assert (status, len(contents) > 5) == (200, True)
    assert {found for content in contents for found in oracle.judge_html(content.text)} == set()
    status, _, text = ask(f"{hostile_site}/crossings/feed.en.json")
    if status == 200:
        items = json.loads(text)["items"]
        assert {found for item in items for found in oracle.judge_html(item["content_html"])} == set()
        assert {found for item in items for found in oracle.judge_text(item["title"])} == set()


def judged(oracle, answers):
    """Sins of answers that are pages, and headers that we never send."""
    sins = {}
    for name, (status, headers, text) in answers:
        found = [f"header {one}" for one in headers if one.lower() not in HEADERS and not one.lower().startswith("sec-")]
        if status >= 500:
            found.append(f"status {status}: {text[:200]}")
        if "text/html" in headers.get("Content-Type", ""):
            found += oracle.judge_html(text.replace("\r", " "), forms=("/", "?"), sent=False)
        elif "__hit" in text and headers.get("Content-Type", "").split(";")[0] not in {"application/json", "text/plain"}:
            found.append(f"told back as {headers.get('Content-Type')}")
        if headers.get("X-Content-Type-Options") != "nosniff" or "default-src 'none'" not in headers.get(
            "Content-Security-Policy", ""
        ):
            found.append("without its policy")
        if found:
            sins[name] = tuple(found)
    return sins


def few(cases, step=5):
    """Every family, thinned."""
    chosen = [case for case in cases if case.family in {"handler", "address"}][:: 3 * step]
    return chosen + [case for case in cases if case.family not in {"handler", "address"}][::step]


def quoted(text):
    return urllib.parse.quote(text, safe="", errors="replace")


def test_what_is_asked_for_is_told_back_as_text(hostile_site, oracle, cases):
    """Search words, languages, names of digests, weeks, stories and files: in the path and in the query."""
    forms = (
        "/search?q={}", "/search?q=ferry&digest={}", "/search?q=ferry&from={}", "/search?lang={}&q=ferry", "/search?q=ferry&page={}",
        "/{}/", "/crossings/{}/", "/crossings/2019-W10/{}/", "/crossings/story/{}/", "/crossings/thread/{}/", "/crossings/subscribe/?lang={}",
        "/crossings/?lang={}", "/u/{}", "/c/{}", "/p/{}", "/mark/crossings/2019-03-11/{}/x", "/static/{}", "/sources/?x={}",
        "/crossings/feed.{}.atom", "/crossings/2019-W10/en/{}", "/desk/login/?next={}", "/desk/rules/{}/",
    )  # fmt: skip
    chosen = few(cases)
    answers = [
        (f"{form} {case.number}", ask(hostile_site + form.format(quoted(case.text))))
        for place, case in enumerate(chosen)
        for form in (forms[place % len(forms)], forms[(place * 7 + 3) % len(forms)])
    ]
    assert len(answers) > 150
    assert judged(oracle, answers) == {}


def test_search_alone_takes_every_trick(hostile_site, oracle, cases):
    answers = [(case.number, ask(f"{hostile_site}/search?q={quoted(case.text)}")) for case in cases[::7]]
    assert judged(oracle, answers) == {}


def test_what_is_typed_into_forms_is_told_back_as_text(hostile_site, oracle, cases, line):
    before = len(line.store.subscriptions())
    answers = []
    for case in few(cases, 9):
        for form in (
            {"address": case.text, "language": "en"},
            {"address": f"{case.text}@reader.example", "language": "en"},
            {"address": "reader@reader.example", "language": case.text},
        ):
            answers += [(f"{form}", ask(f"{hostile_site}/crossings/subscribe/", form))]
        answers.append(
            (f"login {case.number}", ask(f"{hostile_site}/desk/login/", {"name": case.text, "password": "x", "next": case.text}))
        )
        answers.append((f"mark {case.number}", ask(f"{hostile_site}/mark/crossings/2019-03-11/x/x", {"mark": case.text})))
    assert judged(oracle, answers) == {}
    added = line.store.subscriptions()[before:]
    assert not [one.canonical for one in added if re.search(r"[\s<>\"',;:\\\x00-\x20\x7f]", one.canonical)]


def test_headers_of_strangers_change_nothing(hostile_site, oracle, cases):
    def sendable(text):
        return re.sub(r"[\r\n\x00]", " ", text).encode("latin-1", "replace").decode("latin-1").strip()

    answers = []
    for case in few(cases, 12):
        said = sendable(case.text)
        told = ask(
            f"{hostile_site}/crossings/",
            Accept_Language=said,
            Referer=said,
            User_Agent=said,
            X_Forwarded_For=said,
            Cookie=f"a={said}",
        )
        answers.append((case.number, told))
    assert judged(oracle, answers) == {}


def test_redirects_and_refusals_hold_no_second_header(hostile_site):
    """Read from the socket itself: no path or query ends a header and begins another."""
    host = urllib.parse.urlsplit(hostile_site).netloc
    for path in ("/crossings/%0d%0aSet-Cookie:%20a=b/", "/crossings/latest/?x=%0d%0aSet-Cookie:%20a=b", "/%0d%0aX-Own:%20a/", "/crossings/subscribe%0d%0aX-Own:a",
                 "/desk/login/?next=%0d%0aX-Own:a", "/desk/login/?next=//hit.invalid/", "/%5chit.invalid/", "//hit.invalid/%2e%2e"):  # fmt: skip
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        names = {name.lower() for name, _ in answer.getheaders()}
        assert not names & {"x-own", "set-cookie"}, path
        where = urllib.parse.urljoin(hostile_site + "/", answer.getheader("Location") or "/")
        assert urllib.parse.urlsplit(where).netloc == host, (path, where)
        connection.close()
