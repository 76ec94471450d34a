"""The search over HTTP: what is found is marked and cited, hostile queries are answered calmly, a hurry is slowed down."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.render.clean import printable
from monitor.model.pace import Pace
from monitor.text.search_words import query_words
from monitor.web.search_page import LONGEST_QUERY, SNIPPET, Patience, asked, snippet

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)


def search(site, query, more=""):
    return site.get(f"/search?q={quote(query)}{more}")


def test_what_is_found_cites_digest_week_and_section_with_the_words_marked(site):
    site.publish("2019-W10")
    page = search(site, "TALK bridges").text
    assert re.search(r'<h3><a href="/weekly/2019-W10/en/#i-[0-9a-f]+"><mark>Talks</mark> agreed</a></h3>', page)
    assert "Talks weekly · March 4 – March 10, 2019 · Talks" in page
    assert "agreed on <mark>talks</mark> about the <mark>bridge</mark>" in page
    assert "1 story told" in page
    assert re.search(r'href="/weekly/story/[0-9a-f]+/"', page)


def test_the_page_without_a_query_is_a_form_that_may_be_listed(site):
    page = site.get("/search").text
    assert '<input type="search" name="q"' in page
    assert "noindex" not in page
    assert "noindex" in search(site, "talks").text


def test_nothing_is_found_before_it_is_published(site):
    assert "Nothing was found for “talks”." in search(site, "talks").text


def test_hits_of_another_language_are_offered(site):
    site.publish("2019-W10", ("be",))
    page = search(site, "talks").text
    assert "Nothing was found" in page
    assert re.search(r'<a href="/search\?q=talks&amp;lang=be" hreflang="be" lang="be">Беларуская</a> \(1\)', page)
    assert "Знойдзены 1 сюжэт" in search(site, "talks", "&lang=be").text


def test_an_unknown_digest_is_no_digest_and_a_known_one_is_kept_in_the_links(site):
    site.publish("2019-W10")
    assert "1 story told" in search(site, "talks", "&digest=none").text
    assert "1 story told" in search(site, "talks", "&digest=weekly").text


HOSTILE = [
        '"', '""', "'", "' OR 1=1 --", "talks*", "NEAR(talks bridge)", "words:talks", "{talks}", "^talks", "-talks", "talks AND NOT", "(",
        ")", "\\", "%", "\x00", "\ud83d\ude00", "<script>alert(1)</script>", "%s %(x)s", ":words", "@found", "a" * 10_000, "слово " * 2_000,
        "\u202etalks", "   ", "ʰtalk", "`", "talks\n\rSet-Cookie: x=1",
]  # fmt: skip


def test_hostile_queries_are_answered_calmly(site):
    site.publish("2019-W10")
    for query in HOSTILE:
        answer = site.get(f"/search?q={quote(query, errors='surrogatepass')}")
        assert answer.status == 200, query[:40]
        assert "<script>" not in answer.text, query[:40]
        assert answer.headers["Set-Cookie"] is None
        assert len(answer.text) < 20_000


def test_pages_that_are_not_there_are_empty_or_the_first(site):
    site.publish("2019-W10")
    for page in ("0", "-1", "2", "999999999", "x", "٣", ""):
        assert search(site, "talks", f"&page={quote(page)}").status == 200, page


def test_a_long_query_is_cut_and_says_so():
    query = asked("talks " * 100, "", "1")
    assert (len(query.text) <= LONGEST_QUERY, query.cut, query.words[0]) == (True, True, "talk")
    assert not asked("talks", "", "1").cut


def test_pages_of_results_lead_to_one_another(site):
    for week in range(10, 35):
        site.world.article("north", f"n{week}", f"Talks agreed {week}", "The neighbours agreed on talks about the bridge.\n" * 4)
    from monitor import search_index
    from monitor.model.edition import Verdict
    from monitor.model.printed import Printed, PrintedItem

    edition = site.publish("2019-W10").frozen
    head = search_index.head_of(edition)
    items = [
        PrintedItem(
            "weekly", head.key, head.week, head.window.last_day, "en", place, Printed.ITEM, f"s{place}", f"i{place}", "talks", "Talks",
            Verdict.WORSE, f"Talks {place}", "en", (), ("talk",), (),
        )
        for place in range(45)
    ]  # fmt: skip
    site.world.store.save_printed(head, items, search_index.FORM)
    first, last = search(site, "talks"), search(site, "talks", "&page=3")
    assert "45 stories told · Page 1 of 3" in first.text
    assert 'href="/search?q=talks&amp;page=2" rel="next"' in first.text
    assert 'rel="prev"' not in first.text
    assert last.text.count("<li><h3>") == 5
    assert 'href="/search?q=talks&amp;page=2" rel="prev"' in last.text


def test_who_searches_in_a_hurry_waits_and_others_do_not():
    patience = Patience(Pace(per_s=1, burst=2), Pace(per_s=100, burst=100))
    assert [patience.wait("192.0.2.0/24", NOW) for _ in range(3)] == [0, 0, 1]
    assert patience.wait("198.51.100.0/24", NOW) == 0
    assert patience.wait("192.0.2.0/24", NOW + timedelta(seconds=1)) == 0


def test_all_together_are_slowed_down_too():
    patience = Patience(Pace(per_s=1, burst=1), Pace(per_s=1, burst=3))
    waits = [patience.wait(f"10.0.{n}.0/24", NOW) for n in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert all(wait > 0 for wait in waits[3:])


def test_a_hurry_is_answered_with_the_time_to_wait(site):
    answers = [search(site, "talks") for _ in range(40)]
    slowed = next(answer for answer in answers if answer.status == 429)
    assert int(slowed.headers["Retry-After"]) >= 1
    assert "Try again in" in slowed.text
    assert site.get("/search").status == 200, "the form itself is free"


@given(st.text(max_size=600), st.text(max_size=30))
def test_a_snippet_is_short_and_of_the_text(text, query):
    pieces = snippet(text, set(query_words(query)))
    joined = "".join(piece for piece, _ in pieces)
    assert len(joined) <= SNIPPET + 4
    assert joined.removeprefix("… ").removesuffix(" …") in printable(text)


def test_a_snippet_of_a_long_text_shows_the_word_that_was_searched_for():
    text = "filler words " * 60 + "the bridge stands " + "more words " * 60
    pieces = snippet(text, {"bridg"})
    assert ("bridge", True) in pieces
    assert pieces[0][0].startswith("… ")
    assert pieces[-1][0].endswith(" …")
