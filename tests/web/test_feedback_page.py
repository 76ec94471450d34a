"""Readers' answers over HTTP: reading records nothing, pressing a button does, pressing another changes it; nobody is named."""

import re
from dataclasses import replace
from email import message_from_bytes

import pytest

from monitor import publishing
from monitor.delivery.tokens import mark_token
from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.store.promises import ArticleQuery

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BASE = "https://news.example.org"


@pytest.fixture
def asking(site):
    """A site whose digest asks, with one edition; `asking.links` are the addresses its mail holds, in order."""
    parts = site.world.parts
    digest = replace(parts.files.digests[0], ask_relevance=True)
    site.world.parts = replace(parts, files=replace(parts.files, digests=(digest,)), sender=replace(parts.sender, base_url=BASE))
    site.report = site.publish("2019-W10")
    mail = site.report.frozen.renditions["en"].mail_html
    site.links = [link.replace("&amp;", "&").removeprefix(BASE) for link in re.findall(rf'href="({BASE}/mark/[^"]+)"', mail)]
    return site


def verdicts(site):
    return [(mark.rule, mark.verdict) for mark in site.world.store.marks()]


def test_each_story_of_mail_and_page_carries_two_links_with_the_same_token(asking):
    relevant, other = asking.links
    assert (relevant.endswith("?lang=en&mark=relevant"), other.endswith("?lang=en&mark=not-relevant")) == (True, True)
    assert relevant.partition("?")[0] == other.partition("?")[0]
    rendition = asking.report.frozen.renditions["en"]
    assert rendition.html.count("/mark/weekly/") == 2
    assert "/mark/" not in rendition.text + rendition.json


def test_two_readers_get_the_same_links(asking):
    for address in ("ann@example.org", "bob@example.org"):
        asking.subscribe(address)
    [digest] = asking.world.parts.files.digests
    messages = publishing.address_copies(asking.world.parts, asking.report.frozen, digest)
    found = [
        set(re.findall(rb"/mark/weekly/[^?\s\"]+", message_from_bytes(one.body).get_payload(1).get_payload(decode=True)))
        for one in messages
    ]
    assert len(found) == 2
    assert found[0] == found[1] != set()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_following_a_link_records_nothing_however_often(asking, method):
    for link in asking.links * 2:
        answer = asking.ask(method, link)
        assert (answer.status, answer.headers["Cache-Control"], answer.headers["Set-Cookie"]) == (200, "no-store", None)
    assert asking.world.store.marks() == ()


def test_the_page_shows_what_it_is_about_with_the_clicked_answer_first_and_no_script(asking):
    relevant, other = asking.links
    page = asking.get(relevant).text
    assert "Talks agreed" in page
    assert "Is this story relevant?" in page
    assert "<script" not in page
    assert re.findall(r'name="mark" value="([a-z-]+)"', page) == ["relevant", "not-relevant"]
    assert re.findall(r'name="mark" value="([a-z-]+)"', asking.get(other).text) == ["not-relevant", "relevant"]


@pytest.mark.parametrize(("language", "question"), [("en", "Is this story relevant?"), ("be", "Ці важны гэты матэрыял?")])
def test_the_page_speaks_the_language_of_the_edition(asking, language, question):
    page = asking.get(asking.links[0].replace("lang=en", f"lang={language}")).text
    assert f'<html lang="{language}">' in page
    assert question in page


def test_a_button_records_a_mark_of_the_article_and_its_rule_that_names_no_reader(asking):
    answer = asking.ask("POST", asking.links[0], b"mark=relevant", FORM)
    assert answer.status == 200
    assert "marked as relevant" in answer.text
    [item] = asking.world.store.articles(ArticleQuery())
    [mark] = asking.world.store.marks()
    assert mark == Mark(
        item.article.id,
        "talks",
        MarkVerdict.RELEVANT,
        asking.world.clock(),
        MarkSource.EDITION,
        asking.report.frozen.id,
        mark.story,
    )


def test_another_button_changes_the_mark_and_pressing_again_does_not_add_one(asking):
    for body in (b"mark=relevant", b"mark=not-relevant", b"mark=not-relevant"):
        assert asking.ask("POST", asking.links[0], body, FORM).status == 200
    assert verdicts(asking) == [("talks", MarkVerdict.NOT_RELEVANT)]


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"mark=maybe", 400), (b"x" * 2000, 413), (b"\xff=\xff", 400)])
def test_a_post_without_an_answer_records_nothing(asking, body, status):
    assert asking.ask("POST", asking.links[0], body, FORM).status == status
    assert asking.world.store.marks() == ()


def changed(link, place, value):
    parts = link.partition("?")[0].split("/")
    parts[place] = value
    return "/".join(parts)


@pytest.mark.parametrize(
    ("place", "value"),
    [(5, "A" * 22), (5, "é"), (5, "x"), (4, "other"), (3, "2019-03-18"), (3, "no-date"), (2, "monthly")],
    ids=["token", "not-ascii", "short", "story", "edition", "no-date", "digest"],
)
def test_an_address_that_is_not_ours_is_refused_and_records_nothing(asking, place, value):
    link = changed(asking.links[0], place, value.encode("ascii", "replace").decode().replace("?", "%C3%A9"))
    for method in ("GET", "POST"):
        answer = asking.ask(method, link, b"mark=relevant" if method == "POST" else None, FORM)
        assert answer.status == 404
        assert "damaged" in answer.text
    assert asking.world.store.marks() == ()


def test_a_genuine_token_of_an_edition_that_is_not_kept_is_refused(asking):
    secret = asking.world.parts.sender.secret
    token = mark_token(secret, "weekly/no-date", "s")
    assert asking.get(f"/mark/weekly/no-date/s/{token}").status == 404
    token = mark_token(secret, "weekly/2001-01-01", "s")
    assert asking.get(f"/mark/weekly/2001-01-01/s/{token}").status == 404


def test_a_story_whose_articles_are_gone_is_thanked_for_and_marks_nothing(asking, monkeypatch):
    monkeypatch.setattr(type(asking.world.store), "articles", lambda *_: ())
    assert asking.ask("POST", asking.links[0], b"mark=relevant", FORM).status == 200
    assert asking.world.store.marks() == ()


@pytest.mark.parametrize(("asks", "base"), [(False, BASE), (True, "")], ids=["digest does not ask", "no address"])
def test_nothing_is_asked_without_the_wish_or_an_address(site, asks, base):
    parts = site.world.parts
    digest = replace(parts.files.digests[0], ask_relevance=asks)
    site.world.parts = replace(parts, files=replace(parts.files, digests=(digest,)), sender=replace(parts.sender, base_url=base))
    rendition = site.publish("2019-W10").frozen.renditions["en"]
    assert "/mark/" not in rendition.mail_html + rendition.html
    assert "Is this story relevant?" not in rendition.mail_html + rendition.html
