"""The densest block and the long paragraphs of a page: what they hold, and what they pass over."""

from hypothesis import given
from hypothesis import strategies as st
from trafilatura import load_html

from monitor.articles.prose import densest_block, long_paragraphs

P1 = "The two harbour towns agreed on Tuesday to share their ice breakers next winter, the mayor of the northern one said."
P2 = "Fishermen on both shores welcomed the news, since ice kept their boats in port for six weeks during the last season."
X1 = "Bakers in the capital have quarrelled for years about who may call a loaf of rye bread traditional and who may not."


def tree(body):
    return load_html(f"<html><body>{body}</body></html>")


def test_block_with_most_prose_is_taken_with_its_short_lines():
    page = tree(f"<div><p>{X1}</p></div><div><p>{P1}</p><p>“No.”</p><ul><li>One ship</li></ul><p>{P2}</p></div>")
    assert densest_block(page) == f"{P1}\n“No.”\nOne ship\n{P2}"


def test_boxes_named_as_furniture_and_lists_of_links_are_left_out():
    box = f"<div class='related-news'><p>{X1}</p></div><div><a href='/x'>Rye bread divides the capital</a></div>"
    assert densest_block(tree(f"<div><p>{P1}</p>{box}<p>{P2}</p></div>")) == f"{P1}\n{P2}"


def test_a_block_with_most_of_the_paragraphs_is_kept_whatever_it_is_called():
    assert densest_block(tree(f"<div class='sidebar-less comment'><p>{P1}</p><p>{P2}</p></div>")) == f"{P1}\n{P2}"


def test_what_is_hidden_or_no_text_is_passed_over():
    hidden = (
        f"<p hidden>{X1}</p><p style='display: none'>{X1}</p><p aria-hidden='true'>{X1}</p><aside>{X1}</aside><form>{X1}</form>"
    )
    assert densest_block(tree(f"<div><p>{P1}</p>{hidden}<p>{P2}</p></div>")) == f"{P1}\n{P2}"


def test_lines_broken_by_br_are_lines():
    assert densest_block(tree(f"<div>{P1}<br>{P2}</div>")) == f"{P1}\n{P2}"


def test_page_without_prose_has_no_densest_block():
    assert densest_block(tree("<ul><li>Home</li><li>World</li></ul>")) == ""


def test_long_paragraphs_are_all_paragraphs_of_some_length():
    assert (
        long_paragraphs(tree(f"<div><p>{P1}</p><p>Short.</p></div><section><p>{P2}</p></section><li>{X1}</li>")) == f"{P1}\n{P2}"
    )


def test_deep_nesting_ends():
    deep = "<div>" * 3000 + P1 + "</div>" * 3000
    assert isinstance(densest_block(tree(deep)), str)


@given(st.text(alphabet="<>/pdivul =\"'x.\n ", max_size=300))
def test_any_markup_gives_a_text(markup):
    page = load_html(f"<html><body><p>{markup}</p></body></html>")
    assert isinstance(densest_block(page), str)
    assert isinstance(long_paragraphs(page), str)
