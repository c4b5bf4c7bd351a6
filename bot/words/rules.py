"""How alerts of a subscription are told, in words (pure)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.words.language import Voice
from bot.words.text import Styled, TextBuilder
from monitors.storage.taking import Backlog
from monitors.subscriptions import MINUTES, Mode, Rules


def clock(minute: int) -> str:
    """Minutes after midnight as "18:00"."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def add_rules(builder: TextBuilder, rules: Rules, speech: Voice) -> None:
    """What will happen, a sentence for each rule."""
    at = clock(rules.digest_at)
    match rules.mode:
        case Mode.INSTANT:
            builder.line(speech.say("Alerts come at once."))
        case Mode.SILENT:
            builder.line(speech.say("Alerts come at once, without a sound."))
        case Mode.HOURLY:
            builder.line(speech.say("Alerts of an hour come together at its end."))
        case Mode.DAILY:
            builder.line(speech.say("Alerts of a day come together at {time}."), time=at)
    if is_quiet(rules):
        times = {"begin": clock(rules.quiet_from or 0), "end": clock(rules.quiet_to or 0)}
        builder.line(speech.say("From {begin} to {end} nothing comes; what was due then comes at {end}."), **times)
    if rules.daily_limit is not None and rules.mode in (Mode.INSTANT, Mode.SILENT):
        sentence = speech.count(
            "After {n} alert in a day the others come together at {time}.",
            "After {n} alerts in a day the others come together at {time}.",
            rules.daily_limit,
        )
        builder.line(sentence, n=rules.daily_limit, time=at)


def add_backlog(builder: TextBuilder, backlog: Backlog, zone: ZoneInfo, now: datetime, speech: Voice) -> None:
    """How many are on their way, and how many wait until when."""
    if (coming := backlog.coming) > 0:
        builder.line(speech.count("{n} alert is on its way now.", "{n} alerts are on their way now.", coming), n=coming)
    if backlog.due_at is not None:
        time = Styled(local_time(backlog.due_at, zone, now, speech), ("bold",))
        sentence = speech.count(
            "{n} alert is waiting, until {time}.", "{n} alerts are waiting, until {time}.", backlog.waiting
        )
        builder.line(sentence, n=backlog.waiting, time=time)


def add_owners_pause(builder: TextBuilder, since: datetime, zone: ZoneInfo, now: datetime, speech: Voice) -> None:
    """That the owner of a watchlist which comes from somebody else has paused it."""
    words = speech.say("Paused by its owner since {time}: nothing comes until it is resumed.")
    builder.line("⏸ ").fill(words, time=local_time(since, zone, now, speech))


def local_time(at: datetime, zone: ZoneInfo, now: datetime, speech: Voice) -> str:
    """ "18:00", "yesterday 18:00", "tomorrow 08:00", "2026-03-22 08:00"."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = f"{local:%H:%M}"
    match (local.date() - today).days:
        case 0:
            return time
        case -1:
            return speech.say("yesterday {time}").replace("{time}", time)
        case 1:
            return speech.say("tomorrow {time}").replace("{time}", time)
        case _:
            return f"{local:%Y-%m-%d} {time}"


def mode_name(mode: Mode, speech: Voice) -> str:
    return {
        Mode.INSTANT: speech.say("At once"),
        Mode.SILENT: speech.say("Silently"),
        Mode.HOURLY: speech.say("Hourly"),
        Mode.DAILY: speech.say("Daily"),
    }[mode]


def in_short(rules: Rules, speech: Voice) -> str:
    """The rules on one line: "Daily 18:00 · quiet 22:00–07:00 · 10 a day"."""
    parts = [mode_name(rules.mode, speech)]
    if rules.mode is Mode.DAILY:
        parts[0] += f" {clock(rules.digest_at)}"
    if is_quiet(rules):
        parts.append(quiet_label(rules, speech))
    if rules.daily_limit is not None:
        parts.append(limit_label(rules.daily_limit, speech))
    return " · ".join(parts)


def quiet_label(rules: Rules, speech: Voice) -> str:
    if not is_quiet(rules):
        return speech.say("No quiet hours")
    times = f"{clock(rules.quiet_from or 0)}–{clock(rules.quiet_to or 0)}"
    return speech.say("Quiet {times}").replace("{times}", times)


def limit_label(limit: int | None, speech: Voice) -> str:
    if limit is None:
        return speech.say("No daily limit")
    return speech.count("{n} a day", "{n} a day", limit).replace("{n}", str(limit))


def is_quiet(rules: Rules) -> bool:
    """Whether there are quiet hours at all."""
    return rules.quiet_from is not None and rules.quiet_to is not None and rules.quiet_from != rules.quiet_to


def full_hours() -> list[int]:
    """Minutes after midnight, from early in the morning on."""
    return [(hour * 60 + 5 * 60) % MINUTES for hour in range(24)]
