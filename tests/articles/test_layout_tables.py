from monitor.articles.layout_tables import flatten_layout_tables
from monitor.text.markup import parse_html

PROSE = (
    "The delegation arrived on Monday and was shown the barracks, the ranges and the school before it left for the capital. " * 2
)


def tables_left(html):
    tree = parse_html(html)
    return flatten_layout_tables(tree), len(tree.findall(".//table"))


def test_table_that_holds_the_article_becomes_blocks():
    assert tables_left(f"<html><body><table><tr><td>{PROSE}</td><td>menu</td></tr></table></body></html>") == (1, 0)


def test_tables_in_tables_become_blocks():
    assert tables_left("<html><body><table><tr><td><table><tr><td>1</td></tr></table></td></tr></table></body></html>") == (1, 1)


def test_table_of_data_stays_a_table():
    assert tables_left("<html><body><table><tr><td>tanks</td><td>12</td></tr></table></body></html>") == (0, 1)


def test_table_with_header_cells_stays_a_table_even_with_prose():
    assert tables_left(f"<html><body><table><tr><th>Note</th></tr><tr><td>{PROSE}</td></tr></table></body></html>") == (0, 1)
