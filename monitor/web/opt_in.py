"""Does what follows from an asking: keeps the wish and its proof, and puts the mail that answers it into the outbox. Prints no page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import fill
from typing import Any

from monitor.delivery.confirmation import (
    LINK_LIFE,
    NOTICES,
    PER_ADDRESS,
    Answer,
    Words,
    answer_to,
    build_answer,
    confirmation_url,
)
from monitor.delivery.message import preferences_url
from monitor.delivery.suppression import address_mac
from monitor.digests.render.catalogue import SHIPPED
from monitor.logs import log, warn
from monitor.model.consent import Consent, Wish
from monitor.model.delivery import OutboxMessage, Subscribed, Subscription
from monitor.model.digest import Digest
from monitor.model.errors import StoreFailed
from monitor.text.locale import long_date, own_name
from monitor.web.pages import title_of
from monitor.web.people import refused
from monitor.web.words import site_words

HOW = "asked on the page"


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody typed an address. `seen` is what is kept as proof of it."""

    digest: Digest
    typed: str
    canonical: str
    language: str
    seen: Consent


def answer_asking(state: Any, asking: Asking) -> Answer:
    """Keep the wish and send what answers it; `state` is the application's. A store that fails is recorded: nobody waits for the answer."""
    try:
        answer = _answer(state, asking)
    except StoreFailed as error:
        warn("a subscription was asked for and could not be kept", digest=asking.digest.id, reason=str(error))
        return Answer.NOTHING
    log("subscription asked for", digest=asking.digest.id, answer=answer.value)
    return answer


def _answer(state: Any, asking: Asking) -> Answer:
    site, now, digest = state.site, asking.seen.at, asking.digest.id
    mac = address_mac(site.sender.suppression_key, asking.canonical)
    if refused(site, asking.canonical, digest) or site.store.draw(f"subscribe/address/{mac}", PER_ADDRESS, now):
        return Answer.NOTHING
    wish = Subscription(0, digest, asking.typed, asking.canonical, asking.language, Subscribed.WAITING, now, now, HOW)
    [admission] = site.store.subscribe_all([Wish(wish, mac, (asking.seen,))])
    standing: Subscription = admission.subscription
    answer = answer_to(standing)
    if answer is Answer.NOTICE and site.store.draw(f"subscribe/notice/{mac}", NOTICES, now):
        return Answer.NOTHING
    if answer is Answer.CONFIRMATION and not admission.fresh:
        change = replace(standing, state=Subscribed.WAITING, language=asking.language, changed_at=now, how=HOW)
        site.store.move_subscription(change, (Subscribed.WAITING, Subscribed.ENDED), asking.seen)
        standing = change
    if answer is not Answer.NOTHING:
        site.store.enqueue([_mail(state, answer, standing, asking)])
    return answer


def _mail(state: Any, answer: Answer, subscription: Subscription, asking: Asking) -> OutboxMessage:
    """The mail in the language that was asked for, where the site speaks it; else in English."""
    site, now = state.site, asking.seen.at
    language = asking.language if asking.language in SHIPPED else "en"
    words, title = site_words(language), title_of(asking.digest, language)
    kind = "confirm" if answer is Answer.CONFIRMATION else "already"
    url = (
        confirmation_url(site.sender, subscription)
        if answer is Answer.CONFIRMATION
        else preferences_url(site.sender, subscription)
    )
    subject = words.say(f"mail.{kind}_subject", title=title)
    lines = [
        words.say(f"mail.{kind}_why", title=title, edition=own_name(asking.language), site=site.sender.base_url),
        words.say(f"mail.{kind}_do"),
    ]
    after = [words.say(f"mail.{kind}_not_you"), words.say("mail.from", site=site.sender.base_url)]
    given = {
        "title": subject,
        "button": words.say(f"mail.{kind}_button"),
        "url": url,
        "until": words.say("mail.until", date=long_date((now + LINK_LIFE).date(), language)) if kind == "confirm" else "",
        "language": language,
    }
    text = state.templates.render(
        "opt_in_mail.txt", lines=[_filled(line) for line in lines], after=[_filled(line) for line in after], **given
    )
    page = state.templates.render("opt_in_mail.html", lines=lines, after=after, **given)
    return build_answer(answer, Words(title, language, subject, text, page), subscription, site.sender, now)


def _filled(line: str) -> str:
    """In lines of a text mail; an address is never broken."""
    return fill(line, 76, break_long_words=False, break_on_hyphens=False)
