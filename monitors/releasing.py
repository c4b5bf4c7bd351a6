"""What was held back goes out when its time has come, by the rules that stand then.

Told by itself, or together with what is due in its chat at the same time; dropped when nobody wants it any more. What
shares a message is released in one transaction: whatever happens, each alert is told once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, MutableSet, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitors.alerts import Cause, Judgement, Verdict
from monitors.judging import MUTED, Case, hushing, judge, judge_again, quiet_end
from monitors.storage.chats import zone_of
from monitors.storage.engine import Database
from monitors.storage.held import (
    Dropped,
    Held,
    Waiting,
    drop,
    due_held,
    held_of,
    hold_until,
    is_any_due,
    let_go,
    rest,
    taken_as,
)
from monitors.storage.merging import Together, merge
from monitors.storage.subscriptions import mutes_of, set_rules, subscriptions_of, told_today
from monitors.subscriptions import Mode, Mute, Rules, Subscription, Taker

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=5)
"""So long after their time digests are made: what was judged just before is written by then."""

MOST_SINGLY = 3
"""More alerts than this, held over quiet hours, are told together when they are over."""

AT_ONCE = 300
"""So many are released in one transaction, in which everybody else waits, and told in one message: ten pages."""

LOOKED_AGAIN = timedelta(hours=1)
KEPT_PAUSED = timedelta(days=7)
"""How often it is seen whether what is paused goes on again, if nobody says so, and for how long it is kept."""

JUMP = timedelta(hours=1)
DISTRUST_S = 600.0
"""How far a clock must jump forward to be distrusted, and for how long it is: one set wrong is often set right soon."""


class Releaser:
    """Releases what is due, once a second or so. `zone` is that of chats which have none of their own, `now` the wall
    clock; `monotonic` counts seconds."""

    def __init__(
        self,
        database: Database,
        *,
        zone: str = "UTC",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._zone = zone
        self._now = now
        self._monotonic = monotonic
        self._last = (now(), monotonic())
        self._trusted_from = monotonic()

    async def tick(self) -> int:
        """How many alerts were released or dropped. None for a while after the clock jumped forward."""
        now = self._now()
        if not self._trusts(now):
            return 0
        released, rung = 0, set[int]()
        while await self._database.read(is_any_due, now=now - GRACE):
            began = time.perf_counter()
            released += (done := await self._database.write(release_due, zone=self._zone, now=now, rung=rung))
            if not done:
                break
            await asyncio.sleep(time.perf_counter() - began)  # other processes have the writer for as long
        return released

    def _trusts(self, now: datetime) -> bool:
        wall, ticks = self._last
        at = self._monotonic()
        self._last = (now, at)
        ahead = (now - wall) - timedelta(seconds=at - ticks)
        if ahead > JUMP:
            logger.warning("the clock jumped ahead by %s; digests wait for %d minutes", ahead, DISTRUST_S // 60)
            self._trusted_from = at + DISTRUST_S
        elif ahead < -JUMP:
            self._trusted_from = at
        return at >= self._trusted_from


def release_due(
    connection: Connection, *, zone: str = "UTC", now: datetime, rung: MutableSet[int] | None = None
) -> int:
    """Releases what is due in some chats, drops it, or lets it rest while it is paused; how many alerts that were.

    `zone` as in `takers_of`. `rung` are the chats that a digest with a sound was already let go to, of what was too
    much for one: the others have none. Those of this one are added.
    """
    rung = set() if rung is None else rung
    due = due_held(connection, now=now - GRACE, limit=AT_ONCE)
    mutes: dict[int, list[Mute]] = defaultdict(list)
    for mute in mutes_of(connection, {one.chat_id for one in due}, now=now):
        mutes[mute.chat_id].append(mute)
    dropped = [gone for held in due if (gone := unwanted(held, mutes[held.chat_id], now)) is not None]
    gone_ids = {gone.held.delivery_id for gone in dropped}
    kept = [held for held in due if held.delivery_id not in gone_ids]
    later = _wait_out_the_night(connection, [held for held in kept if held.reason is Cause.PAUSED], zone, now)
    standing = [held for held in kept if held.verdict is Verdict.NOW and held.taken_by]
    anew = _judge_anew(connection, standing, mutes, zone, now)
    later |= {number for number, judged in anew.items() if judged.due_at is not None}
    kept = [_as_judged(held, anew) for held in kept if held.delivery_id not in later]
    alone: list[Held] = []
    remnants: list[Held] = []
    lots: list[Together] = []
    for chat_id, of_chat in groupby((held for held in kept if held.taken_by), key=lambda one: one.chat_id):
        singly, together = told_together(list(of_chat))
        for held in singly:
            (remnants if held.verdict is Verdict.DIGEST and chat_id in rung else alone).append(held)
        if together:
            silent = chat_id in rung or all(held.silent for held in together)
            lots.append(Together(chat_id, [held.delivery_id for held in together], silent))
            if not silent:
                rung.add(chat_id)
    drop(connection, dropped, now=now)
    rest(connection, [held for held in kept if not held.taken_by], until=now + LOOKED_AGAIN)
    let_go(connection, alone, now=now)
    let_go(connection, remnants, now=now, silent=True)
    merge(connection, lots, now=now)
    return len(due)


def _wait_out_the_night(connection: Connection, woken: Sequence[Held], zone: str, now: datetime) -> set[int]:
    """What goes on again in its chat's quiet hours waits for their end, as what comes in them does; those deliveries.

    Everything else is judged when it comes; what rested has seen its time pass.
    """
    waiting: set[int] = set()
    for chat_id, of_chat in groupby((held for held in woken if held.taken_by), key=lambda one: one.chat_id):
        clock = ZoneInfo(zone_of(connection, chat_id) or zone)
        ends = {one.id: quiet_end(now, one.rules, clock) for one in subscriptions_of(connection, chat_id)}
        for held in of_chat:
            until = [end for number in held.taken_by if (end := ends[number]) is not None]
            if len(until) == len(held.taken_by):
                reason = Cause.QUIET_HOURS if held.verdict is Verdict.HELD else Cause.TAKEN
                hold_until(connection, [held], min(until), verdict=held.verdict, reason=reason, silent=held.silent)
                waiting.add(held.delivery_id)
    return waiting


def _judge_anew(
    connection: Connection, standing: Sequence[Held], mutes: Mapping[int, Sequence[Mute]], zone: str, now: datetime
) -> dict[int, Judgement]:
    """What stood in another's message (joining.py) is told as it would be if it came now; how, of each delivery."""
    # Not told yet, they use up no daily limit until it is their turn.
    hold_until(connection, standing, now, verdict=Verdict.DIGEST, reason=Cause.TAKEN, silent=False)
    anew: dict[int, Judgement] = {}
    for chat_id, of_chat in groupby(standing, key=lambda one: one.chat_id):
        clock = zone_of(connection, chat_id) or zone
        rules = {one.id: one.rules for one in subscriptions_of(connection, chat_id)}
        for held in of_chat:
            takers = _takers_of(held, rules, clock)
            told = told_today(connection, takers, now=now)
            (judged,) = judge(takers, Case(held.outlet_id, held.story_ids, mutes[chat_id], told, now))
            taken_as(connection, held, judged, now=now)
            anew[held.delivery_id] = judged
    return anew


def _as_judged(held: Held, anew: Mapping[int, Judgement]) -> Held:
    return replace(held, silent=anew[held.delivery_id].silent) if held.delivery_id in anew else held


def _takers_of(held: Held, rules: Mapping[int, Rules], zone: str) -> list[Taker]:
    return [
        Taker(held.chat_id, number, watch_id, rules[number], zone)
        for number, watch_ids in held.taken_by.items()
        for watch_id in (watch_ids or (None,))
    ]


def unwanted(held: Held, mutes: Sequence[Mute], now: datetime) -> Dropped | None:
    """Why nobody in its chat wants to hear of it any more; None when somebody does, or may when it is resumed.

    `mutes` are those of the chat that hold now.
    """
    if not held.taken_by:
        if not held.paused:
            return Dropped(held, Cause.NOT_TAKEN)
        return Dropped(held, Cause.PAUSED) if held.since < now - KEPT_PAUSED else None
    if not mutes:
        return None
    case = Case(held.outlet_id, held.story_ids, mutes, {}, now)
    hushed = [hushing(taker, case) for taker in _takers_of(held, dict.fromkeys(held.taken_by, Rules()), "UTC")]
    first = hushed[0]
    return Dropped(held, MUTED[first.kind], first.until) if first is not None and all(hushed) else None


def told_together(wanted: Sequence[Held]) -> tuple[list[Held], list[Held]]:
    """(what each has its message, what shares one) of the alerts that a chat is told now. One alone needs no digest."""
    many = sum(held.verdict is Verdict.HELD for held in wanted) > MOST_SINGLY
    together = [held for held in wanted if (many or held.verdict is Verdict.DIGEST) and not held.alone]
    if len(together) < 2:
        return list(wanted), []
    shared = {held.delivery_id for held in together}
    return [held for held in wanted if held.delivery_id not in shared], together


def change_rules(connection: Connection, subscription: Subscription, rules: Rules, *, zone: str, now: datetime) -> None:
    """The subscription follows these rules, and what it has held back so far does too, as if they had stood when that
    came. `zone` as in `takers_of`."""
    set_rules(connection, subscription.id, rules)
    zone = zone_of(connection, subscription.chat_id) or zone
    _judge_again(connection, subscription, rules, ZoneInfo(zone), now)


def follow_zone(connection: Connection, chat_id: int, *, zone: str, now: datetime) -> None:
    """What the chat's subscriptions hold back is due by the clocks of this zone."""
    for subscription in subscriptions_of(connection, chat_id):
        _judge_again(connection, subscription, subscription.rules, ZoneInfo(zone), now)


def _judge_again(
    connection: Connection, subscription: Subscription, rules: Rules, zone: ZoneInfo, now: datetime
) -> None:
    judged: dict[tuple[Verdict, Cause, datetime], list[Waiting]] = defaultdict(list)
    for one in held_of(connection, subscription.id, now=now):
        came_at = min(one.came_at, now)  # the clock may have been set back
        judged[judge_again(one.verdict, one.reason, rules, zone, came_at=came_at, now=now)].append(one)
    for (verdict, reason, due_at), same in judged.items():
        until = due_at if due_at > now else now - GRACE  # nothing newer overtakes what waits no more
        hold_until(connection, same, until, verdict=verdict, reason=reason, silent=rules.mode is Mode.SILENT)
