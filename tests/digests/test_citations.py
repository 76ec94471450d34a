"""A citation leads to the very sentence, and two feeds of a house are one voice."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.citations import cite, cite_title, publisher_of, text_fragment
from monitor.model.article import Source


def test_sentence_is_linked_by_its_first_and_last_words(world):
    text = "The frigate of Norrland began a long-awaited port call in Port Selma on Tuesday, at last."
    citation = cite(world.article("a", "T", text).article, "text", 0, len(text))
    assert (
        citation.url
        == "https://a.example/a000#:~:text=The%20frigate%20of%20Norrland,Selma%20on%20Tuesday%2C%20at%20last.".replace(
            "Selma%20on%20Tuesday%2C%20at%20last.", "on%20Tuesday%2C%20at%20last."
        )
    )


def test_link_without_a_fragment_and_of_a_title(world):
    article = world.article("a", "The title", "Some text.").article
    assert cite(article, "text", 0, 4, fragment=False).url == article.final_url
    assert (cite_title(article).field, cite_title(article).end) == ("title", 9)


def test_one_publisher_is_one_voice():
    assert publisher_of(Source("a", "A", "House")) == publisher_of(Source("b", "B", "HOUSE"))
    assert publisher_of(Source("a", "")) == "a"


@given(st.text(max_size=120))
def test_fragment_holds_no_sign_of_its_own_syntax(text):
    fragment = text_fragment(text)
    assert fragment.count(",") <= 1
    assert not set("-& \n#") & set(fragment)
    assert all(part in " ".join(text.split()) for part in (unquote(part) for part in fragment.split(",")))
