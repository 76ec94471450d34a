"""Moves the mail's style sheet into the elements, because webmail drops sheets; what dark mode needs stays in one short sheet.

The one home of css-inline. It loads nothing: no remote or local sheet, whatever the markup says.
"""

from __future__ import annotations

import css_inline

_INLINER = css_inline.CSSInliner(
    inline_style_tags=True,
    keep_style_tags=False,
    keep_link_tags=False,
    keep_at_rules=True,
    minify_css=True,
    load_remote_stylesheets=False,
    base_url=None,
)


def inline_styles(page: str) -> str:
    """The same document with its `<style>` rules as `style` attributes; media queries stay in a `<style>`."""
    inlined: str = _INLINER.inline(page)
    return inlined
