"""What is remembered of articles: read once, numbered anew when they change, without what their host prints everywhere."""

import dataclasses

from monitor.stories.pairs import side_of
from monitor.stories.prints import Prints, among

FOOT = "This paper is printed by the harbour town and belongs to its readers."
WORDS = ("one", "two", "six", "ten")


def paper(item, count):
    texts = [f"Ships of the {word} line lay in the ice near the {word} pier all winter.\n{FOOT}" for word in WORDS[:count]]
    return {f"n{place}": item(f"n{place}", text, host="paper.example.org", hours=place) for place, text in enumerate(texts)}


def move(prints, items, asked=None):
    def read(ids):
        if asked is not None:
            asked.extend(ids)
        return [items[name] for name in ids]

    return prints.move({name: str(hash(item)).encode() for name, item in items.items()}, read)


def ids(found):
    return sorted(known.id for known in found)


def test_what_is_new_comes_and_what_is_absent_goes(item):
    prints, items = Prints(), paper(item, 2)
    moved = move(prints, items)
    assert (ids(moved.gone), ids(moved.come), len(prints)) == ([], ["n0", "n1"], 2)
    moved = move(prints, {"n1": items["n1"]})
    assert (ids(moved.gone), ids(moved.come), ids(prints)) == (["n0"], [], ["n1"])
    moved = move(prints, {"n1": items["n1"]})
    assert (moved.gone, moved.come) == ((), ())


def test_article_in_another_state_goes_and_comes_under_another_number(item):
    prints, items = Prints(), paper(item, 1)
    [before] = move(prints, items).come
    changed = dataclasses.replace(items["n0"], article=dataclasses.replace(items["n0"].article, title="Revised"))
    moved = move(prints, {"n0": changed})
    assert moved.gone == (before,)
    assert moved.come[0].number != before.number
    assert moved.come[0].side.title == "revised"


def test_words_are_not_read_anew_where_only_the_rules_say_otherwise(item, monkeypatch):
    prints, items = Prints(), paper(item, 3)
    before = {known.id: known for known in move(prints, items).come}
    for name in ("side_of", "counted_alone"):
        monkeypatch.setattr(f"monitor.stories.prints.{name}", lambda *_: 1 / 0)
    changed = {name: dataclasses.replace(one, analysis=item(name, rules=["ships"]).analysis) for name, one in items.items()}
    for known in move(prints, changed).come:
        assert known.rules == {"ships"}
        assert (known.side, known.counted) == (before[known.id].side, before[known.id].counted)


def test_numbers_of_what_is_gone_are_used_again(item):
    prints, items = Prints(), paper(item, 3)
    used = set()
    for name in ("n0", "n1", "n2", "n0", "n1"):
        used |= {known.number for known in move(prints, {name: items[name]}).come}
    assert used == {0, 1}


def test_third_page_of_a_host_renews_the_two_before_it_and_the_fourth_none(item):
    prints, asked = Prints(), []
    move(prints, paper(item, 2))
    moved = move(prints, paper(item, 3), asked)
    assert ids(moved.come) == ["n0", "n1", "n2"]
    assert ids(moved.gone) == ["n0", "n1"]
    assert all(known.left_out and known.side.length == 15 for known in prints)
    assert sorted(asked) == ["n0", "n1", "n2"]
    assert ids(move(prints, paper(item, 4)).come) == ["n3"]


def test_prints_among_few_are_as_if_there_were_no_others(item):
    prints, items = Prints(), paper(item, 3)
    move(prints, items)
    few = [known for known in prints if known.id != "n2"]
    alone = among(few, lambda ids: [items[name] for name in ids])
    for known in alone:
        article = items[known.id].article
        assert known.side.length == side_of(article, article.text).length
        assert not known.left_out
    assert among(alone, lambda ids: 1 / 0) == alone
