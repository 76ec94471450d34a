"""Pages as sites build them yield the article and nothing else; the reason says why a text is missing."""

import pickle
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trafilatura import bare_extraction

from monitor.articles.extract import extract_article
from monitor.model.article import DateSource

TODAY = date(2026, 3, 1)
URL = "https://news.example.org/a/harbour-talks"
PARAGRAPHS = [
    "The two harbour towns agreed on Tuesday to share their ice breakers next winter, the mayor of the northern one said.",
    "A joint crew will be trained from October; each town pays for its own fuel, and the insurers have accepted the plan.",
    "Fishermen on both shores welcomed the news, since ice kept their boats in port for six weeks during the last season.",
    "The councils vote on the agreement in May, and nobody in either town expects that it could still fail there.",
]
OTHER = [
    "Bakers in the capital have quarrelled for years about who may call a loaf of rye bread traditional and who may not.",
    "Last week their guild published a list of forty mills whose flour counts, which made the dispute only louder.",
    "A court will hear the first case in the summer, and the ministry does not want to comment until it has decided.",
]
TITLE = "Two harbours will share their ice breakers"


def page(body: str, *, head: str = "", title: str = f"{TITLE} | Harbour News") -> bytes:
    return f"<html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def paragraphs(lines=PARAGRAPHS) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def extract(body: bytes, **options):
    return extract_article(body, url=options.pop("url", URL), today=TODAY, **options)


def test_plain_page_gives_its_paragraphs_and_title():
    found = extract(page(f"<h1>{TITLE}</h1>{paragraphs()}"))
    assert found.title == TITLE
    assert found.text == "\n".join(PARAGRAPHS)
    assert (found.language, found.language_sure, found.reason) == ("en", True, "")


@pytest.mark.parametrize(
    "heading",
    [
        "Similar articles",
        "Related posts",
        "Check Also",
        "Читайте также",
        "Похожие статьи",
        "Чытайце таксама",
        "Схожі новини",
        "Zobacz także",
    ],
)
@pytest.mark.parametrize("tag", ["h2", "h3", "p", "div"])
def test_whole_unrelated_article_after_the_end_is_cut(heading, tag):
    tail = f"<{tag}>{heading}</{tag}><h2>Rye bread divides the capital</h2><p>September 18, 2017 10:43</p>{paragraphs(OTHER)}"
    found = extract(page(f"<h1>{TITLE}</h1>{paragraphs()}{tail}"))
    assert found.text == "\n".join(PARAGRAPHS)


def test_unrelated_article_longer_than_the_article_is_cut():
    tail = f"<h3>Similar articles</h3><p>Rye bread divides the capital</p>{paragraphs(OTHER * 3)}"
    found = extract(page(f"<h1>{TITLE}</h1>{paragraphs(PARAGRAPHS[:2])}{tail}"))
    assert found.text == "\n".join(PARAGRAPHS[:2])


def test_unrelated_article_in_a_container_of_its_own_is_cut():
    tail = f"<section><h2>Similar articles</h2><article><h3>Rye bread</h3>{paragraphs(OTHER)}</article></section>"
    found = extract(page(f"<main><article><h1>{TITLE}</h1>{paragraphs()}</article>{tail}</main>"))
    assert found.text == "\n".join(PARAGRAPHS)


def test_article_resumes_after_links_in_its_midst():
    links = "<p>Читайте также:</p><ul><li><a href='/b'>Rye bread divides the capital again this year</a></li></ul>"
    found = extract(page(f"<h1>{TITLE}</h1>{paragraphs(PARAGRAPHS[:2])}{links}{paragraphs(PARAGRAPHS[2:])}"))
    assert found.text == "\n".join(PARAGRAPHS)


def test_one_line_offer_to_read_another_article_goes_alone():
    line = "<p>Read also: <a href='/b'>Rye bread divides the capital</a></p>"
    found = extract(page(f"<h1>{TITLE}</h1>{paragraphs(PARAGRAPHS[:2])}{line}{paragraphs(PARAGRAPHS[2:])}"))
    assert found.text == "\n".join(PARAGRAPHS)


def test_menu_that_offers_related_pages_above_the_article_cuts_nothing():
    menu = "<div class='cookie-bar'><p>" + "We use small files to remember what you chose on earlier visits. " * 4 + "</p></div>"
    menu += (
        "<ul><li>Subscribe</li><li>Popular</li></ul><div><h3>Latest news</h3><ul><li><a href='/x'>Rye bread</a></li></ul></div>"
    )
    found = extract(page(f"{menu}<div><h1>{TITLE}</h1>{paragraphs()}</div>"))
    assert all(line in found.text for line in PARAGRAPHS)


def test_expander_button_does_not_end_the_article():
    found = extract(
        page(
            f"<h1>{TITLE}</h1><div>{paragraphs(PARAGRAPHS[:2])}</div><div>Read More</div><div>{paragraphs(PARAGRAPHS[2:])}</div>"
        )
    )
    assert found.text == "\n".join(PARAGRAPHS)


def test_subscription_box_at_the_end_is_cut():
    box = "<h3>Subscribe to our newsletter</h3><p>Once a month our editors write down what they found worth knowing about harbours.</p>"
    found = extract(
        page(f"<h1>{TITLE}</h1>{paragraphs()}<p>You have been successfully subscribed</p>{box}<p>EN</p><p>Subscribe</p>")
    )
    assert found.text == "\n".join(PARAGRAPHS)


def test_breadcrumb_and_repeated_title_are_dropped():
    head = f"<p>Home / Policy / {TITLE}</p><h1>{TITLE}</h1><p>{TITLE}</p>"
    found = extract(page(head + paragraphs()))
    assert found.title == TITLE
    assert found.text == "\n".join(PARAGRAPHS)


def test_cyrillic_caption_in_an_english_page_is_dropped_and_the_page_stays_english():
    caption = "<p>Две гавани поделят ледоколы</p><p>The mayor, photo by the press service of the town</p>"
    found = extract(page(f"<h1>{TITLE}</h1>{paragraphs(PARAGRAPHS[:1])}{caption}{paragraphs(PARAGRAPHS[1:])}"))
    assert found.text == "\n".join(PARAGRAPHS)
    assert (found.language, found.language_sure) == ("en", True)


def test_share_counter_date_line_and_by_line_are_no_text():
    found = extract(page(f"<h1>{TITLE}</h1><p>by</p><p>18 November 2019, 18:41</p><ul><li>1</li></ul><p>• 1</p>{paragraphs()}"))
    assert found.text == "\n".join(PARAGRAPHS)


def test_navigation_above_the_title_is_no_text():
    above = "<p>Projects</p><p>Government Bodies</p><p>Flag Tuesday, 23 April 2024</p><p>All news</p><p>Politics</p><p>18 November 2019, 18:41</p>"
    found = extract(page(f"{above}<h1>{TITLE}</h1>{paragraphs()}"))
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.published == datetime(2019, 11, 18, 18, 41, tzinfo=UTC), "the line at the title, not the page's clock"
    assert found.published_source is DateSource.TEXT


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (f"{TITLE} | Harbour News", TITLE),
        (f"{TITLE} - Harbour News", TITLE),
        (f"{TITLE} — News", TITLE),
        (TITLE, TITLE),
        ("Ice breakers shared - mayor of both towns | Harbour News", "Ice breakers shared - mayor of both towns"),
    ],
)
def test_site_is_cut_from_a_title_without_heading(title, expected):
    text = (
        paragraphs()
        + "<p>The mayor of both towns had asked for this since the frost, and it was the mayor of both towns who signed.</p>"
    )
    assert extract(page(text, title=title)).title == expected


def test_heading_that_no_title_agrees_with_is_a_logo():
    head = f"<meta property='og:title' content='{TITLE}'>"
    assert extract(page(f"<h1>Harbour News</h1><h1>{TITLE}</h1>{paragraphs()}", head=head)).title == TITLE


RUSSIAN = [
    "Делегации двух портовых городов договорились во вторник о совместной работе ледоколов следующей зимой, сообщил мэр.",
    "Общий экипаж начнут готовить в октябре; каждый город оплачивает своё топливо, страховщики с этим планом согласились.",
    "Рыбаки на обоих берегах обрадовались: прошлой зимой лёд держал их лодки в порту целых шесть недель подряд.",
]


@pytest.mark.parametrize(
    ("content_type", "meta", "why"),
    [
        ("text/html; charset=windows-1251", "", "the header is right"),
        ("text/html", "<meta charset='windows-1251'>", "the page says it"),
        ("text/html", "", "nothing says it"),
        ("text/html; charset=utf-8", "", "the header is wrong"),
        ("text/html; charset=iso-8859-1", "", "the header is a server's default"),
        (
            "text/html; charset=no-such-code",
            "<meta http-equiv='Content-Type' content='text/html; charset=cp1251'>",
            "the header is nonsense",
        ),
    ],
)
def test_page_in_windows_1251_is_read(content_type, meta, why):
    body = f"<html><head>{meta}<title>Порты</title></head><body><h1>Порты</h1>{paragraphs(RUSSIAN)}</body></html>".encode(
        "cp1251"
    )
    found = extract(body, content_type=content_type)
    assert found.text == "\n".join(RUSSIAN), why
    assert found.language == "ru"


def test_utf8_page_with_a_wrong_header_is_read_as_utf8():
    body = f"<html><body><h1>Порты</h1>{paragraphs(RUSSIAN)}</body></html>".encode()
    assert extract(body, content_type="text/html; charset=windows-1251").text == "\n".join(RUSSIAN)


def test_utf8_page_cut_within_a_character_is_read_as_utf8():
    body = f"<html><body><h1>Порты</h1>{paragraphs(RUSSIAN)}".encode() + "щ".encode()[:1]
    assert extract(body).text == "\n".join(RUSSIAN)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "the page is empty"),
        (b"%PDF-1.7 ...", "text/html", "not HTML: application/pdf"),
        (b"{}", "application/json", "not HTML: application/json"),
        (page("<h1>Just a moment...</h1><p>Checking your browser</p>", title="Just a moment..."), "text/html", "challenge page"),
        (page("<p>Before you continue to the site</p>", title="Before you continue to Search"), "text/html", "consent page"),
        (page("<p>Sorry</p>", title="404 Not Found"), "text/html", "not found"),
        (page("<p>Short.</p>"), "text/html", "page has no paragraph longer than 6 characters"),
        (page("<div id=app></div><noscript>Please enable JavaScript</noscript>"), "text/html", "drawn by JavaScript"),
    ],
)
def test_reason_says_why_there_is_no_text(body, content_type, reason):
    found = extract(body, content_type=content_type)
    assert found.text == ""
    assert reason in found.reason


def test_short_article_with_a_cookie_banner_and_a_guard_script_is_an_article():
    banner = "<script src='/cdn-cgi/challenge-platform/x.js'></script><div class='cookie'><p>We value your privacy</p></div>"
    found = extract(page(f"{banner}<h1>{TITLE}</h1>{paragraphs(PARAGRAPHS[:2])}"))
    assert found.text == "\n".join(PARAGRAPHS[:2])


def test_short_text_carries_a_reason():
    found = extract(page(f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>"))
    assert found.text == PARAGRAPHS[0]
    assert found.reason == f"the article has only {len(PARAGRAPHS[0])} characters"


@pytest.mark.parametrize(
    ("head", "url", "canonical", "why"),
    [
        (
            "<link rel=canonical href='https://www.example.org/a/1'>",
            "https://m.example.org/a/1",
            "https://www.example.org/a/1",
            "same domain",
        ),
        ("<link rel=canonical href='/a/1'>", "https://example.org/a/1?x=y", "https://example.org/a/1", "relative, made absolute"),
        ("<link rel=canonical href='https://other.example.net/a/1'>", "https://example.org/a/1", "", "another domain"),
        ("<link rel=canonical href='https://example.org/'>", "https://example.org/a/1", "", "the home page"),
        ("<link rel=canonical href='https://example.org/a/'>", "https://example.org/a/1", "", "the section"),
        ("<link rel=canonical href='https://example.org/view'>", "https://example.org/view?id=17", "", "the id is lost"),
        ("<meta property='og:url' content='https://example.org/a/1'>", "https://example.org/a/1?s=2026", "", "a number is lost"),
        (
            "<meta property='og:url' content='https://example.org/a/1'>",
            "https://example.org/a/1/amp",
            "https://example.org/a/1",
            "og:url",
        ),
    ],
)
def test_canonical_address_is_taken_only_from_an_honest_claim(head, url, canonical, why):
    assert extract(page(f"<h1>{TITLE}</h1>{paragraphs()}", head=head), url=url).canonical_url == canonical, why


def test_author_is_named_only_where_two_sources_agree():
    linked = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "author": {"name": "Ada Berg"}}</script>'
    )
    agreeing = "<meta name=author content='ADA BERG'>"
    assert extract(page(paragraphs(), head=linked + agreeing)).author == "Ada Berg"
    assert extract(page(paragraphs(), head=linked)).author == ""
    assert extract(page(paragraphs(), head=agreeing)).author == ""


def test_extraction_can_travel_between_processes():
    found = extract(page(f"<h1>{TITLE}</h1>{paragraphs()}"))
    assert pickle.loads(pickle.dumps(found)) == found


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet="<>/pdivh1 \"'=&;#xА\0", max_size=300).map(str.encode))
def test_any_bytes_give_an_extraction(body):
    found = extract(body)
    assert found.text or found.reason
    assert found == extract(body)


@pytest.mark.parametrize(
    ("mode", "body", "asked", "why"),
    [
        ("best", f"<h1>{TITLE}</h1>{paragraphs()}", 1, "both opinions agree"),
        (
            "best",
            f"<h1>{TITLE}</h1>{paragraphs()}<div class='visually-rich'>{paragraphs(OTHER)}</div>",
            2,
            "they differ",
        ),
        (
            "fast",
            f"<h1>{TITLE}</h1>{paragraphs()}<div class='visually-rich'>{paragraphs(OTHER)}</div>",
            1,
            "one only",
        ),
    ],
)
def test_further_opinions_are_asked_only_where_two_differ(monkeypatch, mode, body, asked, why):
    calls = []

    def counting(tree, **options):
        calls.append(options)
        return bare_extraction(tree, **options)

    monkeypatch.setattr("monitor.articles.extract.bare_extraction", counting)
    found = extract(page(body), mode=mode)
    assert len(calls) == asked, why
    assert PARAGRAPHS[0] in found.text
