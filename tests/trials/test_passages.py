"""What is marked in an article is what proves the match, in whole and in order, and nothing of the text is lost or doubled."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.match import Direction, Document, Field, Match, Span
from monitor.trials.passages import AROUND, MOST, passages


def match(spans):
    return Match("r", 1, "", 1, 1, Direction.NEUTRAL, 0, tuple(spans))


def span(field, start, end, term="talks"):
    return Span(field, start, end, "", term, f"{term}*")


def joined(pieces):
    return "".join(piece.text for piece in pieces)


def test_without_a_match_the_title_stands_alone():
    found = passages(Document("1", "Title", "Text"))
    assert (joined(found.title), found.text) == ("Title", ())


def test_overlapping_hits_are_marked_once_by_the_longer():
    found = passages(Document("1", "Peace talks begin", ""), match([span(Field.TITLE, 6, 11), span(Field.TITLE, 0, 11, "peace")]))
    assert [(piece.text, piece.term, piece.phrase) for piece in found.title] == [
        ("Peace talks", "peace", "peace*"),
        (" begin", "", ""),
    ]


def test_far_hits_stand_in_passages_of_their_own():
    text = "talks " + "x" * 900 + " talks"
    found = passages(Document("1", "", text), match([span(Field.TEXT, 0, 5), span(Field.TEXT, 907, 912)]))
    assert [joined(one) for one in found.text] == [text[: 5 + AROUND] + "…", "…" + text[907 - AROUND :]]


def test_a_passage_begins_and_ends_with_a_word():
    text = "Observers from several states arrived on Monday and had long talks with ministers about inspections, exercises and the border crossings nearby"
    start = text.index("talks")
    [found] = passages(Document("1", "", text), match([span(Field.TEXT, start, start + 5)])).text
    assert (
        joined(found)
        == "…from several states arrived on Monday and had long talks with ministers about inspections, exercises and the border…"
    )


def test_hits_near_each_other_are_told_once():
    """The second passage begins where the first has ended, not sixty letters before its own hit."""
    words = [f"word{number:03}" for number in range(60)]
    text = " ".join(words)
    hits = [span(Field.TEXT, text.index(word), text.index(word) + 7) for word in ("word001", "word031", "word046")]
    shown = [joined(one).strip("…").split() for one in passages(Document("1", "", text), match(hits)).text]
    told = [word for one in shown for word in one]
    assert len(shown) > 1
    assert told == sorted(set(told))


@given(
    st.text(alphabet="ab ", min_size=200, max_size=600), st.lists(st.tuples(st.integers(0, 600), st.integers(1, 30)), max_size=12)
)
def test_marked_words_are_those_of_the_text_and_passages_do_not_overlap(text, places):
    spans = [span(Field.TEXT, start, min(start + length, len(text))) for start, length in places if start < len(text)]
    found = passages(Document("1", text, text), match([*spans, *(span(Field.TITLE, one.start, one.end) for one in spans)]))
    assert joined(found.title) == text
    assert len(found.text) <= MOST
    at = 0
    for one in found.text:
        words = joined(one).removeprefix("…").removesuffix("…") if "…" not in text else joined(one).strip("…")
        assert "…" in text or (at := text.index(words, at) + len(words))
    marked = {piece.text for one in found.text for piece in one if piece.term}
    assert marked <= {text[one.start : one.end] for one in spans}
