"""New mail is handed over once it is there, marked once it is dealt with, and lost never: on a real IMAP server, a maildir, an mbox."""

import importlib.util
import mailbox
import os
import sys
import tempfile
from pathlib import Path

import pytest

from monitor.delivery.mailbox import KEYWORD, Box, read_new
from monitor.delivery.reports import MAX_READ
from monitor.model.errors import MailboxAway, MailboxRefused, StoreBusy

PLACE = Path(__file__).with_name("dovecot.py")
SPEC = importlib.util.spec_from_file_location("dovecot_instance", PLACE)
dovecot = sys.modules["dovecot_instance"] = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(dovecot)


def mail(number, body="hello"):
    return f"From: a@example.org\r\nSubject: mail {number}\r\nMessage-ID: <{number}@example.org>\r\n\r\n{body}\r\n".encode()


class Reader:
    """Takes mails; understands those without "hand" in them, and fails as often as told."""

    def __init__(self, failures=0):
        self.taken = []
        self.failures = failures

    def __call__(self, raw):
        if self.failures:
            self.failures -= 1
            raise StoreBusy("the database is busy")
        self.taken.append(raw)
        return b"hand" not in raw

    @property
    def subjects(self):
        return [raw.partition(b"Subject: ")[2].partition(b"\n")[0].strip().decode() for raw in self.taken]


@pytest.fixture
def maildir(tmp_path):
    box = mailbox.Maildir(tmp_path / "bounces box", create=True)
    return Box(f"maildir://{str(tmp_path / 'bounces box').replace(' ', '%20')}"), box


@pytest.fixture
def mbox(tmp_path):
    place = mailbox.mbox(tmp_path / "bounces", create=True)
    yield Box(f"mbox://{tmp_path}/bounces"), place
    place.close()


@pytest.fixture(params=["maildir", "mbox"])
def local(request):
    """A mailbox on disk, with what puts a mail into it."""
    box, place = request.getfixturevalue(request.param)

    place.close()

    def put(raw):
        again = type(place)(place._path)
        again.add(raw)
        again.close()

    return box, put


def test_new_mail_is_read_once_and_whole(local):
    box, put = local
    for number in (1, 2):
        put(mail(number))
    reader = Reader()
    assert read_new(box, reader) == 2
    assert sorted(reader.subjects) == ["mail 1", "mail 2"]
    assert read_new(box, reader) == 0
    put(mail(3))
    assert read_new(box, reader) == 1


def test_a_mail_that_could_not_be_dealt_with_is_there_the_next_time(local):
    box, put = local
    put(mail(1))
    reader = Reader(failures=1)
    with pytest.raises(StoreBusy):
        read_new(box, reader)
    assert read_new(box, reader) == 1
    assert reader.subjects == ["mail 1"]


def test_no_more_than_asked_for_at_once(local):
    box, put = local
    for number in range(5):
        put(mail(number))
    reader = Reader()
    assert [read_new(box, reader, at_once=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(set(reader.subjects)) == 5


def test_a_huge_mail_is_read_in_part(local):
    box, put = local
    put(mail(1, "x" * (2 * MAX_READ)))
    reader = Reader()
    assert read_new(box, reader) == 1
    assert len(reader.taken[0]) <= MAX_READ


def test_what_was_not_understood_stays_unread_in_a_maildir(maildir):
    box, place = maildir
    place.add(mail(1, "written by hand"))
    place.add(mail(2))
    assert read_new(box, Reader()) == 2
    assert {message["Subject"]: message.get_flags() for message in place} == {"mail 1": "", "mail 2": "S"}


def test_what_was_not_understood_stays_unread_in_an_mbox(mbox):
    box, place = mbox
    place.add(mail(1, "written by hand"))
    place.add(mail(2))
    place.flush()
    assert read_new(box, Reader()) == 2
    again = mailbox.mbox(place._path)
    assert {message["Subject"]: message.get_flags() for message in again} == {"mail 1": "O", "mail 2": "RO"}
    again.close()


def test_an_mbox_that_another_program_holds_is_left_for_later(mbox):
    box, place = mbox
    place.add(mail(1))
    place.flush()
    Path(f"{place._path}.lock").touch()
    with pytest.raises(MailboxAway, match="holds the mailbox"):
        read_new(box, Reader())
    Path(f"{place._path}.lock").unlink()
    assert read_new(box, Reader()) == 1


@pytest.mark.parametrize("url", ["maildir:///nowhere/at/all", "mbox:///nowhere/at/all", "maildir:///etc"])
def test_a_mailbox_that_is_none_is_told(url):
    with pytest.raises(MailboxRefused, match=r"no such|no maildir|Not a directory"):
        read_new(Box(url), Reader())


# IMAP


@pytest.fixture(scope="module")
def server():
    if not dovecot.available() or os.geteuid() != 0:
        pytest.skip("needs Debian's dovecot-imapd and root")
    # not below pytest's own folder, whose path other users may not walk
    with tempfile.TemporaryDirectory(prefix="dovecot-") as folder:
        made = dovecot.start(Path(folder))
        yield made
        made.stop()


@pytest.fixture
def trusted(server, monkeypatch):
    """The server's certificate counts as known."""
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    return server


@pytest.fixture
def put(trusted):
    """Puts a mail into an empty mailbox; flags it then has, by subject."""
    import imaplib

    connection = imaplib.IMAP4("127.0.0.1", trusted.port)
    connection.login("b@example.org", "secret word")
    connection.select("INBOX")
    connection.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
    connection.expunge()

    def add(raw, folder="INBOX"):
        connection.create(folder)
        assert connection.append(folder, None, None, raw)[0] == "OK"

    def flags():
        connection.select("INBOX")
        _, found = connection.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        return {
            part[1].decode().partition(": ")[2].strip(): part[0].decode().partition("FLAGS (")[2].partition(")")[0]
            for part in found
            if isinstance(part, tuple)
        }

    add.flags = flags
    yield add
    connection.logout()


@pytest.fixture(params=["imaps", "imap"])
def imap(request, trusted):
    port = trusted.tls_port if request.param == "imaps" else trusted.port
    return Box(f"{request.param}://b%40example.org@localhost:{port}/INBOX", "secret word")


def test_imap_mail_is_read_once_and_marked(imap, put):
    put(mail(1))
    put(mail(2, "written by hand"))
    reader = Reader()
    assert read_new(imap, reader) == 2
    assert reader.subjects == ["mail 1", "mail 2"]
    assert reader.taken[0] == mail(1)
    flags = put.flags()
    assert r"\Seen" in flags["mail 1"]
    assert r"\Seen" not in flags["mail 2"]
    assert all(KEYWORD in one for one in flags.values())
    assert read_new(imap, reader) == 0


def test_imap_mail_that_could_not_be_dealt_with_is_there_the_next_time(imap, put):
    put(mail(1))
    put(mail(2))
    reader = Reader(failures=1)
    with pytest.raises(StoreBusy):
        read_new(imap, reader)
    assert not any("Seen" in one for one in put.flags().values())
    assert read_new(imap, reader) == 2


def test_imap_reads_no_more_than_a_mib_of_a_mail_and_so_many_at_once(imap, put):
    put(mail(1, "x" * (MAX_READ + 10_000)))
    put(mail(2))
    reader = Reader()
    assert read_new(imap, reader, at_once=1) == 1
    assert len(reader.taken[0]) == MAX_READ
    assert read_new(imap, reader, at_once=1) == 1


def test_imap_reads_the_folder_that_is_named(imap, put):
    put(mail(7), '"Bounces 2019"')
    reader = Reader()
    box = Box(imap.url.replace("/INBOX", "/Bounces%202019"), imap.password)
    assert read_new(box, reader) == 1


def test_imap_mail_that_another_program_has_read_is_none_of_ours(imap, put, trusted):
    import imaplib

    put(mail(1))
    other = imaplib.IMAP4("127.0.0.1", trusted.port)
    other.login("b@example.org", "secret word")
    other.select("INBOX")
    other.uid("STORE", "1:*", "+FLAGS", r"(\Seen)")
    other.logout()
    assert read_new(imap, Reader()) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda url: (url, "wrong"), "AUTHENTICATIONFAILED|Authentication failed"),
        (lambda url: (url.replace("/INBOX", "/Nowhere"), "secret word"), "Nowhere|doesn't exist"),
    ],
)
def test_imap_settings_that_are_wrong_are_told(imap, change, words):
    url, password = change(imap.url)
    with pytest.raises(MailboxRefused, match=words) as error:
        read_new(Box(url, password), Reader())
    assert not error.value.transient


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_a_certificate_that_does_not_hold_is_refused_before_the_password_is_sent(server, scheme):
    port = server.tls_port if scheme == "imaps" else server.port
    with pytest.raises(MailboxRefused, match="certificate"):
        read_new(Box(f"{scheme}://b%40example.org@localhost:{port}/INBOX", "secret word"), Reader())


def test_a_server_that_is_away_is_asked_again():
    with pytest.raises(MailboxAway, match="refused") as error:
        read_new(Box(f"imaps://b@127.0.0.1:{dovecot.free_port()}/INBOX"), Reader())
    assert error.value.transient
