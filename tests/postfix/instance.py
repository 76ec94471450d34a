"""A private Postfix on loopback, with its own configuration, queue, ports and mailboxes; the system's own is never touched.

    with Postfix() as postfix:
        send(to="ann@reader.test", port=postfix.port)
        [mail] = postfix.wait_for("ann@reader.test")

Nothing leaves the machine: what is not one of the domains below is refused. It needs root, as Postfix does, and Debian's package.

| domain | what becomes of its mail |
|---|---|
| reader.test | delivered for `users`; others are unknown |
| all.test, news.test | delivered for everybody; news.test is where the sender's own mailboxes lie |
| bin.test | taken and thrown away: for benches |
| full.test, policy.test, gone.test | taken and returned with 5.2.2, 5.7.1, 5.1.1 |
| slow.test | taken and tried again and again; a warning after a second |
| any other | refused with 5.1.2 |

`port` refuses unknown people at RCPT; `accepting_port` takes them and returns the mail afterwards, as many servers do.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

DAEMONS = Path("/usr/lib/postfix/sbin")
OWNER = 65534  # nobody: the mailboxes' owner
USERS = ("ann", "bob", "cyd")
RETURNED = {
    "full.test": "error:5.2.2 the mailbox is full",
    "policy.test": "error:5.7.1 this sender is not welcome",
    "gone.test": "error:5.1.1 nobody of that name",
}
# the fields that delivery itself sets before a message (RFC 5321 4.4 and virtual(8))
TRACE = (b"return-path:", b"x-original-to:", b"delivered-to:", b"received:")

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_host_lookup = native
disable_dns_lookups = yes
smtpd_peername_lookup = no
myhostname = mx.reader.test
myorigin = $myhostname
mydestination =
alias_maps =
local_recipient_maps =
local_transport = error:5.1.1 nobody lives here
default_transport = error:5.1.2 no mail leaves this machine
relay_transport = error:5.1.2 no mail leaves this machine
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
recipient_delimiter = +
smtputf8_enable = yes
virtual_mailbox_domains = reader.test all.test news.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/etc/mailboxes
virtual_minimum_uid = 100
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
virtual_mailbox_limit = 0
transport_maps = texthash:{folder}/etc/transport
message_size_limit = 20000000
in_flow_delay = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 10000
smtpd_hard_error_limit = 10000
smtpd_client_connection_count_limit = 0
delay_warning_time = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
notify_classes =
error_notice_recipient = postmaster@news.test
bounce_template_file = {folder}/etc/bounce
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{accepting} inet n - n - - smtpd -o smtpd_reject_unlisted_recipient=no
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
# what people read in a returned mail; what programs read follows by itself
_BOUNCE = """\
failure_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Mail Delivery System)
Subject: Returned: not delivered
Postmaster-Subject: Copy: not delivered

Host $myhostname gave this mail up; the reason for each recipient follows.
EOF
delay_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Mail Delivery System)
Subject: Late: still trying
Postmaster-Subject: Copy: still trying

Host $myhostname could not deliver this mail so far and goes on trying: nothing needs to be done.
EOF
"""


def why_not() -> str:
    """Why Postfix cannot be started here; "" where it can."""
    if not (DAEMONS / "master").exists() or shutil.which("postfix") is None:
        return "Postfix is not installed"
    if os.geteuid() != 0:
        return "Postfix wants to be started by root"
    return ""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Postfix:
    """Started when it is made, ended by `close()` or at the end of its `with` block. `users` live at reader.test."""

    def __init__(self, users: tuple[str, ...] = USERS, patience_s: float = 30.0):
        reason = why_not()
        if reason:
            raise RuntimeError(reason)
        # not below a folder that only root may enter: Postfix gives up its rights
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.folder.chmod(0o755)
        self.port, self.accepting_port = free_port(), free_port()
        self._read: dict[str, bytes] = {}
        self._process: subprocess.Popen | None = None
        try:
            self._write(users)
            self._start(patience_s)
        except BaseException:
            self.close()
            raise

    def _write(self, users):
        etc, mail = self.folder / "etc", self.folder / "mail"
        for folder in (etc, mail, self.folder / "queue", self.folder / "data"):
            folder.mkdir()
        shutil.chown(mail, OWNER, OWNER)
        shutil.chown(self.folder / "data", "postfix")
        known = [f"{user}@reader.test box/" for user in users] + ["@all.test box/", "@news.test box/"]
        (etc / "mailboxes").write_text("\n".join(known) + "\n", encoding="utf-8")
        routes = {**RETURNED, "bin.test": "discard:", "slow.test": "retry:4.2.1 come again later"}
        (etc / "transport").write_text("".join(f"{domain} {to}\n" for domain, to in routes.items()), encoding="utf-8")
        filled = {"folder": self.folder, "daemons": DAEMONS, "owner": OWNER}
        (etc / "main.cf").write_text(_MAIN.format(**filled), encoding="utf-8")
        (etc / "bounce").write_text(_BOUNCE, encoding="ascii")
        (etc / "master.cf").write_text(_MASTER.format(port=self.port, accepting=self.accepting_port), encoding="utf-8")

    def _start(self, patience_s):
        with (self.folder / "start.log").open("wb") as said:
            self._process = subprocess.Popen(
                ["postfix", "-c", str(self.folder / "etc"), "start-fg"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        until = time.monotonic() + patience_s
        while not (answers(self.port) and answers(self.accepting_port)):
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Postfix did not start: {self.log()}")
            time.sleep(0.05)

    def log(self) -> str:
        """What it said, at start and since."""
        files = (self.folder / "start.log", self.folder / "log")
        return "".join(file.read_text(encoding="utf-8", errors="replace") for file in files if file.exists())

    def mails(self, recipient: str = "") -> list[bytes]:
        """What was delivered to an address (or to all), as it lies in the mailbox, in the order of arrival."""
        box = self.folder / "mail" / "box" / "new"
        # a file in `new` is whole: it was renamed into it
        for file in sorted(box.iterdir() if box.exists() else (), key=lambda file: file.stat().st_mtime_ns):
            if file.name not in self._read:
                self._read[file.name] = file.read_bytes()
        wanted = b"\nDelivered-To: " + recipient.encode() + b"\n"
        return [mail for mail in self._read.values() if not recipient or wanted in mail.partition(b"\n\n")[0] + b"\n"]

    def wait_for(self, recipient: str = "", count: int = 1, seconds: float = 30.0) -> list[bytes]:
        """The mails of an address once there are at least `count`; fails with Postfix's log after so many seconds."""
        until = time.monotonic() + seconds
        while len(found := self.mails(recipient)) < count:
            assert time.monotonic() < until, f"{len(found)} of {count} mails to {recipient or 'anybody'}: {self.log()}"
            time.sleep(0.02)
        return found

    def forget(self) -> None:
        """Empty the mailbox."""
        for file in (self.folder / "mail" / "box" / "new").glob("*"):
            file.unlink()
        self._read.clear()

    def close(self) -> None:
        """End it, by its id, and remove its folder."""
        if self._process is not None:
            # what was started waits for the master process, which made a session of its own
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._master() or self._process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(10)
                    break
        shutil.rmtree(self.folder, ignore_errors=True)

    def _master(self) -> int:
        """The id of its master process, 0 where there is none."""
        try:
            return int((self.folder / "queue" / "pid" / "master.pid").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def answers(port: int) -> bool:
    """Whether a server greets there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            greeting = connection.recv(200)
            connection.sendall(b"QUIT\r\n")
            return greeting.startswith(b"220 ")
    except OSError:
        return False


def as_handed_in(mail: bytes) -> bytes:
    """A delivered mail as it was handed in: without the fields set on the way, with the line ends of the wire."""
    head, blank, body = mail.partition(b"\n\n")
    kept, dropping = [], False
    for line in head.split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            dropping = line.lower().startswith(TRACE)
        if not dropping:
            kept.append(line)
    return (b"\n".join(kept) + blank + body).replace(b"\n", b"\r\n")
