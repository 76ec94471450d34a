"""Builds the bytes of one mail: one edition, one subscription. The same arguments give the same bytes, for ever.

The checklist is `delivery.md` 2.1 and 2.2 of the design; RFC 2369, 2919, 8058, 3834, 5064.
"""

from __future__ import annotations

import base64
import hashlib
import html
import quopri
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote

from monitor.delivery.dkim_signing import signed
from monitor.delivery.policy import MAIL_POLICY
from monitor.delivery.tokens import Purpose, make_token, message_id
from monitor.model.delivery import OutboxMessage, OutboxState, SenderIdentity, Subscription
from monitor.model.edition import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, FrozenEdition, Rendition

_CONTROLS = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)))
"""C0 and C1, but for tab and line ends: old quotation marks that a source brought in the wrong charset make Gmail clip (U+0092)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is the same in every copy of an edition in one language."""

    edition: FrozenEdition
    rendition: Rendition
    list_title: str
    sent_at: datetime


def build_message(letter: Letter, subscription: Subscription, sender: SenderIdentity) -> OutboxMessage:
    """The outbox row for one subscription, its bytes frozen. `sent_at` of the letter becomes the Date field.

    Reads no clock: a retry, or a second build, gives the same bytes and the same Message-ID.
    """
    edition = letter.edition
    token = make_token(sender.secret, Purpose.UNSUBSCRIBE, subscription.id, edition.digest)
    identifier = message_id(sender.secret, edition.id, subscription.id, edition.revision, sender.domain)
    links = {
        UNSUBSCRIBE_TOKEN: f"{sender.base_url}/u/{token}",
        PREFERENCES_TOKEN: preferences_url(sender, subscription),
    }
    fields = _fields(letter, subscription, sender, token) | {"Message-ID": identifier}
    fields |= reference_fields(sender, subscription.id, edition.id)
    text = _filled(letter.rendition.mail_text.translate(_CONTROLS), links)
    page = _filled(letter.rendition.mail_html.translate(_CONTROLS), {name: html.escape(url) for name, url in links.items()})
    body = assembled(fields, letter.rendition.language, text, page)
    return OutboxMessage(
        id=0,
        edition=edition.id,
        subscription=subscription.id,
        recipient=subscription.canonical,
        language=letter.rendition.language,
        message_id=identifier,
        state=OutboxState.PENDING,
        body=signed(body, sender.dkim, letter.sent_at) if sender.dkim else body,
        created_at=letter.sent_at,
        envelope_from=envelope_sender(sender, subscription.id, edition.id),
    )


def assembled(fields: Mapping[str, str], language: str, text: str, page: str) -> bytes:
    """The bytes of a mail in two forms, the plain one first; its boundary comes from the Message-ID, so that they are always the same."""
    message = EmailMessage(policy=MAIL_POLICY)
    for name, value in fields.items():
        message[name] = value
    message.set_content(text, cte=_cte(text))
    message.add_alternative(page, subtype="html", cte=_cte(page))
    # not before: making parts takes the Content fields of the whole along into the first part
    message["Content-Language"] = language
    message.set_boundary(boundary(fields["Message-ID"]))
    return message.as_bytes()


def boundary(identifier: str) -> str:
    """What stands between the parts of the mail with this Message-ID."""
    return "=_" + hashlib.sha256(identifier.encode()).hexdigest()[:32]


def preferences_url(sender: SenderIdentity, subscription: Subscription) -> str:
    """The page where this person changes language and digests."""
    return f"{sender.base_url}/p/{make_token(sender.secret, Purpose.MANAGE, subscription.id, subscription.digest)}"


def envelope_sender(sender: SenderIdentity, subscription: int, edition: str) -> str:
    """Where this one message bounces to: an address with a token that names edition and subscription, and that nobody can make up.

    Variable envelope return paths (VERP): what comes back need not be understood to know whom it is about. The plain sender where no
    address for bounces is set.
    """
    if not sender.bounce:
        return sender.address
    local, _, domain = sender.bounce.rpartition("@")
    return f"{local}+{make_token(sender.secret, Purpose.BOUNCE, subscription, edition)}@{domain}"


def reference_fields(sender: SenderIdentity, subscription: int, edition: str) -> dict[str, str]:
    """Headers with the token of the envelope, for providers that put an envelope and a Message-ID of their own on a mail."""
    token = make_token(sender.secret, Purpose.BOUNCE, subscription, edition)
    return {name: text.replace("{token}", token) for name, text in sender.references}


def _fields(letter: Letter, subscription: Subscription, sender: SenderIdentity, token: str) -> dict[str, str]:
    edition, language = letter.edition, letter.rendition.language
    site, list_name = sender.base_url, edition.digest
    list_home = f"{site}/{quote(edition.digest)}/"
    fields = {
        "From": f"{phrase(sender.name or letter.list_title)} <{sender.address}>",
        "To": subscription.canonical,
        "Subject": one_line(letter.rendition.subject),
        "Date": format_datetime(letter.sent_at),
        "List-Id": f"{phrase(letter.list_title)} <{list_name}.{sender.domain}>",
        "List-Unsubscribe": f"<{site}/u/{token}>, <mailto:{leave_address(sender, token)}?subject=unsubscribe>",
        "List-Help": f"<{list_home}>",
        "List-Owner": f"<mailto:{sender.owner or sender.reply_to or sender.address}>",
        "List-Archive": f"<{list_home}>",
        "List-Post": "NO",
        "Archived-At": f"<{list_home}{edition.week}/{language}/>",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Feedback-ID": f"{edition.week}:{list_name}:weekly:monitor",
    }
    if sender.base_url.startswith("https://"):
        # RFC 8058 knows one-click for https only: with plain http the field would be a lie
        fields["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if sender.reply_to:
        fields["Reply-To"] = f"<{sender.reply_to}>"
    return fields


def one_line(text: str) -> str:
    """Prose fit for a header: no control, bidi or line characters, single spaces; a title cannot add a field (CVE-2024-6923)."""
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} else c for c in text if unicodedata.category(c) != "Cf"
    )
    return " ".join(kept.split())


def phrase(name: str) -> str:
    """A display name: quoted if it is ASCII and holds specials; non-ASCII is left to the policy."""
    clean = one_line(name)
    if clean.isascii() and not all(c.isalnum() or c in " !#$%&'*+-/=?^_`{|}~" for c in clean):
        escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return clean


def leave_address(sender: SenderIdentity, token: str) -> str:
    """The mailbox whose mail unsubscribes: u+TOKEN where bounces are read, else at the sender's domain."""
    return f"u+{token}@{(sender.bounce or sender.address).rpartition('@')[2]}"


def _filled(text: str, links: Mapping[str, str]) -> str:
    for token, url in links.items():
        text = text.replace(token, url)
    return text


def _cte(text: str) -> str:
    """The smaller of quoted-printable and base64; mostly ASCII stays readable."""
    raw = text.encode()
    if raw.isascii() or sum(byte < 128 for byte in raw) > 0.9 * len(raw):
        return "quoted-printable"
    return "quoted-printable" if len(quopri.encodestring(raw)) <= len(base64.encodebytes(raw)) else "base64"
