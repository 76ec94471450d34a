"""Who is asking: the visitor's network address, seen through the proxies that the operator trusts. It decides nothing and keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What one visitor commands: a household's or an office's addresses, not a single one (RFC 6177 for IPv6).
_PREFIX = {4: 24, 6: 48}


def visitor(request: Request) -> str:
    """The address of whoever asks, "" where the connection has none (a Unix socket).

    `X-Forwarded-For` is believed only from the networks of `MONITOR_WEB__TRUSTED_PROXIES`: what stands left of the rightmost
    hop that is none of them was written by the visitor and proves nothing.
    """
    peer = request.client.host if request.client else ""
    return visitor_of(peer, request.headers.getlist("x-forwarded-for"), request.app.state.site.trusted_proxies)


def visitor_of(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """As `visitor`, from the address of the connection and the `X-Forwarded-For` fields in the order they came; pure."""
    here = _address(peer)
    if here is None:
        return peer
    hops = [hop for field in forwarded for hop in field.split(",")]
    while hops and any(here in network for network in trusted):
        nearer = _address(hops.pop())
        if nearer is None:
            break  # a proxy of ours wrote no address: it is the last hop that is sure
        here = nearer
    return str(here)


def prefix_of(address: str) -> str:
    """The network of an address, "192.0.2.0/24" or "2001:db8:1::/48": enough for limits and for proof; "" for what is no address."""
    known = _address(address)
    return str(ip_network(f"{known}/{_PREFIX[known.version]}", strict=False)) if known else ""


def _address(text: str) -> Address | None:
    """Read "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80"; an IPv4 address inside IPv6 is the IPv4 address."""
    written = text.strip().strip('"')
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        known = ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return getattr(known, "ipv4_mapped", None) or known
