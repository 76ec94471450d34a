"""What a site prints under all its articles is not the article's."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.blocks import common_lines, lines_of, own_text, without

FOOT = "This newspaper is printed by the harbour town and belongs to its readers."


def articles(item, texts, host="paper.example.org"):
    return [item(f"n{number}", text, host=host).article for number, text in enumerate(texts)]


def test_block_under_three_addresses_of_a_host_is_left_out(item):
    texts = [
        f"Text number {word} is about ships and ice and nothing else at all.\nA second line on {word}.\n{FOOT}"
        for word in ("one", "two", "six")
    ]
    assert all(FOOT not in text for text in own_text(articles(item, texts)))


def test_two_addresses_are_no_proof(item):
    texts = [f"Text number {word} is about ships.\n{FOOT}" for word in ("one", "two")]
    assert list(own_text(articles(item, texts))) == texts


def test_three_hosts_are_no_site(item):
    items = [item(f"n{number}", f"Text {number}\n{FOOT}").article for number in range(3)]
    assert all(FOOT in text for text in own_text(items))


def test_one_text_under_three_addresses_is_left_whole(item):
    assert list(own_text(articles(item, [FOOT] * 3))) == [FOOT] * 3


def test_article_that_would_lose_nearly_everything_is_left_whole(item):
    texts = [f"{word}\n{FOOT}" for word in ("one", "two", "six")]
    assert list(own_text(articles(item, texts))) == texts


@given(st.text())
def test_lines_are_those_of_the_text_wherever_they_stand(text):
    found = lines_of(text)
    assert list(found.distinct) == sorted({line for part in text.split("\n") for line in lines_of(part).distinct})
    assert lines_of(f"{text}\n").whole != found.whole
    assert without(text, frozenset(found.distinct)) == text, "nothing would be left"


def test_texts_without_a_host_have_no_line_in_common():
    printed = [lines_of(f"{word}\n{FOOT}") for word in ("one", "two", "six")]
    assert common_lines("paper.example.org", printed) == set(lines_of(FOOT).distinct)
    assert common_lines("", printed) == set()
