"""A mapping is read whole or told what is wrong with it, with the place."""

import re

import pytest

from monitor.delivery.hooks.files import MAPPINGS, check_hook, folded, hook_file, shipped_names
from monitor.model.hook import HookScheme, Meaning

GOOD = """\
title: Example
proof:
  scheme: hmac
  signature: "{header:X-Signature}"
  prefix: "sha256="
  signed: "{header:X-Time}.{body}"
  time: "{header:X-Time}"
  tolerance_h: 2
events: data.events
json: [data]
fields:
  kind: [event, severity | type]
  id: id
  message_id: headers.message-id
meanings:
  Failed/Permanent: hard
  failed: soft
send: {header: X-Reference, value: "monitor {token}"}
"""


@pytest.fixture
def check(tmp_path):
    def look(text, name="example"):
        file = tmp_path / f"{name}.yml"
        file.write_text(text, encoding="utf-8")
        return check_hook(file, shown_as="hooks/example.yml")

    return look


def test_a_mapping_is_read(check):
    hook, problems = check(GOOD)
    assert problems == ()
    assert (hook.name, hook.title, hook.header, hook.value) == ("example", "Example", "X-Reference", "monitor {token}")
    assert (hook.proof.scheme, hook.proof.prefix, hook.proof.algorithm, hook.proof.encoding) == (
        HookScheme.HMAC,
        "sha256=",
        "sha256",
        "hex",
    )
    assert hook.proof.tolerance.total_seconds() == 7200
    assert (hook.events, hook.json) == (("data", "events"), (("data",),))
    assert hook.fields.kind == ((("event",),), (("severity",), ("type",)))
    assert hook.meanings == {"failed/permanent": Meaning.HARD, "failed": Meaning.SOFT}


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "why"),
    [
        ("title: Example", "title: [", "B001", 3, "no YAML"),
        ("events: data", "evnts: data", "B002", 9, "a misspelled key"),
        ("  prefix:", "  prefx:", "B002", 5, "a misspelled key inside"),
        ("proof:\n", "prof:\n", "B003", 1, "nothing proves a request"),
        ("  scheme: hmac\n", "", "B003", 3, "no scheme"),
        ("scheme: hmac", "scheme: magic", "B004", 3, "a scheme that is none"),
        ('"{header:X-Signature}"', '""', "B003", 4, "nowhere to find the signature"),
        ('"{header:X-Time}.{body}"', '"words"', "B004", 6, "a signature over nothing"),
        ('"{header:X-Time}.{body}"', '"{headr:X-Time}.{body}"', "B004", 6, "a part that is none"),
        ('"{header:X-Time}.{body}"', '"{field:a..b}"', "B004", 6, "a spot that is none"),
        ("tolerance_h: 2", "tolerance_h: never", "B004", 8, "no number"),
        ("tolerance_h: 2", "tolerance_h: 1000", "B004", 8, "weeks in which a request could be played again"),
        ("json: [data]", "json: data", "B004", 10, "no list"),
        ("  kind: [event, severity | type]", "  kind: [a, b, c, d, e]", "B004", 12, "too many parts"),
        ("  kind: [event, severity | type]\n", "", "B003", 12, "nothing tells what happened"),
        ("  message_id: headers.message-id\n", "", "B003", 12, "nothing could prove anything"),
        ("  id: id", "  id: a b", "B004", 13, "no spot"),
        ("  failed: soft", "  failed: bad", "B004", 17, "no meaning"),
        ("  failed: soft", "  failed/a/b: soft", "B007", 17, "more parts than there are"),
        ("  failed: soft", "  FAILED/permanent: soft", "B005", 17, "twice but for capitals"),
        ("title: Example", "title: Example\ntitle: Other", "B005", 2, "a key twice"),
        ("header: X-Reference", "header: Subject", "B004", 18, "a header that has another use"),
        ("header: X-Reference", 'header: "X-A: b\\nBcc"', "B004", 18, "a header that adds another"),
        ('"monitor {token}"', '"monitor"', "B004", 18, "nothing of ours in it"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(check, old, new, code, line, why):
    assert old in GOOD
    hook, problems = check(GOOD.replace(old, new))
    assert hook is None, why
    assert (code, line) in {(found.code, found.place.line) for found in problems}, [str(found) for found in problems]


def test_everything_is_told_at_once(check):
    _, problems = check("title: 7\nproof: {scheme: x}\nfields: []\nmeanings: {a: b}\nmore: 1\n")
    assert {found.code for found in problems} >= {"B002", "B004"}
    assert len(problems) >= 5


@pytest.mark.parametrize("text", ["", "- a\n", "7\n", "null\n", "{}\n"])
def test_what_is_no_mapping_is_told(check, text):
    hook, problems = check(text)
    assert hook is None
    assert problems


def test_a_file_whose_name_cannot_stand_in_an_address_is_refused(check):
    _, problems = check(GOOD, "No Name")
    assert [found.code for found in problems] == ["B006"]


def test_those_that_come_with_the_program_are_right_and_hold_no_secret():
    assert shipped_names() == ("amazon-ses", "brevo", "mailgun", "mailjet", "postmark", "sendgrid")
    for name in shipped_names():
        hook, problems = check_hook(MAPPINGS / f"{name}.yml")
        assert problems == ()
        assert {Meaning.HARD, Meaning.COMPLAINT, Meaning.DELIVERED} <= set(hook.meanings.values()), name
        # readers' clicks are none of ours
        assert all(meaning is Meaning.IGNORED for kind, meaning in hook.meanings.items() if re.search("open|click", kind)), name


def test_an_own_mapping_comes_before_the_shipped_one(tmp_path):
    assert hook_file("postmark", tmp_path) == MAPPINGS / "postmark.yml"
    (tmp_path / "postmark.yml").write_text(GOOD)
    assert hook_file("postmark", tmp_path) == tmp_path / "postmark.yml"
    assert hook_file("nobody", tmp_path) is None


def test_kinds_are_compared_without_case_and_empty_ends():
    assert folded("Bounce/HardBounce/ / ") == "bounce/hardbounce"
