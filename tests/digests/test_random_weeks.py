"""Random weeks of made-up articles, folded, grouped and composed: what holds for every edition, whatever was published in whatever order."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.digests.check import check_edition
from monitor.digests.compose import compose_edition
from monitor.model.edition import Role
from monitor.model.feed import Stance
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories

WHO = {
    "en": [
        "The frigate of Norrland",
        "Admiral Haroun of Valdis",
        "He",
        "However, the crew",
        "The navy of Valdis",
        "“We,” the mayor",
    ],
    "ru": ["Фрегат Норрландии", "Адмирал Гарун", "Он", "При этом экипаж", "Штаб флота Вальдии"],
    "be": ["Фрэгат Норландыі", "Адмірал Гарун", "Яны", "Аднак экіпаж", "Штаб флоту Вальдыі"],
}
WHAT = {
    "en": [
        "began a port call",
        "expelled them after the port call",
        "will make a port call",
        "said that the port call was welcomed",
    ],
    "ru": ["прибыл с заходом", "считает его заход угрозой", "прибудет с заходом", "сообщил, что заход приветствуют"],
    "be": ["прыбыў з заходам", "назваў гэты заход пагрозай", "прыбудзе з заходам", "паведаміў, што заход вітаюць"],
}
WHERE = {"en": ["in Port Selma", ""], "ru": ["в Порт-Сельме", ""], "be": ["у Порт-Сельме", ""]}
WHEN = {
    "en": [
        "on 4 May",
        "on Tuesday",
        ", as it did on 5 May",
        "since 3 May",
        "on 12 March",
        "on 20 May",
        "this week",
        "in 2016",
        "",
    ],
    "ru": ["4 мая", "во вторник", ", как и 5 мая", "12 марта", "20 мая", "на прошлой неделе", "в 2016 году", ""],
    "be": ["4 мая", "у аўторак", ", як і 5 мая", "12 сакавіка", "20 мая", "на мінулым тыдні", "у 2016 годзе", ""],
}
ENDS = [".", ".", ".", "...", "?", " (near the pier."]
TITLES = {
    "en": ["Frigate begins a port call", "Admiral Haroun meets a frigate on its port call", "WHAT? | One News"],
    "ru": ["Фрегат прибыл с заходом", "Адмирал Гарун встретил фрегат"],
    "be": ["Фрэгат прыбыў з заходам", "Адмірал Гарун сустрэў фрэгат"],
}


@st.composite
def articles(draw):
    language = draw(st.sampled_from(["en", "ru", "be"]))

    def sentence():
        words = [draw(st.sampled_from(part[language])) for part in (WHO, WHAT, WHERE, WHEN)]
        return " ".join(word for word in words if word).replace(" ,", ",") + draw(st.sampled_from(ENDS))

    return {
        "feed": draw(st.sampled_from(["one", "two", "three", "four"])),
        "title": draw(st.sampled_from(TITLES[language])),
        "text": "\n".join(sentence() for _ in range(draw(st.integers(0, 7)))),
        "language": language,
        "stance": draw(st.sampled_from(list(Stance))),
        "of_record": draw(st.booleans()),
        "at": datetime(2021, 5, 3, 6, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 160))),
    }


def matched(world, made):
    items = [world.article(one.pop("feed"), one.pop("title"), one.pop("text"), **one) for one in ({**given} for given in made)]
    return [item for item in items if item.analysis.matches]


def composed(world, items, language):
    return compose_edition(world.inputs(*group_stories(fold_copies(items))), language)


def printed(edition):
    for section in edition.sections:
        for item in section.items:
            yield from item.sentences
            yield from (one.sentence for one in item.one_sided)
    yield from (watched.sentence for watched in edition.watch)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(made=st.lists(articles(), max_size=12), language=st.sampled_from(["en", "ru", "be"]), seed=st.integers(0, 99))
def test_any_week_keeps_what_an_edition_promises(world, names, made, language, seed):
    world.made.clear()
    items = matched(world, made)
    edition = composed(world, items, language)
    known = world.articles()
    assert check_edition(edition, known, names) == []
    for sentence in printed(edition):
        first = sentence.citations[0]
        assert known[first.article].text[first.start : first.end] == sentence.text
        assert sentence.role is not Role.EVENT or (sentence.day is not None and sentence.citations)
        # What stands in a comparison dates nothing, and nothing begins with a word that needs the sentence before.
        assert (
            sentence.role is not Role.EVENT
            or ", as it did on 5 May" not in sentence.text
            or sentence.day != datetime(2021, 5, 5, tzinfo=UTC).date()
            or sentence.day_from == "publication"
        )
        assert not sentence.text.startswith(("He ", "However", "Он ", "При этом", "Яны ", "Аднак"))
        pointing = not sentence.text.startswith("“")
        assert not pointing or not any(word in sentence.text for word in ("expelled them", "считает его", "назваў гэты"))
    assert not any("Haroun" in item.headline for section in edition.sections for item in section.items)
    shuffled = list(items)
    random.Random(seed).shuffle(shuffled)
    again = composed(world, shuffled, language)
    assert repr(again).encode() == repr(edition).encode()
