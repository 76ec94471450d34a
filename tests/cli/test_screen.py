"""What a terminal of any width shows: nothing runs over its edge, and nothing is cut where a pipe reads."""

import re
import sys

import pytest
from rich.cells import cell_len

from monitor.cli import screen

ROW = ("belarus-talks", "3", "2019-11-23", "A title of a rule that is longer than a narrow terminal has room for, by far")
HEADS = ("rule", "v", "last hit", "title")


def shown(capsys):
    """The lines of a terminal, without the signs that make them dim or bold."""
    return re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out).rstrip("\n").split("\n")


@pytest.fixture
def terminal(monkeypatch):
    def make(width):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm")

    return make


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_table_without_wrapping_keeps_each_row_on_one_line(terminal, capsys, width):
    terminal(width)
    screen.table(HEADS, [ROW, ROW], right=(1,), wrap=False)
    lines = shown(capsys)
    assert len(lines) == 3
    assert max(map(cell_len, lines)) <= width
    assert all(line.startswith("belarus-talks") and "2019-11-23" in line for line in lines[1:])


def test_in_a_pipe_a_row_is_whole(capsys):
    screen.table(HEADS, [ROW], wrap=False)
    assert ROW[-1] in capsys.readouterr().out


@pytest.mark.parametrize("width", [40, 60])
def test_a_line_that_is_too_long_goes_on_indented_with_every_word(terminal, capsys, width):
    terminal(width)
    text = "  PASS near(one, two)   title «words that go on» and text «for longer than the terminal is wide, twice over at least»"
    screen.say_folded(text, 9)
    lines = shown(capsys)
    assert len(lines) > 1
    assert max(map(cell_len, lines)) <= width
    assert all(line.startswith(" " * 9) for line in lines[1:])
    assert " ".join(lines).split() == text.split()


def test_in_a_pipe_a_line_is_one_line(capsys):
    screen.say_folded("word " * 60, 4)
    assert capsys.readouterr().out.count("\n") == 1


def test_a_text_is_cut_with_an_ellipsis():
    assert (screen.cut("short", 5), screen.cut("longer text", 7)) == ("short", "longer…")
