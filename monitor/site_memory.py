"""Remembers over polls which lines a site prints around its articles, and takes them out of the next ones. What goes is decided elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from monitor.article_page import PageRead
from monitor.articles.repeated import cut_repeated, learn_lines
from monitor.model.site import SiteLines
from monitor.parts import Parts
from monitor.patience import patiently
from monitor.text.urls import host_of

_FORGOTTEN_AFTER = timedelta(days=180)


class Sites:
    """The sites whose pages one look at a feed reads: each is fetched from the store once, and stored once, by `save`.

    Two feeds that read pages of one host at the same time each store what they learnt, and the later one stays: a count may be
    too low by a few pages, never too high.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[str, SiteLines] = {}
        self._learnt: set[str] = set()

    def cleaned(self, read: PageRead, *, new: bool, now: datetime) -> PageRead:
        """The page without its site's furniture. A `new` page is learnt from, one that is read again is not: it was counted."""
        extraction, host = read.page.extraction, host_of(read.page.final_url)
        if extraction is None or not extraction.text or not host:
            return read
        site = self._site(host, now)
        cut = cut_repeated(extraction.text, site)
        if new:
            self._known[host] = learn_lines(site, extraction.text, now)
            self._learnt.add(host)
        return replace(read, page=replace(read.page, extraction=replace(extraction, text=cut.text), furniture=cut.reason))

    def save(self, now: datetime) -> None:
        """Store what was learnt."""
        for host in sorted(self._learnt):
            save = partial(self._parts.store.save_site_lines, self._known[host], now - _FORGOTTEN_AFTER)
            patiently(save, self._parts.sleep, self._parts.stopping)
        self._learnt.clear()

    def _site(self, host: str, now: datetime) -> SiteLines:
        if host not in self._known:
            found = patiently(lambda: self._parts.store.site_lines(host), self._parts.sleep, self._parts.stopping)
            self._known[host] = found or SiteLines(host, now)
        return self._known[host]
