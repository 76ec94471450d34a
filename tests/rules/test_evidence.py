"""The words that did something, and what stands around them, without losing a character's place."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.match import Document, Field
from monitor.rules.evidence import MOST, stretches

texts = st.text("ab \n", min_size=1, max_size=400)


@st.composite
def with_spans(draw):
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, tuple(zip(cuts[::2], cuts[1::2], strict=False))


@given(with_spans())
def test_each_shown_hit_is_the_words_of_the_article(case):
    text, spans = case
    shown = stretches(Document("a", "", text), {Field.TEXT: spans})
    assert len(shown) <= MOST
    found = [stretch.text[start:end] for stretch in shown for start, end in stretch.hits]
    wanted = ["".join(" " if letter.isspace() else letter for letter in text[start:end]) for start, end in spans]
    assert found == wanted[: len(found)]
    assert bool(found) == bool(spans)


def test_the_title_is_shown_whole_and_the_text_cut_with_dots():
    document = Document("a", "Talks agreed", "x " * 100 + "talks" + " y" * 100)
    title, text = stretches(document, {Field.TITLE: ((0, 5),), Field.TEXT: ((200, 205),)})
    assert (title.text, title.hits) == ("Talks agreed", ((0, 5),))
    assert text.text.startswith("…")
    assert text.text.endswith("…")
    assert "\n" not in text.text


def test_nothing_found_shows_nothing():
    assert stretches(Document("a", "Title", "Text"), {}) == []
