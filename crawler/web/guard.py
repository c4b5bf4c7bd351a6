"""Which addresses may be connected to, enforced at the moment of connecting.

Checking a URL beforehand is not enough: a name can resolve differently the second time (DNS rebinding), and redirects,
proxies and odd spellings (`127.1`, `0x7f000001`, `①②⑦.⓪.⓪.①`) all end in a plain address only at connect(2). So the
guard looks at exactly the address about to be connected to, on both ways out of the process: Twisted's reactor and
aiohttp's sockets. `ipaddress.is_global` is not used: on Python 3.11 it calls 15 of 33 addresses global that must be
refused (cloud metadata, NAT64, 6to4 …); the tables here follow the IANA special-purpose address registries.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from scrapy.exceptions import IgnoreRequest

# https://www.iana.org/assignments/iana-ipv4-special-registry, multicast, and cloud services that answer anybody on
# the machine. 192.0.0.0/24 holds Oracle's metadata address, 100.64.0.0/10 Alibaba's, 169.254.0.0/16 most others'.
_REFUSED_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# https://www.iana.org/assignments/ipv6-unicast-address-assignments: only this block is routed in public …
_PUBLIC_IPV6 = IPv6Network("2000::/3")
# … except for https://www.iana.org/assignments/iana-ipv6-special-registry.
_REFUSED_IPV6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(IgnoreRequest, OSError):
    """A connection the policy does not allow.

    An `OSError`, so that connecting goes on to a host's other addresses; an `IgnoreRequest`, so that Scrapy does not
    retry. It never says which address: that would let a stranger map the network Rasid runs in.
    """

    def __init__(self) -> None:
        super().__init__("the address is not allowed")


class GuardMissing(RuntimeError):
    """The guard is not where it must be; nothing is fetched without it."""


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """The policy: public addresses but this machine's own, and the operator's networks, on the listed ports alone."""

    allowed: tuple[IPv4Network | IPv6Network, ...] = ()
    ports: frozenset[int] = frozenset({80, 443})

    @classmethod
    def of(cls, allow_addresses: Iterable[str], ports: Iterable[int]) -> AddressGuard:
        """The guard for these networks (CIDR). Raises `ValueError` for what is no network."""
        return cls(tuple(ipaddress.ip_network(network, strict=False) for network in allow_addresses), frozenset(ports))

    def permits(self, address: str, port: int) -> bool:
        """Whether a literal address may be connected to; what is not a literal may not."""
        if port not in self.ports:
            return False
        said = _said_by(address)
        if said is None:
            return False
        literal, meant, public = said
        return public or self._is_listed(literal) or self._is_listed(meant)

    def check(self, address: str, port: int) -> None:
        """Raises `AddressRefused` unless the address may be connected to."""
        if not self.permits(address, port):
            raise AddressRefused

    def open_socket(self, addr_info: tuple[Any, ...]) -> socket.socket:
        """aiohttp's `socket_factory`: an unconnected socket for the very address it will be connected to."""
        family, kind, protocol, _, sockaddr = addr_info
        self.check(sockaddr[0], sockaddr[1])
        return socket.socket(family, kind, protocol)

    def install(self, reactor: Any) -> None:
        """Puts itself before every outgoing TCP connection of a Twisted reactor, in place of an earlier guard."""
        for name in ("connectTCP", "connectSSL"):
            connect = getattr(reactor, name)
            setattr(reactor, name, _Guarded(getattr(connect, "connect", connect), self))

    def require(self, reactor: Any, socket_factory: object) -> None:
        """Raises `GuardMissing` unless this guard stands before both ways out: the reactor's and aiohttp's."""
        for name in ("connectTCP", "connectSSL"):
            if getattr(getattr(reactor, name), "guard", None) != self:
                raise GuardMissing(f"reactor.{name} is not guarded")
        if socket_factory != self.open_socket:
            raise GuardMissing("aiohttp's sockets are not guarded")

    def _is_listed(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.allowed)


class _Guarded:
    """`connectTCP` behind a guard. Twisted passes the literal it is going to connect to, so nothing can be rebound."""

    def __init__(self, connect: Any, guard: AddressGuard) -> None:
        self.connect = connect
        self.guard = guard

    def __call__(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        self.guard.check(host, port)
        return self.connect(host, port, *args, **kwargs)


@lru_cache(4096)  # what an address is never changes, and every poll asks
def _said_by(address: str) -> tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address, bool] | None:
    """A literal address, the one it stands for, and whether that is a public one; None for what is no literal."""
    try:
        literal = ipaddress.ip_address(address)
    except ValueError:
        return None
    meant = _unwrapped(literal)
    return literal, meant, _is_public(meant) and not _is_ours(meant)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address an IPv6 one stands for (mapped, NAT64, 6to4), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_ours(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is this machine's own: what listens there may be closed to everybody else by a firewall outside.

    Only an own address can be bound to (bind(2), EADDRNOTAVAIL), so no list of interfaces is needed.
    """
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_IPV4)
    return address in _PUBLIC_IPV6 and not any(address in network for network in _REFUSED_IPV6)
