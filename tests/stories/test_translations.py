"""What says the same in two languages is related and never folded; independent tellings of one event are not."""

from itertools import combinations

import pytest

from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.translations import anchors_of, translation_reason

EN = [
    "Colonel Tarmo Kask of Estonia came to Minsk on 6 May with three officers and was received by General Pavel Zhuk.",
    "The two spoke for 90 minutes of the exercise near Lepel, in which 1200 soldiers and 45 tanks will take part.",
    "Kask asked why observers from Latvia had been refused in 2019, and Zhuk named the short notice of that year.",
    "A second meeting is planned in Tartu on 14 June; the ministry of Lithuania has asked for a seat at the table.",
    "Reporters of the Harbour Gazette were let in for the first 10 minutes and saw a map with 7 red circles on it.",
]
RU = [
    "Полковник Тармо Каск из Эстонии 6 мая приехал в Минск с тремя офицерами, его принял генерал Павел Жук.",
    "Они 90 минут говорили об учении под Лепелем, в котором примут участие 1200 военных и 45 танков.",
    "Каск спросил, почему в 2019 году отказали наблюдателям из Латвии, и Жук сослался на короткий срок того года.",
    "Вторая встреча намечена в Тарту на 14 июня; место за столом попросило и министерство Литвы.",
    "Журналистов «Харбор Газетт» пустили на первые 10 минут, они видели карту с 7 красными кругами.",
]
BE = [
    "Палкоўнік Тарма Каск з Эстоніі 6 траўня прыехаў у Менск з трыма афіцэрамі, яго прыняў генерал Павел Жук.",
    "Яны 90 хвілін гаварылі пра вучэнне пад Лепелем, у якім возьмуць удзел 1200 вайскоўцаў і 45 танкаў.",
    "Каск спытаў, чаму ў 2019 годзе адмовілі назіральнікам з Латвіі, і Жук спаслаўся на кароткі тэрмін таго года.",
    "Другая сустрэча намечаная ў Тарту на 14 чэрвеня; месца за сталом папрасіла і міністэрства Літвы.",
    "Журналістаў «Харбар Газет» пусцілі на першыя 10 хвілін, яны бачылі мапу з 7 чырвонымі коламі.",
]


def reason(item, one, other, languages=("en", "ru")):
    first = item("a", "\n".join(one), "Kask in Minsk", language=languages[0])
    second = item("b", "\n".join(other), "Каск в Минске", language=languages[1])
    return translation_reason(anchors_of(first.article), anchors_of(second.article))


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        pytest.param(EN, RU, True, id="a translation"),
        pytest.param(EN, BE, True, id="into Belarusian"),
        pytest.param(EN[:2], RU[:2], False, id="too short to tell"),
        pytest.param(EN, RU[:3], False, id="an abridged one"),
        pytest.param(EN, RU[::-1], False, id="the same facts in another order"),
        pytest.param(EN, [line.replace("90", "80").replace("1200", "900").replace("45", "12").replace("2019", "2017").replace("7", "3")
                          .replace("14", "15") for line in RU], False, id="other numbers"),
        pytest.param(EN, ["В городе пекли хлеб, и все говорили только о муке, соли и воде, а больше ни о чём." for _ in EN], False,
                     id="nothing in common"),
    ],
)  # fmt: skip
def test_translation_is_told_by_places_of_names_and_numbers(item, one, other, related):
    assert bool(reason(item, one, other)) is related


def test_reason_counts_what_agrees(item):
    assert "numbers" in reason(item, EN, RU)
    assert "lengths alike by" in reason(item, EN, RU)


def test_it_does_not_matter_which_is_first(item):
    assert reason(item, EN, RU) == reason(item, RU, EN, ("ru", "en"))


def test_translations_in_a_story_are_related_both_ways_and_stay_apart(item):
    items = [
        item("a", "\n".join(EN), "Colonel Kask of Estonia in Minsk"),
        item("b", "\n".join(RU), "Полковник Каск из Эстонии в Минске", language="ru", hours=2),
        item("c", "\n".join(BE), "Палкоўнік Каск з Эстоніі ў Менску", language="be", hours=3),
    ]
    (story,) = group_stories(fold_copies(items))
    assert [group.lead.article.id for group in story.copies] == ["a", "b", "c"]
    assert [[one.article for one in group.related] for group in story.copies] == [["b", "c"], ["a", "c"], ["a", "b"]]
    assert story.copies[0].related[0].reason.startswith("says in ru what this says: ")


def test_one_language_has_no_translations(item):
    items = [item("a", "\n".join(EN), "Kask in Minsk"), item("b", "\n".join([*EN[::-1], "Other words."]), "Kask", hours=1)]
    assert not any(group.related for story in group_stories(fold_copies(items)) for group in story.copies)


def test_independent_tellings_of_one_event_are_no_translations(tellings, labelled):
    for told in (tellings, labelled):
        anchors = [(anchors_of(item.article), item.article.language, event) for item, event in told]
        wrong = [
            (event, language, other)
            for (one, language, event), (two, other, same) in combinations(anchors, 2)
            if event == same and language != other and translation_reason(one, two)
        ]
        assert not wrong
