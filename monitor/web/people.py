"""What the pages of one person have in common: private headers, small forms, words in that person's language. It changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from monitor.delivery.confirmation import is_suppressed
from monitor.delivery.message import one_line
from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose, make_token, read_token
from monitor.digests.render.catalogue import SHIPPED, Catalogue
from monitor.model.consent import Consent, ConsentAct
from monitor.model.delivery import SenderIdentity, Subscription
from monitor.web.posted import body_within
from monitor.web.visitor import prefix_of, visitor
from monitor.web.words import site_words, wanted_language

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
MOST_BYTES = 20_000
"""Of a posted form: far more than ours have; a mail program may send one of its own."""
AGENT_CHARS = 200


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form. `raw` is what was posted, whatever its type; `fields` is empty where it is none of ours."""

    raw: bytes = b""
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The first value of a field, "" without."""
        return next(iter(self.fields.get(name, ())), "")


async def read_form(request: Request) -> Form:
    """What was posted, up to `MOST_BYTES`; what is longer, or of another type, counts as an empty form: a click is a click."""
    raw = await body_within(request, MOST_BYTES)
    if raw is None:
        return Form()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in {"application/x-www-form-urlencoded", ""}:
        return Form(raw)
    try:
        return Form(raw, parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return Form(raw)


def subscription_of(request: Request, purpose: Purpose) -> tuple[Subscription | None, bool]:
    """The subscription of the token in the path (None for a person erased since), and whether the token is ours at all."""
    site = request.app.state.site
    claim = read_token(site.sender.secrets, purpose, request.path_params["token"])
    if claim is None:
        return None, False
    found: Subscription | None = site.store.subscription(claim.subscription)
    # a number given anew, after the database was made anew, is not the person of the token
    return (found if found and found.address and claim.of(found.digest) else None), True


def person_language(request: Request, subscription: Subscription | None) -> str:
    """The language of the pages of one person: that of the subscription, if the site speaks it; else what the browser wants."""
    if subscription and subscription.language in SHIPPED and not request.query_params.get("lang"):
        return subscription.language
    return wanted_language(request)


def masked(address: str) -> str:
    """As much of an address as its owner needs to know it again, and a stranger with a forwarded mail cannot use: "a…@example.org"."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…\u2060@{domain}"  # joined: no line ends between them


def refused(site: Any, canonical: str, digest: str) -> bool:
    """Whether an address may not have a digest: it is in the suppression list, or bounced."""
    listed = site.store.suppressions([address_mac(site.sender.suppression_key, canonical)])
    return is_suppressed(listed, site.store.subscriptions(canonical=canonical), digest)


def proof(request: Request, act: ConsentAct, wording: str) -> Consent:
    """What is kept of an act of the visitor's: when, the network, the program, the words it answers to."""
    agent = one_line(request.headers.get("user-agent", ""))[:AGENT_CHARS]
    return Consent(act, request.app.state.site.clock(), prefix_of(visitor(request)), agent, wording)


def wording(page: str, words: Catalogue) -> str:
    """The name of a page's text as it is now: page, language, and a hash of every message that it can show."""
    said = "\x1e".join(f"{key}\x1f{message}" for key, message in sorted(words.messages.items()) if key.startswith(f"{page}."))
    return f"{page}/{words.language}/{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def token_path(kind: str, purpose: Purpose, sender: SenderIdentity, subscription: Subscription) -> str:
    """The path of a person's own page: `kind` is its first part."""
    return f"/{kind}/{make_token(sender.secret, purpose, subscription.id, subscription.digest)}"


def private_page(request: Request, template: str, *, language: str, status: int = 200, **context: Any) -> Response:
    """A page for one person: kept by no cache, listed by no search engine."""
    response: Response = request.app.state.page(request, template, status=status, language=language, **context)
    response.headers.update(PRIVATE)
    return response


def damaged(request: Request) -> Response:
    """The page for a link that was cut or changed on its way."""
    language = wanted_language(request)
    words = site_words(language)
    return private_page(
        request,
        "message.html",
        language=language,
        status=404,
        title=words.say("people.unknown"),
        text=words.say("people.damaged"),
    )
