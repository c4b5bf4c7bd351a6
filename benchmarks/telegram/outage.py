"""An outage of Telegram with a full outbox: what is lost, told twice, marked, out of order, and how long it takes.

    python -m benchmarks.telegram.outage [--chats 200] [--alerts 5] [--minutes 60] [--faster 60]
                                         [--what every|send] [--how bad_gateway|reset_before|hang_before|reset_after]

Our fake Bot API runs in a process of its own, with the flood limits of a strict server. While it fails – every method,
or those that send – each of the chats has so many alerts to be told; then it works again. Our own waits go `--faster`,
so that an hour takes a minute; the limits of Telegram do not. Each alert has its number in its title: from the messages
that were accepted follows what became of it, whether it came by itself or merged with others.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import Connection

from bot import service
from bot.outbox import settling
from bot.telegram import api, line
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.roles import RoleContext
from monitors.settings import Settings, TelegramSettings
from monitors.storage.alerts import record_decision
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.migrating import upgrade
from monitors.storage.watchlists import add_watch
from monitors.wakeups import DELIVERIES, Wakeups
from tests.databases import fresh_database
from tests.fakes.telegram import TOKEN
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

_CONNECTED_S = 3.0
"""After so long the line is up."""
_NUMBER = re.compile(r"N(\d{5})N")
_MARK = "↻"
_OPEN = "SELECT count(*) FROM deliveries WHERE state IN ('held', 'pending', 'sending', 'uncertain')"
_STATES = "SELECT state, count(*) FROM deliveries GROUP BY state"
_REPEATS = "SELECT coalesce(sum(repeats), 0) FROM deliveries"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--alerts", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--faster", type=float, default=60)
    parser.add_argument("--what", choices=("every", "send"), default="send")
    parser.add_argument("--how", default="bad_gateway")
    given = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    _go_faster(given.faster)
    with tempfile.TemporaryDirectory() as folder, fresh_database("sqlite", Path(folder)) as url, _fake() as telegram:
        database = Database(url)
        upgrade(database)
        asyncio.run(_run(database, telegram, given))


async def _run(database: Database, telegram: Fake, given: argparse.Namespace) -> None:
    chats = database.write_now(_people, given.chats)
    queued = given.chats * given.alerts
    context = RoleContext(
        Settings(telegram=TelegramSettings(token=SecretStr(TOKEN), base_url=telegram.url)),
        database,
        Wakeups(),
        asyncio.Event(),
    )
    role = asyncio.create_task(service.run(context))
    await asyncio.sleep(_CONNECTED_S)
    telegram.fail("*" if given.what == "every" else "send*", given.how)
    for number in range(given.alerts):
        await database.write(_tell, number, chats)
        context.wakeups.kick(DELIVERIES)
    await asyncio.sleep(given.minutes * 60 / given.faster)
    states, repeats = await database.read(_states), await database.read(_number, _REPEATS)
    print(f"{queued} alerts queued, {given.what}, {given.how}; after {given.minutes:g} minutes / {given.faster:g}:")
    print(f"  {states}, {repeats} repeats spent")
    telegram.heal()
    began = time.monotonic()
    while await database.read(_number, _OPEN):  # noqa: ASYNC110 - nobody rings when all is told
        await asyncio.sleep(0.5)
    took_s = time.monotonic() - began
    context.stopping.set()
    await role
    _report(telegram, given, took_s, await database.read(_states))


def _report(telegram: Fake, given: argparse.Namespace, took_s: float, states: dict[str, int]) -> None:
    sent = telegram.sent()
    told = _fates(sent)
    expected = given.chats * given.alerts
    copies = Counter({key: len(marks) for key, marks in told.items()})
    unmarked = sum(max(0, marks.count(False) - 1) for marks in told.values())
    limits = [text for _, text in telegram.refused() if "Too Many Requests" in text]
    print(f"afterwards: {states}")
    print(f"  lost {expected - len(told)}; told twice without a mark {unmarked}")
    print(f"  marked {sum(any(marks) for marks in told.values())}; copies at most {max(copies.values(), default=0)}")
    print(f"  out of order {_disorder(sent)}; 429 {len(limits)}; in {len(sent)} messages")
    print(f"  {took_s:.0f} s, {len(sent) / took_s:.1f} messages/s, {expected / took_s:.1f} alerts/s")


def _fates(sent: Sequence[dict[str, Any]]) -> dict[tuple[int, int], list[bool]]:
    """For each alert, by chat and number, whether each message that told it was marked."""
    fates: dict[tuple[int, int], list[bool]] = {}
    for message in sent:
        for number in dict.fromkeys(_NUMBER.findall(message["text"])):
            fates.setdefault((message["chat_id"], int(number)), []).append(_MARK in message["text"])
    return fates


def _disorder(sent: Sequence[dict[str, Any]]) -> int:
    """How many alerts were first told after a younger one of their chat."""
    latest: dict[int, int] = {}
    known: set[tuple[int, int]] = set()
    found = 0
    for message in sent:
        for number in map(int, dict.fromkeys(_NUMBER.findall(message["text"]))):
            chat_id = message["chat_id"]
            if (chat_id, number) not in known:
                known.add((chat_id, number))
                found += number < latest.get(chat_id, -1)
                latest[chat_id] = max(number, latest.get(chat_id, -1))
    return found


def _people(connection: Connection, count: int) -> list[tuple[int, int]]:
    """(chat, watch) of each."""
    chats = [a_telegram_chat(connection, 1000 + number).id for number in range(count)]
    return [(chat_id, add_watch(connection, chat_id, "الميناء", now=NOW)[0].id) for chat_id in chats]


def _tell(connection: Connection, number: int, chats: Sequence[tuple[int, int]]) -> None:
    outlet, _ = an_outlet(connection)
    article = a_new_article(outlet, number, title=f"N{number:05}N فتح الميناء")
    (article_id,) = save(connection, [article], now=NOW)
    found = [Match(watch_id, {"title": ((12, 19),)}) for _, watch_id in chats]
    judgements = [Judgement(chat_id, Verdict.NOW, Cause.TAKEN) for chat_id, _ in chats]
    record_decision(connection, article_id, found, judgements, now=NOW)


def _states(connection: Connection) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.exec_driver_sql(_STATES)}


def _number(connection: Connection, question: str) -> int:
    return int(connection.exec_driver_sql(question).scalar_one())


def _go_faster(factor: float) -> None:
    line.MAX_BACK_OFF_S /= factor
    defaults: dict[str, Any] = line.Line.__init__.__kwdefaults__  # type: ignore[assignment]  # it has some
    defaults["back_off_s"] /= factor
    waits = tuple(wait_s / factor for wait_s in settling._UNCERTAIN_AGAIN_S)
    settling._UNCERTAIN_AGAIN_S = waits  # type: ignore[assignment]  # in parts of a second
    settling._AGAIN_S /= factor
    settling._LONGEST_AGAIN_S /= factor
    api.ANSWER_S = max(api.ANSWER_S / factor, 1.0)


@dataclass(frozen=True, slots=True)
class Fake:
    url: str

    def fail(self, method: str, how: str) -> None:
        self._post("fail", {"method": method, "how": how, "times": -1})

    def heal(self) -> None:
        self._post("heal", {})

    def sent(self) -> list[dict[str, Any]]:
        return list(self._get("sent"))

    def refused(self) -> list[list[str]]:
        return list(self._get("refused"))

    def _post(self, action: str, body: dict[str, Any]) -> None:
        httpx.post(f"{self.url}/control/{action}", json=body).raise_for_status()

    def _get(self, what: str) -> Any:
        return httpx.get(f"{self.url}/control/{what}").json()


@contextmanager
def _fake() -> Iterator[Fake]:
    process = subprocess.Popen([sys.executable, "-m", "tests.fakes.telegram"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Fake(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
