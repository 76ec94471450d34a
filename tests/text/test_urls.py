"""Addresses compared, keyed and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.urls import (
    absolute_url,
    host_key,
    host_of,
    is_http,
    normalise_url,
    port_of,
    registrable_domain,
    request_target,
    same_site,
)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTP://Example.COM/a", "http://example.com/a"),
        ("https://example.com:443", "https://example.com/"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/#!/a", "https://example.com/#!/a"),
        ("https://example.com/a?utm_source=x&id=5&p=2&fbclid=z", "https://example.com/a?id=5&p=2"),
        ("https://example.com/a?utm_source=x", "https://example.com/a"),
        ("https://www.example.com/?ref=example.com", "https://www.example.com/"),
        ("https://example.com/?ref=42", "https://example.com/?ref=42"),
        ("https://example.com/b/../a/./c", "https://example.com/a/c"),
        ("https://example.com/%7euser/%d0%b0", "https://example.com/~user/%D0%B0"),
        ("https://example.com/навіны", "https://example.com/%D0%BD%D0%B0%D0%B2%D1%96%D0%BD%D1%8B"),
        ("https://прэзідэнт.бел/", "https://xn--d1aftffp7ec3f.xn--90ais/"),
        ("https://user:pw@example.com/", "https://example.com/"),
        (" https://example.com/a\n", "https://example.com/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com/100%", "https://example.com/100%25"),
    ],
)
def test_spellings_of_one_page_become_one(url, same):
    assert normalise_url(url) == same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.org/?id=1", "https://e.org/?id=2"),
        ("https://e.org/?p=1", "https://e.org/?p=2"),
        ("https://e.org/?p=1", "https://e.org/"),
        ("https://e.org/?a=1&b=2", "https://e.org/?b=2&a=1"),
        ("https://e.org/a", "https://e.org/A"),
        ("https://e.org/a", "https://e.org/a/"),
        ("https://e.org/a", "http://e.org/a"),
        ("https://e.org/a", "https://m.e.org/a"),
        ("https://e.org/a%2Fb", "https://e.org/a/b"),
        ("https://e.org/?q=a%26b", "https://e.org/?q=a&b"),
        ("https://e.org/?campaign_id=1", "https://e.org/?campaign_id=2"),
        ("https://e.org/?source=1", "https://e.org/?source=2"),
        ("https://e.org/#!/a", "https://e.org/#!/b"),
    ],
)
def test_different_pages_stay_different(one, other):
    assert normalise_url(one) != normalise_url(other)


@pytest.mark.parametrize(
    "url", ["", "news", "/a", "ftp://e.org/", "javascript:alert(1)", "http://", "http://e.org:99999/", "http://a b/", "file:///x"]
)
def test_what_is_no_web_address_has_no_identity(url):
    assert normalise_url(url) == ""
    assert not is_http(url)
    assert host_key(url) == ""


PIECES = st.text(st.sampled_from("abYZ019-._~%/:;=&?#!@+,*()'\"\\ |é…дЖ\u2028\x85"), max_size=30)
URLS = st.builds(
    lambda scheme, host, rest: f"{scheme}://{host}{rest}",
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(["e.org", "Ü.example:8080", "[::1]"]),
    PIECES.map(lambda rest: f"/{rest}"),
)


@given(URLS)
def test_normalising_twice_changes_nothing(url):
    once = normalise_url(url)
    assert normalise_url(once) == once
    assert once.isascii()


@given(URLS, st.sampled_from(["id", "p", "page", "story", "n"]), st.integers(0, 99))
def test_parameters_that_name_the_page_are_kept(url, name, value):
    plain = url.partition("#")[0].partition("?")[0]
    assert normalise_url(f"{plain}?utm_medium=x&{name}={value}&gclid=y").endswith(f"?{name}={value}")


@given(URLS)
def test_any_address_can_go_on_the_wire(url):
    target = request_target(url)
    assert target.startswith("/")
    assert target.isascii()
    assert not any(ord(character) <= 32 for character in target)


def test_a_target_goes_out_as_written():
    assert request_target("https://e.org/a%7e/./b/../?null&x=[1]|{2}&y=%D0%B0") == "/a%7e/./b/../?null&x=[1]|{2}&y=%D0%B0"
    assert request_target("https://e.org") == "/"
    assert request_target("https://e.org?q=1") == "/?q=1"
    assert request_target("https://e.org/a b?q=й") == "/a%20b?q=%D0%B9"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.belta.by/rss", "belta.by"),
        ("https://vitebsk.vitebsk-region.gov.by/ru/rss.xml", "vitebsk-region.gov.by"),
        ("https://feeds.bbci.co.uk/x", "bbci.co.uk"),
        ("https://one.wordpress.com/feed", "wordpress.com"),
        ("https://two.blogspot.com/feed", "blogspot.com"),
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080"),
        ("http://[::1]/x", "::1:80"),
        ("http://localhost:8080/x", "localhost:8080"),
        ("https://web/x", "web:443"),
    ],
)
def test_host_key_is_whom_to_be_polite_to(url, key):
    assert host_key(url) == key


def test_registrable_domain_tells_tenants_apart():
    assert registrable_domain("one.blogspot.com") == "one.blogspot.com"
    assert registrable_domain("a.b.example.co.uk") == "example.co.uk"
    assert registrable_domain("10.0.0.1") == "10.0.0.1"
    assert registrable_domain("by") == "by"


def test_same_site_compares_owners():
    assert same_site("https://www.belta.by/a", "http://eng.belta.by/b")
    assert not same_site("https://one.blogspot.com/", "https://two.blogspot.com/")
    assert not same_site("", "")


def test_ports_and_hosts():
    assert (port_of("https://e.org/"), port_of("http://e.org:81/"), port_of("x")) == (443, 81, 0)
    assert host_of("https://E.org./") == "e.org"


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("b?x=1", "https://e.org/a/b?x=1"),
        ("//other.org/c", "https://other.org/c"),
        ("/c\n/d", "https://e.org/c/d"),
        ("javascript:alert(1)", ""),
        ("JaVa\tScript:alert(1)", ""),
        ("mailto:x@e.org", ""),
        ("data:text/html,x", ""),
        ("http://[bad", ""),
        ("/" + "x" * 2048, ""),
    ],
)
def test_links_become_absolute_web_addresses_or_nothing(link, absolute):
    assert absolute_url("https://e.org/a/", link) == absolute
