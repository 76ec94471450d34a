"""The words of the site's own pages in each language, from `catalogue/<family>.<language>.json`, and which language a request wants."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request

from monitor.digests.render.catalogue import SHIPPED, Catalogue


@lru_cache(maxsize=len(SHIPPED))
def site_words(language: str) -> Catalogue:
    """All messages of the site in one of the shipped languages; in English for another."""
    chosen = language if language in SHIPPED else "en"
    messages = {}
    for file in sorted(files(__package__).joinpath("catalogue").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(f".{chosen}.json"):
            messages.update(json.loads(file.read_text(encoding="utf-8")))
    return Catalogue(chosen, messages)


def wanted_language(request: Request) -> str:
    """The language of the site's own pages for a request: `?lang=`, else the first that the reader's browser names and we have, else English."""
    asked = [request.query_params.get("lang", "")]
    weighed = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        name, _, quality = part.partition(";q=")
        try:
            weighed.append((-float(quality or 1), place, name.strip()))
        except ValueError:
            continue
    asked += [name for _, _, name in sorted(weighed)]
    return next((name[:2].lower() for name in asked if name[:2].lower() in SHIPPED), "en")
