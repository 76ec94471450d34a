"""CSS selectors (level 3) over a parsed page. It knows what a selector means, not what a page is for.

The one home of cssselect, which turns a selector into XPath; lxml answers that without running anything of the page.
"""

from __future__ import annotations

from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError

from monitor.text.markup import Tree

MAX_SELECTOR = 500
"""Longest selector that is taken, characters: a longer one is a mistake, and costs."""


def selector_problem(selector: str) -> str:
    """What is wrong with a selector, in one line; "" for one that can be used."""
    if not selector.strip():
        return "it is empty"
    if len(selector) > MAX_SELECTOR:
        return f"it is longer than {MAX_SELECTOR} characters"
    try:
        _xpath(selector)
    except SelectorError as error:
        return str(error).rstrip(".")
    return ""


def select(tree: Tree, selector: str) -> list[Tree]:
    """The elements within `tree`, itself included, that the selector names, in document order, each once.

    Raises:
        ValueError: The selector cannot be used; `selector_problem` says why.
    """
    problem = selector_problem(selector)
    if problem:
        raise ValueError(f'the selector "{selector[:80]}" cannot be used: {problem}')
    return list(tree.xpath(_xpath(selector)))


@lru_cache(maxsize=512)
def _xpath(selector: str) -> str:
    return HTMLTranslator().css_to_xpath(selector)
