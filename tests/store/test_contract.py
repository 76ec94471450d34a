"""The promises, held on every engine: SQLite file, SQLite memory, and PostgreSQL where a server is given."""

import threading
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from monitor.model.article import Article
from monitor.model.delivery import OutboxMessage, OutboxState, Receipt, Subscribed
from monitor.model.errors import Invariant, StoreBusy, StoreFailed, WrongUse
from monitor.model.feed import FeedHealth, FeedState, SitemapChild, Validators
from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.model.match import Analysis, ArticleWords
from monitor.model.robots import Robots, RobotsRule, RobotsVerdict
from monitor.model.site import SiteLine, SiteLines
from monitor.store.migrate import shipped
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery

MINUTE = timedelta(minutes=1)


# Feeds


def full_state(now):
    return FeedState(
        "feed-1", FeedHealth.FAILING, "time-out", Validators('W/"é"', "Mon, 04 Mar 2019 05:06:07 GMT"), "https://a.example/f",
        200, now, now + MINUTE, now + 2 * MINUTE, now + 3 * MINUTE, now + 4 * MINUTE, now + 5 * MINUTE, 3, 2, 40,
        "https://b.example/f", 2, now, 3600.0, (1, 2), (6,), 86400.5,
        children=(SitemapChild("https://a.example/1.xml", "2019-03-04"),), health_since=now - MINUTE, seen="packed", document="digest", reader=2,
    )  # fmt: skip


def test_a_feed_state_comes_back_with_every_field(store, make):
    state = full_state(make.now)
    default = FeedState("feed-1")
    assert all(getattr(state, part.name) != getattr(default, part.name) for part in fields(state) if part.name != "feed_id")
    store.save_poll([], state)
    assert store.feed_states() == {"feed-1": state}


def test_a_feed_state_is_replaced(store, make):
    store.save_poll([], full_state(make.now))
    store.save_poll([], make.state("feed-1"))
    store.save_poll([], make.state("feed-2"))
    assert store.feed_states() == {"feed-1": make.state("feed-1"), "feed-2": make.state("feed-2")}


def test_the_later_block_of_a_host_wins(store, make):
    store.block_host("a.example", make.now + MINUTE)
    store.block_host("a.example", make.now)
    store.block_host("b.example", make.now)
    assert store.host_blocks() == {"a.example": make.now + MINUTE, "b.example": make.now}
    store.block_host("a.example", make.now + 2 * MINUTE)
    assert store.host_blocks()["a.example"] == make.now + 2 * MINUTE


def test_robots_are_kept_by_origin_and_old_ones_forgotten(store, make):
    rules = (RobotsRule(False, "/Архів/*$"), RobotsRule(True, "/"))
    old = Robots("https://old.example", make.now, RobotsVerdict.NONE, reason="HTTP 404")
    new = Robots("https://new.example", make.now + MINUTE, RobotsVerdict.RULES, rules, 2.5, down_since=make.now)
    assert store.robots(old.origin) is None
    store.save_robots(old, make.now)
    store.save_robots(replace(new, rules=()), make.now)
    store.save_robots(new, make.now)
    assert (store.robots(old.origin), store.robots(new.origin)) == (old, new)
    store.save_robots(new, make.now + MINUTE)
    assert (store.robots(old.origin), store.robots(new.origin)) == (None, new)


def test_lines_of_a_site_are_kept_by_host_and_old_sites_forgotten(store, make):
    line = SiteLine("0123456789abcdef", 4, 2, make.now)
    old = SiteLines("old.example", make.now, 3)
    new = SiteLines("new.example", make.now + MINUTE, 9, (line, replace(line, line="fedcba9876543210", pages=1)))
    assert store.site_lines(old.host) is None
    store.save_site_lines(old, make.now)
    store.save_site_lines(replace(new, lines=()), make.now)
    store.save_site_lines(new, make.now)
    assert (store.site_lines(old.host), store.site_lines(new.host)) == (old, new)
    store.save_site_lines(new, make.now + MINUTE)
    assert (store.site_lines(old.host), store.site_lines(new.host)) == (None, new)


# Answers


def test_the_first_answer_to_a_key_stays(store, make):
    assert store.answers(["a", "b"]) == {}
    store.keep_answers({"a": "адказ\n“one”", "b": ""}, make.now)
    store.keep_answers({"a": "another", "c": "three"}, make.now + MINUTE)
    assert store.answers(["c", "a", "b", "none"]) == {"a": "адказ\n“one”", "b": "", "c": "three"}
    store.keep_answers({}, make.now)


def test_many_answers_are_found_at_once(store, make):
    made = {f"key {n}": f"answer {n}" for n in range(1500)}
    store.keep_answers(made, make.now)
    assert store.answers(made) == made
    assert store.answers([]) == {}


# Articles


def listed(store, **conditions):
    return [item.article.id for item in store.articles(ArticleQuery(**conditions))]


def save(store, make, *articles, rules=()):
    pairs = [(item, make.analysis(item.id, *rules)) for item in articles]
    store.save_poll(pairs, make.state("feed-1"))


def test_an_article_comes_back_with_every_field(store, make):
    item, found = make.article(), make.analysis("a00001", "r1", "r2")
    plain = Article(**{part.name: None for part in fields(Article) if part.default is part.default_factory} | {"id": ""})
    assert all(getattr(item, part.name) != getattr(plain, part.name) for part in fields(item)), "a field kept its default"
    store.save_poll([(item, found)], make.state("feed-1"))
    (back,) = store.articles(ArticleQuery())
    assert back.article == item
    assert back.analysis == found


def test_a_poll_saves_the_state_of_its_feed_even_without_articles(store, make):
    store.save_poll([], make.state("feed-1", failures=2))
    assert store.feed_states()["feed-1"].failures == 2


def test_heads_are_the_same_articles_in_the_same_order(store, make):
    save(store, make, *(make.article(number, published=make.now - timedelta(days=number)) for number in (3, 1, 2)))
    for query in (ArticleQuery(), ArticleQuery(published_from=make.now - timedelta(days=2)), ArticleQuery(limit=2)):
        heads, whole = store.heads(query, "form"), [item.article for item in store.articles(query)]
        told = [(head.id, head.url, head.title, head.published, head.source, head.language) for head in heads]
        assert told == [(a.id, a.url, a.title, a.published, a.source.name, a.language) for a in whole]
        assert all(head.words is None for head in heads)


def words_kept(store, form="form"):
    return {head.id: head.words for head in store.heads(ArticleQuery(), form)}


def test_words_come_with_an_analysis_and_are_given_only_in_their_form(store, make):
    words = ArticleWords("form", "be", b"\x00 \xff word ")
    store.save_poll([(make.article(1), replace(make.analysis("a00001"), words=words))], make.state("feed-1"))
    assert words_kept(store) == {"a00001": words}
    assert words_kept(store, "another") == {"a00001": None}
    store.save_analyses([make.analysis("a00001", "r2")])
    assert words_kept(store) == {"a00001": words}, "the article is the same"
    later = replace(words, form="another", words=b" new ")
    store.save_analyses([replace(make.analysis("a00001"), words=later)])
    assert words_kept(store, "another") == {"a00001": later}


def test_a_revised_article_loses_its_words(store, make):
    article, words = make.article(1), ArticleWords("form", "", b" old ")
    store.save_poll([(article, replace(make.analysis("a00001"), words=words))], make.state("feed-1"))
    save(store, make, replace(article, text="New.", revision=9))
    assert words_kept(store) == {"a00001": None}


def test_words_made_later_are_kept_unless_the_article_is_another_one_by_then(store, make):
    first, second = make.article(1), make.article(2)
    save(store, make, first, second)
    made = [(first, ArticleWords("form", "en", b" one ")), (second, ArticleWords("form", "en", b" two "))]
    save(store, make, replace(second, text="New.", revision=second.revision + 1))
    store.save_words([*made, (make.article(7), made[0][1])])
    assert words_kept(store) == {"a00001": made[0][1], "a00002": None}
    store.save_words([(first, ArticleWords("other", "en", b" other "))])
    assert words_kept(store, "other")["a00001"].words == b" other "


def test_a_poll_is_saved_whole_or_not_at_all(store, make):
    wrong = make.analysis("no such article", "r1")
    with pytest.raises(Invariant):
        store.save_poll([(make.article(1), make.analysis("a00001")), (make.article(2), wrong)], make.state("feed-1"))
    assert listed(store) == []
    assert store.feed_states() == {}


def test_a_revised_article_is_replaced_and_keeps_when_it_was_first_seen(store, make):
    first = make.article(1)
    save(store, make, first, rules=["r1"])
    later = replace(
        first, first_seen=make.now + timedelta(days=1), title="New", url="https://new.example", revision=3, backlog=False
    )
    save(store, make, later, rules=["r2"])
    (back,) = store.articles(ArticleQuery())
    assert back.article == replace(later, first_seen=first.first_seen)
    assert listed(store, rules=("r1",)) == []
    assert listed(store, rules=("r2",)) == ["a00001"]
    assert store.known_articles("feed-1", (), [first.url]) == ()
    assert [known.id for known in store.known_articles("feed-1", (), ["https://new.example"])] == ["a00001"]


@pytest.mark.parametrize(
    ("feed", "guids", "urls", "titles", "found"),
    [
        ("feed-1", ["guid-1", "guid-9"], [], [], ["a00001"]),
        ("feed-2", ["guid-1"], [], [], []),
        ("feed-2", [], ["https://news.example/1?utm=x"], [], ["a00001"]),
        ("feed-2", [], ["https://news.example/1"], [], ["a00001"]),
        ("feed-2", [], ["https://news.example/1/", "https://news.example/2/"], [], ["a00001", "a00002"]),
        ("feed-1", ["guid-2"], ["https://news.example/1"], [], ["a00001", "a00002"]),
        ("feed-1", ["guid-1"], ["https://news.example/1"], ["Заголовок 1"], ["a00001"]),
        ("feed-1", [], [], ["Заголовок 2", "guid-1"], ["a00002"]),
        ("feed-2", [], [], ["Заголовок 2"], []),
        ("feed-1", ["https://news.example/1"], ["guid-1"], [], []),
        ("feed-1", [""], [""], [""], []),
        ("feed-1", [], [], [], []),
    ],
    ids=[
        "its guid", "a guid of another feed", "fetched address", "final address", "canonical addresses", "guid and address",
        "all of one", "its title", "a title of another feed", "guids are no addresses", "empty ones are nothing", "nothing asked",
    ],
)  # fmt: skip
def test_known_articles_share_a_guid_a_title_or_an_address(store, make, feed, guids, urls, titles, found):
    nameless = replace(make.article(3), guid="", url="", final_url="", canonical_url="", title="")
    save(store, make, make.article(1), make.article(2), nameless)
    known = store.known_articles(feed, iter(guids), iter(urls), iter(titles))
    assert [item.id for item in known] == found


def test_a_known_article_tells_what_identity_needs(store, make):
    item = make.article(1)
    save(store, make, item)
    (known,) = store.known_articles("feed-1", [item.guid], [])
    assert all(getattr(known, part.name) == getattr(item, part.name) for part in fields(known))


def test_addresses_and_guids_of_any_length_are_kept(store, make):
    # PostgreSQL refuses index entries of more than 2704 bytes; random text, because it would compress a repeated one.
    long = "https://news.example/?" + "".join(f"{number * 7919 % 100003:x}" for number in range(9000))
    save(store, make, replace(make.article(1), url=long, guid=long, title=long))
    assert [item.id for item in store.known_articles("feed-1", [long], [])] == ["a00001"]
    assert [item.id for item in store.known_articles("feed-2", [], [long])] == ["a00001"]


def test_text_that_databases_refuse_is_kept_at_its_length(store, make):
    item = replace(make.article(1), title="a\x00b", text="x\ud800y𝄞z", author="\udfff\x00", guid="g\x00\ud800")
    save(store, make, item, rules=["r1"])
    (back,) = store.articles(ArticleQuery())
    assert (back.article.title, back.article.text, back.article.author) == ("a\ufffdb", "x\ufffdy𝄞z", "\ufffd\ufffd")
    assert [known.id for known in store.known_articles("feed-1", ["g\x00\ud800"], [])] == ["a00001"]


def week(store, make):
    """Four articles: two match, one is backlog, published three days apart, seen a minute apart."""
    for number, rules in ((1, ()), (2, ("r1", "r2")), (3, ("r2",)), (4, ())):
        published = make.now - timedelta(days=3 * number)
        item = replace(make.article(number), published=published, backlog=number == 3, feed_id="f1" if number < 3 else "f2")
        save(store, make, item, rules=rules)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"rules": ("r1",)}, [2]),
        ({"rules": ("r1", "r2")}, [2, 3]),
        ({"rules": ("unknown",)}, []),
        ({"feed": "f2"}, [3, 4]),
        ({"ids": ("a00004", "a00001", "none")}, [1, 4]),
        ({"matched_only": True}, [2, 3]),
        ({"without_backlog": True}, [1, 2, 4]),
        ({"matched_only": True, "without_backlog": True}, [2]),
        ({"rules": ("r2",), "feed": "f2", "ids": ("a00002", "a00003")}, [3]),
        ({"limit": 2}, [1, 2]),
        ({"limit": 9}, [1, 2, 3, 4]),
        ({"stale_for": "rules-1"}, []),
        ({"stale_for": "rules-2"}, [1, 2, 3, 4]),
    ],
    ids=str,
)
def test_a_query_gives_the_articles_that_meet_all_conditions(store, make, query, numbers):
    week(store, make)
    assert listed(store, **query) == [f"a{number:05}" for number in numbers]
    assert store.count_articles(ArticleQuery(**query)) == len(numbers)


def test_articles_are_read_alone_where_their_analyses_are_not_wanted(store, make):
    week(store, make)
    whole, alone = store.articles(ArticleQuery()), store.articles(ArticleQuery(without_analysis=True))
    assert [item.article for item in alone] == [item.article for item in whole]
    assert any(item.analysis.matches for item in whole)
    assert [item.analysis for item in alone] == [Analysis(item.article.id, (), (), "") for item in alone]


def test_spans_of_time_are_half_open(store, make):
    week(store, make)
    assert listed(store, seen_from=make.now + 2 * MINUTE, seen_until=make.now + 4 * MINUTE) == ["a00002", "a00003"]
    days = timedelta(days=3)
    assert listed(store, published_from=make.now - 3 * days, published_until=make.now - days) == ["a00002", "a00003"]


def test_times_in_another_zone_ask_the_same(store, make):
    week(store, make)
    minsk = timezone(timedelta(hours=3))
    assert listed(store, seen_from=(make.now + 4 * MINUTE).astimezone(minsk)) == ["a00004"]


def test_a_time_without_zone_is_refused(store, make):
    with pytest.raises(Invariant, match="without zone"):
        store.articles(ArticleQuery(seen_from=datetime(2019, 3, 4)))


def test_articles_seen_at_once_are_listed_by_id(store, make):
    save(store, make, *(replace(make.article(number), first_seen=make.now) for number in (3, 1, 2)))
    assert listed(store) == ["a00001", "a00002", "a00003"]


def test_new_rules_replace_what_the_old_ones_found(store, make):
    save(store, make, make.article(1), make.article(2), rules=["r1"])
    store.save_analyses([make.analysis("a00001", "r2", ruleset="rules-2")])
    assert listed(store, rules=("r1",)) == ["a00002"]
    assert listed(store, rules=("r2",)) == ["a00001"]
    assert listed(store, stale_for="rules-2") == ["a00002"]


def test_an_analysis_of_an_unknown_article_is_refused(store, make):
    with pytest.raises(Invariant):
        store.save_analyses([make.analysis("nobody")])


def test_an_article_belongs_to_one_story(store, make):
    save(store, make, *(make.article(number) for number in (1, 2, 3)))
    store.save_stories({"a00001": "s1", "a00002": "s1"})
    store.save_stories({"a00002": "s2"})
    assert store.stories(["a00001", "a00002", "a00003", "none"]) == {"a00001": "s1", "a00002": "s2"}
    assert store.stories([]) == {}


def test_a_stamp_tells_whether_an_article_or_what_was_found_in_it_has_changed(store, make):
    store.save_poll([(make.article(number), make.analysis(f"a0000{number}")) for number in (1, 2)], make.state("feed-1"))
    store.save_stories({"a00001": "s1"})
    first, second = store.stamps(ArticleQuery())
    assert [(stamp.id, stamp.story) for stamp in (first, second)] == [("a00001", "s1"), ("a00002", "")]
    assert first.state != second.state
    store.save_poll([(make.article(1), make.analysis("a00001"))], make.state("feed-1"))
    assert store.stamps(ArticleQuery()) == (first, second)
    changes = (
        (replace(make.article(1), content_hash="another"), make.analysis("a00001")),
        (replace(make.article(1), revision=7), make.analysis("a00001")),
        (replace(make.article(1), published=make.now - MINUTE), make.analysis("a00001")),
        (make.article(1), replace(make.analysis("a00001"), ruleset="another")),
    )
    states = {first.state}
    for changed in changes:
        store.save_poll([changed], make.state("feed-1"))
        states.add(store.stamps(ArticleQuery(ids=("a00001",)))[0].state)
    assert len(states) == 1 + len(changes)
    assert [stamp.id for stamp in store.stamps(ArticleQuery(limit=1))] == ["a00001"]


# Editions


def test_an_edition_comes_back_with_every_field_and_its_languages_in_order(store, make):
    number = make.edition()
    assert store.freeze_edition(number, [])
    back = store.edition("weekly", date(2019, 3, 11))
    assert back == number
    assert list(back.renditions) == ["ru", "en", "be"]


def test_an_edition_is_frozen_once(store, make):
    (person,) = make.frozen(store, 1)
    again = replace(make.edition(), inputs_hash="other")
    assert not store.freeze_edition(again, [make.message(person.id, message_id="<other@x>")])
    assert store.edition("weekly", again.key).inputs_hash == "inputs"
    assert len(store.outbox()) == 1


def test_an_edition_of_the_same_day_under_another_id_is_not_frozen(store, make):
    store.freeze_edition(make.edition(), [])
    assert not store.freeze_edition(make.edition(id="another"), [])
    assert [number.id for number in store.editions()] == ["weekly/2019-03-11"]


@pytest.mark.parametrize("wrong", [{"message_id": "<same@x>"}, {"subscription": 999}], ids=["one Message-ID twice", "nobody"])
def test_an_edition_with_impossible_messages_is_not_frozen_at_all(store, make, wrong):
    people = [store.subscribe(make.wish(name)) for name in ("a", "b")]
    messages = [replace(make.message(person.id), **wrong) for person in people]
    with pytest.raises(Invariant):
        store.freeze_edition(make.edition(), messages)
    assert store.editions() == ()
    assert store.outbox() == ()


def test_an_edition_is_not_frozen_with_messages_of_another(store, make):
    person = store.subscribe(make.wish())
    with pytest.raises(WrongUse, match="other/1"):
        store.freeze_edition(make.edition(), [make.message(person.id, "other/1")])


def test_editions_are_found_by_date_by_week_and_as_the_last(store, make):
    days = [date(2019, 3, 4), date(2019, 3, 18), date(2019, 3, 11)]
    for key in days:
        store.freeze_edition(make.edition(key), [])
    late = make.edition(date(2019, 3, 12), week="2019-W10")
    store.freeze_edition(late, [])
    store.freeze_edition(make.edition(date(2019, 4, 1), "other"), [])
    assert [number.key.day for number in store.editions("weekly")] == [18, 12, 11, 4]
    assert [number.digest for number in store.editions()] == ["other"] + 4 * ["weekly"]
    assert store.editions("weekly", until=late.window.end)[0] == late, "a window that ends then has ended"
    assert [number.key.day for number in store.editions("weekly", until=late.window.end, most=2)] == [12, 11]
    assert store.editions(most=0) == ()
    assert store.last_edition("weekly").key == date(2019, 3, 18)
    assert store.last_edition("none") is None
    assert store.edition_of_week("weekly", "2019-W10") == late
    assert store.edition_of_week("weekly", "2019-W30") is None
    assert store.edition("weekly", date(2019, 3, 5)) is None


# Outbox


def claim(store, now, owner="w1", limit=100, lease=10 * MINUTE):
    return store.claim(owner, now, now + lease, limit)


def states(store):
    return [row.state.value for row in store.outbox()]


def test_a_claimed_message_has_its_bytes_lease_and_attempt(store, make):
    (person,) = make.frozen(store, 1)
    (claimed,) = claim(store, make.now)
    expected = replace(
        make.message(person.id), id=claimed.id, state=OutboxState.CLAIMED, attempt=1, lease_owner="w1",
        lease_until=make.now + 10 * MINUTE, created_at=make.edition().frozen_at,
    )  # fmt: skip
    assert claimed == expected
    assert store.outbox() == (replace(expected, body=b""),)


def test_claims_go_by_age_up_to_the_limit_and_never_twice(store, make):
    people = make.frozen(store, 5)
    first = claim(store, make.now, limit=3)
    second = claim(store, make.now, "w2", limit=3)
    assert [message.subscription for message in (*first, *second)] == [person.id for person in people]
    assert claim(store, make.now) == ()
    assert claim(store, make.now, limit=0) == ()


def test_a_sent_message_is_final_and_keeps_its_first_receipt(store, make):
    make.frozen(store, 1)
    (message,) = claim(store, make.now)
    store.mark_sent(message.id, Receipt(250, "ok", "Q1"), make.now)
    store.mark_sent(message.id, Receipt(250, "again", "Q2"), make.now + MINUTE)
    store.mark(message.id, OutboxState.DEFERRED, "late news", next_at=make.now)
    (row,) = store.outbox()
    assert (row.state, row.smtp_code, row.smtp_text, row.queue_id) == (OutboxState.SENT, 250, "ok", "Q1")
    assert (row.sent_at, row.lease_owner, row.lease_until) == (make.now, "", None)
    assert claim(store, make.now + timedelta(days=9)) == ()


def test_a_deferred_message_is_claimed_when_it_is_due_with_the_same_bytes(store, make):
    make.frozen(store, 1)
    (first,) = claim(store, make.now)
    store.mark(first.id, OutboxState.DEFERRED, "greylisted", code=451, next_at=make.now + 5 * MINUTE)
    (row,) = store.outbox()
    assert (row.state, row.smtp_code, row.smtp_text, row.next_at) == (
        OutboxState.DEFERRED,
        451,
        "greylisted",
        make.now + 5 * MINUTE,
    )
    assert claim(store, make.now + 5 * MINUTE - timedelta(microseconds=1)) == ()
    (second,) = claim(store, make.now + 5 * MINUTE)
    assert (second.body, second.message_id, second.attempt, second.next_at) == (first.body, first.message_id, 2, None)


def test_a_message_given_back_waits_for_its_time_if_it_has_one(store, make):
    make.frozen(store, 2)
    now, later = claim(store, make.now)
    store.mark(now.id, OutboxState.PENDING, "no connection")
    store.mark(later.id, OutboxState.PENDING, "no connection", next_at=make.now + MINUTE)
    assert [message.id for message in claim(store, make.now)] == [now.id]
    assert [message.id for message in claim(store, make.now + MINUTE)] == [later.id]


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.ABORTED, OutboxState.SUPPRESSED])
def test_a_closed_message_is_not_claimed(store, make, state):
    make.frozen(store, 1)
    (message,) = claim(store, make.now)
    store.mark(message.id, state, "550 no such user", code=550)
    assert claim(store, make.now + timedelta(days=9)) == ()
    assert states(store) == [state.value]


@pytest.mark.parametrize(
    ("state", "next_at"),
    [
        (OutboxState.SENT, None),
        (OutboxState.CLAIMED, None),
        (OutboxState.DEFERRED, None),
        (OutboxState.FAILED, datetime(2019, 3, 5, tzinfo=UTC)),
    ],
    ids=["sent", "claimed", "deferred until never", "failed until later"],
)
def test_marks_that_contradict_themselves_are_refused(store, make, state, next_at):
    make.frozen(store, 1)
    (message,) = claim(store, make.now)
    with pytest.raises(WrongUse):
        store.mark(message.id, state, "", next_at=next_at)


def test_a_message_that_does_not_exist_cannot_be_marked(store, make):
    with pytest.raises(WrongUse, match="no outbox message 7"):
        store.mark(7, OutboxState.FAILED, "")
    with pytest.raises(WrongUse, match="no outbox message 7"):
        store.mark_sent(7, Receipt(250, "ok"), make.now)


def test_a_lease_that_ran_out_is_taken_over(store, make):
    make.frozen(store, 1)
    (first,) = claim(store, make.now, lease=MINUTE)
    assert claim(store, make.now + MINUTE - timedelta(microseconds=1), "w2") == ()
    (second,) = claim(store, make.now + MINUTE, "w2")
    assert (second.id, second.attempt, second.lease_owner, second.body) == (first.id, 2, "w2", first.body)


def test_a_drained_worker_gives_back_its_own_claims_alone(store, make):
    make.frozen(store, 3)
    mine = claim(store, make.now, "w1", limit=2)
    claim(store, make.now, "w2")
    store.mark_sent(mine[0].id, Receipt(250, "ok"), make.now)
    assert store.release("w1") == 1
    assert states(store) == ["sent", "pending", "claimed"]
    assert [message.id for message in claim(store, make.now, "w3")] == [mine[1].id]


@pytest.mark.parametrize("state", [Subscribed.ENDED, Subscribed.SUPPRESSED, Subscribed.WAITING])
def test_a_message_nobody_wants_any_more_is_suppressed_at_the_claim(store, make, state):
    people = make.frozen(store, 3)
    store.set_subscription(people[1].id, state, make.now, "one-click")
    assert [message.subscription for message in claim(store, make.now)] == [people[0].id, people[2].id]
    assert states(store) == ["claimed", "suppressed", "claimed"]
    assert store.outbox()[1].smtp_text == f"subscription is {state.value}"


def test_a_deferred_message_and_one_of_a_dead_worker_are_suppressed_too(store, make):
    people = make.frozen(store, 2)
    deferred, _ = claim(store, make.now)
    store.mark(deferred.id, OutboxState.DEFERRED, "", next_at=make.now + MINUTE)
    for person in people:
        store.set_subscription(person.id, Subscribed.ENDED, make.now, "page")
    assert claim(store, make.now + timedelta(days=1)) == ()
    assert states(store) == ["suppressed", "suppressed"]


def test_a_claim_is_empty_only_if_nothing_is_due(store, make):
    people = make.frozen(store, 7)
    for person in people[:5]:
        store.set_subscription(person.id, Subscribed.ENDED, make.now, "page")
    claimed = claim(store, make.now, limit=2)
    assert claimed
    rest = claim(store, make.now, limit=2)
    assert {message.subscription for message in (*claimed, *rest)} == {person.id for person in people[5:]}


def test_an_outcome_after_the_end_changes_nothing_but_that_it_was_sent(store, make):
    make.frozen(store, 2)
    one, two = claim(store, make.now)
    assert store.abort(edition="weekly/2019-03-11") == 2
    store.mark(one.id, OutboxState.PENDING, "given back")
    store.mark_sent(two.id, Receipt(250, "ok"), make.now)
    assert states(store) == ["aborted", "sent"]


def test_the_outbox_is_listed_and_counted_by_state_and_edition(store, make):
    make.frozen(store, 3)
    make.frozen(store, 1, key=date(2019, 3, 18))
    first, second = claim(store, make.now, limit=2)
    store.mark_sent(first.id, Receipt(250, "ok"), make.now)
    store.mark(second.id, OutboxState.FAILED, "550")
    assert store.outbox_counts() == {OutboxState.SENT: 1, OutboxState.FAILED: 1, OutboxState.PENDING: 2}
    assert store.outbox_counts()[OutboxState.UNKNOWN] == 0
    assert [row.id for row in store.outbox(states=(OutboxState.SENT, OutboxState.FAILED))] == [first.id, second.id]
    assert len(store.outbox(edition="weekly/2019-03-18")) == 1
    assert len(store.outbox(edition="weekly/2019-03-11", states=(OutboxState.PENDING,))) == 1


def test_failed_and_unknown_messages_are_tried_again_on_request(store, make):
    make.frozen(store, 3)
    make.frozen(store, 1, key=date(2019, 3, 18))
    outcomes = (OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.ABORTED, OutboxState.FAILED)
    for message, state in zip(claim(store, make.now), outcomes, strict=True):
        store.mark(message.id, state, "550")
    assert store.retry(edition="weekly/2019-03-11") == 2
    assert states(store) == ["pending", "pending", "aborted", "failed"]
    assert store.retry(edition="weekly/2019-03-11") == 0
    assert store.retry(states=(OutboxState.ABORTED,)) == 1
    assert store.retry(states=()) == 0
    assert [message.attempt for message in claim(store, make.now)] == [2, 2, 2]


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.CLAIMED])
def test_what_is_sent_or_in_hand_is_never_tried_again(store, make, state):
    with pytest.raises(WrongUse, match=state.value):
        store.retry(states=(OutboxState.FAILED, state))


def test_aborting_an_edition_ends_all_that_is_unsent_of_it(store, make):
    make.frozen(store, 5)
    make.frozen(store, 1, key=date(2019, 3, 18))
    sent, failed, deferred, _ = claim(store, make.now, limit=4)
    store.mark_sent(sent.id, Receipt(250, "ok"), make.now)
    store.mark(failed.id, OutboxState.FAILED, "550 gone", code=550)
    store.mark(deferred.id, OutboxState.DEFERRED, "451", next_at=make.now)
    assert store.abort(edition="weekly/2019-03-11") == 4
    assert states(store) == ["sent", "aborted", "aborted", "aborted", "aborted", "pending"]
    assert store.outbox()[1].smtp_text == "550 gone"
    assert store.abort(edition="weekly/2019-03-11") == 0
    assert [message.edition for message in claim(store, make.now)] == ["weekly/2019-03-18"]


def test_workers_at_once_get_each_message_once(shared, make):
    make.frozen(shared.store, 60)
    got, stores = [], [shared.again() for _ in range(4)]

    def work(store, owner):
        while taken := claim(store, make.now, owner, limit=7):
            for message in taken:
                store.mark_sent(message.id, Receipt(250, owner), make.now)
                got.append((message.id, message.attempt))

    threads = [threading.Thread(target=work, args=(store, f"w{place}")) for place, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 60
    assert {attempt for _, attempt in got} == {1}
    assert shared.store.outbox_counts() == {OutboxState.SENT: 60}


def test_one_of_two_freezes_at_once_wins(shared, make):
    person = shared.store.subscribe(make.wish())
    outcomes, gate = [], threading.Barrier(2)

    def freeze(store):
        gate.wait(10)
        outcomes.append(store.freeze_edition(make.edition(), [make.message(person.id)]))

    threads = [threading.Thread(target=freeze, args=(shared.again(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [False, True]
    assert len(shared.store.outbox()) == 1


# Subscribers


def test_a_subscription_is_inserted_with_a_new_id(store, make):
    one = store.subscribe(make.wish("ann", id=77, address="Ann@Бел.example"))
    two = store.subscribe(make.wish("bob"))
    assert one == replace(make.wish("ann", address="Ann@Бел.example"), id=one.id)
    assert one.id != two.id
    assert store.subscription(one.id) == one
    assert store.subscription(10**6) is None


@pytest.mark.parametrize("state", list(Subscribed))
def test_a_standing_subscription_is_returned_unchanged(store, make, state):
    first = store.subscribe(make.wish(state=Subscribed.WAITING))
    store.set_subscription(first.id, state, make.now + MINUTE, "before")
    again = store.subscribe(make.wish(state=Subscribed.ACTIVE, language="en", how="import"))
    assert again == replace(first, state=state, changed_at=make.now + MINUTE, how="before")
    assert store.subscriptions() == (again,)


def test_one_address_may_want_several_digests(store, make):
    one, two = store.subscribe(make.wish()), store.subscribe(make.wish(digest="grain"))
    assert one.id != two.id
    assert store.subscriptions(digest="grain") == (two,)


def test_an_address_that_bounced_is_not_made_active_for_another_digest(store, make):
    one = store.subscribe(make.wish())
    store.set_subscription(one.id, Subscribed.SUPPRESSED, make.now, "bounce 5.1.1")
    two = store.subscribe(make.wish(digest="grain", how="import"))
    assert (two.state, two.how) == (Subscribed.SUPPRESSED, "import; suppressed before: bounce 5.1.1")
    asked = store.subscribe(make.wish(digest="oil", state=Subscribed.WAITING))
    assert asked.state is Subscribed.WAITING


def test_who_left_one_digest_may_have_another(store, make):
    one = store.subscribe(make.wish())
    store.set_subscription(one.id, Subscribed.ENDED, make.now, "one-click")
    assert store.subscribe(make.wish(digest="grain")).state is Subscribed.ACTIVE


def test_subscriptions_are_listed_by_digest_and_state(store, make):
    people = [store.subscribe(make.wish(name)) for name in "abc"]
    store.set_subscription(people[1].id, Subscribed.ENDED, make.now + MINUTE, "one-click")
    ended = store.subscription(people[1].id)
    assert (ended.state, ended.changed_at, ended.how, ended.created_at) == (
        Subscribed.ENDED,
        make.now + MINUTE,
        "one-click",
        make.now,
    )
    assert store.subscriptions(states=(Subscribed.ENDED,)) == (ended,)
    active = store.subscriptions(digest="weekly", states=(Subscribed.ACTIVE, Subscribed.WAITING))
    assert active == (people[0], people[2])


def test_a_subscription_that_does_not_exist_cannot_change(store, make):
    with pytest.raises(WrongUse, match="no subscription 5"):
        store.set_subscription(5, Subscribed.ENDED, make.now, "page")


# Service


def test_the_last_heartbeat_of_each_part_is_kept(store, make):
    store.heartbeat("scheduler", make.now, "tick")
    store.heartbeat("worker", make.now)
    store.heartbeat("scheduler", make.now + MINUTE)
    assert store.heartbeats() == {"scheduler": make.now + MINUTE, "worker": make.now}


def mark(make, minutes=0, **changes):
    fields = {
        "article": "a00001",
        "rule": "talks",
        "verdict": MarkVerdict.RELEVANT,
        "at": make.now + minutes * MINUTE,
        "source": MarkSource.EDITION,
        "edition": "weekly/2019-03-11",
        "story": "s1",
    }
    return Mark(**fields | changes)


def test_a_mark_comes_back_with_every_field(store, make):
    store.record_marks([mark(make)])
    assert store.marks() == (mark(make),)


def test_a_later_mark_of_the_same_article_rule_source_and_edition_takes_its_place(store, make):
    store.record_marks([mark(make)])
    changed = mark(make, 5, verdict=MarkVerdict.NOT_RELEVANT, story="s2")
    store.record_marks([changed])
    assert store.marks() == (changed,)


@pytest.mark.parametrize(
    "other",
    [{"article": "a00002"}, {"rule": "visits"}, {"source": MarkSource.DESK}, {"edition": "weekly/2019-03-18"}],
    ids=["article", "rule", "source", "edition"],
)
def test_marks_that_differ_in_what_they_are_about_stand_side_by_side(store, make, other):
    store.record_marks((mark(make), mark(make, 1, **other)))
    assert store.marks() == (mark(make), mark(make, 1, **other))


def test_marks_since_a_moment_include_it_and_come_oldest_first(store, make):
    store.record_marks([mark(make, minutes, rule=f"r{minutes}") for minutes in (3, 1, 2)])
    assert [found.rule for found in store.marks(make.now + 2 * MINUTE)] == ["r2", "r3"]
    store.record_marks(())
    assert len(store.marks()) == 3


def test_a_mark_of_an_article_that_is_not_stored_is_kept(store, make):
    store.record_marks([mark(make, article="gone", edition="", source=MarkSource.CLI, story="")])
    assert store.marks()[0].article == "gone"


def test_settings_are_kept(store):
    assert store.setting("secret") is None
    store.set_setting("secret", "a:b%s {} @text('«')")
    store.set_setting("empty", "")
    assert (store.setting("secret"), store.setting("empty")) == ("a:b%s {} @text('«')", "")
    store.set_setting("secret", "new")
    assert store.setting("secret") == "new"


def test_the_schema_is_known_and_upgrading_again_does_nothing(store):
    found, known = store.schema_version()
    assert found == known >= 1
    assert store.upgrade() == ()


def test_a_store_that_was_never_upgraded_says_what_to_do():
    store = open_store("sqlite://")
    assert store.schema_version() == (0, len(shipped()))
    with pytest.raises(StoreFailed, match="monitor db upgrade"):
        store.setting("a")
    store.close()


def test_what_was_written_is_there_for_the_next_process(shared, make):
    shared.store.set_setting("a", "b")
    make.frozen(shared.store, 1)
    shared.store.close()
    after = shared.again()
    assert after.setting("a") == "b"
    assert states(after) == ["pending"]


def test_a_closed_store_says_so(store):
    store.close()
    store.close()
    with pytest.raises(StoreFailed, match="closed"):
        store.setting("a")


def test_a_writer_held_up_too_long_is_told_to_try_again(shared, make):
    shared.store.set_setting("a", "1")
    other = shared.again(patience_s=0.1)
    with shared.store._engine.writing() as statements:
        statements.run("UPDATE setting SET value = 'held' WHERE key = 'a'")
        with pytest.raises(StoreBusy) as caught:
            other.set_setting("a", "2")
        assert caught.value.transient
        assert other.setting("a") == "1", "readers do not wait"
    assert shared.store.setting("a") == "held"


def test_an_interrupted_transaction_leaves_nothing(store):
    def interrupted():
        with store._engine.writing() as statements:
            statements.run("INSERT INTO setting (key, value) VALUES ('a', 'b')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert store.setting("a") is None
    store.set_setting("a", "c")
    assert store.setting("a") == "c"


def test_a_snapshot_does_not_see_what_is_written_meanwhile(shared):
    other = shared.again()
    with shared.store._engine.reading() as statements:
        assert statements.run("SELECT * FROM setting") == []
        other.set_setting("a", "b")
        assert statements.run("SELECT * FROM setting") == []
    assert shared.store.setting("a") == "b"


def test_threads_share_a_store(store, make):
    make.frozen(store, 1)
    wrong = []

    def work(place):
        try:
            for turn in range(10):
                store.set_setting(f"k{place}", str(turn))
                assert store.setting(f"k{place}") == str(turn)
                assert len(store.outbox()) == 1
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []


def test_a_message_row_keeps_every_field_it_was_frozen_with(store, make):
    person = store.subscribe(make.wish())
    given = OutboxMessage(
        0, "weekly/2019-03-11", person.id, "a@b", "be", "<1@x>", OutboxState.PENDING, b"\x00\xff", 2, make.now + MINUTE, "", None,
        451, "later", "Q", make.now, None, "bounce+1@x",
    )  # fmt: skip
    store.freeze_edition(make.edition(), [given])
    (row,) = store.outbox()
    assert row == replace(given, id=row.id, body=b"")
    (claimed,) = claim(store, make.now + MINUTE)
    assert claimed.body == b"\x00\xff"


def test_articles_are_stored_without_a_state_and_leave_the_one_that_stands(store, make):
    store.save_poll([], make.state("feed-1", failures=2))
    store.save_poll([(make.article(), make.analysis("a00001"))], None)
    assert [item.article.id for item in store.articles(ArticleQuery())] == ["a00001"]
    assert store.feed_states()["feed-1"].failures == 2
