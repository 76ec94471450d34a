"""Which addresses may be asked: the rules that keep a hostile feed from reaching this machine's network (SSRF). It resolves no names.

Pure. `http.py` asks `check_url` before each hop and `forbidden_address` for each address it is about to connect to, so that
a name that changes its address between check and use gains nothing.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from monitor.model.errors import FetchForbidden
from monitor.model.fetch import FetchPolicy
from monitor.text.urls import MAX_URL, host_of, is_http, port_of

Address = IPv4Address | IPv6Address

# Words for the ranges that people meet; what is left falls to the IANA registries that `ipaddress` carries.
_NAMED = tuple(
    (ip_network(network), words)
    for network, words in (
        ("169.254.169.254/32", "the cloud metadata service"),
        ("fd00:ec2::254/128", "the cloud metadata service"),
        ("100.100.100.200/32", "the cloud metadata service"),
        ("127.0.0.0/8", "loopback"),
        ("::1/128", "loopback"),
        ("0.0.0.0/8", "unspecified"),
        ("::/128", "unspecified"),
        ("10.0.0.0/8", "a private network"),
        ("172.16.0.0/12", "a private network"),
        ("192.168.0.0/16", "a private network"),
        ("fc00::/7", "a private network"),
        ("169.254.0.0/16", "link-local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("100.64.0.0/10", "a carrier's shared network"),
        ("224.0.0.0/4", "multicast"),
        ("ff00::/8", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("64:ff9b::/96", "a NAT64 gateway"),
        ("64:ff9b:1::/48", "a NAT64 gateway"),
    )
)
_TEREDO = IPv6Network("2001::/32")
_COMPATIBLE = IPv6Network("::/96")


@lru_cache(maxsize=4096)
def plain_address(text: str) -> Address:
    """An address without zone; IPv4 where it is IPv4 mapped into IPv6.

    Raises:
        ValueError: `text` is no IP address.
    """
    address = ip_address(text.strip("[]").partition("%")[0])
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def is_allowed_private(address: str, policy: FetchPolicy) -> bool:
    """True where the settings allow this address although it is private."""
    plain = plain_address(address)
    return any(plain.version == network.version and plain in network for network in policy.allow_private)


def forbidden_address(address: str, policy: FetchPolicy) -> str:
    """Why no connection may go to this IP address, in words; "" where it may.

    Everything but global unicast is refused, also where it hides inside IPv6: mapped, 6to4, Teredo, NAT64.
    """
    plain = plain_address(address)
    if is_allowed_private(address, policy):
        return ""
    for network, words in _NAMED:
        if plain.version == network.version and plain in network:
            return f"{plain} is {words}"
    if isinstance(plain, IPv6Address) and (plain.sixtofour or plain in _TEREDO or plain in _COMPATIBLE):
        return f"{plain} is a tunnel into IPv4"
    return "" if plain.is_global and not plain.is_reserved else f"{plain} is not a public address"


def forbidden_port(port: int, address: str, policy: FetchPolicy) -> str:
    """Why this port may not be asked at this address, in words; "" where it may. Any port is fine inside `allow_private`."""
    if port in policy.ports or is_allowed_private(address, policy):
        return ""
    return f"port {port} is not among those that may be asked ({', '.join(map(str, policy.ports))})"


def check_url(url: str, policy: FetchPolicy) -> None:
    """Refuse an address for what can be seen without asking the name service; `http.py` checks the rest when it connects.

    Raises:
        FetchForbidden: Not http(s), no host, longer than 2048, with a user name, or to a port or IP address that is not allowed.
    """
    reason = _wrong_form(url) or _wrong_target(url, policy)
    if reason:
        raise FetchForbidden(reason, url=url[:MAX_URL])


def _wrong_form(url: str) -> str:
    if len(url) > MAX_URL:
        return f"the address is longer than {MAX_URL} characters"
    if not is_http(url):
        return "only http and https addresses with a host are fetched"
    if "@" in urlsplit(url).netloc:
        return "addresses with a user name are not fetched"
    # a backslash ends the host for some parsers and not for others: what was checked must be what is asked
    return "the address has a backslash before its path" if "\\" in url.partition("?")[0] else ""


def _wrong_target(url: str, policy: FetchPolicy) -> str:
    host, port = host_of(url), port_of(url)
    try:
        plain_address(host)
    except ValueError:
        # a name may yet lead into an allowed private network, where any port is fine: decided when it is resolved
        return "" if port in policy.ports or policy.allow_private else f"port {port} is not among those that may be asked"
    return forbidden_address(host, policy) or forbidden_port(port, host, policy)
