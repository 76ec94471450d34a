"""Whether a request is a provider's: by the keyed hash, password or secret that its mapping asks for. Pure; it reads no clock."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.delivery.hooks.files import SIGNED, digest_of
from monitor.delivery.hooks.json_paths import first_text, moment, value_at
from monitor.model.hook import Hook, HookProof, HookScheme


@dataclass(frozen=True, slots=True)
class HookRequest:
    """What came: header names in small letters, the body as its bytes are and as JSON, what stands behind the name in the address."""

    headers: Mapping[str, str]
    body: bytes
    document: object = None
    rest: str = ""


def asks_body(hook: Hook) -> bool:
    """Whether the proof stands inside the JSON, which must be read before anything is proved then."""
    proof = hook.proof
    return any("{field:" in text for text in (proof.signature, proof.signed, proof.time))


def doubt(hook: Hook, secret: str, request: HookRequest, now: datetime) -> str:
    """Why a request is not believed; "" where it is the provider's. Compares in constant time.

    Args:
        hook: The mapping.
        secret: What the provider and we know: a signing key, user:password, or a word that nobody guesses.
        request: What came.
        now: The present.
    """
    proof = hook.proof
    match proof.scheme:
        case HookScheme.BASIC:
            return "" if _same(_password(request), secret) else "no user and password, or wrong ones"
        case HookScheme.HEADER:
            given = filled(proof.signature, request).decode("utf-8", "replace")
            return (
                ""
                if given.startswith(proof.prefix) and _same(given.removeprefix(proof.prefix), secret)
                else "no secret, or a wrong one"
            )
        case HookScheme.PATH:
            return "" if _same(request.rest, secret) else "a wrong address"
    if not _is_signed(proof, secret, request):
        return "no signature, or a wrong one"
    return _age(proof, request, now)


def _is_signed(proof: HookProof, secret: str, request: HookRequest) -> bool:
    """Whether one of the signatures (providers that change their key send two) is the right one."""
    right = hmac.new(secret.encode(), filled(proof.signed, request), digest_of(proof.algorithm)).digest()
    fits = False
    for one in filled(proof.signature, request).split()[:8]:
        given = one.decode("utf-8", "replace")
        if given.startswith(proof.prefix):
            fits |= hmac.compare_digest(_decoded(given.removeprefix(proof.prefix), proof.encoding), right)
    return fits


def _age(proof: HookProof, request: HookRequest, now: datetime) -> str:
    if not proof.time:
        return ""
    signed_at = moment(filled(proof.time, request).decode("utf-8", "replace"))
    if signed_at is None:
        return "no moment of signing"
    return "" if abs(now - signed_at) <= proof.tolerance else "signed too long ago, or in the future"


def filled(text: str, request: HookRequest) -> bytes:
    """A text with the parts of the request in their places; "" for a part that is not there."""
    made, place = b"", 0
    for found in SIGNED.finditer(text):
        made += text[place : found.start()].encode() + _part(found.group(1), found.group(2), found.group(3), request)
        place = found.end()
    return made + text[place:].encode()


def _part(body: str | None, header: str | None, field: str | None, request: HookRequest) -> bytes:
    if body:
        return request.body
    if header:
        return request.headers.get(header.lower(), "").encode("utf-8", "replace")
    return first_text(value_at(request.document, tuple((field or "").split(".")))).encode()


def _password(request: HookRequest) -> str:
    """user:password as the header has it (RFC 7617), "" without."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    return _decoded(given.strip(), "base64").decode("utf-8", "replace")


def _decoded(text: str, encoding: str) -> bytes:
    try:
        return bytes.fromhex(text) if encoding == "hex" else base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())
