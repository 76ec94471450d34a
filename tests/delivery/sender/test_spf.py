"""SPF as a receiver evaluates it, over records of a table."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.sender.spf import MAX_LOOKUPS, spf_result
from monitor.delivery.sender.spf_record import Circumstances, SpfResult, expanded

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
        ("v=spf1 exists:%{i}.in.example.org -all", IP, SpfResult.PASS, "a name made of the address"),
        ("v=spf1 exists:%{i}.in.example.org -all", "192.0.2.11", SpfResult.FAIL, "of another address"),
        ("v=spf1 exists:%{q}.example.org -all", IP, SpfResult.ERROR, "a macro that is none"),
        ("v=spf1 exists:%{d0}.example.org -all", IP, SpfResult.ERROR, "none of its labels"),
        ("v=spf1 exists:%i.example.org -all", IP, SpfResult.ERROR, "a macro without braces"),
        ("v=spf1 include:%{c}.example.org -all", IP, SpfResult.ERROR, "a macro of explanations alone"),
        ("v=spf1 a:localhost -all", IP, SpfResult.ERROR, "a name without a dot"),
        ("v=spf1 a:1.2.3.4 -all", IP, SpfResult.ERROR, "an address where a name stands"),
        ("v=spf1 ip4:192.0.2.10/33 -all", IP, SpfResult.ERROR, "too many bits"),
        ("v=spf1 a/99 -all", IP, SpfResult.ERROR, "too many bits of a host"),
        ("v=spf1 a:six.example.org//64 -all", "2001:db8::99", SpfResult.PASS, "neighbours in IPv6"),
        ("v=spf1 a:six.example.org -all", "2001:db8::99", SpfResult.FAIL, "no neighbours without bits"),
        ("v=spf1 a:six.example.org/0 -all", SIX, SpfResult.PASS, "bits of IPv4 are none of IPv6"),
        ("v=spf1 a -all", f"::ffff:{IP}", SpfResult.PASS, "IPv4 inside IPv6"),
        ("v=spf1 all:example.org", IP, SpfResult.ERROR, "all has no target"),
        ("v=spf1 include -all", IP, SpfResult.ERROR, "include has one"),
        ("v=spf1 +all broken:x", IP, SpfResult.ERROR, "no word of a wrong record counts"),
        ("v=spf1 redirect=a.example.org redirect=b.example.org", IP, SpfResult.ERROR, "two redirects"),
        ("v=spf1 redirect=nothing.example.org", IP, SpfResult.ERROR, "a redirect to nothing"),
        ("v=spf1 ?all redirect=_no.example.net", IP, SpfResult.NEUTRAL, "no redirect beside all"),
        ("v=spf1 ptr:other.example -all", IP, SpfResult.FAIL, "a name of another domain"),
        ("v=spf1 ptr -all", "192.0.2.66", SpfResult.FAIL, "a name that does not lead back"),
        ("v=spf1 exists:six.example.org -all", IP, SpfResult.FAIL, "exists looks at IPv4 alone"),
        ("v=spf1\u0009a -all", IP, SpfResult.NONE, "a tab where a space must be"),
        ("v=spf1 a\u0009-all", IP, SpfResult.ERROR, "a tab between words"),
        ("V=SPF1 IP4:192.0.2.10 -ALL", IP, SpfResult.PASS, "capitals"),
    ],
)
def test_a_record_lets_an_address_send_or_not(record, address, result, why):
    records = table(
        record,
        **{
            "example.org A": [IP], "mail.example.org A": [IP], "example.org MX": ["mail.example.org"], f"{IP} PTR": ["mail.example.org"],
            f"{IP}.in.example.org A": ["127.0.0.2"], "six.example.org A": [SIX], "192.0.2.66 PTR": ["mail.example.org"],
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
    there = {f"h{number}.example.org A": ["198.51.100.1"] for number in range(MAX_LOOKUPS)}
    assert spf_result(table(f"v=spf1 {' '.join(hosts)} -all", **there), "example.org", IP)[0] is SpfResult.FAIL
    found, why = spf_result(table(f"v=spf1 {' '.join(hosts)} mx -all", **there), "example.org", IP)
    assert (found, "more than 10 lookups" in why) == (SpfResult.ERROR, True)


def test_three_lookups_that_find_nothing_are_too_many_and_two_are_not():
    assert spf_result(table("v=spf1 a:h1.example.org mx:h2.example.org -all"), "example.org", IP)[0] is SpfResult.FAIL
    found, why = spf_result(table("v=spf1 a:h1.example.org exists:h2.example.org ptr -all"), "example.org", IP)
    assert (found, "find nothing" in why) == (SpfResult.ERROR, True)


def test_a_domain_with_eleven_mail_hosts_is_too_many():
    hosts = {"example.org MX": [f"m{number}.example.org" for number in range(11)]}
    assert spf_result(table("v=spf1 mx -all", **hosts), "example.org", IP)[0] is SpfResult.ERROR


def test_a_record_that_includes_itself_ends():
    assert spf_result(table("v=spf1 include:example.org -all"), "example.org", IP)[0] is SpfResult.ERROR
    assert spf_result(table("v=spf1 redirect=example.org"), "example.org", IP)[0] is SpfResult.ERROR


def test_what_an_included_record_says_of_macros_is_about_its_own_domain():
    records = table("v=spf1 include:_spf.example.net -all", **{"_spf.example.net TXT": ["v=spf1 exists:%{o}.at.%{d} -all"], "example.org.at._spf.example.net A": ["127.0.0.2"]})  # fmt: skip
    assert spf_result(records, "example.org", IP)[0] is SpfResult.PASS


GIVEN = Circumstances(
    "strong-bad@email.example.com", "email.example.com", ip_address("192.0.2.3"), "mx.example.org", "mail.example.com"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{l}.%{o}", "strong-bad.email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l-}.x", "strong.bad.x"),
        ("%{lr-}.x", "bad.strong.x"),
        ("%{l1r-}.x", "strong.x"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{h}", "mx.example.org"),
        ("%{p}", "mail.example.com"),
        ("%{S}.x", "strong-bad%40email.example.com.x"),
        ("a%%b%_c%-d.x", "a%b c%20d.x"),
        ("%{d}.", "email.example.com"),
    ],
)
def test_macros_stand_for_what_the_standard_says(text, name):
    assert expanded(text, GIVEN) == name


def test_an_address_of_ipv6_is_written_digit_by_digit():
    six = replace(GIVEN, address=ip_address("2001:db8::cb01"))
    assert expanded("%{ir}.%{v}.x", six) == "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.x"


def test_a_name_that_gets_too_long_loses_labels_on_its_left():
    long = replace(GIVEN, sender="a." * 150 + "b@example.com")
    name = expanded("%{l}.example.net", long)
    assert (len(name) <= 253, name.endswith(".b.example.net")) == (True, True)


def test_no_name_server_is_asked_for_what_can_be_no_name():
    class Strict(Table):
        def _of(self, name, kind):
            assert all(0 < len(label) <= 63 for label in name.split(".")), name
            return super()._of(name, kind)

    records = Strict(**{"example.org TXT": ["v=spf1 exists:%{l}.example.org a:%{l}..example.org -all"]})
    assert spf_result(records, "example.org", IP, sender=f"{'x' * 64}@example.org")[0] is SpfResult.FAIL
    assert spf_result(records, f"{'x' * 64}.org", IP)[0] is SpfResult.NONE


@given(st.text(st.sampled_from("aipmx:/%{}dlsr0129.-~+?= =all"), max_size=40), st.sampled_from([IP, SIX]))
def test_no_record_breaks_the_evaluation(words, address):
    found, why = spf_result(table(f"v=spf1 {words}"), "example.org", address)
    assert found in SpfResult
    assert why
