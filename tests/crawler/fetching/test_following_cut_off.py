"""Following for a chat, cut off in the middle: an outlet that is saved is the person's, and the count is true."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from crawler.demand import discovering
from crawler.demand.discovering import Looker
from crawler.demand.importing import Importer
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from monitors.requests import Discovery, DiscoveryKind, DiscoveryState
from monitors.storage.discoveries import accept, ask_discovery, get_discovery, outlets_added_by
from monitors.storage.engine import Connection, Database
from monitors.storage.followers import followers_of
from monitors.storage.outlets import list_outlets
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import serve
from tests.rows import a_telegram_chat

PERSON = 7

Act = Callable[[Looker], Awaitable[None]]


@pytest.fixture
def work(reactor: Reactor, sqlite_database: Database) -> Callable[[Act], None]:
    def run(act: Act) -> None:
        async def online(fetcher: Fetcher) -> None:
            from crawler.web.session import parsing

            async with parsing() as pool:
                tools = (sqlite_database, fetcher, pool, lambda: Pace(3600), lambda: datetime.now(UTC))
                await act(Looker(*tools, Importer(*tools, lambda connection, person: None)))

        reactor.online(online)

    return run


async def wanted(looker: Looker, kind: DiscoveryKind, address: str) -> Discovery:
    """What was looked at, and is to be followed."""

    def asked(connection: Connection) -> Discovery:
        chat = a_telegram_chat(connection)
        return ask_discovery(connection, kind, address, chat_id=chat.id, person_id=PERSON, now=datetime.now(UTC))

    look = await looker.database.write(asked)
    await looker.work_on(look)
    await looker.database.write(accept, look.id, look.chat_id, now=datetime.now(UTC))
    return now_of(looker, look)


def now_of(looker: Looker, look: Discovery) -> Discovery:
    found = looker.database.read_now(get_discovery, look.id)
    assert found is not None
    return found


def test_no_outlet_is_saved_without_whose_it_is(work: Callable[[Act], None], monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*arguments: object, **named: object) -> None:
        raise ConnectionError

    async def act(looker: Looker) -> None:
        async with serve() as outlet:
            outlet.publish("خبر")
            look = await wanted(looker, DiscoveryKind.ADDRESS, outlet.url)
            with monkeypatch.context() as patch:
                patch.setattr(discovering, "record_followed", cut_off)
                with pytest.raises(ConnectionError):
                    await looker.work_on(look)
            assert looker.database.read_now(list_outlets) == []
            await looker.work_on(look)
            assert now_of(looker, look).added
            assert looker.database.read_now(outlets_added_by, PERSON) == 1

    work(act)


def test_a_list_that_is_cut_off_and_taken_up_again_loses_no_owner_and_counts_each_row_once(
    work: Callable[[Act], None],
) -> None:
    async def act(looker: Looker) -> None:
        async with serve() as first, serve() as second:
            for outlet in (first, second):
                outlet.publish("خبر")
            rows = "".join(f'<outline type="rss" xmlUrl="{one.url}/feed/"/>' for one in (first, second))
            opml = f'<opml version="2.0"><body>{rows}</body></opml>'.encode()
            look = await wanted(looker, DiscoveryKind.OPML, base64.b64encode(opml).decode())
            second.faults["/feed/"] = {"kind": "drip"}
            following = asyncio.create_task(looker.work_on(look))
            async with asyncio.timeout(40):
                while not (saved := looker.database.read_now(list_outlets)):  # noqa: ASYNC110  # rows ring no bell
                    await asyncio.sleep(0.02)
            assert looker.database.read_now(followers_of, saved[0].id) == [look.chat_id]
            assert looker.database.read_now(outlets_added_by, PERSON) == 1
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            second.faults.clear()
            await looker.work_on(now_of(looker, look))
            done = now_of(looker, look)
            assert done.state is DiscoveryState.FOLLOWED
            assert done.result is not None
            assert (done.result["rows"], done.result["followed"], done.result["failed"]) == (2, 2, 0)
            assert looker.database.read_now(outlets_added_by, PERSON) == 2

    work(act)
