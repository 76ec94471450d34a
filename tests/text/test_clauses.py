"""A date in a comparison or a describing clause does not date the sentence; a date of saying does."""

import pytest

from monitor.text.clauses import CLAUSE_WORDS, stands_aside
from monitor.text.date_words import DATE_WORDS
from monitor.text.speech_words import SPEECH_WORDS

CASES = [
    ("en", "The port can stay open, as it did on <5 March> in the fog.", True),
    ("en", "The port stays open, just as Valdis did on <5 March>.", True),
    ("en", "The port was closed, as the navy said on <5 March>.", False),
    ("en", "The bridge, which opened on <5 March>, is closed.", True),
    ("en", "The bridge, most of which opened on <5 March>, is closed.", True),
    ("en", "The bridge, which is new, was closed on <5 March>.", False),
    ("en", "The harbour has been shut since <5 March>.", True),
    ("en", "Unlike on <5 March>, the harbour was shut.", True),
    ("en", "The frigate arrived on <5 March>.", False),
    ("ru", "Порт, как и <5 марта>, остался открыт.", True),
    ("ru", "Как сообщили <5 марта> в штабе, порт закрыт.", False),
    ("ru", "Учение, замысел которого утвердили <5 марта>, началось.", True),
    ("ru", "В отличие от <5 марта> порт был закрыт.", True),
    ("ru", "Фрегат прибыл <5 марта>.", False),
    ("be", "Порт, як і <5 сакавіка>, застаўся адкрыты.", True),
    ("be", "Сустрэча, якая прайшла <5 сакавіка>, была кароткая.", True),
    ("be", "Фрэгат прыбыў <5 сакавіка>.", False),
    ("uk", "Порт, який відкрили <5 березня>, зачинено.", True),
    ("pl", "Port, który otwarto <5 marca>, jest zamknięty.", True),
]


@pytest.mark.parametrize(("language", "marked", "aside"), CASES, ids=[case[1] for case in CASES])
def test_date_stands_aside_or_not(language, marked, aside):
    start, end = marked.index("<"), marked.index(">") - 1
    assert stands_aside(marked.replace("<", "").replace(">", ""), start, end, language) is aside


def test_every_language_with_dates_has_its_clauses():
    assert set(CLAUSE_WORDS) == set(DATE_WORDS) == set(SPEECH_WORDS)
