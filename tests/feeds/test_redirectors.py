"""What page a redirector's link means."""

from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.redirectors import is_redirector, unresolved, unwrapped

PAGE = "https://news.example/2019/03/talks?id=7&a=b#part"


def news_id(url):
    data = url.encode()
    length = bytes([len(data)]) if len(data) < 128 else bytes([len(data) & 0x7F | 0x80, len(data) >> 7])
    return urlsafe_b64encode(b"\x08\x13\x22" + length + data + b"\xd2\x01\x00").decode().rstrip("=")


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={quote(PAGE, safe='')}&ct=ga&usg=x",
        f"https://google.com/url?q={quote(PAGE, safe='')}",
        f"https://www.google.co.uk/url?q={quote(PAGE, safe='')}",
        f"https://l.facebook.com/l.php?u={quote(PAGE, safe='')}&h=AT0",
        f"https://vk.com/away.php?to={quote(PAGE, safe='')}",
        f"https://www.bing.com/news/apiclick.aspx?ref=x&url={quote(PAGE, safe='')}",
        f"https://duckduckgo.com/l/?uddg={quote(PAGE, safe='')}",
        f"https://eur01.safelinks.protection.outlook.com/?url={quote(PAGE, safe='')}&data=1",
        f"https://consent.google.com/ml?continue={quote(PAGE, safe='')}&gl=DE",
        f"https://news.google.com/rss/articles/{news_id(PAGE)}?oc=5",
        f"https://news.google.com/articles/{news_id(PAGE)}",
        f"https://www.google.com/url?q={quote('https://l.facebook.com/l.php?u=' + quote(PAGE, safe=''), safe='')}",
    ],
)
def test_the_page_in_the_address_is_found(link):
    assert unwrapped(link) == PAGE
    assert is_redirector(link)


def test_a_long_address_in_a_news_id_is_found():
    page = "https://news.example/" + "a" * 300
    assert unwrapped(f"https://news.google.com/rss/articles/{news_id(page)}?oc=5") == page


@pytest.mark.parametrize(
    "link",
    [
        PAGE,
        "https://www.google.com/search?q=https://news.example/",
        "https://news.google.com/rss/articles/CBMiAU_yqLOldAndNewIdsLookAlikeButHoldNothing",
        "https://news.google.com/rss/articles/!!!",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=/relative",
        "https://notgoogle.com/url?q=https://news.example/",
        "https://google.com.evil.example/url?q=https://news.example/",
        "https://news.example/share?url=https://other.example/",
        "",
    ],
)
def test_other_addresses_stay_as_they_are(link):
    assert unwrapped(link) == link


@pytest.mark.parametrize(
    ("link", "final", "words"),
    [
        ("https://t.co/abc", "https://news.example/a", ""),
        ("https://t.co/abc", "https://t.co/abc", "t.co does not say"),
        ("https://t.co/abc", "https://news.example/", "led to a home page"),
        ("https://news.example/", "https://news.example/", ""),
        ("https://news.google.com/rss/articles/x", "https://consent.google.com/m?continue=x", "a wall at consent.google.com"),
        ("https://news.google.com/rss/articles/x", "https://consent.google.de/m?continue=x", "a wall at consent.google.de"),
        ("https://news.google.com/rss/articles/x", "https://news.google.com/rss/articles/x", "news.google.com does not say"),
        ("https://news.example/a", "https://guce.yahoo.com/consent?x", "a wall at guce.yahoo.com"),
        ("https://news.example/a", "https://accounts.google.com/signin", "a wall at accounts.google.com"),
    ],
)
def test_what_led_nowhere_is_told(link, final, words):
    told = unresolved(link, final)
    assert (words in told) if words else not told


@given(st.text(max_size=300))
def test_any_text_gives_an_address_or_itself(text):
    for link in (text, f"https://news.google.com/rss/articles/{text}", f"https://google.com/url?q={text}"):
        assert unwrapped(unwrapped(link)) == unwrapped(link)
