"""Headers: what a browser may load, how answers are compressed and tagged."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from monitor.web.headers import policy_for


def hashed(text):
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_a_page_names_the_styles_it_brings_by_hash_and_allows_no_others():
    page = '<style>\na{b:c}\n</style><STYLE media="print">p{q:r}</STYLE>'
    policy = policy_for(page)
    hash_of = [hashed("\na{b:c}\n"), hashed("p{q:r}")]
    assert f"style-src 'self' {hash_of[0]} {hash_of[1]};" in policy + ";"
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_style_attributes_of_a_digests_own_template_are_named_too():
    policy = policy_for('<p style="color:red">x</p><p class=x style=\'a&amp;b\'>y</p><p>style="no"</p>')
    assert f"'unsafe-hashes' {' '.join(sorted([hashed('color:red'), hashed('a&b')]))}" in policy


def test_an_edition_is_served_with_the_hash_of_its_own_sheet(site):
    site.publish("2019-W10")
    answer = site.get("/weekly/2019-W10/en/")
    [sheet] = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert hashed(sheet) in answer.headers["Content-Security-Policy"]


def test_the_sites_own_pages_bring_no_style_and_no_script(site):
    site.publish("2019-W10")
    for path in ("/", "/weekly/", "/search?q=talks", "/sources/", "/nothing/"):
        answer = site.get(path)
        assert "<style" not in answer.text, path
        assert " style=" not in answer.text, path
        assert "<script" not in answer.text, path
        assert "style-src 'self';" in answer.headers["Content-Security-Policy"], path


def test_every_answer_says_what_it_is_not_for(site):
    headers = site.get("/").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_pictures_and_feeds_may_be_shown_elsewhere(site):
    site.publish("2019-W10")
    for path in (
        "/weekly/2019-W10/stories-talks.png",
        "/weekly/2019-W10/card.en.png",
        "/weekly/feed.en.atom",
        "/weekly/feed.en.json",
    ):
        assert site.get(path).headers["Cross-Origin-Resource-Policy"] == "cross-origin", path


def test_who_asks_gets_it_compressed_under_a_tag_of_its_own(site):
    site.publish("2019-W10")
    plain = site.get("/weekly/2019-W10/en/")
    packed = site.get("/weekly/2019-W10/en/", Accept_Encoding="gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    assert "Accept-Encoding" in packed.headers["Vary"]
    for tag in (
        packed.headers["ETag"],
        plain.headers["ETag"],
        f'"x", {packed.headers["ETag"]}',
        "W/" + plain.headers["ETag"],
        "*",
    ):
        again = site.get("/weekly/2019-W10/en/", If_None_Match=tag, Accept_Encoding="gzip")
        assert (again.status, again.body) == (304, b""), tag
    assert site.get("/weekly/2019-W10/en/", If_None_Match='"gzip"').status == 200


def test_pages_with_tokens_and_pictures_are_not_compressed(site):
    site.publish("2019-W10")
    _, unsubscribe = site.subscribe("ann@example.org")
    for path in (unsubscribe, "/weekly/2019-W10/card.en.png"):
        headers = site.get(path, Accept_Encoding="gzip").headers
        assert headers["Content-Encoding"] is None, path


@pytest.mark.parametrize(
    ("path", "cache"), [("/", "max-age=60"), ("/weekly/2019-W10/en/", "max-age=300"), ("/weekly/feed.en.atom", "max-age=60")]
)
def test_answers_say_how_long_they_may_be_kept(site, path, cache):
    site.publish("2019-W10")
    assert cache in site.get(path).headers["Cache-Control"]


def test_stylesheets_are_kept_for_ever_under_a_name_that_changes_with_them(site):
    [sheet] = re.findall(r'href="(/static/site\.[0-9a-f]{8}\.css)"', site.get("/").text)
    answer = site.get(sheet)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "{{" not in answer.text
    for path in ("/static/site.00000000.css", "/static/site.css", "/static/icon.png"):
        assert site.get(path).status == 404, path


def test_pages_follow_the_readers_language_and_say_so(site):
    site.publish("2019-W10")
    for path in ("/", "/weekly/", "/search", "/sources/"):
        answer = site.get(path, Accept_Language="be, en;q=0.5")
        assert '<html lang="be">' in answer.text, path
        assert "Accept-Language" in answer.headers["Vary"], path
        assert '<html lang="ru">' in site.get(f"{path}?lang=ru", Accept_Language="be").text, path
    asked = site.get("/?lang=ru").text
    assert 'href="/weekly/?lang=ru"' in asked, "who asked for a language keeps it"
    assert 'href="/weekly/"' in site.get("/", Accept_Language="ru").text
