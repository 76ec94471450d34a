"""Datelines in the forms that wires use are told from the first words of a sentence, and name their agency."""

import pytest

from monitor.text.dateline import Dateline, dateline_end, read_dateline

TOLD = "The towns agreed on Tuesday."


@pytest.mark.parametrize(
    ("printed", "dateline", "agency"),
    [
        ("NORTHPORT, September 4. /WIRE/. ", "NORTHPORT, September 4. /WIRE/.", "WIRE"),
        ("26 февраля, Гавань /Корр. ВОЛНА/. ", "26 февраля, Гавань /Корр. ВОЛНА/.", "ВОЛНА"),
        ("NORTHPORT (Coast Wire) - ", "NORTHPORT (Coast Wire)", "Coast Wire"),
        ("ГАВАНЬ, 17 фев - Volna. ", "ГАВАНЬ, 17 фев - Volna.", "Volna"),
        ("Гавань. 26 февраля. ВОЛНА-ЗАПАД - ", "Гавань. 26 февраля. ВОЛНА-ЗАПАД", "ВОЛНА-ЗАПАД"),
        ("NORTHPORT, March 3 — ", "NORTHPORT, March 3", ""),
        ("Гавань, 26 февраля. ", "Гавань, 26 февраля.", ""),
        ("", "", ""),
    ],
)
def test_a_dateline_is_read_with_its_agency(printed, dateline, agency):
    line = printed + TOLD
    assert read_dateline(line) == Dateline(dateline, agency)
    assert line[dateline_end(line) :] == TOLD
