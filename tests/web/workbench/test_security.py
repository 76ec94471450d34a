"""Whoever means ill: forms of other sites, names that lead elsewhere, texts that explode, articles that are markup."""

import re
from dataclasses import replace

import pytest

from monitor.model.match import Analysis
from monitor.store.promises import ArticleQuery
from monitor.trials.drafts import MOST_BYTES

ACTIONS = ("try", "save", "mark", "example", "exception", "preview", "download", "delete", "restore")
HOSTILE = '<img src=x onerror=alert(1)> talks "><script>alert(2)</script> {{ 7*7 }}'


def state(desk):
    return desk.rule.read_bytes(), desk.store.marks(), desk.store.rule_versions("talks.yml"), sorted(desk.rules.rglob("*"))


@pytest.mark.parametrize("token", ["", "0" * 40, "ß"])
def test_a_form_without_the_token_of_the_login_does_nothing(desk, ann, token):
    before = state(desk)
    fields = {**ann.fields(), "yaml": ann.fields()["yaml"] + "# x\n", "csrf": token}
    assert {action: ann.post(f"/desk/rules/talks.yml/{action}", fields).status for action in ACTIONS} == dict.fromkeys(
        ACTIONS, 403
    )
    assert state(desk) == before


def test_the_token_of_another_login_is_none(desk, ann):
    bob = desk.browser().log_in("bob", "staple of another kind")
    again = desk.browser().log_in()
    assert len({ann.csrf, bob.csrf, again.csrf}) == 3
    for other in (bob, again):
        assert ann.post("/desk/rules/talks.yml/save", {**ann.fields(), "csrf": other.csrf}).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8080.evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
def test_a_form_that_another_site_sent_is_refused_even_with_the_token(desk, ann, headers, password):
    before = state(desk)
    fields = {**ann.fields(), "name": "ann", "password": password, "id": "bridges"}
    for path in ("/desk/rules/talks.yml/save", "/desk/login/", "/desk/logout/", "/desk/new/"):
        assert ann.post(path, fields, **headers).status == 403
    assert state(desk) == before
    assert ann.get("/desk/rules/").status == 200


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{}", "http://localhost:8080"])
def test_a_form_of_this_site_is_taken(ann, origin):
    headers = {"Origin": origin.format(ann.port), "Sec_Fetch_Site": "same-origin"}
    assert ann.post("/desk/rules/talks.yml/try", ann.fields(), **headers).status == 200


def test_who_is_logged_out_does_nothing(desk):
    before, browser = state(desk), desk.browser()
    for action in ACTIONS:
        assert browser.post(f"/desk/rules/talks.yml/{action}", {"yaml": "x", "csrf": "0" * 40}).status == 401
    assert state(desk) == before


def test_reading_an_address_that_acts_does_nothing(desk, ann):
    before = state(desk)
    for action in ACTIONS:
        answer = ann.get(f"/desk/rules/talks.yml/{action}")
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert state(desk) == before


@pytest.mark.parametrize(
    "name",
    [
        "../digests/weekly/digest.yml",
        "..%2f..%2fsecret.yml",
        "%2e%2e/secret.yml",
        "....//secret.yml",
        "/etc/passwd",
        "names/places.yml",
        "talks.yml%00",
        "talks.yml/../../secret.yml",
        "secret-link.yml",
        "linked/secret.yml",
        "talks",
        "TALKS.YML",
    ],
)
def test_no_name_leads_out_of_the_folder(desk, ann, name, tmp_path):
    outside = tmp_path / "secret.yml"
    outside.write_text("id: secret\n", encoding="utf-8")
    (desk.rules / "secret-link.yml").symlink_to(outside)
    (desk.rules / "linked").symlink_to(tmp_path)
    fields = {**ann.fields(), "version": "1"}
    for action in ("", "history/", "delete/", *ACTIONS):
        path = f"/desk/rules/{name}/{action}"
        answer = ann.post(path, fields) if action and action[-1] != "/" else ann.get(path)
        assert answer.status == 404
        assert "id: secret" not in answer.text
    assert outside.read_text(encoding="utf-8") == "id: secret\n"


def test_a_text_of_absurd_length_is_refused(desk, ann):
    before = state(desk)
    assert "longer than a rule file" in ann.send("try", yaml="# " + "x" * MOST_BYTES).plain
    assert ann.save("# " + "x" * MOST_BYTES).status == 413
    assert ann.send("try", yaml="я" * 700_000).status == 413
    assert ann.post("/desk/rules/talks.yml/try", [(f"f{number}", "x") for number in range(40)]).status == 413
    assert desk.browser().post("/desk/login/", {"name": "x" * 2_000_000}).status == 413
    assert state(desk) == before


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "[" * 5000,
        "{a: " * 5000,
        "a: !!python/object/apply:os.system [id]\n",
        "\x00\x01",
        "&a [*a]",
        "- " * 20_000,
        "? " * 9000,
    ],
    ids=["aliases", "lists", "mappings", "tags", "controls", "self", "dashes", "keys"],
)
def test_a_text_that_would_explode_is_an_error_like_others(desk, ann, text):
    before = state(desk)
    page = ann.save(text)
    assert page.status == 422
    assert 'class="error"' in page.text
    assert state(desk) == before


def test_articles_and_rules_that_are_markup_are_shown_as_text(make_desk):
    desk = make_desk(articles=[(HOSTILE, HOSTILE + " talks in the capital")])
    ann = desk.browser().log_in()
    text = ann.fields()["yaml"].replace('title: "Harvest ends"', "title: '</textarea><script>alert(3)</script> talks'")
    page = ann.send(
        "try", yaml=text.replace("title: Talks\n", "title: '<b onclick=alert(4)>'\n"), why='"><script>alert(5)</script>'
    )
    assert "1 article found" in page.plain
    assert re.findall(r"<script[^>]*>", page.text) == [
        page.text[page.text.index("<script") : page.text.index(">", page.text.index("<script")) + 1]
    ]
    for bad in ("<img", "<b onclick", "alert(2)</script"):
        assert bad not in page.text.partition("<main")[2]
    assert "{{ 7*7 }}" in page.plain
    assert "</textarea><script>" not in page.text
    wrong = ann.send("try", yaml="'<script>alert(6)</script>': 1\n")
    assert "<script>alert(6)" not in wrong.text
    assert "&lt;script&gt;alert(6)" in wrong.text


def test_an_article_whose_address_is_a_script_is_not_linked(desk, ann):
    [item] = [one for one in desk.store.articles(ArticleQuery()) if "Talks" in one.article.title]
    desk.store.save_poll([(replace(item.article, url="javascript:alert(1)"), Analysis(item.article.id, (), (), ""))], None)
    assert "javascript:" not in ann.send("try").text


@pytest.mark.parametrize(
    "path", ["/desk/login/", "/desk/rules/", "/desk/rules/talks.yml/", "/desk/new/", "/desk/rules/talks.yml/history/"]
)
def test_pages_are_private_and_run_nothing_but_their_own_script(ann, desk, path):
    if path == "/desk/login/":
        ann = desk.browser()
    else:
        ann.save(ann.fields()["yaml"] + "# x\n")
    headers = ann.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["frame-ancestors"], policy["form-action"], policy["base-uri"]) == ("'none'", "'self'", "'none'")
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_script_and_the_stylesheet_are_files_of_this_site_that_may_be_kept(ann):
    page = ann.get("/desk/rules/talks.yml/").text
    found = re.findall(r'(?:src|href)="(/desk/static/[^"]+)"', page)
    assert len(found) == 2
    for path in found:
        answer = ann.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert ann.get("/desk/static/workbench.00000000.js").status == 404
    assert ann.get("/desk/static/..%2fpages.py").status == 404


def test_a_language_that_is_none_is_not_carried_into_pages(ann):
    page = ann.get("/desk/rules/talks.yml/?lang=%22%3E%3Cscript%3E")
    assert "<script>" not in page.text
    assert '<html lang="en">' in page.text
