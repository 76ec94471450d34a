"""The events of the providers that come with the program, in the form that their documentation shows."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.bounces import class_of
from monitor.delivery.hooks.events import MAX_EVENTS, read_events
from monitor.delivery.hooks.files import MAPPINGS, check_hook, shipped_names
from monitor.model.bounce import BounceClass, ReportKind
from monitor.model.hook import Meaning

HOOKS = {name: check_hook(MAPPINGS / f"{name}.yml")[0] for name in shipped_names()}
TOKEN = "A" * 40
ID = "<weekly.2019-03-11.0123@news.example.org>"


def ses(kind, **more):
    mail = {"source": f"b+{TOKEN}@bounce.example.org", "messageId": "0102", "commonHeaders": {"messageId": ID}}
    message = {"notificationType": kind, "mail": mail, **more}
    return {"Type": "Notification", "MessageId": "n1", "Timestamp": "2019-03-11T06:00:01.000Z", "Message": json.dumps(message)}


def ses_bounce(kind="Permanent", status="5.1.1", sub="General"):
    who = {"emailAddress": "ann@example.org", "action": "failed", "status": status, "diagnosticCode": f"smtp; 550 {status} no"}
    return ses(
        "Bounce",
        bounce={
            "bounceType": kind,
            "bounceSubType": sub,
            "bouncedRecipients": [who],
            "feedbackId": "f1",
            "timestamp": "2019-03-11T06:00:00.000Z",
        },
    )


def postmark(record="Bounce", **more):
    return {
        "RecordType": record,
        "MessageID": "2706ee8a",
        "Metadata": {"monitor": TOKEN},
        "Email": "ann@example.org",
        "ID": 42,
        "BouncedAt": "2019-03-11T02:00:00-04:00",
        **more,
    }


def mailgun(event, **more):
    about = {"headers": {"message-id": ID.strip("<>"), "to": "ann@example.org"}}
    data = {"event": event, "id": "e1", "timestamp": 1552284000.5, "recipient": "ann@example.org", "message": about, **more}
    return {"signature": {"timestamp": "1552284000", "token": "t", "signature": "s"}, "event-data": data}


def sendgrid(event, **more):
    return [
        {
            "event": event,
            "email": "ann@example.org",
            "timestamp": 1552284000,
            "sg_event_id": "s1",
            "smtp-id": "<x@y>",
            "monitor": TOKEN,
            **more,
        }
    ]


def brevo(event, **more):
    return {
        "event": event,
        "email": "ann@example.org",
        "id": 7,
        "message-id": "<1@relay>",
        "ts_epoch": 1552284000000,
        "X-Mailin-custom": TOKEN,
        **more,
    }


def mailjet(event, **more):
    return [
        {
            "event": event,
            "time": 1552284000,
            "MessageID": 19421777835146490,
            "Message_GUID": "g1",
            "email": "ann@example.org",
            "CustomID": TOKEN,
            **more,
        }
    ]


SUPPRESSED = BounceClass.HARD
CASES = [
    ("amazon-ses", ses_bounce(), SUPPRESSED, "no such mailbox"),
    ("amazon-ses", ses_bounce("Transient", "4.2.2", "MailboxFull"), BounceClass.SOFT, "full"),
    ("amazon-ses", ses_bounce("Permanent", "5.7.1"), BounceClass.SENDER, "called permanent, and refused for its sender"),
    ("amazon-ses", ses_bounce("Undetermined", ""), BounceClass.SOFT, "nobody knows"),
    ("amazon-ses", ses("Complaint", complaint={"complainedRecipients": [{"emailAddress": "ann@example.org"}], "complaintFeedbackType": "abuse", "feedbackId": "f2"}), BounceClass.COMPLAINT, "spam"),
    ("amazon-ses", {"Type": "SubscriptionConfirmation", "MessageId": "c1", "SubscribeURL": "https://sns.example/?x", "Message": "You have chosen"}, BounceClass.UNKNOWN, "somebody must confirm"),
    ("postmark", postmark(Type="HardBounce", Details="smtp;550 5.1.1 no such account"), SUPPRESSED, "no such mailbox"),
    ("postmark", postmark(Type="HardBounce", Details="unknown user"), SUPPRESSED, "by its word alone"),
    ("postmark", postmark(Type="HardBounce", Details="550 5.7.1 blocked by policy"), BounceClass.SENDER, "its code says that it is about us"),
    ("postmark", postmark(Type="SoftBounce", Details="550 5.1.1"), BounceClass.SOFT, "the milder of word and code"),
    ("postmark", postmark(Type="DMARCPolicy"), BounceClass.SENDER, "our records"),
    ("postmark", postmark("SpamComplaint", Type="SpamComplaint"), BounceClass.COMPLAINT, "spam"),
    ("postmark", postmark("SubscriptionChange", SuppressSending=True, SuppressionReason="ManualSuppression"), BounceClass.UNSUBSCRIBE, "left by Postmark's link"),
    ("mailgun", mailgun("failed", severity="permanent", reason="bounce", **{"delivery-status": {"code": 550, "message": "5.1.1 no such account"}}), SUPPRESSED, "no such mailbox"),
    ("mailgun", mailgun("failed", severity="permanent", reason="generic", **{"delivery-status": {"code": 498, "message": "No MX"}}), BounceClass.SOFT, "given up"),
    ("mailgun", mailgun("failed", severity="permanent", reason="suppress-complaint"), BounceClass.COMPLAINT, "complained earlier"),
    ("mailgun", mailgun("complained"), BounceClass.COMPLAINT, "spam"),
    ("mailgun", mailgun("unsubscribed"), BounceClass.UNSUBSCRIBE, "left"),
    ("sendgrid", sendgrid("bounce", type="bounce", status="5.1.1", reason="550 5.1.1 no such user"), SUPPRESSED, "no such mailbox"),
    ("sendgrid", sendgrid("bounce", type="blocked", status="5.7.1", reason="550 5.7.1 policy"), BounceClass.SENDER, "blocked for its sender"),
    ("sendgrid", sendgrid("bounce", type="blocked", status="5.0.0", reason="blocked"), BounceClass.SOFT, "blocked for now"),
    ("sendgrid", sendgrid("dropped", reason="Bounced Address", status="5.0.0"), SUPPRESSED, "bounced earlier"),
    ("sendgrid", sendgrid("spamreport"), BounceClass.COMPLAINT, "spam"),
    ("brevo", brevo("hard_bounce", reason=" RecipientError: 550 5.5.0 mailbox unavailable."), BounceClass.SOFT, "a code that is milder than the word"),
    ("brevo", brevo("hard_bounce", reason="550 5.1.1 unknown"), SUPPRESSED, "no such mailbox"),
    ("brevo", brevo("soft_bounce", reason="no MX"), BounceClass.SOFT, "soft"),
    ("brevo", brevo("spam"), BounceClass.COMPLAINT, "spam"),
    ("mailjet", mailjet("bounce", hard_bounce=True, error_related_to="recipient", error="user unknown", comment="550 5.1.1 unknown"), SUPPRESSED, "no such mailbox"),
    ("mailjet", mailjet("bounce", hard_bounce=False, error="quota exceeded"), BounceClass.SOFT, "full"),
    ("mailjet", mailjet("blocked", error_related_to="domain", error="preblocked"), BounceClass.SOFT, "blocked"),
    ("mailjet", mailjet("bounce", hard_bounce=True, error="relay/access denied"), BounceClass.SOFT, "an error with a slash in its name"),
    ("mailjet", mailjet("spam", source="x"), BounceClass.COMPLAINT, "spam"),
    ("mailjet", mailjet("unsub"), BounceClass.UNSUBSCRIBE, "left"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "document", "expected", "why"), CASES)
def test_what_providers_report_is_taken_for_what_it_is(name, document, expected, why):
    [event] = read_events(HOOKS[name], document)
    assert class_of(event.report) is expected, why
    assert event.kept
    assert event.report.hook == name
    if expected is not BounceClass.UNKNOWN:
        assert event.report.final_recipient == "ann@example.org"
        assert TOKEN in event.report.recipients[0] if event.report.recipients else event.report.about == ID
        assert event.at.year == 2019


@pytest.mark.parametrize(
    ("name", "document", "meaning"),
    [
        ("amazon-ses", ses("Delivery", delivery={"recipients": ["ann@example.org"]}), Meaning.DELIVERED),
        ("amazon-ses", ses("Open"), Meaning.IGNORED),
        ("postmark", postmark("Delivery"), Meaning.DELIVERED),
        ("postmark", postmark("Open"), Meaning.IGNORED),
        ("postmark", postmark(Type="Transient"), Meaning.DELAYED),
        ("postmark", postmark("SubscriptionChange", SuppressSending=False, SuppressionReason=None), Meaning.IGNORED),
        ("mailgun", mailgun("failed", severity="temporary", reason="greylisted"), Meaning.DELAYED),
        ("sendgrid", sendgrid("click", url="https://x"), Meaning.IGNORED),
        ("brevo", brevo("unique_opened"), Meaning.IGNORED),
        ("mailjet", mailjet("bounce", hard_bounce=False, error="greylisted"), Meaning.DELAYED),
        ("mailjet", mailjet("sent", smtp_reply="250 ok"), Meaning.DELIVERED),
    ],
)
def test_what_arrived_or_was_looked_at_is_not_kept(name, document, meaning):
    [event] = read_events(HOOKS[name], document)
    assert (event.meaning, event.kept) == (meaning, False)


def test_a_confirmation_of_amazons_tells_the_address_to_open():
    [event] = read_events(HOOKS["amazon-ses"], CASES[5][1])
    assert "https://sns.example/?x" in event.report.reason


def test_an_unknown_kind_is_kept_once_with_its_words():
    first, second = read_events(HOOKS["brevo"], [brevo("rocket", reason="a"), brevo("Rocket", **{"message-id": "<2@relay>"})])
    assert (first.meaning, first.report.kind, first.key == second.key) == (Meaning.LOOK, ReportKind.UNKNOWN, True)
    assert "rocket, which its mapping does not know: a" in first.report.reason


def test_the_same_event_has_the_same_key_and_another_one_another():
    def key(event="bounce", **changes):
        return read_events(HOOKS["sendgrid"], sendgrid(event, type="bounce", **changes))[0].key

    assert key() == key(extra=1, ip="192.0.2.1")
    assert len({key(), key(sg_event_id="s2"), key(email="bob@example.org"), key(monitor="B" * 40), key(event="dropped")}) == 5


def test_events_come_in_order_whether_many_or_one():
    names = [
        event.report.final_recipient
        for event in read_events(HOOKS["mailjet"], mailjet("spam") + mailjet("spam", email="bob@example.org"))
    ]
    assert names == ["ann@example.org", "bob@example.org"]
    assert len(read_events(HOOKS["mailjet"], mailjet("spam")[0])) == 1
    assert read_events(HOOKS["mailjet"], []) == ()


@pytest.mark.parametrize("document", [None, "text", 7, True, ["text"], [[]], [None], [{}] * (MAX_EVENTS + 1)])
def test_what_holds_no_events_is_an_error(document):
    with pytest.raises(ValueError, match="no event"):
        read_events(HOOKS["postmark"], document)


KEYS = st.sampled_from(
    ["event", "Type", "Message", "RecordType", "email", "bounce", "mail", "reason", "status", "monitor", "event-data", "0"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["bounce", "{}", "[]", '{"mail": 1}', "Bounce", "failed"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@given(st.sampled_from(sorted(HOOKS)), JSON)
def test_no_json_breaks_a_reader(name, document):
    try:
        events = read_events(HOOKS[name], document)
    except ValueError:
        return
    for event in events:
        assert len(event.key) == 32
        "".join((event.report.reason, event.report.diagnostic, *event.report.recipients)).encode()
        json.loads(event.raw)
