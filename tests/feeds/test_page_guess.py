"""Where the list of news stands on a page."""

import pytest

from monitor.feeds.page_guess import guess_lists
from monitor.text.markup import parse_html

URL = "https://e.org/news"
HEADLINES = [f"The minister told the council number {n} of plans" for n in range(8)]
LI = "<li><a href='/n/{n}'>{title}</a></li>"
NAV = "".join(f"<li><a href='/s{n}/'>Section of many words number {n}</a></li>" for n in range(12))


def links(wrap, headlines=HEADLINES):
    return "".join(wrap.format(n=n, title=title) for n, title in enumerate(headlines))


def page(content):
    return parse_html(
        f"<html><body><ul class='top-menu'>{NAV}</ul><div id='content'>{content}</div><footer><ul>{NAV}</ul></footer></body></html>"
    )


@pytest.mark.parametrize(
    ("content", "selector"),
    [
        (f"<ul class='list'>{links(LI)}</ul>", "ul.list a"),
        (
            links("<div class='card'><h3><a href='/n/{n}'>{title}</a></h3><a href='/n/{n}#c'>5 comments</a></div>"),
            "div.card h3 a",
        ),
        (links("<p><a class='headline' href='/n/{n}'>{title}</a> <a href='/tag/{n}'>tag</a></p>"), "a.headline"),
        (links("<div class='x9f3a21'><a href='/n/{n}'>{title}</a></div>"), "#content a"),
        (links("<article><a href='/n/{n}'>{title}</a></article>"), "article a"),
    ],
    ids=["list", "headings", "class of the link", "generated class", "article"],
)
def test_the_list_is_found_and_the_menu_is_not(content, selector):
    best = guess_lists(page(content), URL)[0]
    assert (best.links, best.count, best.headlines, best.sample) == (selector, 8, 8, HEADLINES[0])


def test_a_bare_page_is_read_by_its_addresses():
    body = "<html><body>" + links("<a href='/news/{n}'>{title}</a><br>") + "<a href='/about/us'>x</a></body></html>"
    assert guess_lists(parse_html(body), URL)[0].links == 'a[href*="/news/"]'


@pytest.mark.parametrize("content", ["", links("<a href='/{n}'>short</a>"), links("<a href='https://other.net/{n}'>{title}</a>")])
def test_no_list_is_guessed_where_there_is_none(content):
    assert guess_lists(page(content), URL) == ()


def test_what_resembles_the_failed_selector_comes_first():
    content = f"<ul class='list'>{links(LI)}</ul><ul class='news-items'>{links(LI.replace('/n/', '/m/'), HEADLINES[:4])}</ul>"
    assert guess_lists(page(content), URL, like="ul.news-item a")[0].links == "ul.news-items a"
