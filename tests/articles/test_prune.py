"""Blocks of other articles leave the tree; what holds the article stays."""

import pytest

from monitor.articles.prune import drop_unread, prune
from monitor.text.markup import parse_html, tree_text

P1 = "The two harbour towns agreed on Tuesday to share their ice breakers next winter, the mayor of the northern one said."
P2 = "Fishermen on both shores welcomed the news, since ice kept their boats in port for six weeks during the last season."
X1 = "Bakers in the capital have quarrelled for years about who may call a loaf of rye bread traditional and who may not."


def pruned(body):
    tree = parse_html(f"<html><body>{body}</body></html>")
    cuts = prune(tree)
    return tree_text(tree), cuts


@pytest.mark.parametrize(
    ("body", "kept", "gone", "why"),
    [
        (f"<h1>T</h1><p>{P1}</p><p>{P2}</p><h3>Similar articles</h3><p>{X1}</p>", [P1, P2], [X1], "flat"),
        (
            f"<h1>T</h1><div><p>{P1}</p><p>{P2}</p></div><div><h3>Similar articles</h3></div><div><p>{X1}</p></div>",
            [P1, P2],
            [X1],
            "nested",
        ),
        (f"<h1>T</h1><p>{P1}</p><div><h4>Related posts</h4><p>{X1}</p></div><p>{P2}</p>", [P1, P2], [X1], "a box in the midst"),
        (
            f"<h1>T</h1><p>{P1}</p><p>Read also:</p><ul><li><a href=/x>Rye bread</a></li></ul><p>{P2}</p>",
            [P1, P2],
            ["Rye"],
            "links",
        ),
        (
            f"<h1>T</h1><p>{P1}</p><p>{P2}</p><p>Read also</p><h3><a href=/x>Rye bread</a></h3><p>{X1}</p>",
            [P1, P2],
            [X1],
            "a linked headline",
        ),
        (f"<nav><h3>Latest news</h3></nav><h1>T</h1><p>{P1}</p><p>{P2}</p>", [P1, P2], [], "navigation"),
        (
            f"<h3>Latest news</h3><ul><li><a href=/x>Rye bread</a></li></ul><h1>T</h1><p>{P1}</p><p>{P2}</p>",
            [P1, P2],
            ["Rye"],
            "above",
        ),
        (
            f"<h1>T</h1><p>{P1}</p><p>{P2}</p><p><a href=/related>Related</a></p><p>{X1}</p>",
            [P1, P2, X1],
            [],
            "a link is no heading",
        ),
    ],
)
def test_tree_is_cut_where_it_should_be(body, kept, gone, why):
    text, _ = pruned(body)
    assert all(line in text for line in kept), why
    assert not any(line in text for line in gone), why


def test_text_that_hangs_on_a_removed_element_stays():
    text, _ = pruned(
        f"<h1>T</h1><p>{P1}</p><p>{P2}</p><div>{X1} <div><b>Read also:</b><a href=/x>Rye bread for the town</a></div> go on</div>"
    )
    assert X1 in text
    assert "go on" in text
    assert "Rye" not in text


def test_page_without_furniture_is_left_alone():
    body = f"<h1>T</h1><p>{P1}</p><p>{P2}</p>"
    assert pruned(body) == (f"T\n{P1}\n{P2}", 0)


def test_what_no_extractor_reads_goes_and_the_words_after_it_stay():
    page = parse_html(
        "<html><body><script>var a;</script>One<style>p{}</style> two<svg><path/></svg> three"
        "<script type='application/ld+json'>{}</script></body></html>"
    )
    drop_unread(page)
    assert [element.tag for element in page.iter("*")] == ["html", "body", "script"]
    assert page.find("body").text == "One two three"
