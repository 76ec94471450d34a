"""What the verbs that write the catalogue share: whose catalogue it is, and the id of a new feed."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from monitor import bootstrap
from monitor.cli.screen import say
from monitor.feeds.catalogue import load_feeds
from monitor.model.errors import WrongUse
from monitor.model.feed import Feed, Stance
from monitor.settings import Settings
from monitor.text.urls import host_of


def own_catalogue(here: Settings) -> tuple[Path, tuple[Feed, ...]]:
    """The folder `seeds` under home and what it holds. Where there is none, the shipped seeds are copied there first:
    a folder of one's own takes their place, and they should not be lost by adding to them.
    """
    own = here.home / "seeds"
    if not own.is_dir():
        shutil.copytree(bootstrap.shipped("seeds"), own)
        say(f"[dim]the shipped seeds were copied to {own}: they are yours to change now[/dim]")
    return own, load_feeds(own)


def new_feed(found: Feed, feed_id: str, stance: str, country: str, taken: Collection[str]) -> Feed:
    """The feed under an id that is free: the one wished for, else one made from its host.

    Raises:
        WrongUse: The stance is unknown, or the id wished for is taken.
    """
    if stance not in {item.value for item in Stance}:
        raise WrongUse(f"unknown stance {stance}; one of {', '.join(item.value for item in Stance)}")
    base = feed_id or host_of(found.url).removeprefix("www.").replace(".", "-")
    name, number = base, 2
    while name in taken:
        if feed_id:
            raise WrongUse(f"the id {feed_id} is taken; give another one")
        name, number = f"{base}-{number}", number + 1
    return replace(found, id=name, stance=Stance(stance), country=country.upper())
