"""Addresses that may not be asked."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.guard import check_url, forbidden_address, forbidden_port
from monitor.model.errors import FetchForbidden
from monitor.model.fetch import FetchPolicy

OPEN = FetchPolicy()
TEST_NET = FetchPolicy(allow_private=(ip_network("127.0.0.0/8"), ip_network("fd00::/8")))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "::1", "0.0.0.0", "0.1.2.3", "::", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.1.1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fdff::1", "100.64.0.1", "100.127.255.255",
        "224.0.0.1", "239.1.1.1", "ff02::1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "192.0.0.1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::808:808",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "::7f00:1", "::127.0.0.1", "fd00:ec2::254", "100.100.100.200", "[::1]",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address):
    assert forbidden_address(address, OPEN)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "172.32.0.1", "100.63.255.255", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_public_addresses_may_be_asked(address):
    assert forbidden_address(address, OPEN) == ""


def test_allowed_networks_are_exempt_in_every_spelling_and_nothing_else():
    for address in ("127.0.0.1", "::ffff:127.0.0.1", "fd12::1"):
        assert forbidden_address(address, TEST_NET) == ""
        assert forbidden_port(8080, address, TEST_NET) == ""
    assert forbidden_address("10.0.0.1", TEST_NET)
    assert forbidden_port(8080, "8.8.8.8", TEST_NET)


@given(st.ip_addresses(v=4))
def test_mapping_into_ipv6_changes_nothing(address):
    assert bool(forbidden_address(f"::ffff:{address}", OPEN)) == bool(forbidden_address(str(address), OPEN))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://e.org/", "gopher://e.org/", "e.org/feed", "", "http://", "http:///x", "https://e.org:22/",
        "http://e.org:8080/", "http://user:pw@e.org/", "http://good.org@127.0.0.1/", "http://127.0.0.1/", "http://[::1]/",
        "http://169.254.169.254/latest/meta-data", "http://e.org\\@127.0.0.1/", "http://e.org:0/", "https://e.org/" + "x" * 2048,
    ],
)  # fmt: skip
def test_addresses_refused_at_sight(url):
    with pytest.raises(FetchForbidden):
        check_url(url, OPEN)


@pytest.mark.parametrize(
    "url", ["https://e.org/feed", "http://e.org:80/", "https://e.org:443/?a=\\", "https://прэзідэнт.бел/rss"]
)
def test_addresses_that_pass_at_sight(url):
    check_url(url, OPEN)


def test_ports_of_allowed_networks_are_free():
    check_url("http://127.0.0.1:8080/", TEST_NET)
    check_url("http://test-server:8080/", TEST_NET)  # may lead there: the connection decides
