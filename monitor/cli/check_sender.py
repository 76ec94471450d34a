"""`monitor check --live`, the part about mail: the relay, the sender's DNS records, and one message that is really sent."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address

from monitor import bootstrap
from monitor.delivery.addresses import canonical_address
from monitor.delivery.lint.check import lint_message
from monitor.delivery.sender.check import SenderFacts, Verdict, check_sender
from monitor.delivery.sender.dns_records import NameServers
from monitor.delivery.sender.trial_message import trial_message
from monitor.delivery.smtp import Relay, connect
from monitor.model.delivery import SenderIdentity
from monitor.model.errors import MailFailed, WrongUse
from monitor.model.problem import Severity
from monitor.settings import Settings
from monitor.store.promises import Store

PATIENCE_S = 15.0
"""Somebody waits before the screen."""


def sender_verdicts(here: Settings, store: Store, sends_from: tuple[str, ...], name_server: str) -> Iterator[Verdict]:
    """The relay, then what the world can look up about the sender. Asks name servers only for a sender that has a domain."""
    relay = bootstrap.relay_of(here)
    sender = bootstrap.sender_of(here, store)
    yield relay_verdict(replace(relay, timeout_s=min(relay.timeout_s, PATIENCE_S), deadline_s=min(relay.deadline_s, PATIENCE_S)))
    if sender.domain == "localhost":
        yield Verdict(
            "sender", True, f"{sender.address}: mail for this machine alone", "set MONITOR_MAIL__SENDER to send to others"
        )
        return
    yield from check_sender(_facts(sender, here, sends_from), _name_servers(name_server))


def relay_verdict(relay: Relay) -> Verdict:
    """Whether the relay lets us in as delivery goes in: protected and logged in as the settings say."""
    place = f"{relay.host}:{relay.port}"
    try:
        connection = connect(relay)
    except MailFailed as error:
        mend = "" if error.transient else "look at MONITOR_SMTP__SECURITY, __USERNAME and __PASSWORD"
        return Verdict("relay", False, str(error), mend, transient=error.transient)
    try:
        protection = connection.sock.version() if isinstance(connection.sock, ssl.SSLSocket) else "not encrypted"
        who = f", as {relay.username}" if relay.username else ""
        offers = ", ".join(
            sorted(name for name in ("dsn", "pipelining", "size", "smtputf8", "8bitmime") if connection.has_extn(name))
        )
        words = f"{place} lets us in ({protection}{who}); it offers {offers or 'nothing more'}"
        plain = not isinstance(connection.sock, ssl.SSLSocket) and not _is_near(connection.sock)
        return Verdict(
            "relay", True, words, "MONITOR_SMTP__SECURITY=starttls: others can read the mail on its way" if plain else ""
        )
    finally:
        connection.quit()


def send_trial(here: Settings, store: Store, address: str) -> Verdict:
    """Send one message, after lint found no error in it.

    Raises:
        WrongUse: No mail address.
    """
    relay, sender, recipient = bootstrap.relay_of(here), bootstrap.sender_of(here, store), canonical_address(address)
    message = trial_message(sender, recipient, bootstrap.system_clock().replace(microsecond=0), relay.host)
    wrong = [problem for problem in lint_message(message.body, "[TEST]") if problem.severity is Severity.ERROR]
    if wrong:
        return Verdict("message", False, f"not sent: {wrong[0].message}", wrong[0].mend)
    mailer = bootstrap.mailer_of(here)
    try:
        receipt = mailer.send(message)
    except MailFailed as error:
        return Verdict("message", False, f"not taken: {error}", transient=error.transient)
    finally:
        mailer.close()
    words = f"{relay.host} took {message.message_id} for {recipient}: {receipt.code} {receipt.text}"
    return Verdict("message", True, words, "look at its Authentication-Results where it arrives")


def _facts(sender: SenderIdentity, here: Settings, sends_from: tuple[str, ...]) -> SenderFacts:
    for address in sends_from:
        try:
            ip_address(address)
        except ValueError:
            raise WrongUse(f"{address!r} is no IP address") from None
    envelope = (sender.bounce or sender.address).rpartition("@")[2].lower()
    domain = sender.address.rpartition("@")[2].lower()
    return SenderFacts(domain, envelope, bool(here.bounce.listen), sends_from, sender.dkim)


def _name_servers(given: str) -> NameServers:
    if not given:
        return NameServers()
    host, _, port = given.partition(":") if given.count(":") == 1 else (given, "", "")
    if port and not port.isdecimal():
        raise WrongUse(f"{given!r} is no name server: write 192.0.2.53 or 192.0.2.53:5353")
    try:
        ip_address(host)
    except ValueError:
        raise WrongUse(f"{given!r} is no name server: write its IP address") from None
    return NameServers([host], port=int(port or 53))


def _is_near(sock: object) -> bool:
    """Whether the other end is this machine, or in a private network."""
    try:
        address = ip_address(sock.getpeername()[0])  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError, IndexError, smtplib.SMTPException):
        return True
    return address.is_loopback or address.is_private
