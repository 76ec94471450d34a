"""Turns tables that only arrange a page into plain blocks, so that their cells read as paragraphs. Pure, on a parsed tree.

Sites of the first web hold whole articles in nested tables; an extractor takes those for data and prints cells with bars.
"""

from __future__ import annotations

from typing import Any

PROSE = 160
"""Characters in one cell from which it holds prose, not a datum."""
_ROW_PARTS = ("tbody", "thead", "tfoot", "tr", "td")


def flatten_layout_tables(tree: Any) -> int:
    """Rename layout tables and their rows and cells to `div`; returns how many tables were flattened.

    A table arranges the page if it holds another table, or if it has no header cell and one of its cells holds prose.
    """
    tables = [table for table in tree.iter("table") if _is_layout(table)]
    for table in tables:
        for part in table.iter(*_ROW_PARTS):
            part.tag = "div"
        table.tag = "div"
    return len(tables)


def _is_layout(table: Any) -> bool:
    if next(table.iterdescendants("table"), None) is not None:
        return True
    if next(table.iter("th", "caption"), None) is not None:
        return False
    return any(len(" ".join("".join(cell.itertext()).split())) >= PROSE for cell in table.iter("td"))
