from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.web import guard as guard_module
from crawler.web.guard import AddressGuard, AddressRefused, GuardMissing

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",  # Alibaba's metadata
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",  # Azure's wire server
    "169.254.169.254",  # most clouds' metadata
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # Oracle's metadata
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",  # Teredo
    "2001:db8::1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",  # AWS metadata
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PERMITTED = [
    "8.8.8.8",
    "93.184.215.14",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "100.128.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:93.184.215.14",  # DNS64 answers like this
    "64:ff9b::808:808",
    "2002:808:808::1",
]
NOT_LITERAL = ["localhost", "example.com", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "①②⑦.⓪.⓪.①", "", "[::1]"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_with_a_special_purpose_is_refused(address: str) -> None:
    assert not AddressGuard().permits(address, 80)


def test_an_address_of_this_machine_is_refused_even_if_it_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback stands in: it is this machine's own, and is taken for public here."""
    monkeypatch.setattr(guard_module, "_is_public", lambda address: True)
    guard_module._said_by.cache_clear()
    try:
        assert not AddressGuard().permits("127.0.0.1", 80)
        assert AddressGuard().permits("8.8.4.4", 80)
        assert AddressGuard.of(["127.0.0.0/8"], [80]).permits("127.0.0.1", 80)
    finally:
        guard_module._said_by.cache_clear()


@pytest.mark.parametrize("address", PERMITTED)
def test_a_public_address_is_permitted(address: str) -> None:
    assert AddressGuard().permits(address, 443)


@pytest.mark.parametrize("name", NOT_LITERAL)
def test_what_is_no_plain_address_is_refused(name: str) -> None:
    assert not AddressGuard().permits(name, 80)


@pytest.mark.parametrize("port", [0, 22, 25, 6379, 8080, 65535])
def test_a_port_that_is_not_listed_is_refused(port: int) -> None:
    assert not AddressGuard().permits("8.8.8.8", port)


def test_the_operators_networks_are_permitted_on_the_operators_ports_alone() -> None:
    guard = AddressGuard.of(["10.1.0.0/16", "fd00::/8"], [8080])
    assert guard.permits("10.1.2.3", 8080)
    assert guard.permits("::ffff:10.1.2.3", 8080)
    assert guard.permits("fd12::1", 8080)
    assert not guard.permits("10.2.0.1", 8080)
    assert not guard.permits("10.1.2.3", 80)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_like_the_address_itself(address: ipaddress.IPv4Address) -> None:
    guard = AddressGuard()
    assert guard.permits(f"::ffff:{address}", 80) == guard.permits(str(address), 80)


@given(st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_spelling_of_loopback_is_permitted(address: ipaddress.IPv4Address) -> None:
    high, low = divmod(int(address), 65536)
    spellings = [str(address), f"::ffff:{address}", f"64:ff9b::{high:x}:{low:x}", f"2002:{high:x}:{low:x}::1"]
    assert not any(AddressGuard().permits(spelling, 80) for spelling in spellings)


def test_the_refusal_does_not_say_which_address() -> None:
    with pytest.raises(AddressRefused) as refused:
        AddressGuard().check("10.0.0.1", 80)
    assert "10.0.0.1" not in str(refused.value)


def test_a_socket_is_opened_only_for_a_permitted_address() -> None:
    guard = AddressGuard.of(["127.0.0.0/8"], [80])
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
    guard.open_socket((*info, ("127.0.0.1", 80))).close()
    with pytest.raises(AddressRefused):
        guard.open_socket((*info, ("127.0.0.1", 81)))


class FakeReactor:
    def __init__(self) -> None:
        self.connected: list[tuple[str, int]] = []

    def connectTCP(self, host: str, port: int, *rest: Any) -> None:  # noqa: N802
        self.connected.append((host, port))

    def connectSSL(self, host: str, port: int, *rest: Any) -> None:  # noqa: N802
        self.connected.append((host, port))


def test_a_guarded_reactor_connects_to_permitted_addresses_only() -> None:
    reactor = FakeReactor()
    AddressGuard().install(reactor)
    reactor.connectTCP("8.8.8.8", 80, object())
    for connect in (reactor.connectTCP, reactor.connectSSL):
        with pytest.raises(AddressRefused):
            connect("127.0.0.1", 80, object())
    assert reactor.connected == [("8.8.8.8", 80)]


def test_a_new_guard_replaces_an_earlier_one() -> None:
    reactor = FakeReactor()
    AddressGuard().install(reactor)
    AddressGuard.of(["127.0.0.1/32"], [80]).install(reactor)
    reactor.connectTCP("127.0.0.1", 80)
    assert reactor.connected == [("127.0.0.1", 80)]


def test_a_missing_or_different_guard_is_noticed() -> None:
    reactor, guard = FakeReactor(), AddressGuard()
    with pytest.raises(GuardMissing):
        guard.require(reactor, guard.open_socket)
    other = AddressGuard.of(["127.0.0.1/32"], [80])
    other.install(reactor)
    with pytest.raises(GuardMissing):
        guard.require(reactor, guard.open_socket)
    guard.install(reactor)
    guard.require(reactor, guard.open_socket)
    for factory in (None, socket.socket, other.open_socket):
        with pytest.raises(GuardMissing):
            guard.require(reactor, factory)
