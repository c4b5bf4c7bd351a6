"""An outage of Telegram with a full outbox: what is lost, told twice, marked, out of order, and how long it takes.

    python -m benchmarks.telegram.outage [--chats 200] [--alerts 50] [--minutes 60] [--faster 60]
                                         [--what every|send|sendMessage] [--how bad_gateway|reset_before|reset_after|…]
                                         [--telegram URL --control URL --token TOKEN]

While the server fails – every method, or those that send – each of the chats has so many alerts to be told; then it
works again. Our own waits go `--faster`, so that an hour takes a minute; the limits of Telegram do not. Without other
addresses our own fake Bot API answers, with the flood limits of a strict server. Goal: everything arrives, once and in
order, and no 429.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection

from benchmarks.telegram.fates import fates
from benchmarks.telegram.recording import readers, record, states, still_open
from benchmarks.telegram.servers import Server, server
from bot import service
from bot.outbox import settling
from bot.telegram import api, line, probing
from monitors.alerts import REPEAT_AFTER
from monitors.roles import RoleContext
from monitors.settings import Settings, TelegramSettings
from monitors.storage.engine import Database
from monitors.storage.migrating import upgrade
from monitors.wakeups import DELIVERIES, Wakeups
from tests.databases import fresh_database

_CONNECTED_S = 3.0
"""After so long the line is up."""
_REPEATS = "SELECT coalesce(sum(repeats), 0) FROM deliveries"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--alerts", type=int, default=50, help="of each chat")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--faster", type=float, default=60)
    parser.add_argument("--what", choices=("every", "send", "sendMessage"), default="send")
    parser.add_argument("--how", default="bad_gateway")
    parser.add_argument("--telegram", help="a strict Bot API server")
    parser.add_argument("--control", help="where it is controlled")
    parser.add_argument("--token")
    given = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    _go_faster(given.faster)
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_database("sqlite", Path(folder)) as url,
        server(given.telegram, given.control, given.token) as telegram,
    ):
        database = Database(url)
        upgrade(database)
        sys.exit(0 if asyncio.run(_run(database, telegram, given)) else 1)


async def _run(database: Database, telegram: Server, given: argparse.Namespace) -> bool:
    """Whether all was as promised."""
    chats = database.write_now(readers, range(1_000, 1_000 + given.chats))
    context = RoleContext(
        Settings(telegram=TelegramSettings(token=SecretStr(telegram.token), base_url=telegram.url)),
        database,
        Wakeups(),
        asyncio.Event(),
    )
    role = asyncio.create_task(service.run(context))
    await asyncio.sleep(_CONNECTED_S)
    telegram.fail({"every": "*", "send": "send*"}.get(given.what, given.what), given.how)
    for number in range(given.alerts):
        await database.write(record, number, chats, now=datetime.now(UTC))
        context.wakeups.kick(DELIVERIES)
    await asyncio.sleep(given.minutes * 60 / given.faster)
    became, repeats = await database.read(states), await database.read(_repeats)
    queued = given.chats * given.alerts
    print(f"{queued} alerts queued, {given.what}, {given.how}; after {given.minutes:g} minutes / {given.faster:g}:")
    print(f"  {became}, {repeats} repeats spent", flush=True)
    telegram.heal()
    probing.FRESH_S *= given.faster  # looks that are too frequent are counted as messages
    began, spent = time.monotonic(), time.process_time()
    while await database.read(still_open):  # noqa: ASYNC110 - nobody rings when all is told
        await asyncio.sleep(0.5)
    took_s, spent_s = time.monotonic() - began, time.process_time() - spent
    context.stopping.set()
    await role
    print(f"afterwards: {await database.read(states)}, in {took_s:.0f} s, {spent_s:.0f} s of processor time")
    return _report(telegram, {(chat.address, number) for chat in chats for number in range(given.alerts)})


def _report(telegram: Server, expected: set[tuple[int, int]]) -> bool:
    sent = telegram.sent()
    found, floods = fates(sent), telegram.floods()
    lost, repeated = found.lost(expected), found.repeated_unmarked
    print(f"  lost {len(lost)}; told twice without a mark {len(repeated)}; marked {len(found.marked)}")
    print(f"  copies at most {found.most_copies}; out of order {found.late}; 429 {floods}; in {len(sent)} messages")
    return not (lost or repeated or found.late or floods)


def _repeats(connection: Connection) -> int:
    return int(connection.exec_driver_sql(_REPEATS).scalar_one())


def _go_faster(factor: float) -> None:
    line.MAX_BACK_OFF_S /= factor
    line.MAX_RISKED_S /= factor
    probing.FRESH_S /= factor
    defaults: dict[str, Any] = line.Line.__init__.__kwdefaults__  # type: ignore[assignment]  # it has some
    defaults["back_off_s"] /= factor
    settling.REPEAT_AFTER = tuple(wait / factor for wait in REPEAT_AFTER)  # type: ignore[attr-defined]  # it imports it
    settling._AGAIN_S /= factor
    settling._LONGEST_AGAIN_S /= factor
    api.ANSWER_S = max(api.ANSWER_S / factor, 1.0)


if __name__ == "__main__":
    main()
