"""The body of an answer put together piece by piece under a limit, so that a bomb never unfolds. It reads from no socket."""

from __future__ import annotations

import zlib

from monitor.model.errors import FeedUnreachable, FetchTooLarge

CODINGS = ("gzip", "deflate")
"""What may stand in Accept-Encoding: the content codings that `Body` decodes, no other."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_PIECE = 256 * 1024


def coding_of(header: str, url: str) -> str:
    """The one content coding of an answer: "gzip", "deflate", or "" for none.

    Raises:
        FetchTooLarge: Codings are nested: a few bytes could unfold without end.
        FeedUnreachable: A coding that was not asked for.
    """
    names = [name for part in header.lower().split(",") if (name := part.strip()) and name != "identity"]
    if len(names) > 1:
        raise FetchTooLarge(f"nested content codings ({', '.join(names[:4])}) are refused", url=url)
    name = names[0].removeprefix("x-") if names else ""
    if name and name not in CODINGS:
        raise FeedUnreachable(f'the answer came in the coding "{name[:40]}", which was not asked for', url=url)
    return name


class Body:
    """Takes the pieces of one body as they arrive; holds at most `limit` decoded bytes and one piece more."""

    def __init__(self, coding: str, limit: int, url: str) -> None:
        self._coding = coding
        self._limit = limit
        self._url = url
        self._pieces: list[bytes] = []
        self._size = 0
        self._wire = 0
        self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._ended = False
        self._held = b""

    def add(self, data: bytes) -> None:
        """Decode and keep one piece as it came from the wire.

        Raises:
            FetchTooLarge: The body, coded or decoded, is over the limit.
            FeedUnreachable: The bytes are not in the coding announced.
        """
        self._wire += len(data)
        if not self._coding:
            self._keep(data)
            return
        if self._wire > self._limit:
            raise self._too_large()
        try:
            self._inflate(data)
        except zlib.error as error:
            raise FeedUnreachable(f"the body is not valid {self._coding}: {error}", url=self._url) from error

    def finish(self) -> bytes:
        """The whole decoded body.

        Raises:
            FeedUnreachable: The compressed stream stops before its end: the body was cut short.
        """
        if self._coding and self._wire and not self._ended:
            self._inflate(b"")
            if not self._ended:
                raise FeedUnreachable(f"the {self._coding} body was cut short after {self._wire} bytes", url=self._url)
        return b"".join(self._pieces)

    def beginning(self) -> bytes:
        """What was decoded so far, up to the limit."""
        return b"".join(self._pieces)[: self._limit]

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if data:
            self._pieces.append(data)
        if self._size > self._limit:
            raise self._too_large()

    def _inflate(self, data: bytes) -> None:
        if self._wire - len(data) < 2:  # the first two bytes tell what it is, and may come one by one
            data = self._held = self._held + data
            if len(data) < 2:
                return
            if self._coding == "deflate" and not _zlib_header(data):
                self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)  # without the zlib wrapper: old servers
            self._held = b""
        while not self._ended:
            piece = self._inflater.decompress(data, _PIECE)
            self._keep(piece)
            if self._inflater.eof:
                data = self._inflater.unused_data
                if not data.startswith(b"\x1f\x8b"):  # what follows the last member is padding
                    self._ended = True
                else:
                    self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
                continue
            data = self._inflater.unconsumed_tail
            if not data and not piece:
                return

    def _too_large(self) -> FetchTooLarge:
        return FetchTooLarge(f"the body is larger than {self._limit} bytes; reading stopped there", url=self._url)


def _zlib_header(data: bytes) -> bool:
    """RFC 1950: method 8 and a checksum over the first two bytes."""
    return data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
