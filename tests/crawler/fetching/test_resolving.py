from __future__ import annotations

import asyncio
import gc
import socket
import threading
from collections.abc import Iterator

import pytest

from crawler.web import resolving
from crawler.web.resolving import Names


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every name the system is asked for; it knows only `known.example`."""
    names: list[str] = []

    def look_up(host: str) -> list[str]:
        names.append(host)
        if not host.endswith("known.example"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return ["192.0.2.1", "2001:db8::1"]

    monkeypatch.setattr(resolving, "look_up", look_up)
    return names


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The system does not answer before the test has ended."""
    end = threading.Event()

    def look_up(host: str) -> list[str]:
        end.wait(30)
        return ["192.0.2.1"]

    monkeypatch.setattr(resolving, "look_up", look_up)
    yield
    end.set()


async def test_a_literal_needs_no_lookup(asked: list[str]) -> None:
    assert await Names().addresses("127.0.0.1") == ["127.0.0.1"]
    assert await Names().addresses("::1") == ["::1"]
    assert asked == []


async def test_a_name_is_asked_for_once_and_remembered(asked: list[str]) -> None:
    names = Names()
    found = await asyncio.gather(*(names.addresses("known.example") for _ in range(10)))
    assert found == [["192.0.2.1", "2001:db8::1"]] * 10
    await names.addresses("known.example")
    assert asked == ["known.example"]


async def test_a_name_is_forgotten_after_its_time(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "REMEMBERED_S", 0.0)
    names = Names()
    await names.addresses("known.example")
    await names.addresses("known.example")
    assert len(asked) == 2


async def test_the_memory_of_names_is_bounded(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "REMEMBERED_NAMES", 3)
    names = Names()
    for number in range(10):
        await names.addresses(f"{number}.known.example")
    assert len(names._known) == 3


async def test_an_unknown_name_is_an_os_error(asked: list[str]) -> None:
    with pytest.raises(OSError, match="no such name"):
        await Names().addresses("nobody.example")


async def test_a_slow_lookup_ends_in_time_and_delays_nobody(hanging: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "LOOKUP_TIMEOUT_S", 0.1)
    names = Names()
    slow = [asyncio.create_task(names.addresses(f"{number}.slow.example")) for number in range(12)]
    for _ in range(10):  # more than enough for all twelve to have asked
        await asyncio.sleep(0)
    monkeypatch.setattr(resolving, "look_up", lambda host: ["192.0.2.9"])
    assert await names.addresses("quick.example") == ["192.0.2.9"]
    results = await asyncio.gather(*slow, return_exceptions=True)
    assert all(isinstance(result, OSError) for result in results)


async def test_names_that_nobody_answers_for_delay_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "LOOKUP_TIMEOUT_S", 1.5)
    end = threading.Event()

    def look_up(host: str) -> list[str]:
        if host.endswith("slow.example"):
            end.wait(30)
        return ["192.0.2.9"]

    monkeypatch.setattr(resolving, "look_up", look_up)
    names = Names()
    for turn in range(3):  # the lookups of earlier turns have been given up, and still have not ended
        slow = [asyncio.create_task(names.addresses(f"{turn}-{number}.slow.example")) for number in range(60)]
        await asyncio.sleep(0)
        assert await names.addresses(f"{turn}.quick.example") == ["192.0.2.9"]
        assert all(isinstance(result, OSError) for result in await asyncio.gather(*slow, return_exceptions=True))
    end.set()


async def test_lookups_are_bounded_and_not_begun_for_those_who_have_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "LOOKUP_TIMEOUT_S", 0.1)
    monkeypatch.setattr(resolving, "LOOKUPS_AT_ONCE", 3)
    begun: list[str] = []
    end = threading.Event()

    def look_up(host: str) -> list[str]:
        begun.append(host)
        end.wait(30)
        return ["192.0.2.9"]

    monkeypatch.setattr(resolving, "look_up", look_up)
    names = Names()
    slow = (names.addresses(f"{number}.slow.example") for number in range(20))
    assert all(isinstance(result, OSError) for result in await asyncio.gather(*slow, return_exceptions=True))
    while len(names._asking) > 3:  # noqa: ASYNC110  # those who wait for a place give up as well
        await asyncio.sleep(0.01)
    end.set()
    await asyncio.gather(*names._asking.values(), return_exceptions=True)
    assert len(begun) == 3


async def test_a_name_that_fails_after_everybody_gave_up_is_nobodys_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "LOOKUP_TIMEOUT_S", 0.05)
    end = threading.Event()

    def look_up(host: str) -> list[str]:
        end.wait(30)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(resolving, "look_up", look_up)
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
    names = Names()
    with pytest.raises(OSError, match="in time"):
        await names.addresses("slow.example")
    late = names._asking["slow.example"]
    end.set()
    await asyncio.wait([late])
    del late
    gc.collect()
    assert complaints == []
