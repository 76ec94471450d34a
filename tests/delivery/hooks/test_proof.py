"""A request is a provider's where its proof is right, and nobody's where anything of it is not."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.hooks.proof import HookRequest, asks_body, doubt, filled
from monitor.model.hook import Hook, HookFields, HookProof, HookScheme, Meaning

SECRET = "a secret of the provider's"
NOW = datetime(2019, 3, 11, 6, tzinfo=UTC)
BODY = b'{"event": "bounce"}'
HMAC = HookProof(
    HookScheme.HMAC,
    "{header:X-Signature}",
    "sha256=",
    "{header:X-Time}.{body}",
    time="{header:X-Time}",
    tolerance=timedelta(hours=1),
)


def hook(proof):
    return Hook("example", "Example", proof, HookFields(((("event",),),)), {"bounce": Meaning.HARD})


def signed(body=BODY, at=NOW, secret=SECRET, algorithm="sha256", encode=bytes.hex):
    time = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), f"{time}.".encode() + body, getattr(hashlib, algorithm)).digest()
    return HookRequest({"x-signature": f"sha256={encode(mac)}", "x-time": time}, body)


def test_what_the_provider_signed_is_believed():
    assert doubt(hook(HMAC), SECRET, signed(), NOW) == ""


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (replace(signed(), body=BODY + b" "), "another body"),
        (replace(signed(), headers={}), "no signature"),
        (replace(signed(), headers={**signed().headers, "x-time": "1552284001"}), "another moment"),
        (replace(signed(), headers={**signed().headers, "x-signature": "sha256="}), "an empty signature"),
        (replace(signed(), headers={**signed().headers, "x-signature": signed().headers["x-signature"].removeprefix("sha256=")}), "no prefix"),
        (replace(signed(), headers={**signed().headers, "x-signature": "sha256=zz"}), "not hex"),
        (replace(signed(), headers={**signed().headers, "x-signature": "sha256=\u0430"}), "beyond ASCII"),
        (signed(secret="another secret, as long as it"), "another secret"),
    ],
)  # fmt: skip
def test_what_is_forged_is_not(request_, why):
    assert "signature" in doubt(hook(HMAC), SECRET, request_, NOW), why


@pytest.mark.parametrize(
    ("hours", "fine"), [(0, True), (0.99, True), (1.01, False), (-0.99, True), (-1.01, False), (9000, False)]
)
def test_a_signature_lasts_as_long_as_the_provider_tries(hours, fine):
    assert (doubt(hook(HMAC), SECRET, signed(at=NOW - timedelta(hours=hours)), NOW) == "") is fine


def test_a_signed_time_that_is_none_is_refused():
    mac = hmac.new(SECRET.encode(), b"soon." + BODY, hashlib.sha256).hexdigest()
    request = HookRequest({"x-signature": f"sha256={mac}", "x-time": "soon"}, BODY)
    assert doubt(hook(HMAC), SECRET, request, NOW) == "no moment of signing"


def test_one_of_two_signatures_is_enough_while_the_key_changes():
    both = replace(signed(), headers={**signed().headers, "x-signature": f"sha256={'0' * 64} {signed().headers['x-signature']}"})
    assert doubt(hook(HMAC), SECRET, both, NOW) == ""


def test_other_algorithms_and_base64():
    proof = replace(HMAC, algorithm="sha512", encoding="base64")
    request = signed(algorithm="sha512", encode=lambda mac: base64.b64encode(mac).decode())
    assert doubt(hook(proof), SECRET, request, NOW) == ""
    assert doubt(hook(HMAC), SECRET, request, NOW)


def test_a_proof_inside_the_body():
    proof = HookProof(
        HookScheme.HMAC,
        "{field:signature.value}",
        signed="{field:signature.time}{field:signature.word}",
        time="{field:signature.time}",
    )
    time = str(int(NOW.timestamp()))
    value = hmac.new(SECRET.encode(), f"{time}word".encode(), hashlib.sha256).hexdigest()
    document = {"signature": {"time": time, "word": "word", "value": value}}
    assert asks_body(hook(proof))
    assert not asks_body(hook(HMAC))
    assert doubt(hook(proof), SECRET, HookRequest({}, b"", document), NOW) == ""
    assert doubt(hook(proof), SECRET, HookRequest({}, b"", {"signature": {**document["signature"], "word": "w"}}), NOW)
    assert doubt(hook(proof), SECRET, HookRequest({}, b"", ["no object"]), NOW)


def basic(text):
    return HookRequest({"authorization": "Basic " + base64.b64encode(text.encode()).decode()}, BODY)


@pytest.mark.parametrize(
    ("scheme", "request_", "fine", "why"),
    [
        (HookScheme.BASIC, basic("user:a long password"), True, "the right one"),
        (HookScheme.BASIC, replace(basic(""), headers={"authorization": basic("user:a long password").headers["authorization"].replace("Basic", "basic")}), True, "in small letters"),
        (HookScheme.BASIC, basic("user:another password"), False, "a wrong one"),
        (HookScheme.BASIC, HookRequest({}, BODY), False, "none"),
        (HookScheme.BASIC, HookRequest({"authorization": "Basic %%%"}, BODY), False, "no base64"),
        (HookScheme.BASIC, HookRequest({"authorization": "Bearer user:a long password"}, BODY), False, "another scheme"),
        (HookScheme.PATH, HookRequest({}, BODY, rest="user:a long password"), True, "at the end of the address"),
        (HookScheme.PATH, HookRequest({}, BODY), False, "without an end"),
        (HookScheme.HEADER, HookRequest({"authorization": "Bearer user:a long password"}, BODY), True, "in its header"),
        (HookScheme.HEADER, HookRequest({"authorization": "user:a long password"}, BODY), False, "without what stands before it"),
        (HookScheme.HEADER, HookRequest({}, BODY), False, "no header"),
    ],
)  # fmt: skip
def test_passwords_secrets_and_addresses(scheme, request_, fine, why):
    proof = HookProof(scheme, "{header:Authorization}", "Bearer ")
    assert (doubt(hook(proof), "user:a long password", request_, NOW) == "") is fine, why


@given(
    st.dictionaries(st.sampled_from(["authorization", "x-signature", "x-time"]), st.text(max_size=80)),
    st.binary(max_size=40),
    st.sampled_from(HookScheme),
)
def test_nothing_that_is_made_up_is_believed_or_breaks(headers, body, scheme):
    assert doubt(hook(replace(HMAC, scheme=scheme)), SECRET, HookRequest(headers, body, None, ""), NOW)


def test_texts_are_filled_in_their_order():
    request = HookRequest({"a": "1"}, b"\xff", {"b": {"c": 2}})
    assert filled("<{header:A}|{field:b.c}|{field:b}|{body}>", request) == b"<1|2||\xff>"
