"""A page that lists news, read by selectors: what is an entry, what is not, and what is said when nothing is found."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.page_source import parse_page
from monitor.model.errors import NotAFeed
from monitor.model.feed import Feed, FeedKind, Selectors

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
URL = "https://mod.example.org/en/news/"
FEED = Feed("mod", URL, "Ministry", language="en", kind=FeedKind.PAGE, selectors=Selectors(links="ul.news a"))
TITLES = ("The minister received the attaché", "Inspection of a brigade was held", "Exercise on the range has ended")


def item(number, title, date="5 March 2019, 14:20", extra=""):
    return f'<li><a href="/en/news/{number}/">{title}</a> <span class="date">{date}</span>{extra}</li>'


def listing(items, head="", tail=""):
    return f"<html lang='en-GB'><head><title>News | MoD</title>{head}</head><body><nav><a href='/'>Home</a><a href='/en/'>The whole of the ministry</a></nav><ul class='news'>{''.join(items)}</ul>{tail}</body></html>".encode()


THREE = [item(number, title) for number, title in enumerate(TITLES, 1)]


def read(body, feed=FEED, **how):
    return parse_page(body, url=URL, feed=feed, now=NOW, **how)


def entries(body, feed=FEED):
    return read(body, feed).parsed.entries


def with_(**selectors):
    return replace(FEED, selectors=replace(FEED.selectors, **selectors))


def test_entries_have_address_title_and_the_date_beside_them():
    parsed = read(listing(THREE)).parsed
    assert (parsed.title, parsed.language) == ("News | MoD", "en")
    assert [(entry.link, entry.title, entry.published) for entry in parsed.entries] == [
        (f"https://mod.example.org/en/news/{number}/", title, datetime(2019, 3, 5, 14, 20, tzinfo=UTC))
        for number, title in enumerate(TITLES, 1)
    ]
    assert {entry.guid for entry in parsed.entries} == {""}


@given(
    st.permutations(THREE),
    st.lists(st.sampled_from(["<li>Advert</li>", "<li><a href='https://ads.example/?n=1'>Buy now</a></li>"]), max_size=3),
)
def test_order_and_advertising_make_no_other_entries(items, adverts):
    assert {entry.link for entry in entries(listing([*adverts, *items]))} == {entry.link for entry in entries(listing(THREE))}


def test_an_address_that_is_linked_twice_is_one_entry_under_its_longest_text():
    twice = "<li><a href='/en/news/1/?utm_source=x'><img alt='photo' src='/p.jpg'></a><a href='/en/news/1/'>The minister received the attaché</a><a href='/en/news/1/#more'>More</a></li>"
    assert [(entry.link, entry.title) for entry in entries(listing([twice]))] == [
        ("https://mod.example.org/en/news/1/?utm_source=x", "The minister received the attaché")
    ]


def test_a_link_without_text_is_named_by_what_blind_readers_hear():
    items = [
        "<li><a href='/1' title='First of all'></a></li>",
        "<li><a href='/2' aria-label='Second'> </a></li>",
        "<li><a href='/3'><img alt='Third'></a></li>",
    ]
    assert [entry.title for entry in entries(listing(items))] == ["First of all", "Second", "Third"]


@pytest.mark.parametrize(
    ("selector", "items"),
    [
        ("ul.news li", THREE),
        ("ul.news h3", [f"<li><a href='/en/news/{n}/'><h3>{title}</h3></a></li>" for n, title in enumerate(TITLES, 1)]),
    ],
    ids=["around the link", "within the link"],
)
def test_the_selector_may_name_what_is_around_or_within_the_link(selector, items):
    found = entries(listing(items), with_(links=selector))
    assert [(entry.link, entry.title) for entry in found] == [
        (f"https://mod.example.org/en/news/{n}/", t) for n, t in enumerate(TITLES, 1)
    ]


def test_title_and_date_are_looked_for_in_their_own_item():
    items = [
        f"<div class='card'><a class='more' href='/en/news/{n}/'>Read more</a><h4>{title}</h4><i>{day} марта, 10:05</i></div>"
        for n, (title, day) in enumerate(zip(TITLES, (3, 4, 5), strict=True), 1)
    ]
    feed = replace(with_(links="a.more", title="h4", date="i"), language="ru")
    assert [(entry.title, entry.published.day) for entry in entries(listing(items), feed)] == list(
        zip(TITLES, (3, 4, 5), strict=True)
    )


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("<time datetime='2019-03-05T14:20:00+03:00'>yesterday</time>", 11),
        ("<time>05.03.2019 14:20</time>", 14),
        ("<b>5 March 2019</b>", 0),
    ],
)
def test_a_date_is_found_without_a_selector(date, hour):
    [entry, *_] = entries(listing([item(n, title, date) for n, title in enumerate(TITLES)]))
    assert entry.published == datetime(2019, 3, 5, hour, 20 if hour else 0, tzinfo=UTC)


def test_a_headline_that_tells_a_date_is_not_dated_by_it():
    assert entries(listing([item(1, "On 1 May 2018 the law changed for good", date="")]))[0].published is None


def test_a_single_item_is_not_dated_by_the_rest_of_the_page():
    body = listing([item(1, TITLES[0], date="")], tail="<p>1 January 2019</p>")
    assert entries(body)[0].published is None


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ({"include": ("/en/news/[12]/",)}, ["1", "2"]),
        ({"exclude": ("*/2/",)}, ["1", "3"]),
        ({"include": ("/en/*",), "exclude": ("https://mod.example.org/en/news/3*",)}, ["1", "2"]),
    ],
)
def test_patterns_choose_among_the_links(patterns, left):
    assert [entry.link.split("/")[-2] for entry in entries(listing(THREE), replace(FEED, **patterns))] == left


def test_other_sites_count_only_where_a_pattern_names_them():
    items = [*THREE, "<li><a href='https://other.example.net/x'>Elsewhere, a fourth piece</a></li>"]
    assert len(entries(listing(items))) == 3
    named = replace(FEED, include=("/en/*", "https://other.example.net/*"))
    assert len(entries(listing(items), named)) == 4


def test_the_page_itself_and_what_is_no_address_are_no_entries():
    items = [
        *THREE,
        f"<li><a href='{URL}'>All</a></li>",
        "<li><a href='javascript:x()'>Play</a></li>",
        "<li><a href='#top'>Up</a></li>",
    ]
    assert len(entries(listing(items))) == 3


def test_links_start_from_the_base_of_page_or_seed():
    items = ["<li><a href='7.html'>Seventh</a></li>"]
    assert entries(listing(items, head="<base href='/archive/'>"))[0].link == "https://mod.example.org/archive/7.html"
    assert entries(listing(items), with_(base="https://mod.example.org/b/"))[0].link == "https://mod.example.org/b/7.html"


def test_the_next_page_is_on_the_same_site():
    feed = with_(next="a.next")
    for href, expected in (("?page=2", f"{URL}?page=2"), ("https://evil.example.net/", ""), (URL, "")):
        assert read(listing(THREE, tail=f"<a class='next' href='{href}'>Older</a>"), feed).next_url == expected
    assert read(listing(THREE, tail="<a class='next' href='?page=2'>Older</a>")).next_url == ""


def test_the_charset_of_the_header_is_heeded():
    body = "<html><ul class='news'><li><a href='/1'>Міністр прыняў аташэ</a></li></ul></html>".encode("windows-1251")
    assert read(body, content_type="text/html; charset=windows-1251").parsed.entries[0].title == "Міністр прыняў аташэ"


def reason(body, feed=FEED):
    with pytest.raises(NotAFeed) as caught:
        read(body, feed)
    return caught.value.reason


def test_a_selector_that_names_nothing_is_told_with_what_would():
    words = reason(listing(THREE), with_(links="ul.newz a"))
    assert 'the selector "ul.newz a" names nothing' in words
    assert 'the page ("News | MoD") has 5 links' in words
    assert "`ul.news a` names 3, such as “The minister received the attaché”" in words


@pytest.mark.parametrize(
    ("feed", "says"),
    [
        (with_(links="span.date"), "names 3 elements, but none holds a link (the first is <span>)"),
        (replace(FEED, exclude=("*",)), "names 3 elements, but all lead elsewhere or are left out"),
    ],
)
def test_elements_without_usable_links_are_told_apart(feed, says):
    assert says in reason(listing(THREE), feed)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "an empty body"),
        (
            b"<html><title>Just a moment...</title><script>_cf_chl_opt={}</script></html>",
            "a challenge page that only a browser passes (Cloudflare) instead of the list",
        ),
        (b"<html><title>Hold</title><ul class=news><a href='/ddos-guard'>DDoS-Guard</a></ul></html>", "a challenge page"),
        (b"<html><form><input type=password></form></html>", "a login page"),
        (b"<html><title>404 Not Found</title><a href='/'>home</a></html>", "not found"),
        (b"<html><div id=app></div></html>", "filled by a script"),
        (b"<html><a href='/a'>short</a></html>", "no list of headlines is seen"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "write `kind: feed`"),
        (b"<urlset></urlset>", "write `kind: sitemap`"),
    ],
)
def test_what_came_instead_is_told(body, says):
    assert says in reason(body)


def test_a_page_that_merely_speaks_of_its_guard_is_read():
    tail = "<p>Protected by DDoS-Guard</p>"
    assert len(entries(listing(THREE, tail=tail))) == 3


def test_no_more_than_a_thousand_links_are_read():
    parsed = read(listing([item(n, "A piece of news from the range") for n in range(1100)])).parsed
    assert len(parsed.entries) == 1000
    assert "first 1000 of 1100" in parsed.warning
