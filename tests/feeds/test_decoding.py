"""Bodies put together from pieces."""

import gzip
import zlib

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from monitor.feeds.decoding import Body, coding_of
from monitor.model.errors import FeedUnreachable, FetchTooLarge

ENCODERS = {"": bytes, "gzip": gzip.compress, "deflate": zlib.compress, "raw deflate": lambda body: zlib.compress(body)[2:-4]}


def pieces(data, sizes):
    for size in sizes:
        yield data[:size]
        data = data[size:]
    yield data


@example(b"x" * 50, "deflate", [1, 1])
@given(st.binary(max_size=2000), st.sampled_from(sorted(ENCODERS)), st.lists(st.integers(1, 50)))
def test_any_cut_of_the_wire_gives_the_same_body(data, coding, sizes):
    encoded = ENCODERS[coding](data)
    assume(coding != "raw deflate" or encoded[0] & 0x0F != 8)  # that would look like a zlib header: no decoder can tell
    body = Body(coding.removeprefix("raw "), 10_000, "u")
    for piece in pieces(encoded, sizes):
        body.add(piece)
    assert body.finish() == data


@given(st.binary(min_size=1, max_size=500), st.integers(1, 20))
def test_a_compressed_body_cut_anywhere_is_an_error(data, missing):
    whole = gzip.compress(data)
    body = Body("gzip", 10_000, "u")
    body.add(whole[: max(1, len(whole) - missing)])
    with pytest.raises(FeedUnreachable, match="cut short"):
        body.finish()


def test_members_follow_each_other_and_padding_is_left_out():
    body = Body("gzip", 1000, "u")
    body.add(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0")
    body.add(b"\0")
    assert body.finish() == b"one two"


def test_an_empty_body_is_empty():
    assert Body("gzip", 10, "u").finish() == b""


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_the_limit_is_exact(coding):
    for size, fits in ((1000, True), (1001, False)):
        body = Body(coding, 1000, "u")
        if fits:
            body.add(ENCODERS[coding](b"x" * size))
            assert len(body.finish()) == size
        else:
            with pytest.raises(FetchTooLarge):
                body.add(ENCODERS[coding](b"x" * size))


@pytest.mark.parametrize(
    ("header", "coding"), [("", ""), ("identity", ""), ("GZIP", "gzip"), ("x-gzip", "gzip"), ("identity, deflate", "deflate")]
)
def test_codings_known(header, coding):
    assert coding_of(header, "u") == coding


@pytest.mark.parametrize(
    ("header", "error"),
    [("gzip, gzip", FetchTooLarge), ("deflate,gzip", FetchTooLarge), ("br", FeedUnreachable), ("zstd", FeedUnreachable)],
)
def test_codings_refused(header, error):
    with pytest.raises(error):
        coding_of(header, "u")
