"""A farm of feeds on loopback for `bench_poll.py`, in a process of its own: each feed on an address 127.x.y.z, so that each is a host.

/feed/N/V answers version V of feed N (30 entries; version V + 1 has one new and has lost the oldest) with an ETag, 304 where it is sent
back; /drip/N answers a byte now and then, for ever. Prints its port. Run by the bench; of use by hand too: bench/feed_farm.py
"""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

ENTRIES = 30
START = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = (
    "The harbour town kept its ships at home while the council and the crews argued about fuel, ice and the price of insurance. "
)
RICH = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def item(feed, number, rich):
    """An entry of a news feed: teaser and text; `rich` ones carry what a quick reader leaves to feedparser."""
    extra = (
        f'<media:content url="https://e.org/{number}.jpg" medium="image"><media:title>Ship</media:title></media:content>' * rich
    )
    return (
        f"<item><title>Ship {number} of feed {feed} stays in the harbour</title><guid isPermaLink='false'>f{feed}-{number}</guid>"
        f"<pubDate>{format_datetime(START + timedelta(hours=number))}</pubDate><dc:creator>Desk</dc:creator><category>Sea</category>"
        f"<description>{TEXT}</description><content:encoded><![CDATA[<p>{number} {TEXT * 3}</p><p>{TEXT * 3}</p>]]></content:encoded>{extra}</item>"
    )


def document(feed, version):
    """One version of one feed, newest entry first."""
    rich = feed % 2
    items = "".join(item(feed, number, rich) for number in range(version + ENTRIES - 1, version - 1, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {RICH if rich else ""}><channel><title>Feed {feed}</title>'
        f"<link>https://e.org/</link><description>Ships</description><language>en</language>{items}</channel></rss>"
    ).encode()


class Farm:
    """Serves every feed in the version that `/version/V` set last."""

    def __init__(self):
        self.version = 0

    async def answer(self, reader, writer):
        """One request on one connection, or several where the client keeps it."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await self.reply(head, writer)
                if b"connection: close" in head.lower():
                    break
        writer.close()

    async def reply(self, head, writer):
        _, kind, number = head.split(b" ", 2)[1].decode().split("/")
        if kind == "drip":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 1000000\r\n\r\n<rss>")
            while True:
                await writer.drain()
                await asyncio.sleep(0.1)
                writer.write(b" ")
        if kind == "version":
            self.version = int(number)
        etag = f'"{number}-{self.version}"'
        known = f"if-none-match: {etag}".encode() in head.lower()
        body = b"" if known or kind == "version" else document(int(number), self.version)
        status = "304 Not Modified" if known else "200 OK"
        length = "" if known else f"Content-Length: {len(body)}\r\n"
        writer.write(f"HTTP/1.1 {status}\r\nETag: {etag}\r\nContent-Type: application/rss+xml\r\n{length}\r\n".encode() + body)
        await writer.drain()


async def main():
    server = await asyncio.start_server(Farm().answer, "0.0.0.0", 0, backlog=1000)  # every 127.x.y.z
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
