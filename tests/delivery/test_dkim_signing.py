"""Signatures that a verifier accepts, and that break where a reader would be misled."""

import base64
import subprocess
from dataclasses import replace
from datetime import timedelta

import dkim
import pytest

from monitor.delivery.dkim_signing import OVERSIGNED, public_key, published_form, published_key, read_key, signed
from monitor.delivery.message import build_message
from monitor.model.errors import WrongFiles


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(file))
    return file.read_bytes()


@pytest.fixture(scope="module")
def public(pem, tmp_path_factory):
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    file.write_bytes(pem)
    return openssl("rsa", "-in", str(file), "-pubout", "-outform", "DER")


@pytest.fixture
def key(pem):
    return read_key("2026a", "news.example.org", pem, "key.pem")


@pytest.fixture
def verify(public):
    """Verifies with the key published under the right name only."""

    def dns(name, timeout=5):
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public) if name == b"2026a._domainkey.news.example.org." else None

    return lambda raw: dkim.verify(raw, dnsfunc=dns)


@pytest.fixture
def built(make, key):
    return build_message(make.letter(title="Бюлетэнь"), make.subscription(), replace(make.sender, dkim=key)).body


def test_a_built_message_verifies(built, verify):
    assert built.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=news.example.org;")
    assert verify(built)


def test_the_signature_is_the_same_at_every_build_and_dated_as_the_message(built, make, key):
    again = build_message(make.letter(title="Бюлетэнь"), make.subscription(), replace(make.sender, dkim=key)).body
    assert built == again
    assert f"t={int(make.now.timestamp())};".encode() in built


def test_both_unsubscribe_fields_are_covered(built):
    field = built.partition(b"\r\nFrom:")[0].replace(b"\r\n", b"").replace(b" ", b"").lower()
    covered = field.partition(b"h=")[2].partition(b";")[0].split(b":")
    for name in ("list-unsubscribe", "list-unsubscribe-post", "from", "subject", "list-id"):
        assert covered.count(name.encode()) == 2, f"{name} is signed once for itself and once against another"
    for name in ("to", "date", "message-id", "mime-version", "content-type", "feedback-id", "content-language", "archived-at"):
        assert covered.count(name.encode()) == 1, name


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"https://news.example.org/u/", b"https://news.example.net/u/", "another button"),
        (b"One-Click", b"One-Clack", "another way to unsubscribe"),
        (b"To: ann@", b"To: eve@", "another recipient"),
        (b"quoted-printable\r\n\r\nLeave", b"quoted-printable\r\n\r\nStay", "another text"),
    ],
)
def test_a_changed_message_does_not_verify(make, key, verify, old, new, why):
    built = build_message(
        make.letter(mail_text="Leave: {{UNSUBSCRIBE_URL}}\n"), make.subscription(), replace(make.sender, dkim=key)
    )
    assert verify(built.body)
    assert old in built.body, why
    assert not verify(built.body.replace(old, new)), why


def test_flipping_one_letter_of_the_unsubscribe_token_breaks_it(built, verify):
    at = built.index(b"List-Unsubscribe: <https://news.example.org/u/") + 60
    flipped = built[:at] + (b"A" if built[at : at + 1] != b"A" else b"B") + built[at + 1 :]
    assert flipped != built
    assert not verify(flipped)


@pytest.mark.parametrize("name", OVERSIGNED)
def test_a_field_that_is_added_on_the_way_breaks_it(built, verify, name):
    assert not verify(name.encode() + b": added\r\n" + built)


def test_the_published_key_is_known_for_ours(pem, public):
    assert published_key(public) == public_key(pem)
    assert base64.b64decode(published_form(pem)) == public
    assert published_key(b"\x30\x03abc") is None


def test_windows_line_ends_in_the_key_file_are_no_matter(pem, make):
    raw = build_message(make.letter(), make.subscription(), make.sender).body
    unix, windows = (read_key("s", "example.org", text, "k") for text in (pem, pem.replace(b"\n", b"\r\n")))
    assert signed(raw, unix, make.now) == signed(raw, windows, make.now)
    assert signed(raw, unix, make.now) != signed(raw, unix, make.now + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "no private key"),
        (b"v=DKIM1; p=AAAA", "no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be read as RSA"),
        (b"-----BEGIN PRIVATE KEY-----\n\xff\xff\n-----END PRIVATE KEY-----\n", "cannot be read as RSA"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "passphrase"),
    ],
)
def test_what_is_no_key_is_a_located_problem(text, words):
    with pytest.raises(WrongFiles, match=words) as error:
        read_key("s", "example.org", text, "keys/dkim.pem")
    problem = error.value.problems[0]
    assert (problem.place.file, problem.place.line) == ("keys/dkim.pem", 1)
    assert "rsa_keygen_bits:2048" in problem.mend


def test_a_short_key_is_refused(tmp_path):
    openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024", "-out", str(tmp_path / "k"))
    with pytest.raises(WrongFiles, match="1024 bits"):
        read_key("s", "example.org", (tmp_path / "k").read_bytes(), "k")


def test_a_key_of_another_kind_is_refused(tmp_path):
    openssl("genpkey", "-algorithm", "ed25519", "-out", str(tmp_path / "k"))
    with pytest.raises(WrongFiles, match="cannot be read as RSA"):
        read_key("s", "example.org", (tmp_path / "k").read_bytes(), "k")
