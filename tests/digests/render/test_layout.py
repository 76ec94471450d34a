"""Lines keep within their columns, footnotes number in order, Markdown shows what was written."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.render.layout import COLUMNS, Footnotes, fill, markdown, markdown_url, rule, spread

LONG = "https://a.example/" + "x" * 100


@given(
    st.text(st.characters(categories=["L", "Nd", "Zs", "P"]), max_size=400),
    st.sampled_from(["", "  ", "· ", "  ↑ improved     "]),
)
def test_no_line_is_wider_than_the_column(text, first):
    assert all(len(line) <= COLUMNS for line in fill(text, first).splitlines())


def test_lines_after_the_first_hang_under_it():
    lines = fill("word " * 30, "· ").splitlines()
    assert lines[0].startswith("· word")
    assert all(line.startswith("  word") for line in lines[1:])


def test_spread_uses_one_line_where_it_fits_and_two_where_not():
    assert len(spread("left", "right")) == COLUMNS
    assert spread("left " * 20, "right").splitlines()[-1] == "right"
    assert rule("-") == "-" * COLUMNS


def test_footnotes_number_in_order_and_repeat_for_the_same_address():
    notes = Footnotes()
    assert [notes.mark(url) for url in ("https://a", "https://b", "https://a", "")] == ["[1]", "[2]", "[1]", ""]
    assert notes.listed() == [("[1]", "https://a"), ("[2]", "https://b")]


def test_an_address_too_long_for_a_line_gives_way_to_the_archive():
    notes = Footnotes()
    notes.mark(LONG, "https://archive.example/#i-1")
    notes.mark(LONG + "y")
    notes.mark(LONG + "z", "https://archive.example/#" + "i" * 80)
    notes.mark(LONG + "w", LONG)
    assert [url for _, url in notes.listed()] == [
        "https://archive.example/#i-1",
        LONG + "y",
        "https://archive.example/",
        LONG + "w",
    ]


def test_markdown_takes_marks_literally():
    assert markdown("a *b* [c](d) <e> `f` | g_h # i") == r"a \*b\* \[c\](d) \<e\> \`f\` \| g\_h \# i"
    assert markdown("1. not a list") == r"1\. not a list"
    assert markdown("- not a list") == r"\- not a list"
    assert markdown("5 March, no list") == "5 March, no list"
    assert markdown_url("https://a.example/x_(y)") == "https://a.example/x_%28y%29"
