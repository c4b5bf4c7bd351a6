"""kill -9 of the service that tells, again and again, while the Bot API fails in ways nobody can tell apart.

    python -m benchmarks.telegram.kills [--kills 200] [--alerts 1200] [--seed N] [--url postgresql://…]
                                        [--telegram URL --control URL --token TOKEN]

The real `rasid run --roles decide,tell` in a process of its own, ended by SIGKILL up to 2 s after it was connected, or
before. Alerts for private chats and groups are recorded meanwhile, a few of them held back for some seconds, some in
such numbers that they are told together, some that say what was told before and are added to that message. Sends and
changes are cut off, refused or lost, before and after they are accepted. At the end what was accepted is compared with
what was recorded. Goal: nothing lost, nothing told twice without a mark, at most six copies, and never too fast.
Without addresses our own fake Bot API answers.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.telegram.fates import Alert, fates
from benchmarks.telegram.recording import Reader, added, hurry, readers, record, states, still_open
from benchmarks.telegram.servers import SLOW_DOWN, Server, server
from bot.words.digests import FIRST_ALSO
from monitors.alerts import Verdict
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from tests.journeys.installation import Installation

PRIVATE, GROUPS = 36, 4
FAULTS = (
    *("reset_after", "bad_gateway_after", "garbage_after", "hang_after"),
    *("reset_before", "bad_gateway", "hang_before", SLOW_DOWN),
)
"""The first four strike when the message was accepted."""
ROLES = "decide,tell"
"""On PostgreSQL what is held back is released where it is decided."""
LONGEST_LIFE_S = 2.0
SETTLE_S = 600.0
MOST_COPIES = 6


@dataclass(slots=True)
class Story:
    """What is recorded, and by chance when and for whom."""

    database: Database
    everybody: list[Reader]
    wanted: int
    chance: random.Random
    expected: set[Alert] = field(default_factory=set)
    held: set[Alert] = field(default_factory=set)
    added: set[Alert] = field(default_factory=set)
    lately: deque[tuple[int, list[Reader]]] = field(default_factory=lambda: deque(maxlen=20))
    times: Counter[int] = field(default_factory=Counter)
    articles: int = 0

    async def go_on(self, until: int) -> None:
        """Records until so many alerts stand."""
        while len(self.expected) < min(until, self.wanted):
            if self.lately and self.chance.random() < 0.5:
                article_id, told = original = self.chance.choice(self.lately)
                self.times[article_id] += 1
                if self.times[article_id] == FIRST_ALSO:  # a digest, into which any of them may come, names no more
                    self.lately.remove(original)
                await self._record(told[: self.wanted - len(self.expected)], again=article_id)
                continue
            if self.chance.random() < 0.3:  # several at once for one chat, which are told together
                told, times = [self.chance.choice(self.everybody)], 6
            else:
                told, times = self.chance.sample(self.everybody, self.chance.randint(1, 4)), 1
            for _ in range(times):
                await self._record(told[: self.wanted - len(self.expected)])

    async def _record(self, told: list[Reader], again: int | None = None) -> None:
        if not told:
            return
        now = datetime.now(UTC)
        self.articles += 1
        alerts = {(reader.address, self.articles) for reader in told}
        verdict, due_at = Verdict.NOW, None
        if again is not None:
            self.added |= alerts
        elif self.chance.random() < 0.1:
            verdict = self.chance.choice((Verdict.HELD, Verdict.DIGEST))
            due_at = now + timedelta(seconds=self.chance.uniform(0, 10))
            self.held |= alerts
        article_id = await self.database.write(
            record, self.articles, told, now=now, verdict=verdict, due_at=due_at, again=again
        )
        if again is None:
            self.lately.append((article_id, told))
        self.expected |= alerts


async def kill(installation: Installation, telegram: Server, story: Story, kills: int) -> None:
    for number in range(1, kills + 1):
        if story.chance.random() < 0.5:
            method = story.chance.choice(("sendMessage", "sendMessage", "editMessageText"))
            telegram.fail(method, story.chance.choice(FAULTS), story.chance.randint(1, 3))
        async with installation.running("--roles", ROLES) as service:
            if story.chance.random() < 0.8:  # the others are killed somewhere in their start
                await service.wrote("connected as", timeout_s=60)
            life_s = story.chance.uniform(0.1, LONGEST_LIFE_S)
            await asyncio.sleep(life_s / 2)
            await story.go_on(story.wanted * number // kills)
            await asyncio.sleep(life_s / 2)
            await service.kill()
        if number % 20 == 0:
            print(f"  killed {number} times: {await story.database.read(states)}", flush=True)


async def settle(installation: Installation, database: Database) -> None:
    async with installation.running("--roles", ROLES) as service, asyncio.timeout(SETTLE_S):
        while await database.read(still_open):
            await database.write(hurry, now=datetime.now(UTC))
            await asyncio.sleep(0.5)
        assert await service.stop() == 0


async def run(telegram: Server, folder: Path, given: argparse.Namespace) -> bool:
    """Whether all was as promised."""
    url = parse_url(given.url, base=folder)
    installation = Installation(folder, url)
    installation.tell(telegram.url, telegram.token)
    with open_database(url) as database:
        upgrade(database)
        groups = [-1_001_000_000_000 - number for number in range(GROUPS)]
        everybody = database.write_now(readers, [*range(1_000, 1_000 + PRIVATE), *groups])
        telegram.open_groups(groups)
        story = Story(database, everybody, given.alerts, random.Random(given.seed))
        began = time.monotonic()
        await kill(installation, telegram, story, given.kills)
        killed_s = time.monotonic() - began
        telegram.heal()
        await settle(installation, database)
        settled_s = time.monotonic() - began - killed_s
        print(f"{given.kills} kills in {killed_s:.0f} s, settled in {settled_s:.0f} s; seed {given.seed}")
        became = {**database.read_now(states), "added": database.read_now(added)}
        return report(telegram, story, became, given)


def report(telegram: Server, story: Story, became: dict[str, int], given: argparse.Namespace) -> bool:
    sent = telegram.sent()
    found = fates(sent, story.held | story.added)
    struck, floods, lost = telegram.struck(), telegram.floods(), found.lost(story.expected)
    needless = sum(alert not in found.plain for alert in found.marked)
    rows = {
        "alerts recorded": f"{len(story.expected)} in {len(story.everybody)} chats",
        "of these": f"{len(story.held)} held back, {len(story.added)} that say again what was told",
        "kills": given.kills,
        "faults": ", ".join(f"{how} {struck[how]}" for how in FAULTS),
        "messages accepted": f"{len(sent)}; alerts told together {len(found.together)}",
        "lost": len(lost),
        "told twice without a mark": len(found.repeated_unmarked),
        "told with a mark": f"{len(found.marked)}; needlessly {needless}",
        "copies of one, at most": found.most_copies,
        "out of order": found.late,
        "too fast (429)": floods,
        "deliveries": became,
    }
    for name, value in rows.items():
        print(f"{name:<27} {value}")
    return not (lost or found.repeated_unmarked or found.late or floods) and found.most_copies <= MOST_COPIES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--alerts", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--url", default="sqlite:///kills.db", help="of an empty database")
    parser.add_argument("--telegram", help="a strict Bot API server")
    parser.add_argument("--control", help="where it is controlled")
    parser.add_argument("--token")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(given.telegram, given.control, given.token) as telegram:
        sys.exit(0 if asyncio.run(run(telegram, Path(folder), given)) else 1)


if __name__ == "__main__":
    main()
