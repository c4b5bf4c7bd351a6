from __future__ import annotations

import asyncio

import pytest

from crawler.web import hosts
from crawler.web.hosts import HostGates, host_of


class Clock:
    """A clock that sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

        async def sleep(seconds: float) -> None:
            self.slept.append(round(seconds, 3))

        monkeypatch.setattr("crawler.web.hosts.asyncio.sleep", sleep)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def ask(gates: HostGates, times: int, *, paced: bool = True, host: str = "a:80") -> None:
    for _ in range(times):
        async with gates.turn(host, paced=paced):
            pass


async def test_a_burst_of_sixteen_pages_is_free_then_five_a_second(clock: Clock) -> None:
    gates = HostGates(clock)
    await ask(gates, 20)
    # Of 20 pages, 17 do not wait; the clock stands still, so each of the others waits 0.2 s longer than the one before.
    assert clock.slept == [0.2, 0.4, 0.6]


async def test_polls_are_not_paced(clock: Clock) -> None:
    gates = HostGates(clock)
    await ask(gates, 100, paced=False)
    assert clock.slept == []


async def test_a_crawl_delay_paces_everything(clock: Clock) -> None:
    gates = HostGates(clock)
    gates.set_crawl_delay("a:80", 10)
    await ask(gates, 3, paced=False)
    assert clock.slept == [10.0, 20.0]


async def test_an_absurd_crawl_delay_counts_as_a_minute(clock: Clock) -> None:
    gates = HostGates(clock)
    gates.set_crawl_delay("a:80", 86_400)
    await ask(gates, 2)
    assert clock.slept == [60.0]


async def test_hosts_do_not_wait_for_each_other(clock: Clock) -> None:
    gates = HostGates(clock)
    await ask(gates, 40)
    clock.slept.clear()
    await ask(gates, 1, host="b:80")
    assert clock.slept == []


async def test_a_closed_host_opens_by_itself(clock: Clock) -> None:
    gates = HostGates(clock)
    gates.close("a:80", 30)
    gates.close("a:80", 10)
    assert gates.closed_s("a:80") == 30
    clock.now += 30
    assert gates.closed_s("a:80") == 0
    assert gates.closed_s("never asked:80") == 0


async def test_two_places_and_no_more() -> None:
    gates = HostGates()
    inside, leave = [], asyncio.Event()

    async def visit(number: int) -> None:
        async with gates.turn("a:80", paced=False):
            inside.append(number)
            await leave.wait()

    visits = [asyncio.create_task(visit(number)) for number in range(5)]
    for _ in range(50):  # more than enough for all five to go as far as they may
        await asyncio.sleep(0)
    assert inside == [0, 1]
    leave.set()
    await asyncio.gather(*visits)
    assert inside == [0, 1, 2, 3, 4]


async def test_memory_of_idle_hosts_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "REMEMBERED_HOSTS", 10)
    gates = HostGates(clock)
    gates.close("closed:80", 3600)
    for number in range(100):
        await ask(gates, 1, paced=False, host=f"{number}:80")
    assert len(gates._hosts) <= 12
    assert gates.closed_s("closed:80") == 3600


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Example.org/a?b", "example.org:443"),
        ("http://example.org/", "example.org:80"),
        ("http://127.0.0.1:8080/feed/", "127.0.0.1:8080"),
    ],
)
def test_a_host_is_a_name_with_its_port(url: str, host: str) -> None:
    assert host_of(url) == host
