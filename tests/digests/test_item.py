"""Items of any size and make keep their promises."""

from time import perf_counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.digests.check import check_edition
from monitor.digests.compose import compose_edition
from monitor.digests.item import MOST_TEXTS, spokesmen
from monitor.model.feed import Stance

OPENINGS = [
    "The frigate of Norrland",
    "Admiral Harun",
    "A delegation of Valdis",
    "He",
    "However, the crew",
    "Фрегат Норрландии",
    "«Мы готовы», адмирал Гарун",
]
DOINGS = [
    "welcomed the port call",
    "expelled the crew after a port call",
    "will make a port call",
    "сообщил, что заход состоится",
    "said that the exercise ended",
]
WHENS = ["on 4 May", "on Tuesday", "on 12 March", "on 20 May 2021", "in 2016", "", "5 мая", "вчера", "next week"]
ENDS = [".", "...", "?", "", " (in the harbour.", ". Subscribe to our channel."]
SENTENCES = st.builds(
    lambda *parts: " ".join(part for part in parts[:-1] if part) + parts[-1],
    st.sampled_from(OPENINGS), st.sampled_from(DOINGS), st.sampled_from(["in Port Selma", "near the pier", "с экипажем"]), st.sampled_from(WHENS), st.sampled_from(ENDS),
)  # fmt: skip
ARTICLES = st.tuples(
    st.sampled_from(["one", "two", "three"]), st.sampled_from(["en", "ru", "be", ""]), st.sampled_from(list(Stance)), st.integers(1, 9),
    st.lists(SENTENCES, min_size=0, max_size=6).map("\n".join), st.sampled_from(["Frigate makes a port call", "ФРЕГАТ!", "Why? | One News", "Admiral Haroun's port call"]),
)  # fmt: skip


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(stories=st.lists(st.lists(ARTICLES, min_size=1, max_size=4), max_size=4), language=st.sampled_from(["en", "ru", "be"]))
def test_any_stories_make_an_edition_that_keeps_its_promises(world, names, stories, language):
    world.made.clear()
    made = [
        world.story(
            *(
                world.article(feed, title, text, language=code, stance=stance, day=day)
                for feed, code, stance, day, text, title in articles
            )
        )
        for articles in stories
    ]
    edition = compose_edition(world.inputs(*made), language)
    assert check_edition(edition, world.articles(), names) == []


def test_item_is_written_from_forty_texts_of_all_stances_and_cites_every_source(world):
    state = [
        world.article(f"s{place}", "Frigate", f"The frigate number {place} made a port call in Port Selma on 4 May.")
        for place in range(70)
    ]
    exile = world.article("exile", "Frigate", "The frigate of the exiles made a port call on 5 May.", stance=Stance.EXILE)
    record = world.article("gazette", "Frigate", "The frigate of record made a port call on 6 May.", of_record=True)
    story = world.story(*state, exile, record)
    chosen = spokesmen(story)
    assert len(chosen) == MOST_TEXTS
    assert {exile.article.id, record.article.id} <= {item.article.id for item in chosen[:3]}
    (item,) = compose_edition(world.inputs(story), "en").sections[0].items
    assert len(item.sources) == 72


def test_story_of_two_hundred_articles_is_composed_in_seconds(world):
    texts = [
        "\n".join(
            f"The frigate {place}-{line} made a port call at pier {line} of Port Selma on {line % 6 + 3} May."
            for line in range(20)
        )
        for place in range(200)
    ]
    story = world.story(*(world.article(f"f{place}", "Frigate", text) for place, text in enumerate(texts)))
    begun = perf_counter()
    compose_edition(world.inputs(story), "en")
    assert perf_counter() - begun < 20
