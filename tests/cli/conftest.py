"""A desk with a feed and a page on loopback, for the commands."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
BODY = "<p>The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.</p>" * 4
PLAIN = "<p>The harvest ended early this year, the ministry said after a long summer without rain in the south.</p>" * 4


class Desk:
    """`monitor` in a home folder with the feed "gazette", whose two articles lie on loopback."""

    def __init__(self, home, server, make):
        self.home, self.server, self._make = home, server, make
        self.run = self.at(NOW)

    def at(self, now, **settings):
        """`monitor` at another time or with other settings."""
        return self._make(self.home, MONITOR_NOW=now.isoformat(), **settings)

    def lines(self, *arguments, **how):
        """The JSON Lines that a command prints."""
        return [json.loads(line) for line in self.run(*arguments, "--json", **how).stdout.splitlines()]

    def write(self, path, text):
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


def page(title, body):
    return f"<html lang='en'><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>".encode()


@pytest.fixture
def desk(small_home, monitor_here, http_server):
    items = ""
    for name, title, body in (("talks", "Talks agreed", BODY), ("harvest", "Harvest ends", PLAIN)):
        link = http_server.url(f"/{name}.html")
        at = format_datetime(NOW - timedelta(hours=20))
        items += f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{at}</pubDate></item>"
        http_server.reply(f"/{name}.html", page(title, body), headers={"Content-Type": "text/html; charset=utf-8"})
    body = f'<rss version="2.0"><channel><title>The Gazette of loopback</title><link>{http_server.url()}</link>{items}</channel></rss>'
    http_server.reply("/feed.xml", body.encode(), headers={"Content-Type": "application/rss+xml", "ETag": '"1"'})
    home_page = '<html><head><title>Home</title><link rel="alternate" type="application/rss+xml" href="/feed.xml" title="All"></head><p>Hi</p></html>'
    http_server.reply("/", home_page.encode(), headers={"Content-Type": "text/html"})
    return Desk(small_home("home", {"gazette": http_server.url("/feed.xml")}), http_server, monitor_here)
