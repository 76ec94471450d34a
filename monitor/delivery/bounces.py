"""Decides what a report means: pure, over what was read, whom it concerns and what came before. Acts on nothing.

The classes follow RFC 3463. A person is never given up for what is our own fault (5.7.x), nor for one full mailbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.delivery.reports import tokens_in
from monitor.delivery.tokens import Purpose, Secrets, TokenClaim, read_token
from monitor.model.bounce import Bounce, BounceAct, BounceClass, BounceProof, BounceVerdict, Report, ReportKind

HARD = frozenset({"5.1.1", "5.1.2", "5.1.6", "5.1.10"})
"""No such mailbox, no such domain, moved away, a domain that takes no mail (RFC 3463 3.2, RFC 7505)."""
SENDER = ("5.7.", "4.7.", "5.1.7", "5.1.8")
"""Security and policy, and a sender address that is refused: about us, not about the person."""
SOFT_EDITIONS = 3
SOFT_SPAN = timedelta(days=60)
PAUSE_SHARE = 0.05
PAUSE_AT_LEAST = 2
"""One server's opinion is no verdict on us."""
KEEP_RAW = timedelta(days=30)
_PURPOSES = {ReportKind.LEAVE: Purpose.UNSUBSCRIBE}


def claim_of(report: Report, secrets: Secrets) -> TokenClaim | None:
    """The claim of the first genuine token among the addresses a report came to: of the purpose that fits its kind.

    A provider knows the tokens of envelopes only, whatever it reports.
    """
    purpose = Purpose.BOUNCE if report.hook else _PURPOSES.get(report.kind, Purpose.BOUNCE)
    for token in tokens_in(report.recipients):
        claim = read_token(secrets, purpose, token)
        if claim:
            return claim
    return None


def class_of(report: Report) -> BounceClass:
    """What a report says of the mailbox, the message or us; who sent it does not matter here."""
    match report.kind:
        case ReportKind.FAILED:
            return _failure_class(report)
        case ReportKind.COMPLAINT:
            return BounceClass.COMPLAINT
        case ReportKind.LEAVE:
            return BounceClass.UNSUBSCRIBE
        case ReportKind.UNKNOWN:
            return BounceClass.UNKNOWN
    return BounceClass.IGNORED


def _failure_class(report: Report) -> BounceClass:
    """By its status code. A provider's own word counts too: of both, the one that is milder to the person."""
    code = BounceClass.HARD if report.status in HARD else BounceClass.SOFT
    if report.status.startswith(SENDER):
        code = BounceClass.SENDER
    if report.meant is None:
        return code
    if not report.status or report.status[1:] == ".0.0":
        return report.meant
    return next(one for one in (BounceClass.SENDER, BounceClass.SOFT, BounceClass.HARD) if one in (code, report.meant))


def judge(report: Report, proof: BounceProof, edition: str, history: Sequence[Bounce], now: datetime) -> BounceVerdict:
    """What follows from a report.

    Args:
        report: What was read.
        proof: Why it is believed to concern the subscription that it names; without proof nothing is done.
        edition: The edition it is about, "" where nobody knows.
        history: Earlier reports on the same subscription.
        now: The present.
    """
    kind = class_of(report)
    words = f"{report.status} {report.diagnostic}".strip() or report.reason
    if kind in {BounceClass.IGNORED, BounceClass.UNKNOWN}:
        return BounceVerdict(kind, BounceAct.NOTHING, report.reason)
    if proof is BounceProof.NONE:
        return BounceVerdict(kind, BounceAct.NOTHING, f"nothing proves that it is about a mail of ours: {words}")
    match kind:
        case BounceClass.HARD:
            return BounceVerdict(kind, BounceAct.SUPPRESS, f"no such mailbox: {words}")
        case BounceClass.COMPLAINT:
            return BounceVerdict(kind, BounceAct.SUPPRESS, f"marked as spam: {report.reason}")
        case BounceClass.UNSUBSCRIBE:
            return BounceVerdict(kind, BounceAct.END, report.reason if report.hook else "unsubscribed by mail")
        case BounceClass.SENDER:
            return BounceVerdict(kind, BounceAct.NOTHING, f"refused for its sender: {words}", alarm=f"mail is refused: {words}")
    return _judge_soft(words, edition, history, now)


def _judge_soft(words: str, edition: str, history: Sequence[Bounce], now: datetime) -> BounceVerdict:
    """Suppress who was not reached with three editions in two months."""
    recent = [past for past in history if past.bounce_class is BounceClass.SOFT and past.proof and now - past.at <= SOFT_SPAN]
    missed = {_edition_name(past.edition, past.at) for past in recent} | {_edition_name(edition, now)}
    if len(missed) >= SOFT_EDITIONS:
        reason = f"not reached with {len(missed)} editions in {SOFT_SPAN.days} days: {words}"
        return BounceVerdict(BounceClass.SOFT, BounceAct.SUPPRESS, reason)
    return BounceVerdict(BounceClass.SOFT, BounceAct.NOTHING, f"{len(missed)} of {SOFT_EDITIONS} editions: {words}")


def _edition_name(edition: str, at: datetime) -> str:
    """An edition, or the week of a report that names none: editions are weekly."""
    year, week, _ = at.isocalendar()
    return edition or f"{year}-W{week:02}"


def pause_reason(refused: int, messages: int) -> str:
    """Why an edition must not go on being sent; "" where it may.

    Args:
        refused: How many of its recipients' servers refused it for its sender.
        messages: How many messages it has.
    """
    if refused < PAUSE_AT_LEAST or refused < PAUSE_SHARE * messages:
        return ""
    return f"{refused} of {messages} messages were refused for their sender: look at SPF, DKIM and DMARC (`monitor check --live`)"
