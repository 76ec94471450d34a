"""What is done with mail that comes back: whom it is about, what it means, and the deed; each report once, however it came in.

The deed comes before the note of it: whoever is stopped between them reads the report again, and does again what changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.delivery.bounces import KEEP_RAW, SOFT_SPAN, claim_of, judge, pause_reason
from monitor.delivery.reports import read_report, report_key
from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose, digest_hash, read_token
from monitor.model.bounce import Bounce, BounceAct, BounceClass, BounceProof, BounceVerdict, Report, ReportKind
from monitor.model.consent import Suppression
from monitor.model.delivery import OutboxMessage, SenderIdentity, Subscribed, Subscription
from monitor.model.ports import Clock
from monitor.store.promises import Store

RAW_BYTES = 256 * 1024
"""Kept of a raw mail: the report stands at its beginning."""
KEEP_REPORTS = timedelta(days=400)
LATE = timedelta(days=7)
"""How long ago a report may say that something was; what is said to be older, or to come, counts from when it was read."""


@dataclass(frozen=True, slots=True)
class Returns:
    """What is needed to deal with returned mail; `tell` is called once for each new report, `alarm` where a person must look."""

    store: Store
    sender: SenderIdentity
    clock: Clock
    tell: Callable[[Bounce], None] = lambda _: None
    alarm: Callable[[str, str], None] = lambda _edition, _reason: None


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom a report is about, and why that is believed."""

    subscription: int = 0
    edition: str = ""
    proof: BounceProof = BounceProof.NONE


@dataclass(frozen=True, slots=True)
class Sighting:
    """A report as it came: what it says, under what it is remembered, its bytes, the way it came, and when it says that it was."""

    report: Report
    key: str
    raw: bytes
    source: str
    at: datetime | None = None


def take_in(returns: Returns, raw: bytes, envelope: tuple[str, ...] = (), source: str = "file") -> Bounce:
    """Deal with one mail: read it, judge it, act, and keep it. A report that is known already changes nothing.

    Args:
        returns: Store, sender, clock.
        raw: The mail as it came.
        envelope: The recipients that an SMTP client named.
        source: The way it came, as it is kept: "mailbox", "smtp", "file".

    Raises:
        StoreFailed: Nothing is lost: take the same mail in again.
    """
    report = read_report(raw, envelope)
    return deal(returns, Sighting(report, report_key(raw, report), raw, source))


def deal(returns: Returns, sighting: Sighting) -> Bounce:
    """Judge a report, act, and keep it; as `take_in`, whichever way it came."""
    now, report, key = returns.clock(), sighting.report, sighting.key
    known = next((one for one in returns.store.bounces_like(key) if one.key == key), None)
    if known:
        _stop_edition(returns, known)
        return known
    concern = concern_of(returns, report)
    history = returns.store.bounces(subscription=concern.subscription, since=now - SOFT_SPAN) if concern.subscription else ()
    verdict = judge(report, concern.proof, concern.edition, history, now)
    bounce = Bounce(
        key=key,
        at=sighting.at if sighting.at and now - LATE <= sighting.at <= now else now,
        kind=report.kind,
        bounce_class=verdict.bounce_class,
        act=_act(returns, concern, verdict, report),
        proof=concern.proof,
        reason=verdict.reason,
        subscription=concern.subscription,
        edition=concern.edition,
        status=report.status,
        diagnostic=report.diagnostic,
        recipient=report.original_recipient or report.final_recipient,
        message_id=report.message_id,
        raw=sighting.raw[:RAW_BYTES],
        source=sighting.source,
    )
    if returns.store.record_bounce(bounce):
        returns.tell(bounce)
    if not _stop_edition(returns, bounce) and verdict.alarm:
        returns.alarm(bounce.edition, verdict.alarm)
    return bounce


def concern_of(returns: Returns, report: Report) -> Concern:
    """The subscription that a report is about: by token, else by the keyed Message-ID of the mail that it returns.

    An address alone proves nothing: everybody may write one into a report.
    """
    claim = claim_of(report, returns.sender.secrets)
    if claim is not None:
        proof = BounceProof.TOKEN
        if report.kind is ReportKind.LEAVE and not report.hook:
            return Concern(claim.subscription, "", proof)
        sent = returns.store.messages_to([claim.subscription])
        named = next((message for message in sent if digest_hash(message.edition) == claim.digest_hash), None)
        told = named or next((message for message in sent if message.message_id == report.about), None)
        return Concern(claim.subscription, told.edition if told else "", proof)
    message = returns.store.sent_message(report.about) if report.about else None
    by_mail = report.kind is ReportKind.LEAVE and not report.hook
    if message is None or by_mail or not _names(report, message):
        return Concern()
    return Concern(message.subscription, message.edition, BounceProof.MESSAGE_ID)


def accepts(sender: SenderIdentity, address: str) -> bool:
    """Whether mail to `address` is for us: b+TOKEN or u+TOKEN where bounces come to, with a token that we made."""
    local, _, domain = address.rpartition("@")
    prefix, _, token = local.partition("+")
    base, _, own_domain = sender.bounce.rpartition("@")
    if not base or domain.lower() != own_domain.lower():
        return False
    if prefix.lower() == base.lower():
        return read_token(sender.secrets, Purpose.BOUNCE, token) is not None
    return prefix.lower() == "u" and read_token(sender.secrets, Purpose.UNSUBSCRIBE, token) is not None


def forget_old(returns: Returns) -> int:
    """Drop raw mails after 30 days, reports after 400; returns how many."""
    now = returns.clock()
    return returns.store.forget_bounces(now - KEEP_RAW, now - KEEP_REPORTS)


def _names(report: Report, message: OutboxMessage) -> bool:
    """Whether the recipient that a report names, if any, is the one the mail was for: whoever got it forwarded knows its id too."""
    named = {address.lower() for address in (report.original_recipient, report.final_recipient) if address}
    return not named or message.recipient.lower() in named


def _act(returns: Returns, concern: Concern, verdict: BounceVerdict, report: Report) -> BounceAct:
    """Do what the verdict says; what was done. A subscription that was erased meanwhile needs nothing."""
    person = returns.store.subscription(concern.subscription) if concern.subscription else None
    if person is None or not person.address or verdict.act is BounceAct.NOTHING:
        return BounceAct.NOTHING
    if verdict.act is BounceAct.END:
        return _end(returns, person, "mail provider" if report.hook else "mail")
    how = "complaint" if verdict.bounce_class is BounceClass.COMPLAINT else f"bounce {report.status}".strip()
    mac = address_mac(returns.sender.suppression_key, person.canonical)
    returns.store.suppress(Suppression(mac, "", how, returns.clock()), person.canonical)
    return BounceAct.SUPPRESS


def _end(returns: Returns, person: Subscription, how: str) -> BounceAct:
    if person.state not in {Subscribed.ACTIVE, Subscribed.WAITING}:
        return BounceAct.NOTHING
    returns.store.set_subscription(person.id, Subscribed.ENDED, returns.clock(), how)
    return BounceAct.END


def _stop_edition(returns: Returns, bounce: Bounce) -> bool:
    """Pause an edition that too many servers refuse for its sender; True where it was going on until now.

    After the report was kept, since it counts itself; and for one that is known too, since somebody may have been stopped in between.
    """
    if bounce.bounce_class is not BounceClass.SENDER or not bounce.edition or bounce.proof is BounceProof.NONE:
        return False
    reason = pause_reason(*returns.store.refusals(bounce.edition))
    if not reason or not returns.store.pause_sending(bounce.edition, reason, returns.clock()):
        return False
    returns.alarm(bounce.edition, reason)
    return True
