"""Marks, tests and exceptions over HTTP: marks count at once, the rest changes the text in the editor and nothing else."""

import html
import re

import pytest

from monitor.model.mark import MarkSource, MarkVerdict
from monitor.store.promises import ArticleQuery

BODY = "The harvest ended early this year, the ministry said after a long summer without rain in the south.\n" * 4


def article_id(desk, title):
    return next(item.article.id for item in desk.store.articles(ArticleQuery()) if item.article.title == title)


def text_of(page):
    return html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)[1])


@pytest.mark.parametrize(("word", "verdict"), [("relevant", MarkVerdict.RELEVANT), ("not-relevant", MarkVerdict.NOT_RELEVANT)])
def test_a_mark_is_kept_as_the_desk_s_and_counts_as_a_label(desk, ann, told, word, verdict):
    talks = article_id(desk, "Talks agreed")
    page = ann.send("mark", mark=f"{word}:{talks}")
    [mark] = desk.store.marks()
    assert (mark.article, mark.rule, mark.verdict, mark.source, mark.edition) == (talks, "talks", verdict, MarkSource.DESK, "")
    assert "The mark is kept." in page.plain
    assert told[-1] == ("article_marked", {"editor": "ann", "rule": "talks", "article": talks, "verdict": verdict.value})
    right = word == "relevant"
    assert ("1/1" in page.plain, "0/1" in page.plain) == (right, not right)
    assert 'aria-pressed="true"' in page.text


def test_a_later_mark_replaces_the_earlier(desk, ann):
    talks = article_id(desk, "Talks agreed")
    ann.send("mark", mark=f"relevant:{talks}")
    ann.send("mark", mark=f"not-relevant:{talks}")
    assert [mark.verdict for mark in desk.store.marks()] == [MarkVerdict.NOT_RELEVANT]


@pytest.mark.parametrize("value", ["", "relevant:", "relevant:none", "maybe:{}", ":{}", "should_match:{}"])
def test_what_is_no_mark_is_not_recorded(desk, ann, value):
    assert ann.send("mark", mark=value.format(article_id(desk, "Talks agreed"))).status == 404
    assert desk.store.marks() == ()


@pytest.mark.parametrize("kind", ["should_match", "should_not_match"])
def test_an_article_becomes_a_test_in_the_text_and_the_file_stays(desk, ann, kind):
    before = desk.rule.read_bytes()
    page = ann.send("example", example=f"{kind}:{article_id(desk, 'Negotiators meet')}")
    text = text_of(page)
    assert 'title: "Negotiators meet"' in text.partition(f"{kind}:")[2]
    assert "Added to the tests" in page.plain
    assert ("1 test fails" in page.plain) == (kind == "should_match")
    assert desk.rule.read_bytes() == before
    assert ann.save(text).status == 303


def test_a_text_that_a_program_cannot_add_to_is_left_as_it_is(desk, ann):
    page = ann.send("example", yaml="id: [", example=f"should_match:{article_id(desk, 'Talks agreed')}")
    assert "Add by hand" in page.plain
    assert text_of(page) == "id: [\n"


def test_an_exception_for_misses_is_added_where_it_costs_no_hit(make_desk):
    titles = ["Talks podcast starts again", "Talks podcast is back", "Talks agreed"]
    desk = make_desk(articles=[(title, BODY) for title in titles])
    ann = desk.browser().log_in()
    for title in titles:
        word = "relevant" if title == "Talks agreed" else "not-relevant"
        ann.send("mark", mark=f"{word}:{article_id(desk, title)}")
    page = ann.send("exception")
    assert "An exception for 2 misses was added to the text; all 1 labelled hits still match." in page.plain
    assert "podcast" in text_of(page)
    assert "1 article found. 0 newly found, 2 no longer found." in page.plain
    assert ann.save(text_of(page)).status == 303


def test_without_enough_marks_no_exception_is_made_up(ann):
    page = ann.send("exception")
    assert "No exception can be suggested" in page.plain
    assert "2 false hits are needed" in page.plain


def test_an_exception_for_a_wrong_text_tells_what_is_wrong(ann):
    page = ann.send("exception", yaml="id: [")
    assert "E001" in page.plain
