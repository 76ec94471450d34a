"""What came instead of a feed."""

import pytest

from monitor.feeds.classify import challenge_of, not_a_feed

LONG = "<p>" + "many words of an article " * 300 + "</p>"


def page(body="", title="", head=""):
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "an empty body"),
        (" \n", "an empty body"),
        ("ok", 'a body of 2 bytes, too small for a feed: "ok"'),
        (page("<div class=cf-chl-widget>", "Just a moment..."), "challenge page that only a browser passes (Cloudflare)"),
        (page("<script src=/.well-known/ddos-guard/x.js>"), "(DDoS-Guard)"),
        (page("Please verify you are human"), "challenge page"),
        (page("<form><input name=p type=password></form>", "Sign in"), 'a login page instead of a feed ("Sign in")'),
        (page("Before you continue to the site"), "a consent page"),
        (page("Sorry", "404 Not Found"), "“not found”"),
        (page("Страница не найдена"), "“not found”"),
        (page(LONG, "News"), 'an HTML page instead of a feed ("News")'),
        (page(LONG + "<div class=g-recaptcha>", "Comment here"), "an HTML page"),
        (page(LONG, head='<link rel="alternate" type="application/rss+xml" href="/rss">'), "it names a feed"),
        ('{"error": "no"}' + " " * 100, "JSON that is no JSON Feed"),
        ('<?xml version="1.0"?><!-- c --><urlset>' + " " * 100, "its root is <urlset>"),
        ("%PDF-1.7" + "x" * 200, "neither XML nor JSON (called application/pdf)"),
    ],
)
def test_words_for_the_operator(text, says):
    kind = "application/pdf" if text.startswith("%PDF") else ""
    assert says in not_a_feed(text, len(text.encode()), kind)


def test_a_page_without_marks_is_no_challenge():
    assert challenge_of(page(LONG)) is None
    assert challenge_of(page("qrator")) == "Qrator"


def test_words_are_one_short_line():
    said = not_a_feed(page("", "t\n" * 500), 2000)
    assert "\n" not in said
    assert len(said) < 250
