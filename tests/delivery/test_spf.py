"""SPF as a receiver evaluates it, over records of a table."""

import pytest

from monitor.delivery.spf import MAX_LOOKUPS, SpfResult, spf_result

IP, SIX = "192.0.2.10", "2001:db8::10"


class Table:
    """Records of a table; "name kind" → values."""

    def __init__(self, **records):
        self.records = records

    def _of(self, name, kind):
        return tuple(self.records.get(f"{name} {kind}", ()))

    def txt(self, name):
        return self._of(name, "TXT")

    def mx(self, name):
        return self._of(name, "MX")

    def addresses(self, name):
        return self._of(name, "A")

    def names_of(self, address):
        return self._of(address, "PTR")


def table(record, **more):
    return Table(**{"example.org TXT": [record], **more})


@pytest.mark.parametrize(
    ("record", "address", "result", "why"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", IP, SpfResult.PASS, "a network"),
        ("v=spf1 ip4:192.0.2.10 -all", IP, SpfResult.PASS, "an address"),
        ("v=spf1 ip4:198.51.100.1 -all", IP, SpfResult.FAIL, "another address"),
        ("v=spf1 ip4:198.51.100.1 ~all", IP, SpfResult.SOFTFAIL, "softly"),
        ("v=spf1 ?all", IP, SpfResult.NEUTRAL, "no opinion"),
        ("v=spf1", IP, SpfResult.NEUTRAL, "an empty record"),
        ("v=spf1 ip6:2001:db8::/32 -all", SIX, SpfResult.PASS, "IPv6"),
        ("v=spf1 ip6:2001:db8::/32 -all", IP, SpfResult.FAIL, "IPv4 is not inside IPv6"),
        ("v=spf1 -ip4:192.0.2.10 +all", IP, SpfResult.FAIL, "the first that matches counts"),
        ("v=spf1 a -all", IP, SpfResult.PASS, "the domain's own address"),
        ("v=spf1 a:mail.example.org -all", IP, SpfResult.PASS, "another host's address"),
        ("v=spf1 a:mail.example.org/24 -all", "192.0.2.99", SpfResult.PASS, "its neighbours"),
        ("v=spf1 a/24 -all", "192.0.2.99", SpfResult.PASS, "neighbours of the domain"),
        ("v=spf1 mx -all", IP, SpfResult.PASS, "a mail host"),
        ("v=spf1 mx:other.example -all", IP, SpfResult.FAIL, "no mail host there"),
        ("v=spf1 include:_spf.example.net -all", IP, SpfResult.PASS, "a provider's record"),
        ("v=spf1 include:_no.example.net ~all", IP, SpfResult.SOFTFAIL, "a provider that does not know it"),
        ("v=spf1 include:nothing.example -all", IP, SpfResult.ERROR, "a provider without a record"),
        ("v=spf1 redirect=_spf.example.net", IP, SpfResult.PASS, "another record instead"),
        ("v=spf1 exists:mail.example.org -all", IP, SpfResult.PASS, "a name that exists"),
        ("v=spf1 ptr:example.org -all", IP, SpfResult.PASS, "by its name"),
        ("v=spf1 exp=x.example.org ip4:192.0.2.10 -all", IP, SpfResult.PASS, "a modifier is passed over"),
        ("v=spf1 ipv4:192.0.2.10 -all", IP, SpfResult.ERROR, "a misspelled mechanism"),
        ("v=spf1 ip4:192.0.2.300 -all", IP, SpfResult.ERROR, "no address"),
        ("v=spf1 exists:%{i}.example.org -all", IP, SpfResult.ERROR, "macros, which are not evaluated"),
        ("V=SPF1 IP4:192.0.2.10 -ALL", IP, SpfResult.PASS, "capitals"),
    ],
)
def test_a_record_lets_an_address_send_or_not(record, address, result, why):
    records = table(
        record,
        **{
            "example.org A": [IP], "mail.example.org A": [IP], "example.org MX": ["mail.example.org"], f"{IP} PTR": ["mail.example.org"],
            "_spf.example.net TXT": ["v=spf1 ip4:192.0.2.10 -all"], "_no.example.net TXT": ["v=spf1 -all"],
        },
    )  # fmt: skip
    found, words = spf_result(records, "example.org", address)
    assert found is result, why
    assert words


def test_no_record_and_two_records():
    assert spf_result(Table(), "example.org", IP)[0] is SpfResult.NONE
    two = Table(**{"example.org TXT": ["v=spf1 -all", "v=spf1 a -all"]})
    assert spf_result(two, "example.org", IP)[0] is SpfResult.ERROR
    other = Table(**{"example.org TXT": ["v=spf10 -all", "google-site-verification=x"]})
    assert spf_result(other, "example.org", IP)[0] is SpfResult.NONE


def test_eleven_lookups_are_too_many_and_ten_are_not():
    hosts = [f"a:h{number}.example.org" for number in range(MAX_LOOKUPS)]
    assert spf_result(table(f"v=spf1 {' '.join(hosts)} -all"), "example.org", IP)[0] is SpfResult.FAIL
    found, why = spf_result(table(f"v=spf1 {' '.join(hosts)} mx -all"), "example.org", IP)
    assert (found, "more than 10 lookups" in why) == (SpfResult.ERROR, True)


def test_a_record_that_includes_itself_ends():
    assert spf_result(table("v=spf1 include:example.org -all"), "example.org", IP)[0] is SpfResult.ERROR
