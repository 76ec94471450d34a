"""Who is asking: an address that a visitor writes into a header is believed only where a proxy of ours stands behind it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web.visitor import prefix_of, visitor_of

OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
CASES = [
    # peer, X-Forwarded-For fields, whom we take it for, why
    ("198.51.100.7", [], "198.51.100.7", "nobody stands between"),
    ("198.51.100.7", ["203.0.113.9"], "198.51.100.7", "a stranger's header proves nothing"),
    ("10.0.0.2", ["203.0.113.9"], "203.0.113.9", "our proxy says who asked it"),
    ("10.0.0.2", ["192.0.2.66, 203.0.113.9"], "203.0.113.9", "what stands further left the visitor wrote"),
    ("10.0.0.2", ["192.0.2.66", "203.0.113.9, 10.0.0.3"], "203.0.113.9", "two proxies of ours, and the header in two fields"),
    ("10.0.0.2", ["10.0.0.9"], "10.0.0.9", "somebody inside asks: all hops are ours, the farthest asked"),
    ("10.0.0.2", [], "10.0.0.2", "the proxy asks for itself"),
    ("10.0.0.2", ["203.0.113.9:51234"], "203.0.113.9", "some proxies add the port"),
    ("10.0.0.2", ['"[2001:db8::1]:80"'], "2001:db8::1", "and write IPv6 in brackets"),
    ("::ffff:10.0.0.2", ["203.0.113.9"], "203.0.113.9", "a dual-stack socket shows IPv4 inside IPv6"),
    ("fd00::2", ["2001:db8::1"], "2001:db8::1", "a proxy on IPv6"),
    ("10.0.0.2", ["unknown"], "10.0.0.2", "no address: the last hop that is sure"),
    ("10.0.0.2", ["203.0.113.9, , 10.0.0.4"], "10.0.0.4", "an empty hop ends what can be believed"),
    ("", ["203.0.113.9"], "", "a Unix socket has no address, and nothing says that it is a proxy of ours"),
]


@pytest.mark.parametrize(("peer", "fields", "taken_for", "why"), CASES, ids=[case[3] for case in CASES])
def test_the_rightmost_hop_that_is_not_ours_is_the_visitor(peer, fields, taken_for, why):
    assert visitor_of(peer, fields, OURS) == taken_for


@given(st.ip_addresses(), st.lists(st.text(max_size=20), max_size=5))
def test_without_trusted_proxies_no_header_changes_anything(peer, fields):
    assert visitor_of(str(peer), fields, ()) == visitor_of(str(peer), [], ())


@given(st.lists(st.text(max_size=20), max_size=4), st.ip_addresses())
def test_a_visitor_cannot_choose_whom_we_take_it_for(written, real):
    """Whatever the visitor sends ahead, our proxy appends the address it saw."""
    taken = visitor_of("10.0.0.2", [*written, str(real)], OURS)
    plain = getattr(real, "ipv4_mapped", None) or real
    if not any(plain in network for network in OURS):
        assert ip_address(taken.partition("%")[0]) == ip_address(str(plain).partition("%")[0])


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_a_prefix_is_what_one_visitor_commands(address, prefix):
    assert prefix_of(address) == prefix


@given(st.ip_addresses())
def test_every_address_lies_in_its_prefix(address):
    plain: IPv4Address | IPv6Address = getattr(address, "ipv4_mapped", None) or address
    assert ip_address(str(plain).partition("%")[0]) in ip_network(prefix_of(str(address)))
