"""Whole editions from the small world: deterministic, within their limits, every sentence where its citation says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.digests.check import check_edition
from monitor.digests.compose import compose_edition
from monitor.digests.earlier_items import EarlierItem
from monitor.digests.render.arrange import arrange
from monitor.digests.render.links import page_links
from monitor.model.edition import Role, Verdict
from monitor.model.feed import Feed, FeedHealth, FeedState, Stance
from monitor.model.story import Related


@pytest.mark.parametrize("language", ["en", "ru", "be", "pl"])
def test_edition_keeps_its_promises_in_every_language(world, port_call, voice, names, language):
    edition = compose_edition(world.inputs(port_call, voices={"port-calls": voice}), language)
    assert check_edition(edition, world.articles(), names) == []
    assert [item.story for section in edition.sections for item in section.items] == [port_call.id]


def test_equal_inputs_give_equal_editions_in_any_order_of_stories(world, port_call):
    other = world.story(
        world.article("late", "Frigate begins a port call", "The frigate made a port call in Port Selma on 8 May.", day=8)
    )
    one = compose_edition(world.inputs(port_call, other), "en")
    assert one == compose_edition(world.inputs(port_call, other), "en") == compose_edition(world.inputs(other, port_call), "en")


def test_item_is_thesis_dated_events_background_outlook(world, port_call, voice):
    (item,) = compose_edition(world.inputs(port_call, voices={"port-calls": voice}), "en").sections[0].items
    roles = [[sentence.role for sentence in paragraph] for paragraph in item.paragraphs]
    assert set(roles[0]) == {Role.THESIS}
    assert all(role in (Role.EVENT, Role.CLAIM) for paragraph in roles[1:-2] for role in paragraph)
    assert set(roles[-2]) == {Role.BACKGROUND}
    assert set(roles[-1]) == {Role.OUTLOOK}
    days = [sentence.day for paragraph in item.paragraphs[1:-2] for sentence in paragraph]
    assert days == sorted(days)


def test_rules_words_open_and_close_an_item_with_their_slots_filled(world, port_call, voice):
    (item,) = compose_edition(world.inputs(port_call, voices={"port-calls": voice}), "en").sections[0].items
    first, last = item.paragraphs[0], item.paragraphs[-1][-1]
    assert [sentence.text for sentence in first] == [
        "Valdis opens its harbour a little further.",
        "3 sources agree on that between May 4, 2021 and May 9, 2021.",
    ]
    assert (last.text, last.own) == ("A second visit is likely, unless the weather turns.", True)


def test_rules_words_are_said_once_in_an_edition(world, port_call, voice):
    texts = [
        "The mayor welcomed a frigate from the north on its port call on 6 May.",
        "The mayor welcomed the other frigate on 7 May.",
    ]
    other = world.story(*(world.article(f"s{place}", "Frigate comes", text, day=7) for place, text in enumerate(texts)))
    edition = compose_edition(world.inputs(port_call, other, voices={"port-calls": voice}), "en")
    own = [sentence.text for item in edition.sections[0].items for sentence in item.sentences if sentence.own]
    assert len(edition.sections[0].items) == 2
    assert len(own) == len(set(own)) == 3


def test_without_rules_words_the_central_lead_opens(world, port_call):
    (item,) = compose_edition(world.inputs(port_call), "en").sections[0].items
    (thesis,) = item.paragraphs[0]
    assert (thesis.role, thesis.own) == (Role.THESIS, False)
    assert thesis.text == "The frigate of Norrland began a port call in Port Selma on Tuesday, the Navy of Valdis said."
    assert thesis.text not in [sentence.text for sentence in item.sentences[1:]]


def test_sentences_of_the_editions_language_come_before_others(world, port_call):
    english = compose_edition(world.inputs(port_call), "en").sections[0].items[0]
    russian = compose_edition(world.inputs(port_call), "ru").sections[0].items[0]
    assert {sentence.language for sentence in english.sentences} == {"en"}
    assert russian.paragraphs[0][0].language == "ru"
    assert russian.headline_language == "ru"
    assert sum(sentence.language == "ru" for sentence in russian.sentences) >= 3


def test_item_keeps_every_source_and_folds_copies(world, port_call):
    (item,) = compose_edition(world.inputs(port_call), "en").sections[0].items
    assert [citation.source.feed for citation in item.sources] == ["agency", "free", "abroad"]
    (fold,) = item.copies
    assert [citation.source.feed for citation in fold.others] == ["mirror"]


def test_furniture_of_the_page_and_leaning_sentences_are_never_printed(world, port_call):
    edition = compose_edition(world.inputs(port_call), "en")
    printed = " ".join(sentence.text for item in edition.sections[0].items for sentence in item.sentences)
    assert "Subscribe" not in printed
    assert "He added" not in printed


def test_story_known_by_its_title_alone_is_noted_not_told(world):
    story = world.story(world.article("a", "Frigate begins a port call in Port Selma", "", title_only=True))
    (section, _) = compose_edition(world.inputs(story), "en").sections
    assert section.items == ()
    assert [note.title for note in section.notes] == ["Frigate begins a port call in Port Selma"]
    assert section.status.verdict is Verdict.UNCHANGED


def test_edition_without_stories_says_so_in_every_section(world, names):
    edition = compose_edition(world.inputs(), "en")
    assert check_edition(edition, {}, names) == []
    assert all("No story" in section.status.reason for section in edition.sections)


def test_masthead_and_links(world, port_call):
    edition = compose_edition(world.inputs(port_call), "ru")
    assert (edition.title, edition.week_line, edition.number) == ("Пролив", "3–9 мая 2021 года", 18)
    assert edition.subject == "Пролив: 3–9 мая 2021 года"
    assert edition.permalink == "https://digest.example/strait/2021-W18/ru/"
    assert compose_edition(world.inputs(port_call, base_url=""), "ru").permalink == ""


def test_coverage_counts_what_was_read_and_names_what_failed(world, port_call):
    polled = FeedState("one", FeedHealth.HEALTHY, last_fetch_at=datetime(2021, 5, 9, tzinfo=UTC))
    failing = replace(polled, feed_id="two", health=FeedHealth.FAILING, reason="503 five times")
    feeds = (
        (Feed("one", "https://one.example/", "One"), polled),
        (Feed("two", "https://two.example/", "Two"), failing),
        (Feed("off", "https://off.example/", "Off", disabled="closed"), failing),
        (Feed("new", "https://new.example/", "New"), None),
    )
    coverage = compose_edition(world.inputs(port_call, feeds=feeds), "en").coverage
    assert (coverage.feeds_polled, coverage.articles_read, coverage.articles_matched) == (2, 40, 9)
    assert (coverage.copies_folded, coverage.stories) == (1, 1)
    assert [(failed.feed, failed.reason) for failed in coverage.failed] == [("two", "503 five times")]


def test_watch_list_names_days_after_the_window(world, port_call):
    edition = compose_edition(world.inputs(port_call), "en")
    assert [watched.day for watched in edition.watch] == [date(2021, 5, 20)]
    assert edition.watch[0].sentence.citations[0].source.feed == "agency"


def test_second_source_in_another_language_is_cited_beside_the_first(world):
    one = world.article("one", "Frigate", "The frigate of Norrland began a port call in Port Selma in Valdis on 4 May.")
    two = world.article(
        "two", "Фрегат", "Фрегат Норрландии 4 мая прибыл с заходом в Порт-Сельму, в Вальдию.", language="ru", stance=Stance.EXILE
    )
    (item,) = compose_edition(world.inputs(world.story(one, two)), "en").sections[0].items
    (thesis,) = item.paragraphs[0]
    assert [citation.source.feed for citation in thesis.citations] == ["one", "two"]
    assert "Фрегат" not in " ".join(sentence.text for sentence in item.sentences)


def test_watch_list_has_one_entry_for_a_day_in_the_readers_language(world):
    english = "The frigate of Norrland ended a port call on 4 May.\nA second frigate of Norrland will make a port call on 20 May."
    russian = (
        "Фрегат Норрландии 4 мая завершил заход.\nВторой фрегат Норрландии придёт с заходом 20–21 мая и будет открыт для гостей."
    )
    one = world.article("one", "Frigate", english)
    two = world.article("two", "Фрегат", russian, language="ru", stance=Stance.EXILE)
    for language, other in (("en", "two"), ("ru", "one")):
        (watched,) = compose_edition(world.inputs(world.story(one, two)), language).watch
        assert (watched.day, watched.sentence.language) == (date(2021, 5, 20), language)
        assert other in [citation.source.feed for citation in watched.sentence.citations]


def test_watch_list_cuts_a_long_sentence_after_the_clause_of_its_day(world, names):
    text = (
        "The frigate ended a port call on 4 May.\n"
        "A second frigate of Norrland will make a port call in Port Selma on 20 May, while the old one goes back to the yard for paint."
    )
    edition = compose_edition(world.inputs(world.story(world.article("one", "Frigate", text))), "en")
    assert [one.sentence.text for one in edition.watch] == [
        "A second frigate of Norrland will make a port call in Port Selma on 20 May"
    ]
    assert check_edition(edition, world.articles(), names) == []


def test_section_gives_the_same_reason_as_its_item(world):
    texts = [
        "The mayor welcomed a frigate on its port call on 6 May.",
        "The navy welcomed the frigate on its port call on 6 May.",
    ]
    articles = [world.article(f"s{place}", "Frigate comes", text, day=7) for place, text in enumerate(texts)]
    sour = world.article(
        "sour", "Frigate", "A cook of the frigate was expelled after the port call on 6 May.", stance=Stance.EXILE, day=7
    )
    edition = compose_edition(
        world.inputs(
            world.story(
                *articles,
                *(
                    world.article(
                        f"t{n}", "F", f"Guests welcomed frigate {n} on a port call on 6 May.", stance=Stance.INDEPENDENT, day=7
                    )
                    for n in range(4)
                ),
                sour,
            ),
        ),
        "en",
    )
    (item,) = edition.sections[0].items
    assert item.status.reason.startswith(edition.sections[0].glance)


def test_words_that_matched_are_few_and_tell_the_story(world, port_call):
    other = world.story(world.article("late", "Frigate begins", "The frigate ended an exercise on 8 May.", day=8))
    (item, *_) = compose_edition(world.inputs(port_call, other), "ru").sections[0].items
    assert 1 <= len(item.matched) <= 6
    assert item.matched[0].startswith(("заход", "Фрегат", "фрегат"))


def test_one_sided_sentence_names_what_the_other_side_does_not(world):
    state = world.article(
        "state", "Frigate comes", "The frigate of Norrland made a port call on 4 May, the navy of the state said."
    )
    free = world.article(
        "free",
        "Frigate comes",
        "The frigate of Norrland made a port call on 4 May, as was seen from the shore.\nThe port call cost Admiral Harun his place on 5 May.\n"
        "The Port Selma guild struck against the port call of the frigate.",
        stance=Stance.EXILE,
        day=5,
    )
    more = [
        world.article(
            f"m{place}", "Frigate", f"The frigate number {place} made a port call on 6 May with {place} sailors ashore."
        )
        for place in range(9)
    ]
    (item,) = compose_edition(world.inputs(world.story(state, free, *more)), "en").sections[0].items
    assert {one.stance for one in item.one_sided} <= {Stance.EXILE}
    printed = {sentence.text for sentence in item.sentences}
    assert all(one.sentence.text not in printed for one in item.one_sided)
    told = printed | {one.sentence.text for one in item.one_sided}
    assert any("Harun" in text for text in told)


def test_earlier_story_of_the_thread_gives_background_and_similar_stories(world, port_call):
    earlier = world.story(
        world.article(
            "old",
            "Valdis invites a frigate",
            "Valdis invited a frigate of Norrland to a port call on 2 April.",
            at=datetime(2021, 4, 2, 9, tzinfo=UTC),
        ),
        thread="t",
    )
    unrelated = world.story(world.article("far", "Market", "The market of fish is open.", at=datetime(2021, 4, 3, tzinfo=UTC)))
    edition = compose_edition(world.inputs(replace(port_call, thread="t"), earlier=(earlier, unrelated)), "en")
    (item,) = edition.sections[0].items
    background = [sentence.text for sentence in item.sentences if sentence.role is Role.BACKGROUND]
    assert "Valdis invited a frigate of Norrland to a port call on 2 April." in background
    assert [similar.story for similar in item.similar] == [earlier.id]


def test_a_story_that_an_earlier_edition_told_is_linked_in_its_words(world, port_call):
    text = "Valdis invited a frigate of Norrland to a port call on 2 April."
    article = world.article("old", "Valdis invites a frigate", text, at=datetime(2021, 4, 2, 9, tzinfo=UTC))
    earlier = world.story(article, thread="t")
    told = EarlierItem(
        "s-x", "i7", "2021-W13", date(2021, 4, 4), frozenset({article.article.id}), {"en": ("Valdis asks Norrland in", "en")}
    )
    inputs = world.inputs(replace(port_call, thread="t"), earlier=(earlier,), earlier_items=(told,))
    (similar,) = compose_edition(inputs, "en").sections[0].items[0].similar
    assert (similar.title, similar.source, similar.week, similar.item) == (
        "Valdis asks Norrland in",
        "Strait weekly",
        "2021-W13",
        "i7",
    )
    assert similar.url == "https://digest.example/strait/2021-W13/en/"
    (foreign,) = compose_edition(inputs, "ru").sections[0].items[0].similar
    assert (foreign.language, foreign.source) == ("en", "Пролив")


def test_what_an_earlier_story_lends_stands_in_one_item_only(world, port_call):
    text = "Valdis invited a frigate of Norrland to a port call on 2 April."
    earlier = world.story(world.article("old", "Valdis invites", text, at=datetime(2021, 4, 2, 9, tzinfo=UTC)), thread="t")
    other = world.story(
        world.article("other", "Harun shows the frigate of Norrland", "Harun showed the frigate in Norrland on 7 May.", day=7),
        thread="t",
    )
    edition = compose_edition(world.inputs(replace(port_call, thread="t"), other, earlier=(earlier,)), "en")
    printed = [sentence.text for section in edition.sections for item in section.items for sentence in item.sentences]
    assert printed.count(text) == 1


def test_a_translation_is_named_beside_its_source_and_not_folded(world, port_call):
    agency, _, abroad = port_call.copies
    there = replace(abroad, related=(Related(agency.lead.article.id, "names and numbers in the same order"),))
    story = replace(port_call, copies=(*port_call.copies[:2], there))
    inputs = world.inputs(story)
    (item,) = compose_edition(inputs, "en").sections[0].items
    [fold] = [one for one in item.copies if one.lead.article == abroad.lead.article.id]
    assert (fold.others, [one.source.feed for one in fold.translations]) == ((), ["agency"])
    view = arrange(compose_edition(inputs, "en"), inputs.digest, page_links(compose_edition(inputs, "en"), inputs.digest))
    told = {voice.cite.name: (voice.fold, voice.same) for stance in view.sections[0].items[0].stances for voice in stance.voices}
    assert told["Abroad News"] == ("", "the same in another language: Agency News")


def test_same_sentence_in_two_sources_is_printed_once_with_both(world):
    one = world.article(
        "one",
        "Frigate",
        "The frigate of Norrland began a port call in Port Selma on 4 May.\nOnly the first has this on the frigate.",
    )
    two = world.article(
        "two", "Frigate", "The frigate of Norrland began its port call in Port Selma on 4 May.", stance=Stance.EXILE
    )
    (item,) = compose_edition(world.inputs(world.story(one, two)), "en").sections[0].items
    feeds = [[citation.source.feed for citation in sentence.citations] for sentence in item.sentences]
    assert ["one", "two"] in feeds
    assert sum("began" in sentence.text for sentence in item.sentences) == 1


def test_late_find_is_told_with_its_own_date(world):
    story = world.story(
        world.article("a", "Frigate", "The frigate of Norrland ended a port call on 1 May, the navy of Valdis said.")
    )
    (item,) = compose_edition(world.inputs(story), "en").sections[0].items
    assert [sentence.day for sentence in item.sentences] == [date(2021, 5, 1)]


def test_long_story_stays_within_words_and_paragraphs(world, names):
    things = [
        "guests",
        "carpets",
        "lanterns",
        "ministers",
        "orchards",
        "bakers",
        "lectures",
        "violins",
        "fishermen",
        "engines",
        "cadets",
        "printers",
    ]
    doings = [
        "welcomed",
        "inspected",
        "painted",
        "photographed",
        "escorted",
        "measured",
        "praised",
        "questioned",
        "visited",
        "repaired",
        "counted",
        "honoured",
    ]
    days = [
        f"On {3 + place % 6} May the frigate on its port call {doing} {thing} beside the {things[-place - 1]} of the {doings[place - 5]} quarter."
        for place, (doing, thing) in enumerate(zip(doings, things, strict=True))
    ]
    articles = [world.article(f"f{place}", f"Frigate {place}", "\n".join(days[place::4]), day=8) for place in range(4)]
    edition = compose_edition(world.inputs(world.story(*articles)), "en")
    assert check_edition(edition, world.articles(), names) == []
    (item,) = edition.sections[0].items
    # Its sentences are of one mould, and those that are alike are told once.
    assert 80 <= sum(len(sentence.text.split()) for sentence in item.sentences) <= 320
