"""Checks the real bytes of a mail against what mailbox providers ask and readers need. Reads no network.

M1xx is about the header, M2xx about lines, parts and encodings, M3xx about the HTML; `catalogue` says why each matters.
"""

from __future__ import annotations

from monitor.delivery.lint.body import body_findings
from monitor.delivery.lint.confirmation import confirmation_findings
from monitor.delivery.lint.header import header_findings
from monitor.delivery.lint.html import html_findings
from monitor.delivery.lint.mail import MailKind, take_apart
from monitor.model.problem import Place, Problem


def lint_message(raw: bytes, name: str = "message", kind: MailKind | None = None) -> tuple[Problem, ...]:
    """Every finding in a mail, in the order of the checks, with the line in its bytes where there is one.

    Args:
        raw: The message as it would go over the wire, CRLF or LF.
        name: File name shown in places.
        kind: What it is to be judged as; default what its fields say (`kind_of`).
    """
    mail = take_apart(raw, kind)
    checks = [header_findings, body_findings, html_findings]
    checks += [confirmation_findings] if mail.kind is MailKind.CONFIRMATION else []
    findings = [finding for check in checks for finding in check(mail)]
    return tuple(
        Problem(Place(name, found.line, 1 if found.line else 0), found.code, found.text, found.mend, found.severity)
        for found in findings
    )


def kind_of(raw: bytes) -> MailKind:
    """What a mail is judged as where nobody says it."""
    return take_apart(raw).kind
