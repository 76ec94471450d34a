"""What is kept is what would be found out again, to the last figure."""

from itertools import combinations

from monitor.stories.kept import Kept
from monitor.stories.pairs import compare
from monitor.text.shingles import rarity_of

WORDS = [f"w{number}" for number in range(150)]


def sides_of(kept, item):
    texts = [
        WORDS,
        [*WORDS[:120], "Nr 300", "Nr 301"],
        [word for number, word in enumerate(WORDS) if number % 4],
        [*WORDS[:100], *(f"Nr {number}" for number in range(700, 760))],
        [f"own{number}" for number in range(150)],
    ]
    return [kept.side(one.article, one.article.text) for one in (item(f"n{n}", " ".join(text)) for n, text in enumerate(texts))]


def test_pair_is_compared_with_the_same_figures_however_often_it_is_asked_for(item):
    kept = Kept()
    for _ in range(3):
        sides = sides_of(kept, item)
        rarity = rarity_of(side.words for side in sides)
        for one, other in combinations(sides, 2):
            assert kept.pair(one, other, rarity) == compare(one, other, rarity)
        kept.forget_unused()


def test_only_pairs_that_never_match_are_known_to_be_apart(item):
    kept = Kept()
    sides = sides_of(kept, item)
    rarity = rarity_of(side.words for side in sides)
    assert not any(kept.apart(one, other) for one, other in combinations(sides, 2))
    found = {pair: kept.pair(*(sides[place] for place in pair), rarity) for pair in combinations(range(len(sides)), 2)}
    known = {pair for pair in found if kept.apart(sides[pair[0]], sides[pair[1]])}
    assert known == {pair for pair, one in found.items() if not one.matches and one.lasting}
    assert known
    assert any(one.matches for one in found.values())
