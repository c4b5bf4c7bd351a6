"""People of all sorts go through the bot's screens and press every button, against a strict Bot API server.

    python -m benchmarks.telegram.tour --telegram URL --control URL --token TOKEN [--languages ar,en] [--minutes 15]

The walkers are those of tests/bot/touring, which do the same in one process for each change; here `rasid run` tells
people, and what is measured is what they wait for: the time until a pressed button is answered. In each
language three persons, a group's administrator and a newcomer walk at once, then an operator, each pressing one button
after the other, and leave to each other what one of them has pressed: a chat is told one message a second.
Goals, else the command fails: every action that buttons have is pressed by somebody, every press is answered within a
second, nothing is refused, no violation, no word of another language. The server forgets everything between languages.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, select

from benchmarks.telegram.phones import ON_ITS_WAY, TICK_S, Phone
from monitors.chats import ChatAddress, ChatState, Transport
from monitors.indexing import read_archive
from monitors.settings import TelegramSettings
from monitors.storage.doors import choose_access
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.tables import chats, deliveries
from tests.bot.touring.language import in_another, ours
from tests.bot.touring.looking import Eye
from tests.bot.touring.scenery import (
    CHANNEL,
    CLOSED_TOPIC,
    FORUM,
    FRIENDS,
    GROUP,
    OPERATOR,
    PERSON,
    STRANGE_GROUP,
    crawl_on,
    rows,
    tell,
)
from tests.bot.touring.script import ADMINISTRATORS, NEWCOMERS, OPERATORS, PERSONS, Part, answers
from tests.bot.touring.walker import Record, Walker, actions
from tests.journeys.installation import Installation

TOKEN = "123456:TEST-TOKEN"  # of nobody
GOAL_S = 1.0
CRAWL_S, TOLD_S = 0.5, 60.0

FRIENDLY = [replace(PERSONS, name="friend", user_id=friend, chat_id=friend) for friend in FRIENDS]
PARTS = (PERSONS, *FRIENDLY, ADMINISTRATORS, OPERATORS, NEWCOMERS)


@dataclass(frozen=True, slots=True)
class Tour:
    """What there is in one language, while its tour lasts."""

    control: httpx.AsyncClient
    database: Database
    language: str
    record: Record

    def phone_of(self, part: Part) -> Phone:
        user = {"id": part.user_id, "first_name": "Сара", "language_code": self.language}
        return Phone(self.control, self.database, user, part.chat_id)

    def walker_of(self, phone: Phone) -> Walker:
        eye = Eye(partial(in_another, code=self.language), ours)
        return Walker(phone, self.language, answers(phone), eye, nothing_more, self.record)


async def nothing_more() -> Sequence[Any]:
    return ()


async def gather(phone: Phone) -> None:
    """The chats around the person, of which they administer most."""
    mine = [{"user": phone.user, "status": "administrator"}]
    for chat in (
        {"id": GROUP, "type": "group", "title": "Группа", "members": mine},
        {"id": STRANGE_GROUP, "type": "group", "title": "Чужие"},
        {"id": CHANNEL, "type": "channel", "title": "Канал", "members": mine},
        {
            "id": FORUM,
            "type": "supergroup",
            "title": "Форум",
            "members": mine,
            "is_forum": True,
            "topics": [{"name": "Тема", "thread_id": CLOSED_TOPIC}],
        },
    ):
        await phone.post("chat", {"bot_status": "administrator", "announce": False, **chat})


TOLD = (
    (PERSON, 0, 1, "", 0),
    (PERSON, 0, 1, "", 0),
    (PERSON, 0, 31, "", 0),
    *((friend, 0, 1, "", 0) for friend in FRIENDS),
    (GROUP, 0, 1, "", 0),
    (FORUM, CLOSED_TOPIC, 1, "TOPIC_CLOSED", 2),  # when it is tried again, too
    *((OPERATOR, 0, 1, "message is too long", 1),) * 2,  # one to send again, one to give up
)
"""What chats are told beforehand: how many articles, and why and how often something cannot be told there."""


async def tell_before(tour: Tour, person: Phone) -> None:
    """Alerts of all sorts: single ones, a digest of more than a page, one in a group, and some that are refused."""
    for chat_id, topic, count, refusal, times in TOLD:
        if times:
            fault = {"action": "error", "method": "sendMessage", "chat_id": chat_id, "code": 400, "count": times}
            await person.post("faults", {**fault, "description": f"Bad Request: {refusal}"})
        await tour.database.write(tell, ChatAddress(Transport.TELEGRAM, chat_id, topic), count)
        async with asyncio.timeout(TOLD_S):
            while await tour.database.read(_is_on_its_way):  # noqa: ASYNC110
                await asyncio.sleep(TICK_S)


def _is_on_its_way(connection: Connection) -> bool:
    """Whether something is still to be told; what waits for a closed topic is not."""
    waiting = select(deliveries.c.id).join(chats, deliveries.c.chat_id == chats.c.id)
    waiting = waiting.where(deliveries.c.state.in_(ON_ITS_WAY), chats.c.state == ChatState.ACTIVE)
    return connection.execute(waiting.limit(1)).first() is not None


async def crawl(database: Database) -> None:
    """What the crawler does meanwhile, and what reads the archive for searches."""
    while True:
        await crawl_on(database)
        await read_archive(database)
        await asyncio.sleep(CRAWL_S)


async def walk_all(tour: Tour, shared: str, minutes: float) -> list[tuple[Part, Phone, Walker]]:
    """Everybody walks, and in the end the persons leave."""
    phones = [tour.phone_of(part) for part in PARTS]
    await gather(phones[0])
    for phone in phones:
        if phone.chat_id > 0:
            await phone.say("/start")
    await tell_before(tour, phones[0])
    for phone in phones:
        await phone.changed()
    walkers = [tour.walker_of(phone) for phone in phones]
    everybody = list(zip(PARTS, phones, walkers, strict=True))
    others = [
        asyncio.create_task(walker.walk(part.says(phone, shared), part.times))
        for part, phone, walker in everybody
        if part is not OPERATORS
    ]
    try:
        async with asyncio.timeout(minutes * 60):
            await asyncio.gather(*others)
            for part, phone, walker in everybody:
                if part is OPERATORS:  # who shuts the doors for the others
                    await walker.walk(part.says(phone, shared), part.times)
    except TimeoutError:
        walkers[0].problems.append(f"not everybody was through after {minutes} minutes")
    await tour.database.write(choose_access, None, TelegramSettings())
    await walkers[0].leave()
    return everybody


async def in_language(given: argparse.Namespace, control: httpx.AsyncClient, folder: Path, language: str) -> bool:
    """The whole tour in one language; whether it reached its goals."""
    await control.post("reset", json={"keep_config": True})
    url = parse_url("sqlite:///tour.db", base=folder)
    ample = ("limits.crawls_per_hour", "limits.addresses_per_hour", "limits.searches_per_hour")
    settings = {"telegram.access": "open", "telegram.admins": str(OPERATOR), **dict.fromkeys(ample, "10000")}
    installation = Installation(folder, url, settings)
    installation.tell(given.telegram, given.token)
    with open_database(url) as database:
        upgrade(database)
        token = database.write_now(rows, language, FRIENDS)
        tour = Tour(control, database, language, Record())
        began = time.monotonic()
        async with installation.running("--roles", "tell") as running:
            await running.wrote("connected as", timeout_s=60)
            crawler = asyncio.create_task(crawl(database))
            walks = await walk_all(tour, f"/start w_{token}", given.minutes)
            crawler.cancel()
            await running.stop()
    print(f"{language}, in {time.monotonic() - began:.0f} s; {os.getloadavg()[1]:.1f} processes wanted to run")
    return await report(tour, walks)


async def report(tour: Tour, walks: Sequence[tuple[Part, Phone, Walker]]) -> bool:
    """What people waited for and what went wrong; whether nothing did."""
    print(f"{'':14} presses  actions    p50    p99    max  unanswered  problems")
    for part, phone, walker in walks:
        taken = sorted(seconds for seconds, _ in phone.waits) or [0.0]
        spread = (taken[len(taken) // 2], taken[int(len(taken) * 0.99)], taken[-1])
        met = {data.split(":")[1] for _, data in phone.waits}
        times = "".join(f"{seconds * 1000:7.0f}" for seconds in spread)
        print(f"{part.name:14} {len(phone.waits):7} {len(met):8}{times}{phone.unanswered:12}{len(walker.problems):10}")
    waits = sorted(wait for _, phone, _ in walks for wait in phone.waits)
    print("milliseconds; the slowest:", ", ".join(f"{seconds * 1000:.0f} {data}" for seconds, data in waits[-3:]))
    never = actions() - {kind.action for kind in tour.record.tried}
    print(f"actions pressed: {len(actions() - never)} of {len(actions())}; never: {sorted(never) or 'none'}")
    problems = Counter(problem for _, _, walker in walks for problem in walker.problems)
    for problem, count in problems.most_common():
        print(f"  problem ({count}): {problem}")
    stats = (await tour.control.get("stats")).json()
    unanswered, refused = stats["callbacks"]["unanswered"], stats["violations"]
    print(f"unanswered: {len(unanswered)}; 429: {stats['flood']['provoked_429']}; violations: {refused or 'none'}")
    for violation in (await tour.control.get("violations")).json()["result"]:
        print(f"  {violation}")
    print(flush=True)
    return not (problems or unanswered or refused or never) and waits[-1][0] < GOAL_S


async def everywhere(given: argparse.Namespace) -> bool:
    reached = []
    async with httpx.AsyncClient(base_url=given.control, timeout=90, trust_env=False) as control:
        for language in given.languages.split(","):
            with tempfile.TemporaryDirectory() as folder:
                reached.append(await in_language(given, control, Path(folder), language))
    return all(reached)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telegram", required=True, help="a strict Bot API server")
    parser.add_argument("--control", required=True, help="where its people are controlled")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--languages", default="ar,en", help="one after the other")
    parser.add_argument("--minutes", type=float, default=15, help="in each language, at most")
    raise SystemExit(0 if asyncio.run(everywhere(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
