"""The error tree. Every class says whether trying again can help.

MonitorError                    transient?  exit code
├── WrongFiles                  no          2   (carries every Problem found, with its place)
├── WrongUse                    no          2
├── WorldFailed                 (by class)  3   something outside failed
│   ├── FetchFailed             (by class)      nothing usable came back
│   │   ├── FeedUnreachable     yes             DNS, connection, TLS, time-out, 408, 5xx but 503
│   │   ├── FeedBusy            yes             429, 503; `retry_after_s`
│   │   ├── FeedGone            no              410
│   │   ├── FeedRefused         no              another 4xx (404 is soft: the schedule asks again)
│   │   ├── FetchForbidden      no              address, port or scheme we may not touch
│   │   ├── FetchTooLarge       no              body over its limit, or nested encoding
│   │   └── NotAFeed            no              HTML, a challenge page, or nothing in the body
│   ├── MailFailed              (by class)
│   │   ├── MailDeferred        yes             4xx for this recipient
│   │   ├── MailRefused         no              5xx for this recipient
│   │   ├── SenderRefused       no              the relay refuses us: stop the edition, alarm
│   │   ├── RelayUnavailable    yes             no connection, 421
│   │   ├── ClaimLost           yes             another sender may have the row by now: nothing was sent
│   │   └── MailAmbiguous       yes             lost after the final dot: the same bytes may be sent again
│   ├── MailboxFailed           (by class)      the mailbox that bounces come to
│   │   ├── MailboxAway         yes             no connection, connection lost, held by another program
│   │   └── MailboxRefused      no              no such mailbox, wrong password, a certificate that does not hold
│   ├── DnsFailed               yes             no name server answered
│   ├── AidFailed               (by class)      translator or writer; an edition can do without
│   │   ├── AidAway             yes             no connection, time-out, 408, 429, 5xx
│   │   └── AidRefused          no              another status, or an answer that is none
│   └── StoreFailed             (by class)
│       ├── StoreBusy           yes             locked beyond the patience given
│       └── StoreRefused        no              newer schema, broken file, network file system
└── Invariant                   no              a promise of ours was broken: a bug
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from monitor.model.problem import Problem


class MonitorError(Exception):
    """The root; `transient` tells whether the same call may succeed later, `exit_code` what a command ends with."""

    transient: ClassVar[bool] = False
    exit_code: ClassVar[int] = 1


class WrongFiles(MonitorError):
    """Files people wrote cannot be used; `problems` holds all of them, in order of place."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class WrongUse(MonitorError):
    """A command or call was given something it cannot work with."""

    exit_code = 2


class WorldFailed(MonitorError):
    """Something outside this program failed."""

    exit_code = 3


class FetchFailed(WorldFailed):
    """A fetch gave nothing usable.

    Args:
        reason: One line for people, without the address.
        url: The address that failed (the hop, not the start).
        status: The HTTP status, when there was one.
        retry_after_s: Seconds the server asked us to wait, >= 0, when it did.
    """

    def __init__(self, reason: str, *, url: str = "", status: int | None = None, retry_after_s: float | None = None) -> None:
        self.reason = reason
        self.url = url
        self.status = status
        self.retry_after_s = retry_after_s
        self.keys: tuple[str, ...] = ()
        """The host's key and the address that were asked; () where it did not come to that."""
        super().__init__(reason)


class FeedUnreachable(FetchFailed):
    """DNS, connection, TLS, time-out, truncated body, 408 or a 5xx other than 503."""

    transient = True


class FeedBusy(FetchFailed):
    """429 or 503; `retry_after_s` is set when the server said when. Without a status nobody was asked: a block holds still."""

    transient = True


class FeedGone(FetchFailed):
    """410: stop asking, tell the operator, look again monthly."""


class FeedRefused(FetchFailed):
    """A 4xx other than 408, 410 and 429. The schedule still asks again, later and later."""


class FetchForbidden(FetchFailed):
    """The address, or a redirect, leads where this service does not go (private network, port, scheme)."""


class FetchTooLarge(FetchFailed):
    """The body passed its limit while streaming; reading stopped there."""


class NotAFeed(FetchFailed):
    """The answer was not a feed: HTML, a challenge or consent page, an empty body."""


class MailFailed(WorldFailed):
    """A message was not accepted. `code` is the SMTP code or None, `text` the server's words."""

    def __init__(self, text: str, *, code: int | None = None) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{code} {text}" if code else text)


class MailDeferred(MailFailed):
    """4xx for this recipient: try again later."""

    transient = True


class MailRefused(MailFailed):
    """5xx for this recipient: final."""


class SenderRefused(MailFailed):
    """The relay refuses us, not the recipient (5.7.x, authentication): pause and tell the operator."""


class RelayUnavailable(MailFailed):
    """No connection to the relay, or 421: nothing was sent, the row stays pending."""

    transient = True


class ClaimLost(MailFailed):
    """The sender may no longer count on its claim: it stopped before the message's first byte, and the row is not its own."""

    transient = True


class MailAmbiguous(MailFailed):
    """The connection was lost after the final dot: the relay may or may not have the message (RFC 1047)."""

    transient = True


class MailboxFailed(WorldFailed):
    """The mailbox of bounces could not be read; what was read before stays read."""


class MailboxAway(MailboxFailed):
    """No connection, a connection that was lost, or another program holds it."""

    transient = True


class MailboxRefused(MailboxFailed):
    """There is no such mailbox, it does not let us in, or its certificate does not hold: the settings are wrong."""


class DnsFailed(WorldFailed):
    """No name server answered, or not so that it could be read. That a name does not exist is no failure."""

    transient = True


class AidFailed(WorldFailed):
    """A translator or a writer gave nothing usable; the edition goes out without, and says so."""


class AidAway(AidFailed):
    """No connection, a time-out, 408, 429 or a 5xx."""

    transient = True


class AidRefused(AidFailed):
    """Another status, a body over its limit, or an answer that does not have the form agreed."""


class StoreFailed(WorldFailed):
    """The database could not do what was asked."""


class StoreBusy(StoreFailed):
    """Another writer held the database longer than the patience given."""

    transient = True


class StoreRefused(StoreFailed):
    """The database must not be used: newer schema, broken file, unsafe file system or library."""


class Invariant(MonitorError):
    """A promise of this program was broken; please report it."""
