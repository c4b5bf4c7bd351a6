"""Judging (pure): what each chat is told about an article, now, later, in a digest, or not at all, and why.

Of several subscriptions that bring a chat the same article, the one that tells it soonest decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitors.alerts import Cause, Judgement, Verdict
from monitors.local_time import last_at_minute, next_at_minute, next_hour
from monitors.subscriptions import Mode, Mute, MuteKind, Rules, Taker

MUTED = {
    MuteKind.EVERYTHING: Cause.EVERYTHING_MUTED,
    MuteKind.STORY: Cause.STORY_MUTED,
    MuteKind.OUTLET: Cause.OUTLET_MUTED,
    MuteKind.WATCH: Cause.WATCH_MUTED,
}


@dataclass(frozen=True, slots=True)
class Case:
    """An article to be judged: of this outlet, telling these stories. `mutes` are those that hold now.

    `told_today` is how many alerts each subscription with a limit has brought its chat since midnight, local time.
    """

    outlet_id: int
    story_ids: Collection[int]
    mutes: Sequence[Mute]
    told_today: Mapping[int, int]
    now: datetime
    full: Collection[int] = ()
    """Chats that were told as much within an hour as they may be."""


def judge(takers: Iterable[Taker], case: Case) -> list[Judgement]:
    """One judgement per chat that is to be told of the article, by chat id."""
    by_chat: dict[int, list[Taker]] = defaultdict(list)
    for taker in takers:
        by_chat[taker.chat_id].append(taker)
    return [_judge_chat(by_chat[chat_id], case) for chat_id in sorted(by_chat)]


def _judge_chat(takers: Sequence[Taker], case: Case) -> Judgement:
    hushed = [hushing(taker, case) for taker in takers]
    heard = [taker for taker, mute in zip(takers, hushed, strict=True) if mute is None]
    judged = [_judge_taker(taker, case) for taker in heard]
    if judged:
        return min(judged, key=lambda one: (one.due_at or case.now, one.silent))
    first, mute = takers[0], hushed[0]
    assert mute is not None  # or it would have been heard
    return Judgement(first.chat_id, Verdict.DROPPED, MUTED[mute.kind], first.subscription_id, due_at=mute.until)


def hushing(taker: Taker, case: Case) -> Mute | None:
    """What is muted that keeps this from being told."""
    targets: dict[MuteKind, Collection[int | None]] = {
        MuteKind.OUTLET: (case.outlet_id,),
        MuteKind.STORY: case.story_ids,
        MuteKind.WATCH: (taker.watch_id,),
    }
    for mute in case.mutes:
        everything = mute.kind is MuteKind.EVERYTHING
        if mute.chat_id == taker.chat_id and (everything or mute.target_id in targets[mute.kind]):
            return mute
    return None


def _judge_taker(taker: Taker, case: Case) -> Judgement:
    rules, zone, now = taker.rules, ZoneInfo(taker.zone), case.now
    told_today = case.told_today.get(taker.subscription_id, 0)
    verdict, reason, due_at = Verdict.NOW, Cause.TAKEN, None
    if rules.mode is Mode.HOURLY:
        verdict, due_at = Verdict.DIGEST, next_hour(now, zone)
    elif rules.mode is Mode.DAILY:
        verdict, due_at = Verdict.DIGEST, next_at_minute(now, rules.digest_at, zone)
    elif rules.daily_limit is not None and told_today >= rules.daily_limit:
        verdict, due_at = Verdict.DIGEST, next_at_minute(now, rules.digest_at, zone)
        reason = Cause.DAILY_LIMIT
    elif taker.chat_id in case.full:
        verdict, due_at, reason = Verdict.DIGEST, next_hour(now, zone), Cause.HOURLY_LIMIT
    if (quiet_until := quiet_end(due_at or now, rules, zone)) is not None:
        if verdict is Verdict.NOW:
            verdict, reason = Verdict.HELD, Cause.QUIET_HOURS
        due_at = quiet_until
    silent = rules.mode is Mode.SILENT
    return Judgement(taker.chat_id, verdict, reason, taker.subscription_id, silent=silent, due_at=due_at)


def judge_again(
    verdict: Verdict, reason: Cause, rules: Rules, zone: ZoneInfo, *, came_at: datetime, now: datetime
) -> tuple[Verdict, Cause, datetime]:
    """What becomes of an alert that came then and was held back like this when its subscription's rules change: what
    it waits for, why, and until when; `now` when by these rules it would have been told by now.

    What was beyond a daily limit stays for the digest as long as there is one, and what was beyond the hour's for the
    full hour. Whatever it waited for, it is not told in quiet hours.
    """
    was, reason, due_at = reason, Cause.TAKEN, came_at
    if rules.mode is Mode.HOURLY:
        verdict, due_at = Verdict.DIGEST, next_hour(came_at, zone)
    elif rules.mode is Mode.DAILY:
        verdict, due_at = Verdict.DIGEST, next_at_minute(came_at, rules.digest_at, zone)
    elif was is Cause.DAILY_LIMIT and rules.daily_limit is not None:
        reason, due_at = was, next_at_minute(came_at, rules.digest_at, zone)
    elif was is Cause.HOURLY_LIMIT:
        reason, due_at = was, next_hour(came_at, zone)
    quiet_until = quiet_end(due_at, rules, zone)
    if (quiet_until or due_at) <= now:
        due_at, quiet_until = now, quiet_end(now, rules, zone)
    if quiet_until is not None:
        reason, due_at = (Cause.QUIET_HOURS if verdict is Verdict.HELD else reason), quiet_until
    return verdict, reason, due_at


def quiet_end(moment: datetime, rules: Rules, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end that the moment is in; None when it is in none."""
    if rules.quiet_from is None or rules.quiet_to is None or rules.quiet_from == rules.quiet_to:
        return None
    began = last_at_minute(moment, rules.quiet_from, zone)
    end = next_at_minute(began, rules.quiet_to, zone)
    return end if moment < end else None
