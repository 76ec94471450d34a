"""The content of parts of a damaged mail: the library's own ways in fail on bytes that no charset holds. Judges nothing."""

from __future__ import annotations

from email.message import Message


def parts_in(part: Message) -> list[Message]:
    """The messages that a part is made of; none for a leaf."""
    payload = part.get_payload() if part.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def decoded(part: Message) -> bytes:
    """The content of a leaf without its transfer encoding; as it stands where that cannot be undone, b"" where there is none."""
    try:
        body = part.get_payload(decode=True)
    except (ValueError, LookupError):  # UnicodeError is a ValueError
        return b""
    return body if isinstance(body, bytes) else b""


def encoded(part: Message) -> bytes:
    """The content of a leaf as it stands in the mail."""
    # without a transfer encoding the library gives the bytes back as they were; it has no way in that neither decodes nor replaces
    plain = Message()
    plain.set_payload(getattr(part, "_payload", None) or "")
    return decoded(plain)
