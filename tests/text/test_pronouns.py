"""A pronoun that means somebody of the sentence before is found; one that means somebody of its own sentence is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.pronouns import POINTING_WORDS, points_outside

CASES = [
    ("en", "Valdis opened it to the frigates in August, when an officer came.", True),
    ("en", "The admiral thanked them.", True),
    ("en", "For the neighbours this is a change from the last visit.", True),
    ("en", "Minister Harun did both in Port Selma, when the boards met.", True),
    ("en", "The guests were shown the ships and compared them with the list.", False),
    ("en", "Valdis says it will open the port.", False),
    ("en", "The navy said this week that a frigate had come.", False),
    ("en", "When the frigate came, Valdis met it with music.", False),
    ("en", "According to the statement, the frigate left on 4 May.", True),
    ("en", "The report says that the frigate left.", True),
    ("en", "According to the statement of the navy, the frigate left on 4 May.", False),
    ("en", "The report of 4 May says that the frigate left.", False),
    ("ru", "Согласно сообщению, фрегат ушёл 4 мая.", True),
    ("ru", "В документе говорится, что фрегат ушёл.", True),
    ("ru", "По сообщению флота Вальдии, фрегат ушёл 4 мая.", False),
    ("ru", "В документе от 4 мая говорится, что фрегат ушёл.", False),
    ("be", "Паводле паведамлення, 4 мая гаворка ішла пра фрегат.", True),
    ("be", "Паводле паведамлення флоту, 4 мая гаворка ішла пра фрегат.", False),
    ("ru", "Вальдия считает их угрозой.", True),
    ("ru", "Для соседей это перемена.", True),
    ("ru", "Вальдия и её союзники провели учения.", False),
    ("ru", "Среди мер Гарун тогда назвал заход фрегата.", True),
    ("ru", "Флот на этой неделе провёл учения.", False),
    ("ru", "Штаб сообщил, что его корабли вышли в море.", False),
    ("be", "Вальдыя назвала гэты крок пагрозай.", True),
    ("be", "Намеснік камандзіра флоту Вальдыі адмірал Гарун заявіў тады, што пагрозы няма.", True),
    ("be", "Вальдыя адкрыла яго для гасцей.", True),
    ("be", "Флот на гэтым тыдні правёў вучэнні.", False),
    ("uk", "Вальдія вважає їх загрозою.", True),
    ("pl", "Valdis uważa ich za zagrożenie.", True),
    ("en", "Some of them lie near the border.", True),
    ("ru", "Часть из них лежит у границы.", True),
    ("be", "Частка з іх ляжыць каля мяжы.", True),
    ("en", "Officers of the fleet lie near the border.", False),
    ("xx", "Valdis opened it.", False),
]


@pytest.mark.parametrize(("language", "text", "outside"), CASES, ids=[case[1] for case in CASES])
def test_pronoun_points_outside_or_not(language, text, outside):
    assert points_outside(text, language) is outside


@given(st.text(), st.sampled_from([*POINTING_WORDS, "", "xx"]))
def test_any_text_is_answered(text, language):
    assert points_outside(text, language) in (True, False)
