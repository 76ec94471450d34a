"""A sentence that reports is told from one that says how things are."""

import pytest

from monitor.text.tense import tells_a_habit, tells_of_something_done

CASES = [
    ("en", "The frigate has begun a port call.", True),
    ("en", "The navy inspected the pier.", True),
    ("en", "The garrison lies about a hundred kilometres away.", False),
    ("en", "Two fleets train together and hold an exercise every year.", False),
    ("ru", "Фрегат прибыл в порт.", True),
    ("ru", "Инспекция проведена в срок.", True),
    ("ru", "Порт находится в заливе.", False),
    ("ru", "Учение завершает цикл подготовки сил.", False),
    ("be", "Фрэгат прыбыў у порт.", True),
    ("be", "Порт месціцца ў заліве.", False),
    ("uk", "Фрегат прибув у порт.", True),
    ("pl", "Fregata przybyła do portu.", True),
    ("xx", "Anything at all.", True),
]


@pytest.mark.parametrize(("language", "text", "done"), CASES, ids=[case[1] for case in CASES])
def test_sentence_tells_of_something_done_or_not(language, text, done):
    assert tells_of_something_done(text, language) is done


@pytest.mark.parametrize(
    ("language", "text", "habit"),
    [
        ("en", "The navy has repeatedly called the visits a threat.", True),
        ("en", "The navy called the visit a threat.", False),
        ("ru", "В столице неоднократно называли визиты угрозой.", True),
        ("be", "У сталіцы не раз казалі пра пагрозу.", True),
        ("xx", "always", False),
    ],
)
def test_what_is_done_again_and_again_is_told_from_one_act(language, text, habit):
    assert tells_a_habit(text, language) is habit
