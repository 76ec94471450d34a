"""Whether mail of this sender will be believed, and the exact record to publish where not."""

import re
import subprocess

import pytest

from monitor.delivery.dkim_signing import published_form, read_key
from monitor.delivery.sender.check import SenderFacts, check_sender
from monitor.model.errors import DnsFailed

IP = "93.184.216.34"


class Table:
    """Records of a table; names in `away` get no answer."""

    def __init__(self, records, away=()):
        self.records, self.away = records, away

    def _of(self, name, kind):
        if any(part in name for part in self.away):
            raise DnsFailed(f"{name} {kind}: no answer")
        return tuple(self.records.get(f"{name} {kind}", ()))

    def txt(self, name):
        return self._of(name, "TXT")

    def mx(self, name):
        return self._of(name, "MX")

    def addresses(self, name):
        return self._of(name, "A")

    def names_of(self, address):
        return self._of(address, "PTR")


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    file = tmp_path_factory.mktemp("k") / "k"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(file)],
        check=True,
        capture_output=True,
    )
    return read_key("2026a", "news.example.org", file.read_bytes(), "k")


@pytest.fixture
def facts(key):
    return SenderFacts("news.example.org", "bounce.example.org", bounces_read_here=True, sends_from=(IP,), key=key)


@pytest.fixture
def good(key):
    """What a domain that does everything right has published."""
    return {
        "bounce.example.org TXT": [f"v=spf1 ip4:{IP} -all"],
        "2026a._domainkey.news.example.org TXT": [f"v=DKIM1; k=rsa; p={published_form(key.pem)}"],
        "_dmarc.example.org TXT": ["v=DMARC1; p=quarantine"],
        "bounce.example.org MX": ["mx.example.org"],
        "mx.example.org A": [IP],
        f"{IP} PTR": ["mx.example.org"],
    }


def test_a_domain_that_does_everything_right_has_nothing_to_mend(facts, good):
    verdicts = check_sender(facts, Table(good))
    assert [verdict.name for verdict in verdicts] == ["SPF", "DKIM", "DMARC", "MX", "PTR"]
    assert all(verdict.fine and not verdict.mend for verdict in verdicts), verdicts


@pytest.mark.parametrize(
    ("change", "name", "words", "mend"),
    [
        ({"bounce.example.org TXT": []}, "SPF", "has no SPF record", rf'^publish: bounce\.example\.org\. TXT "v=spf1 ip4:{IP} mx ~all"$'),
        ({"bounce.example.org TXT": ["v=spf1 -all", "v=spf1 mx -all"]}, "SPF", "2 SPF records", "keep one"),
        ({"bounce.example.org TXT": ["v=spf1 +all"]}, "SPF", "everybody", "-all"),
        ({"bounce.example.org TXT": ["v=spf1 ip4:192.0.2.1 -all"]}, "SPF", "fail", f"add ip4:{IP} to the record of bounce.example.org"),
        ({"bounce.example.org TXT": ["v=spf1 includes:x -all"]}, "SPF", "no mechanism", "add ip4"),
        ({"2026a._domainkey.news.example.org TXT": []}, "DKIM", "has no key", r'^publish: 2026a\._domainkey\.news\.example\.org\. TXT "v=DKIM1; k=rsa; p=MII'),
        ({"2026a._domainkey.news.example.org TXT": ["v=DKIM1; p="]}, "DKIM", "revoked", "publish: "),
        ({"2026a._domainkey.news.example.org TXT": ["v=DKIM1; p=AAAA"]}, "DKIM", "another key", "publish: "),
        ({"2026a._domainkey.news.example.org TXT": ["v=DKIM1; p=A", "v=DKIM1; p=B"]}, "DKIM", "2 keys", "keep one"),
        ({"_dmarc.example.org TXT": []}, "DMARC", "neither news.example.org nor example.org", r'^publish: _dmarc\.example\.org\. TXT "v=DMARC1; p=none; rua=mailto:postmaster@example\.org"$'),
        ({"_dmarc.example.org TXT": ["v=DMARC1; p=maybe"]}, "DMARC", "cannot be used", "p=none"),
        ({"_dmarc.example.org TXT": ["v=DMARC1; p=none", "v=DMARC1; p=none"]}, "DMARC", "cannot be used", "one record"),
        ({"bounce.example.org MX": []}, "MX", "bounces are lost", r"publish: bounce\.example\.org\. MX 10 <this host>\."),
        ({"bounce.example.org MX": ["."]}, "MX", "takes no mail", "publish: "),
        ({"mx.example.org A": []}, "MX", "mx.example.org has no address", r"publish: mx\.example\.org\. A"),
        ({f"{IP} PTR": []}, "PTR", "has no name", "provider"),
        ({f"{IP} PTR": ["host.isp.example"]}, "PTR", "does not lead back", "provider"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_the_record_to_publish(facts, good, change, name, words, mend):
    found = [verdict for verdict in check_sender(facts, Table(good | change)) if not verdict.fine]
    told = next(verdict for verdict in found if verdict.name == name)
    assert words in told.message
    assert re.search(mend, told.mend), told.mend
    assert not told.transient


def test_the_record_of_the_domain_itself_comes_before_that_of_its_organisation(facts, good):
    own = {"_dmarc.news.example.org TXT": ["v=DMARC1; p=reject"]}
    told = next(verdict for verdict in check_sender(facts, Table(good | own)) if verdict.name == "DMARC")
    assert told.message == "_dmarc.news.example.org: policy reject"
    below = {"_dmarc.example.org TXT": ["v=DMARC1; p=reject; sp=none"]}
    assert (
        next(v for v in check_sender(facts, Table(good | below)) if v.name == "DMARC").message
        == "_dmarc.example.org: policy none"
    )


def test_an_envelope_of_another_organisation_needs_a_signature(good, key):
    records = Table({name.replace("bounce.example.org", "bounces.esp.example"): value for name, value in good.items()})
    unsigned = SenderFacts("news.example.org", "bounces.esp.example", sends_from=(IP,))
    told = [verdict for verdict in check_sender(unsigned, records) if verdict.name == "DMARC"]
    assert [verdict.fine for verdict in told] == [True, False]
    assert "MONITOR_BOUNCE__ADDRESS" in told[1].mend
    signed = SenderFacts("news.example.org", "bounces.esp.example", sends_from=(IP,), key=key)
    assert all(verdict.fine for verdict in check_sender(signed, records) if verdict.name == "DMARC")


def test_a_signature_for_another_organisation_is_not_aligned(good, key):
    signs = SenderFacts("news.example.com", "bounce.example.org", sends_from=(IP,), key=key)
    told = next(verdict for verdict in check_sender(signs, Table(good)) if verdict.name == "DKIM")
    assert (told.fine, "not aligned" in told.message) == (False, True)


def test_without_the_relays_address_the_record_itself_is_looked_at(good):
    facts = SenderFacts("news.example.org", "bounce.example.org")
    told = {verdict.name: verdict for verdict in check_sender(facts, Table(good))}
    assert told["SPF"].fine
    assert "--sends-from" in told["SPF"].message
    assert "PTR" not in told
    broken = Table(good | {"bounce.example.org TXT": ["v=spf1 include:nowhere.example -all"]})
    assert not next(verdict for verdict in check_sender(facts, broken) if verdict.name == "SPF").fine


def test_private_addresses_need_no_name(good):
    facts = SenderFacts("news.example.org", "bounce.example.org", sends_from=("10.0.0.1",))
    assert "PTR" not in {verdict.name for verdict in check_sender(facts, Table(good))}


@pytest.mark.parametrize("part", ["_domainkey", "_dmarc", "mx.example.org"])
def test_a_name_server_that_is_away_spoils_one_test_and_may_be_asked_again(facts, good, part):
    verdicts = check_sender(facts, Table(good, away=[part]))
    wrong = [verdict for verdict in verdicts if not verdict.fine]
    assert wrong
    assert all(verdict.transient and verdict.mend == "try again later" for verdict in wrong)
    assert sum(verdict.fine for verdict in verdicts) >= 3
