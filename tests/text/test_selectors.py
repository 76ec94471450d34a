"""CSS selectors over a page."""

import pytest

from monitor.text.markup import parse_html
from monitor.text.selectors import select, selector_problem

PAGE = parse_html("""<ul class="news list"><li id="a"><a href="/1">One</a></li><li><a href="/2" rel="next">Two</a></li></ul>
<div class="news-old"><A HREF="/3">Three</A></div>""")


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("a", ["One", "Two", "Three"]),
        ("ul.news a", ["One", "Two"]),
        ("#a > a, div a", ["One", "Three"]),
        ('a[href^="/2"]', ["Two"]),
        ("li:nth-child(2) a", ["Two"]),
        ("a:not([rel])", ["One", "Three"]),
        ("section a", []),
    ],
)
def test_a_selector_finds_what_css_says(selector, texts):
    assert [element.text for element in select(PAGE, selector)] == texts


@pytest.mark.parametrize(
    ("selector", "says"),
    [("", "empty"), (" ", "empty"), ("ul..x", "Expected"), ("a::text", "pseudo"), ("a:nope", "nope"), ("a" * 501, "longer")],
)
def test_what_is_no_selector_is_told(selector, says):
    assert says.lower() in selector_problem(selector).lower()
    with pytest.raises(ValueError, match="cannot be used"):
        select(PAGE, selector)


def test_scope_is_the_element_that_is_asked():
    [first] = select(PAGE, "#a")
    assert [element.text for element in select(first, "a")] == ["One"]
