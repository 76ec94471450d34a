"""The words of the site's own pages in each language, from `catalogue/<family>.<language>.json`, and which language a request wants."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlencode

from starlette.requests import Request

from monitor.digests.render.catalogue import SHIPPED, Catalogue
from monitor.text.locale import own_name


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


def language_to_name(request: Request, language: str) -> str:
    """The language that the links of a page in `language` must name to stay in it; "" where the reader's browser wants it anyway.

    It is named where the reader asked for it with `?lang=`, and on the pages of a person whose browser speaks another.
    """
    asked = request.query_params.get("lang", "")[:2].lower() == language
    return language if asked or wanted_language(request) != language else ""


def tongues_of(request: Request, language: str) -> list[tuple[str, str, str, bool]]:
    """(language, its own name, the address of the page in it, whether this is it); none for the answer to a form, which has no address."""
    if request.method not in {"GET", "HEAD"}:
        return []
    asked = {name: value for name, value in request.query_params.items() if name != "lang"}
    return [(one, own_name(one), f"?{urlencode({**asked, 'lang': one})}", one == language) for one in SHIPPED]
