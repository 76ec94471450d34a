"""Story pages: every source with its copies and the sentences cited from it, where it was told, and its thread; only what was published."""

import re

import pytest

from monitor import pipeline
from monitor.digests.due import due_of_week
from monitor.model.story import ThreadedStory
from monitor.web.app import site_templates
from monitor.web.pages import NotHere, Pages
from monitor.web.places import LiveLinks
from monitor.web.story_page import story_page, thread_page

BODY = "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4


@pytest.fixture
def told(make_world, tmp_path):
    """A world with an edition that tells one story of two sources with the same text."""
    world = make_world("north", "south")
    world.article("north", "1", "Talks agreed on the <b>old</b> bridge", BODY)
    world.article("south", "1", "Talks agreed on the old bridge", BODY)
    pipeline.poll(world.parts)
    [digest] = world.parts.files.digests
    world.report = pipeline.publish(world.parts, digest, due_of_week(digest, "2019-W10", world.clock()), ("en", "be"), tmp_path)
    world.pages = Pages(world.store, world.parts.files, site_templates(), "https://news.example.org", world.clock())
    [world.story] = {item.story for item in world.store.printed_items("weekly")}
    return world


def page(told, language="en"):
    return story_page(told.pages, "weekly", told.story, language, LiveLinks())


def test_a_story_shows_sources_copies_where_the_text_is_from_and_what_is_cited(told):
    text = page(told)
    assert re.search(r"<h1[^>]*>Talks agreed on the old bridge</h1>", text)
    assert "The same text in 1 more place" in text
    assert "First published by" in text
    assert "<q>The neighbours agreed on talks about the bridge" in text
    assert re.search(r"independent · March \d, 2019 · English", text)
    assert len(re.findall(r'href="http://(north|south)\.example/', text)) >= 2


def test_it_leads_back_to_the_editions_that_told_it(told):
    assert re.search(r'<a href="/weekly/2019-W10/en/#i-[0-9a-f]+">March 4 – March 10, 2019</a>', page(told))
    assert re.search(r'<a href="/weekly/2019-W10/be/#i-[0-9a-f]+">4–10 сакавіка 2019 года</a>', page(told, "be"))


def test_a_language_in_which_it_was_not_told_gets_one_in_which_it_was(told):
    text = page(told, "ru")
    assert '<html lang="ru">' in text
    assert "Тот же текст ещё в 1 месте" in text


def test_a_story_of_nobody_or_of_another_digest_has_no_page(told):
    for digest, story in (("weekly", "ffffffffffff"), ("other", told.story), ("weekly", "")):
        with pytest.raises(NotHere):
            story_page(told.pages, digest, story, "en", LiveLinks())


def test_a_story_stands_when_its_articles_are_gone(told, monkeypatch):
    monkeypatch.setattr(type(told.store), "articles", lambda *_: ())
    text = page(told)
    assert "First published by" not in text
    assert "The same text in 1 more place" in text


def test_a_thread_lists_only_the_stories_that_were_told(told):
    first = told.store.threads([told.story])[told.story]
    at = told.clock()
    told.store.save_threads([ThreadedStory("eeeeeeeeeeee", first, at, "x", "Never printed anywhere", "same names")])
    assert "Never printed anywhere" not in page(told)
    listed = thread_page(told.pages, "weekly", first, "en", LiveLinks())
    assert f'href="/weekly/story/{told.story}/"' in listed
    assert "Never printed anywhere" not in listed
    with pytest.raises(NotHere):
        thread_page(told.pages, "weekly", "ffff", "en", LiveLinks())


def test_over_http_what_is_not_there_is_a_page_that_says_so(site):
    for path in ("/weekly/story/ffffffffffff/", "/weekly/thread/ffff/", "/none/story/x/", "/weekly/story/%3Cscript%3E/"):
        answer = site.get(path)
        assert answer.status == 404
        assert "There is no such page here." in answer.text
