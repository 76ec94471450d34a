"""What follows from a report: nobody is given up for nothing, and nobody is written to who is not there."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.bounces import SOFT_SPAN, claim_of, class_of, judge, pause_reason
from monitor.delivery.reports import read_report
from monitor.delivery.tokens import Purpose, make_token
from monitor.model.bounce import Bounce, BounceAct, BounceClass, BounceProof, Report, ReportKind
from monitor.testing import SENDER

DSN = Path(__file__).parent / "dsn"
DAY = timedelta(days=1)
INDEX = json.loads((DSN / "index.json").read_text(encoding="utf-8"))
TOLD = {
    "exchange-recipient-not-found.eml": BounceClass.HARD,
    "exchange-policy.eml": BounceClass.SENDER,
    "webmail-wrapped.eml": BounceClass.HARD,
    "sendmail-two-recipients.eml": BounceClass.HARD,
    "exim-headers-only.eml": BounceClass.HARD,
    "qsbmf.eml": BounceClass.HARD,
    "mailbox-full-hard.eml": BounceClass.SOFT,
    "status-without-class.eml": BounceClass.HARD,
    "relayed.eml": BounceClass.IGNORED,
    "beyond-ascii.eml": BounceClass.HARD,
    "cut-short.eml": BounceClass.UNKNOWN,
    "base64-status.eml": BounceClass.HARD,
    "out-of-office.eml": BounceClass.IGNORED,
    "challenge.eml": BounceClass.UNKNOWN,
    "complaint-arf.eml": BounceClass.COMPLAINT,
    "forged-token.eml": BounceClass.HARD,
    "postfix-delayed.eml": BounceClass.IGNORED,
    "postfix-mailbox-full.eml": BounceClass.SOFT,
    "postfix-no-such-domain.eml": BounceClass.HARD,
    "postfix-policy.eml": BounceClass.SENDER,
    "postfix-unknown-user.eml": BounceClass.HARD,
    "postfix-unknown-user-beyond-ascii.eml": BounceClass.HARD,
}


def failed(status="5.1.1", **changes):
    return replace(Report(ReportKind.FAILED, "a delivery status", status=status, diagnostic="smtp; no"), **changes)


@pytest.fixture
def past(make):
    """Makes earlier reports: so many days ago, on an edition."""

    def make_one(days, edition="", bounce_class=BounceClass.SOFT, proof=BounceProof.TOKEN):
        at = make.now - timedelta(days=days)
        return Bounce(f"{days}/{edition}", at, ReportKind.FAILED, bounce_class, BounceAct.NOTHING, proof, "", 7, edition)

    return make_one


def verdict(make, report, *history, proof=BounceProof.TOKEN, edition="weekly/2019-03-11"):
    return judge(report, proof, edition, history, make.now)


@pytest.mark.parametrize(("name", "bounce_class"), TOLD.items())
def test_each_kept_notice_means_what_it_says_and_names_whom_it_is_about(name, bounce_class):
    report = read_report((DSN / name).read_bytes())
    assert class_of(report) is bounce_class, INDEX[name]["what"]
    claim = claim_of(report, SENDER.secret)
    assert (claim.subscription if claim else None) == INDEX[name]["subscription"], INDEX[name]["what"]


@pytest.mark.parametrize("file", sorted(DSN.glob("*.eml")), ids=lambda file: file.stem)
def test_a_report_without_proof_does_nothing_whatever_it_says(make, file, past):
    report = read_report(file.read_bytes())
    history = [past(days, f"e{days}") for days in (1, 8, 15)]
    assert verdict(make, report, *history, proof=BounceProof.NONE).act is BounceAct.NOTHING


@pytest.mark.parametrize(
    ("status", "bounce_class", "act", "why"),
    [
        ("5.1.1", BounceClass.HARD, BounceAct.SUPPRESS, "no such mailbox"),
        ("5.1.2", BounceClass.HARD, BounceAct.SUPPRESS, "no such domain"),
        ("5.1.6", BounceClass.HARD, BounceAct.SUPPRESS, "moved, nobody knows where"),
        ("5.1.10", BounceClass.HARD, BounceAct.SUPPRESS, "the domain takes no mail at all"),
        ("5.7.1", BounceClass.SENDER, BounceAct.NOTHING, "refused by policy: never the person's fault"),
        ("5.7.26", BounceClass.SENDER, BounceAct.NOTHING, "not authenticated"),
        ("5.7.515", BounceClass.SENDER, BounceAct.NOTHING, "bulk rules"),
        ("4.7.0", BounceClass.SENDER, BounceAct.NOTHING, "reputation, given up after days"),
        ("5.1.8", BounceClass.SENDER, BounceAct.NOTHING, "the sender's address is refused"),
        ("5.2.2", BounceClass.SOFT, BounceAct.NOTHING, "a full mailbox is emptied one day"),
        ("5.2.1", BounceClass.SOFT, BounceAct.NOTHING, "switched off, perhaps for a while"),
        ("5.4.4", BounceClass.SOFT, BounceAct.NOTHING, "no route: it may be our own relay's name server"),
        ("4.4.7", BounceClass.SOFT, BounceAct.NOTHING, "tried for days"),
        ("5.0.0", BounceClass.SOFT, BounceAct.NOTHING, "nobody knows why"),
        ("5.3.0", BounceClass.SOFT, BounceAct.NOTHING, "the other system's trouble"),
        ("", BounceClass.SOFT, BounceAct.NOTHING, "a notice without any code"),
        ("5.1.11", BounceClass.SOFT, BounceAct.NOTHING, "begins like 5.1.1 and is none"),
    ],
)
def test_the_status_decides(make, status, bounce_class, act, why):
    found = verdict(make, failed(status))
    assert (found.bounce_class, found.act) == (bounce_class, act), why
    assert bool(found.alarm) == (bounce_class is BounceClass.SENDER)
    assert found.reason


def test_three_editions_that_did_not_arrive_in_two_months_are_enough(make, past):
    full = failed("5.2.2")
    assert verdict(make, full, past(7, "weekly/2019-03-04")).act is BounceAct.NOTHING
    third = verdict(make, full, past(7, "weekly/2019-03-04"), past(14, "weekly/2019-02-25"))
    assert third.act is BounceAct.SUPPRESS
    assert "3 editions in 60 days" in third.reason


@pytest.mark.parametrize(
    ("days", "editions", "why"),
    [
        ((7, 61), ("e1", "e2"), "one is too long ago"),
        ((7, 8), ("e1", "e1"), "two reports on one edition count once"),
        ((7, 8), ("e1", "weekly/2019-03-11"), "this edition was told before"),
    ],
)
def test_what_does_not_make_three(make, past, days, editions, why):
    history = [past(day, edition) for day, edition in zip(days, editions, strict=True)]
    assert verdict(make, failed("5.2.2"), *history).act is BounceAct.NOTHING, why


def test_reports_that_were_not_proved_or_not_soft_do_not_count(make, past):
    history = [
        past(7, "e1", proof=BounceProof.NONE), past(8, "e2", proof=BounceProof.NONE),
        past(9, "e3", BounceClass.SENDER), past(10, "e4", BounceClass.IGNORED), past(11, "e5", BounceClass.UNKNOWN),
    ]  # fmt: skip
    assert verdict(make, failed("5.2.2"), *history).act is BounceAct.NOTHING


def test_where_no_edition_is_named_each_week_counts_once(make, past):
    full = failed("5.2.2")
    assert verdict(make, full, past(7), past(14), edition="").act is BounceAct.SUPPRESS
    assert verdict(make, full, past(0), past(7), edition="").act is BounceAct.NOTHING


def test_a_complaint_suppresses_and_a_mail_to_the_address_that_unsubscribes_ends(make):
    assert verdict(make, Report(ReportKind.COMPLAINT, "abuse")).act is BounceAct.SUPPRESS
    assert verdict(make, Report(ReportKind.LEAVE, "a mail to u+")).act is BounceAct.END


@pytest.mark.parametrize("kind", [ReportKind.DELAYED, ReportKind.DELIVERED, ReportKind.AUTO_REPLY, ReportKind.UNKNOWN])
def test_news_that_is_no_bounce_changes_nothing(make, past, kind):
    history = [past(7, "e1"), past(14, "e2")]
    assert verdict(make, Report(kind, "x", status="5.1.1"), *history).act is BounceAct.NOTHING


def test_a_token_of_one_purpose_is_worthless_for_another(make):
    addresses = {
        purpose: f"x+{make_token(make.sender.secret, purpose, 7, 'weekly')}@b.example"
        for purpose in Purpose
        if purpose is not Purpose.MARK
    }
    for kind, right in (
        (ReportKind.FAILED, Purpose.BOUNCE),
        (ReportKind.COMPLAINT, Purpose.BOUNCE),
        (ReportKind.LEAVE, Purpose.UNSUBSCRIBE),
    ):
        for purpose, address in addresses.items():
            claim = claim_of(Report(kind, "x", (address,)), make.sender.secret)
            assert (claim is not None) == (purpose is right), f"{kind} by {purpose}"


def test_the_first_genuine_token_counts_and_old_secrets_still_read_theirs(make):
    ours = f"b+{make_token(b'old', Purpose.BOUNCE, 7, 'weekly/2019-03-11')}@b.example"
    forged = f"b+{make_token(b'eve', Purpose.BOUNCE, 8, 'weekly/2019-03-11')}@b.example"
    report = Report(ReportKind.FAILED, "x", (forged, ours))
    assert claim_of(report, (b"new", b"old")).subscription == 7
    assert claim_of(report, b"new") is None


@pytest.mark.parametrize(
    ("refused", "messages", "pauses", "why"),
    [
        (5, 100, True, "five in a hundred"),
        (4, 100, False, "fewer"),
        (50, 1000, True, "five in a hundred of many"),
        (1, 4, False, "one server's opinion is no verdict"),
        (2, 4, True, "half of a few"),
        (0, 0, False, "nothing was sent"),
    ],
)
def test_an_edition_is_paused_at_five_in_a_hundred(refused, messages, pauses, why):
    assert bool(pause_reason(refused, messages)) is pauses, why


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 5)), max_size=12), st.sampled_from(["5.2.2", "4.4.7", "5.0.0", ""]))
def test_a_soft_bounce_suppresses_exactly_where_three_editions_failed(reports, status):
    from datetime import UTC, datetime

    now = datetime(2019, 3, 11, tzinfo=UTC)
    history = [
        Bounce(
            str(n),
            now - days * DAY,
            ReportKind.FAILED,
            BounceClass.SOFT,
            BounceAct.NOTHING,
            BounceProof.TOKEN,
            "",
            7,
            f"e{edition}",
        )
        for n, (days, edition) in enumerate(reports)
    ]
    within = {edition for days, edition in reports if days * DAY <= SOFT_SPAN}
    found = judge(failed(status), BounceProof.TOKEN, "e0", history, now)
    assert (found.act is BounceAct.SUPPRESS) == (len(within | {0}) >= 3)
