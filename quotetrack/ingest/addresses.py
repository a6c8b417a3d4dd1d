"""Which network addresses a fetch may reach: none of the machine's own network, unless told so."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from quotetrack.ingest.limits import Refused

_HOST = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?")

_EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
"""IPv6 prefixes whose last 32 bits are an IPv4 address to which a gateway passes the traffic on."""


def resolve(host: str, port: int, *, allow_private: bool = False) -> list[str]:
    """The addresses of `host` that may be connected to, in the resolver's order.

    Raises Refused when the name is unknown or when any of its addresses is private, loopback,
    link-local (cloud metadata services among them), multicast or reserved: a name that mixes
    public and private addresses is an attack. The caller connects to what is returned here and
    does not look the name up again.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"host {host} not found: {getattr(error, 'strerror', None) or error}") from error
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not allow_private:
        for address in addresses:
            if not public(address):
                raise Refused(
                    f"host {host} has the private or reserved address {address}: "
                    "fetched with --allow-private only"
                )
    if not addresses:
        raise Refused(f"host {host} has no address")
    return addresses


def ascii_host(host: str) -> str:
    """A host name or address as DNS and certificates write it; raises ValueError when it is none."""
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    if not _HOST.fullmatch(name):
        raise ValueError(f"no host name: {host}")
    return name


def loopback(address: str) -> bool:
    """Whether an address is this machine itself."""
    return _plain(address).is_loopback


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet. Looks inside addresses that embed another."""
    ip = _plain(address)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _plain(address: str) -> IPv4Address | IPv6Address:
    """The address at which traffic ends up: an IPv4 one where IPv6 merely wraps it."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return ip
    if wrapped := ip.ipv4_mapped or ip.sixtofour:
        return wrapped
    if ip.teredo:
        return ip.teredo[1]
    if any(ip in network for network in _EMBEDDING) and int(ip) > 1:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
