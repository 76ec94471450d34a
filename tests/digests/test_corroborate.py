"""A second source that says the same is cited beside the first, in any language; one that says something else is not."""

import pytest

from monitor.digests.corroborate import corroborate, says_the_same
from monitor.digests.prose import merge
from monitor.digests.roles import cast
from monitor.digests.scope import scope_of
from monitor.digests.sentences import tell_article
from monitor.model.feed import Stance

LEAD = "The frigate of Norrland made a port call in Port Selma in Valdis on 4 May."


@pytest.fixture
def tell(world):
    scope = scope_of(world.inputs(), "en")

    def told(text, language="en", feed="one", day=4, **options):
        return tell_article(world.article(feed, "T", text, language=language, day=day, **options), ("port-calls",), scope)[0]

    return told, scope


CASES = [
    ("ru", "Фрегат Норрландии 4 мая прибыл с заходом в Порт-Сельму, в Вальдию.", True, "the same in another language"),
    ("ru", "Фрегат Норрландии прибыл во вторник с заходом в Порт-Сельму, в Вальдию.", True, "the day by its name"),
    ("ru", "Фрегат Норрландии 3 мая прибыл с заходом в Порт-Сельму, в Вальдию.", False, "another day"),
    ("ru", "Фрегат Норрландии прибудет 4 мая с заходом в Порт-Сельму, в Вальдию.", False, "told beforehand"),
    ("ru", "Фрегат прибыл 4 мая с заходом в неназванный порт в дальнем заливе.", False, "no name in common"),
    ("en", "A frigate of Norrland made its port call in Port Selma in Valdis on Tuesday.", True, "near words of one language"),
    ("en", "Crowds in Valdis and Port Selma cheered Norrland over a frigate match on 4 May, fans recall.", False, "other words"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "same", "why"), CASES, ids=[case[3] for case in CASES])
def test_sentences_say_the_same_or_not(tell, language, text, same, why):
    told, scope = tell
    other = told(text, language, "two")
    assert says_the_same(told(LEAD), other, scope) is same


def test_figures_and_cues_that_contradict_part_two_sentences(tell):
    told, scope = tell
    three = told("The frigate of Norrland made a port call in Port Selma in Valdis on 4 May with 300 sailors.")
    four = told("Фрегат Норрландии 4 мая прибыл с заходом в Порт-Сельму, в Вальдию, с 400 моряками.", "ru", "two")
    glad = told("The frigate of Norrland was welcomed on a port call in Port Selma in Valdis on 4 May.")
    angry = told("Norrland's frigate was expelled from its port call in Port Selma in Valdis on 4 May.", feed="two")
    assert not says_the_same(three, four, scope)
    assert not says_the_same(glad, angry, scope)


def test_each_publisher_vouches_once_and_each_sentence_for_one_saying(tell):
    told, scope = tell
    first = told(LEAD, publisher="Agency")
    second = told("Norrland's crew of the frigate was shown round Port Selma in Valdis on 4 May on its port call.", feed="other")
    russian = told("Фрегат Норрландии 4 мая прибыл с заходом в Порт-Сельму, в Вальдию.", "ru", "two", stance=Stance.EXILE)
    again = told("Фрегат Норрландии 4 мая прибыл с заходом в Порт-Сельму, в Вальдию.", "ru", "three", publisher="Agency")
    sayings = merge([cast(first, scope), cast(second, scope)], scope)
    found = corroborate(sayings, [first, second, russian, again], scope)
    vouching = [one.told.article.source.feed_id for saying in found for one in saying.also]
    assert vouching.count("two") == 1
    assert all(
        one.told.article.source.publisher != "Agency" for saying in found if saying.cast.told is first for one in saying.also
    )
    assert corroborate(sayings, [russian, again, second, first], scope) == found


def test_sentence_that_cannot_stand_alone_may_vouch(tell):
    told, scope = tell
    leaning = told("Однако фрегат Норрландии 4 мая прибыл с заходом в Порт-Сельму, в Вальдию.", "ru", "two")
    assert leaning.unfit
    (found,) = corroborate(merge([cast(told(LEAD), scope)], scope), [leaning], scope)
    assert [one.told for one in found.also] == [leaning]
