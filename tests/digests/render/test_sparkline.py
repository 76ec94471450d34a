"""The picture of twelve weeks agrees with its counts."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.render.sparkline import BLOCKS, blocks

COUNTS = st.lists(st.integers(0, 500), max_size=12)


@given(COUNTS)
def test_blocks_rise_with_their_counts(counts):
    drawn = [BLOCKS.index(block) for block in blocks(counts)]
    assert len(drawn) == len(counts)
    for count, level in zip(counts, drawn, strict=True):
        assert (level == 0) == (count == 0)
        assert all(level <= other for other, bigger in zip(drawn, counts, strict=True) if bigger > count)


def test_a_known_row():
    assert blocks((0, 1, 4, 8)) == "▁▂▅█"
    assert blocks(()) == ""
    assert blocks((0, 0)) == "▁▁"
