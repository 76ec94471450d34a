"""Readers say whether a story is relevant: GET shows what it is about and writes nothing, POST records the answer. No login, no script.

The address names the edition and the story and carries a token that only this desk can make; it names no reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.delivery.tokens import is_mark_token
from monitor.digests.render.catalogue import SHIPPED, Catalogue, catalogue
from monitor.logs import log
from monitor.model.digest import Digest
from monitor.model.edition import FrozenEdition
from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.store.promises import ArticleQuery
from monitor.text.locale import week_line
from monitor.web.posted import body_within

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
ANSWERS = {"relevant": MarkVerdict.RELEVANT, "not-relevant": MarkVerdict.NOT_RELEVANT}
MOST_BYTES = 1000
"""Of a posted form: it has one short field."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story as an edition tells it, with the section that prints it."""

    edition: FrozenEdition
    language: str
    section: Mapping[str, Any]
    item: Mapping[str, Any]


async def show(request: Request) -> Response:
    """The page with two buttons; the answer that was clicked in the mail stands first. Nothing is recorded."""
    return await run_in_threadpool(_show, request)


async def record(request: Request) -> Response:
    """Record the answer of a button; the last answer counts."""
    body = await body_within(request, MOST_BYTES)
    if body is None:
        return await run_in_threadpool(_unknown, request, 413)
    answer = parse_qs(body.decode("ascii", "replace")).get("mark", [""])[0]
    return await run_in_threadpool(_record, request, answer)


def _show(request: Request) -> Response:
    told = _told(request)
    return _page(request, told, clicked=request.query_params.get("mark", "")) if told else _unknown(request)


def _record(request: Request, answer: str) -> Response:
    told, verdict = _told(request), ANSWERS.get(answer)
    if told is None:
        return _unknown(request)
    if verdict is None:
        return _page(request, told, status=400)
    site = request.app.state.site
    marks = tuple(_marks(request, told, verdict))
    site.store.record_marks(marks)
    log("story marked", edition=told.edition.id, story=told.item["story"], verdict=verdict.value, marks=len(marks))
    return _page(request, told, recorded=verdict)


def _told(request: Request) -> Told | None:
    """The story of the address; None where the token is not ours or the edition does not tell the story."""
    site, given = request.app.state.site, request.path_params
    known = f"{given['digest']}/{given['key']}"
    if not is_mark_token(site.sender.secrets, known, given["story"], given["token"]):
        return None
    try:
        key = date.fromisoformat(given["key"])
    except ValueError:
        return None
    edition: FrozenEdition | None = site.store.edition(given["digest"], key)
    if edition is None:
        return None
    wanted = request.query_params.get("lang", "")
    for language in sorted(edition.renditions, key=lambda one: one != wanted):
        for section in json.loads(edition.renditions[language].json)["sections"]:
            for item in section["items"]:
                if item["story"] == given["story"]:
                    return Told(edition, language, section, item)
    return None


def _marks(request: Request, told: Told, verdict: MarkVerdict) -> Iterator[Mark]:
    """One for each source of the story and each rule of its section that found it: what the answer is about, and no more."""
    site = request.app.state.site
    digest: Digest | None = site.files().digest(told.edition.digest)
    of_section = (
        {rule for section in digest.sections if section.id == told.section["id"] for rule in section.rules} if digest else set()
    )
    rules = set(told.item["rules"]) & of_section or set(told.item["rules"])
    now, sources = site.clock(), tuple(source["article"] for source in told.item["sources"])
    for stored in site.store.articles(ArticleQuery(ids=sources)):
        for rule in sorted({match.rule for match in stored.analysis.matches} & rules):
            yield Mark(stored.article.id, rule, verdict, now, MarkSource.EDITION, told.edition.id, str(told.item["story"]))


def _words(language: str, digest: Digest | None) -> Catalogue:
    if digest and language in digest.languages:
        return catalogue(language, digest.folder)
    return catalogue(language if language in SHIPPED else "en")


def _page(request: Request, told: Told, *, clicked: str = "", recorded: MarkVerdict | None = None, status: int = 200) -> Response:
    site = request.app.state.site
    digest = site.files().digest(told.edition.digest)
    words = _words(told.language, digest)
    buttons = [("relevant", words.say("mark.relevant")), ("not-relevant", words.say("mark.not_relevant"))]
    titles = digest.title if digest else {}
    window = told.edition.window
    thanks = ""
    if recorded:
        thanks = words.say("mark.thanks_relevant" if recorded is MarkVerdict.RELEVANT else "mark.thanks_not_relevant")
    response: Response = request.app.state.page(
        request,
        "feedback.html",
        status=status,
        tongues=(),  # the languages of the edition are not those of the site
        language=told.language,
        title=told.item["headline"],
        headline_language=told.item["headline_language"],
        edition=titles.get(told.language) or told.edition.digest,
        section=told.section["title"],
        week=week_line(window.first_day, window.last_day, told.language),
        address=f"/{told.edition.digest}/{told.edition.week}/{told.language}/",
        action=f"{request.url.path}?lang={told.language}",
        ask=words.say("mark.ask"),
        explain=words.say("mark.explain"),
        change=words.say("mark.change"),
        thanks=thanks,
        buttons=sorted(buttons, key=lambda button: button[0] != clicked) if clicked in ANSWERS else buttons,
    )
    response.headers.update(PRIVATE)
    return response


def _unknown(request: Request, status: int = 404) -> Response:
    wanted = request.query_params.get("lang", "en")
    words = _words(wanted, request.app.state.site.files().digest(request.path_params["digest"]))
    response: Response = request.app.state.page(
        request,
        "message.html",
        status=status,
        tongues=(),
        title=words.say("mark.unknown"),
        text=words.say("mark.damaged"),
        language=words.language,
    )
    response.headers.update(PRIVATE)
    return response


ROUTES = (
    Route("/mark/{digest}/{key}/{story}/{token}", show, methods=["GET", "HEAD"]),
    Route("/mark/{digest}/{key}/{story}/{token}", record, methods=["POST"]),
)
