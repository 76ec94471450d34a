"""The service's and the command line's ways to mail that comes back: the mailbox that is read, the port that listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from monitor.delivery.intake import Intake
from monitor.delivery.mailbox import Box, read_new
from monitor.hook_reports import AT_ONCE, Hooked, work_off
from monitor.logs import log, warn
from monitor.metrics import Metrics
from monitor.model.bounce import Bounce, BounceClass
from monitor.model.delivery import SenderIdentity
from monitor.model.ports import Clock
from monitor.returned_mail import Returns, accepts, forget_old, take_in
from monitor.settings import Settings
from monitor.store.promises import Store

FORGET_S = 6 * 3600.0
HOOKS_S = 5.0
"""Seconds between looks for what mail providers reported."""
PASSES = 20


def returns_of(store: Store, sender: SenderIdentity, clock: Clock, metrics: Metrics | None = None) -> Returns:
    """Deals with returned mail and tells of it: the log names no address."""

    def tell(bounce: Bounce) -> None:
        if metrics:
            metrics.record_bounce(bounce)
        facts = {"status": bounce.status, "edition": bounce.edition, "subscription": bounce.subscription}
        log(
            "mail_returned",
            bounce_class=bounce.bounce_class.value,
            act=bounce.act.value,
            key=bounce.key,
            source=bounce.source,
            **facts,
        )

    def alarm(edition: str, reason: str) -> None:
        warn("mail_refused", edition=edition, reason=reason)

    return Returns(store, sender, clock, tell, alarm)


def read_mailbox(settings: Settings, returns: Returns) -> int:
    """Deal with every new mail of the mailbox that is set; how many there were.

    Raises:
        MailboxFailed: By its class, trying again helps or not; what was read stays read.
        StoreFailed: The mail at hand is read again the next time.
    """
    box = Box(settings.bounce.mailbox, settings.bounce.password.get_secret_value())
    return read_new(box, lambda raw: take_in(returns, raw, source="mailbox").bounce_class is not BounceClass.UNKNOWN)


@dataclass(slots=True)
class ReturnTicks:
    """Reads the mailbox and listens, as far as the settings say so."""

    settings: Settings
    returns: Returns
    hooks: Mapping[str, Hooked] = field(default_factory=dict)
    intake: Intake | None = field(default=None, init=False)

    def start(self, every: Callable[[float, str, Callable[[], None]], None]) -> None:
        """Listen, and have a ticker call the rest.

        Raises:
            WorldFailed: The address to listen on is taken.
        """
        self.listen()
        if self.settings.bounce.mailbox:
            every(self.settings.bounce.tick_s, "bounces", self.read)
        if self.hooks:
            every(HOOKS_S, "hooks", self.work_off)
        every(FORGET_S, "forget-bounces", self.forget)

    def read(self) -> None:
        """Look into the mailbox."""
        count = read_mailbox(self.settings, self.returns)
        if count:
            log("mailbox_read", mails=count)

    def work_off(self) -> None:
        """Deal with what mail providers reported, all of it unless more comes meanwhile."""
        for _ in range(PASSES):
            if work_off(self.returns, self.hooks) < AT_ONCE:
                break

    def forget(self) -> None:
        """Drop what is too old, and requests of providers that have no secret any more."""
        if not self.hooks:
            work_off(self.returns, {})
        count = forget_old(self.returns)
        if count:
            log("bounces_forgotten", count=count)

    def listen(self) -> None:
        """Take mail at the port that is set, if one is.

        Raises:
            WorldFailed: The address cannot be listened on.
        """
        here = self.settings.bounce
        if not here.listen:
            return
        self.intake = Intake(
            here.listen,
            lambda address: accepts(self.returns.sender, address),
            self._take,
            hostname=here.address.rpartition("@")[2] or "localhost",
            alarm=lambda words: warn("intake_failed", error=words),
        )
        self.intake.start()
        log("intake_listens", port=self.intake.port)

    def _take(self, raw: bytes, envelope: tuple[str, ...]) -> None:
        take_in(self.returns, raw, envelope, "smtp")

    def stop(self) -> None:
        """Listen no longer; what was not acknowledged comes again."""
        if self.intake:
            self.intake.stop()
