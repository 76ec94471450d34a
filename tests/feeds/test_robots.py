"""What robots.txt lets us fetch (RFC 9309)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.robots import (
    LIMIT,
    may_fetch,
    needs_asking,
    origin_of,
    product_token,
    read_robots,
    robots_of_body,
    robots_of_failure,
)
from monitor.model.errors import FeedBusy, FeedGone, FeedRefused, FeedUnreachable, FetchForbidden
from monitor.model.robots import Robots, RobotsRule, RobotsVerdict

NOW = datetime(2019, 3, 4, 10, tzinfo=UTC)
SITE = "https://e.org"


def allowed(text, path, token="monitor"):
    return may_fetch(robots_of_body(SITE, text.encode(), token, NOW), SITE + path).allowed


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("", "/a", True, id="an empty file allows all"),
        pytest.param("<html><body>Disallow: /</body></html>", "/a", True, id="a page in its place forbids nothing"),
        pytest.param("User-agent: *\nDisallow: /", "/a", False, id="all forbidden to all"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="an empty Disallow forbids nothing"),
        pytest.param("User-agent: other\nDisallow: /", "/a", True, id="another's group does not concern us"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: Monitor\nDisallow: /x", "/a", True, id="our group goes before *"),
        pytest.param("user-agent: monitor/2\ndisallow: /x", "/x1", False, id="the version in a name does not count"),
        pytest.param("User-agent: a\nUser-agent: monitor\nDisallow: /x", "/x", False, id="one group for several names"),
        pytest.param(
            "User-agent: monitor\nDisallow: /x\nUser-agent: b\nDisallow: /\nUser-agent: monitor\nDisallow: /y",
            "/y",
            False,
            id="groups of one name are one",
        ),
        pytest.param("User-agent: monitor\nDisallow: /x\nUser-agent: b\nDisallow: /", "/y", True, id="a rule ends the names"),
        pytest.param("User-agent: *\nDisallow: /news\nAllow: /news/open", "/news/open/1", True, id="the longer pattern decides"),
        pytest.param("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True, id="Allow decides a tie"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/d/1.pdf", False, id="star and end"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/d/1.pdf?x", True, id="the end is the end of the query"),
        pytest.param("User-agent: *\nDisallow: /a$", "/a", False, id="end without star"),
        pytest.param("User-agent: *\nDisallow: /a*b*c", "/aXbYc/d", False, id="several stars"),
        pytest.param("User-agent: *\nDisallow: /a*b*b$", "/ab", True, id="the end is not matched twice"),
        pytest.param("User-agent: *\nDisallow: /?print", "/?print=1", False, id="the query counts"),
        pytest.param("User-agent: *\nDisallow: /архив", "/%D0%B0%D1%80%D1%85%D0%B8%D0%B2/1", False, id="raw letters are escapes"),
        pytest.param("User-agent: *\nDisallow: /%7ejoe/", "/~joe/", False, id="escapes that need not be"),
        pytest.param("User-agent: *\nDisallow: /a%2Fb", "/a/b", True, id="an escaped slash is no slash"),
        pytest.param("User-agent: * # all\nDisallow: /x # not this", "/x", False, id="comments"),
        pytest.param("\ufeffUser-agent: *\r\nDisallow: /x\r\n", "/x", False, id="byte order mark and CRLF"),
        pytest.param("Disallow: /\nUser-agent: *\nAllow: /", "/a", True, id="a rule before any name is nobody's"),
        pytest.param(
            "User-agent: *\nSitemap: /s.xml\nDisallow: /x\nSitemap: /t.xml\nDisallow: /y",
            "/y",
            False,
            id="sitemap lines end no group",
        ),
    ],
)
def test_rules(text, path, expected):
    assert allowed(text, path) is expected


def test_a_refusal_names_the_rule():
    decision = may_fetch(robots_of_body(SITE, b"User-agent: *\nDisallow: /private", "monitor", NOW), f"{SITE}/private/1")
    assert (decision.reason, decision.passing) == ("robots.txt of e.org disallows it (Disallow: /private)", False)


@pytest.mark.parametrize(
    ("line", "seconds"), [("10", 10), ("1.5", 1.5), ("3600", 60), ("-5", 0), ("soon", 0), ("", 0), ("1e9", 0)]
)
def test_crawl_delay_is_a_minute_at_most(line, seconds):
    assert read_robots(f"User-agent: *\nCrawl-delay: {line}\nDisallow: /x", "monitor") == ((RobotsRule(False, "/x"),), seconds)


def test_only_the_first_500_kib_are_read():
    text = b"User-agent: *\n" + b"#" * (LIMIT - 14 - 14) + b"\nDisallow: /a\nDisallow: /b\n"
    robots = robots_of_body(SITE, text, "monitor", NOW)
    assert [rule.path for rule in robots.rules] == ["/a"]


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (FeedRefused("HTTP 404", status=404), RobotsVerdict.NONE),
        (FeedRefused("HTTP 403", status=403), RobotsVerdict.NONE),
        (FeedGone("HTTP 410", status=410), RobotsVerdict.NONE),
        (FeedRefused("redirected more than 5 times", status=302), RobotsVerdict.NONE),
        (FetchForbidden("redirected from https to http", status=301), RobotsVerdict.NONE),
        (FeedUnreachable("HTTP 500", status=500), RobotsVerdict.UNREACHABLE),
        (FeedUnreachable("no route"), RobotsVerdict.UNREACHABLE),
        (FeedBusy("HTTP 503", status=503), RobotsVerdict.UNREACHABLE),
        (FeedRefused("HTTP 503: a challenge", status=503), RobotsVerdict.UNREACHABLE),
    ],
)
def test_4xx_means_no_rules_and_5xx_means_wait(error, verdict):
    robots = robots_of_failure(SITE, error, None, NOW)
    assert robots.verdict is verdict
    decision = may_fetch(robots, f"{SITE}/a")
    assert decision.allowed is (verdict is RobotsVerdict.NONE)
    assert decision.passing is not decision.allowed


def test_a_site_that_is_down_for_a_month_has_no_rules():
    error, robots = FeedUnreachable("no route"), None
    for day in range(30):
        robots = robots_of_failure(SITE, error, robots, NOW + timedelta(days=day))
        assert robots.verdict is RobotsVerdict.UNREACHABLE
    robots = robots_of_failure(SITE, error, robots, NOW + timedelta(days=30))
    assert robots.verdict is RobotsVerdict.NONE
    assert robots_of_failure(SITE, error, robots, NOW + timedelta(days=31)).verdict is RobotsVerdict.NONE


@pytest.mark.parametrize(
    ("verdict", "age", "expected"),
    [
        (RobotsVerdict.RULES, timedelta(hours=23), False),
        (RobotsVerdict.RULES, timedelta(hours=24), True),
        (RobotsVerdict.NONE, timedelta(hours=23), False),
        (RobotsVerdict.UNREACHABLE, timedelta(minutes=59), False),
        (RobotsVerdict.UNREACHABLE, timedelta(hours=1), True),
        (RobotsVerdict.RULES, timedelta(hours=-1), True),
    ],
)
def test_an_answer_holds_a_day_and_a_failure_an_hour(verdict, age, expected):
    assert needs_asking(Robots(SITE, NOW - age, verdict), NOW) is expected


def test_nothing_known_needs_asking():
    assert needs_asking(None, NOW)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://E.org/a?b", "https://e.org"),
        ("https://e.org:443/a", "https://e.org"),
        ("http://e.org:8080/", "http://e.org:8080"),
        ("http://[2001:db8::1]:81/a", "http://[2001:db8::1]:81"),
        ("https://сайт.бел/a", "https://xn--80aswg.xn--90ais"),
    ],
)
def test_origins(url, origin):
    assert origin_of(url) == origin


def test_product_token():
    assert product_token("Monitor/1.0 (feed reader; +https://e.org)") == "monitor"
    assert product_token("(odd)") == ""


@given(st.text(max_size=200), st.text(alphabet="/ab*$%?", max_size=30))
def test_any_text_can_be_read_and_decides(text, path):
    rules, delay_s = read_robots(f"User-agent: *\n{text}\nDisallow: /{path}", "monitor")
    assert 0 <= delay_s <= 60
    assert may_fetch(replace(Robots(SITE, NOW, RobotsVerdict.RULES), rules=rules), f"{SITE}/{path}").allowed in {True, False}


@given(st.text(alphabet="ab/", min_size=1, max_size=20))
def test_a_path_without_wildcards_is_a_prefix(path):
    assert not allowed(f"User-agent: *\nDisallow: /{path}", f"/{path}b")
    assert allowed(f"User-agent: *\nDisallow: /{path}c", f"/{path}b")
