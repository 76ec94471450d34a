"""Who speaks, what is yet to come, and which sentences cannot stand alone."""

import pytest

from monitor.text.speech import (
    SpeechForm,
    attribution,
    future_at,
    leans_on_previous,
    names_nobody_before_pronoun,
    speaks_of_future,
)

SPEAKERS = [
    (
        "en",
        "The team left on Monday, according to the Defence Ministry, and rested.",
        "the Defence Ministry",
        SpeechForm.REPORT,
        False,
    ),
    ("en", "The team left on Monday, the ministry said.", "the ministry", SpeechForm.REPORT, False),
    ("en", "Minister Ivan Petrov said that the team had left.", "Minister Ivan Petrov", SpeechForm.REPORT, True),
    ("en", "In December Petrov said the team had left.", "Petrov", SpeechForm.REPORT, True),
    ("en", "Minister Ivan Petrov met the guests and told them to rest.", "Minister Ivan Petrov", SpeechForm.REPORT, True),
    ("en", "Ivan Petrov, head of the department, told reporters about it.", "Ivan Petrov", SpeechForm.REPORT, True),
    ("en", "The minister accused his neighbours of pressure.", "The minister", SpeechForm.CLAIM, True),
    ("ru", "Группа уехала в понедельник, сообщили в Министерстве обороны.", "в Министерстве обороны", SpeechForm.REPORT, False),
    ("ru", "По словам министра, группа уехала.", "министра", SpeechForm.REPORT, False),
    ("ru", "Министр Иван Петров заявил, что группа уехала.", "Министр Иван Петров", SpeechForm.CLAIM, True),
    ("ru", "Об этом сообщает пресс-служба ведомства.", "пресс-служба ведомства", SpeechForm.REPORT, False),
    ("be", "Група з'ехала, паведаміла прэс-служба міністэрства.", "прэс-служба міністэрства", SpeechForm.REPORT, False),
    ("be", "Паводле міністра, група з'ехала.", "міністра", SpeechForm.REPORT, False),
    ("uk", "Група поїхала, повідомило про це міноборони.", None, None, None),
    ("pl", "Grupa wyjechała, poinformowało ministerstwo.", "ministerstwo", SpeechForm.REPORT, False),
]


@pytest.mark.parametrize(("language", "text", "speaker", "form", "heads"), SPEAKERS, ids=[case[1] for case in SPEAKERS])
def test_speaker_is_found_as_written(language, text, speaker, form, heads):
    found = attribution(text, language)
    if speaker is None:
        assert found is None
        return
    assert (found.speaker, found.form, found.heads) == (speaker, form, heads)
    assert text[found.start : found.end] == speaker


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Baltic States grow and raise new units."),
        ("en", "He said that they had left."),
        ("en", "Inspectors verify a specified area this week."),
        ("en", "According to the treaty, notice is due."),
        ("ru", "Группа работает согласно договору."),
        ("be", "Група працуе паводле Венскага дакумента."),
    ],
)
def test_sentence_without_a_named_speaker_has_none(language, text):
    assert attribution(text, language) is None


def test_long_quotation_is_told_apart_from_a_quoted_name():
    assert attribution('The drill "Shield of the Union" is over, the agency said.', "en").form is SpeechForm.REPORT
    assert attribution("“We are ready to show everything to our guests,” the minister said.", "en").form is SpeechForm.QUOTE


@pytest.mark.parametrize(
    ("language", "text", "future"),
    [
        ("en", "The group will arrive on Monday.", True),
        ("en", "The group is due to arrive on Monday.", True),
        ("en", "The law appeared on May 29.", False),
        ("en", "The group arrived on Monday.", False),
        ("ru", "Группа проверит одну часть.", True),
        ("ru", "Учения пройдут осенью.", True),
        ("ru", "Группа проверила одну часть.", False),
        ("be", "Вучэнні пройдуць увосень.", True),
        ("be", "Вучэнні прайшлі ўвосень.", False),
        ("uk", "Навчання триватимуть тиждень.", True),
        ("pl", "Ćwiczenia odbędą się jesienią.", True),
    ],
)
def test_future_and_modal_wording_is_seen(language, text, future):
    assert speaks_of_future(text, language) is future


@pytest.mark.parametrize(
    ("language", "text", "leans"),
    [
        ("en", "He left.", True),
        ("en", "However, the ministry waited.", True),
        ("en", "On the same day, Minsk answered.", True),
        ("en", "Heads of mission visited the brigade.", False),
        ("en", "Italy answered.", False),
        ("en", "and left the hall.", True),
        ("en", "“This is new,” the minister said.", True),
        ("ru", "Он уехал.", True),
        ("ru", "Кроме того, планируется полет.", True),
        ("ru", "Онлайн-встреча прошла в среду.", False),
        ("ru", "— Мы готовы.", True),
        ("be", "Ён з'ехаў.", True),
        ("be", "Гэтая група з'ехала.", True),
        ("be", "Янка Купала нарадзіўся тут.", False),
        ("uk", "Про це пише видання.", True),
        ("pl", "To nowość.", True),
    ],
)
def test_opening_that_leans_on_the_sentence_before_is_seen(language, text, leans):
    assert leans_on_previous(text, language) is leans


@pytest.mark.parametrize(
    ("language", "text", "nobody"),
    [
        ("en", "The contacts he meant are those of autumn.", True),
        ("en", "Admiral Harun said that he would wait.", False),
        ("en", "The weather was fine in the whole town before he came.", False),
        ("ru", "Среди мер, которые он назвал, есть и визиты.", True),
        ("ru", "По словам Гарун, он подождёт.", False),
        ("be", "Умацаванне межаў яна назвала выклікам.", True),
    ],
)
def test_pronoun_without_anybody_before_it_is_seen(language, text, nobody):
    assert names_nobody_before_pronoun(text, language) is nobody


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("The ministry said on Tuesday that the group would arrive.", False),
        ("The ministry said the group will arrive on Tuesday.", True),
        ("On Tuesday the group will arrive, the ministry said.", True),
        ("The group arrived on Tuesday and will leave soon.", False),
    ],
)
def test_date_belongs_to_the_tense_of_its_clause(text, ahead):
    start = text.index("n Tuesday") - 1
    assert future_at(text, start, start + len("on Tuesday"), "en") is ahead


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("be", "У міністэрстве 6 сакавіка адзначылі, што тэхніка на месцы.", "У міністэрстве"),
        ("be", "Міністр Уладзімер Макей 18 лістапада на калегіі ў Маскве заявіў, што чакае.", "Міністр Уладзімер Макей"),
        ("en", "The sheet of 21 November says that the team came.", "The sheet of 21 November"),
        ("en", "Moscow has repeatedly called the plan a threat.", "Moscow"),
        ("ru", "Ранее Иван Петров сообщил о визите.", "Иван Петров"),
    ],
)
def test_speaker_is_named_without_time_and_adverbs(language, text, speaker):
    assert attribution(text, language).speaker == speaker
