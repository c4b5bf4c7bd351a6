"""The rules of a subscription chosen: its mode, the hour of its digest, its quiet hours and its daily limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.screens.rules import back_row, changed, heading, of_taken
from bot.visits import Answer, Visit, by_right, in_place, say
from bot.words.buttons import DIGEST_AT, LIMIT, MODE, QUIET, button, in_rows, number, ordered
from bot.words.messages import Button, Message
from bot.words.rules import clock, full_hours, limit_label
from monitors.releasing import change_rules
from monitors.storage.taking import Taken
from monitors.subscriptions import MINUTES, Mode, Rules

LIMITS = (5, 10, 20, 50)
_PER_ROW = 6

Change = Callable[[Rules, str], Rules | None]
"""The rules as a button's argument has them; None for an argument that no button of ours carries."""


def _changing(change: Change, pick: Callable[[Visit, Taken, str], Message | None]) -> Callable[[Visit, str], Answer]:
    """A button that changes the rules, or leads to what there is to choose from when its argument does not say yet."""

    def act(visit: Visit, taken: Taken, chosen: str) -> Answer:
        if (choice := pick(visit, taken, chosen)) is not None:
            return say(in_place(visit, choice))
        rules = change(taken.subscription.rules, chosen)
        if rules is None:
            return Answer(toast=visit.voice.say("This button is from an older version."))
        change_rules(visit.connection, taken.subscription, rules, zone=visit.zone, now=visit.now)
        return changed(visit, taken)

    return by_right(of_taken(act))


def _with_mode(rules: Rules, chosen: str) -> Rules | None:
    return replace(rules, mode=Mode(chosen)) if chosen in set(Mode) else None


def _with_time(rules: Rules, chosen: str) -> Rules | None:
    at = _minute(chosen)
    return None if at is None else replace(rules, digest_at=at)


def _with_quiet(rules: Rules, chosen: str) -> Rules | None:
    if chosen == "off":
        return replace(rules, quiet_from=None, quiet_to=None)
    begin, end = (_minute(one) for one in chosen.partition(":")[::2])
    return None if begin is None or end is None else replace(rules, quiet_from=begin, quiet_to=end)


def _with_limit(rules: Rules, chosen: str) -> Rules | None:
    limit = number(chosen)
    return replace(rules, daily_limit=limit or None) if limit in (0, *LIMITS) else None


def _minute(text: str) -> int | None:
    minute = number(text)
    return minute if 0 <= minute < MINUTES else None


def _no_choice(visit: Visit, taken: Taken, chosen: str) -> Message | None:
    return None


def _pick_time(visit: Visit, taken: Taken, chosen: str) -> Message | None:
    if chosen:
        return None
    return _pick_hour(visit, taken, visit.voice.say("When shall the alerts of a day come?"), DIGEST_AT, "")


def _pick_quiet(visit: Visit, taken: Taken, chosen: str) -> Message | None:
    speech = visit.voice
    if not chosen:
        off = (button(speech.say("No quiet hours"), QUIET, f"{taken.subscription.id}:off"),)
        return _pick_hour(visit, taken, speech.say("From when on shall nothing come?"), QUIET, "", off)
    if _minute(chosen) is not None:
        return _pick_hour(visit, taken, speech.say("And until when?"), QUIET, f"{chosen}:")
    return None


def _pick_limit(visit: Visit, taken: Taken, chosen: str) -> Message | None:
    if chosen:
        return None
    speech, given = visit.voice, taken.subscription.id
    builder = heading(visit, taken)
    builder.line(speech.say("How many alerts a day, before the others come together?"))
    buttons = [button(limit_label(limit, speech), LIMIT, f"{given}:{limit}") for limit in LIMITS]
    none = (button(speech.say("No daily limit"), LIMIT, f"{given}:0"),)
    rows = (ordered(speech, buttons[:2]), ordered(speech, buttons[2:]), none, back_row(speech, taken))
    return Message(builder.build(), rows)


def _pick_hour(
    visit: Visit, taken: Taken, question: str, action: str, before: str, *more: tuple[Button, ...]
) -> Message:
    speech = visit.voice
    builder = heading(visit, taken).line("{question}", question=question)
    hours = [button(clock(minute), action, f"{taken.subscription.id}:{before}{minute}") for minute in full_hours()]
    rows = in_rows(speech, hours, _PER_ROW)
    return Message(builder.build(), (*rows, *more, back_row(speech, taken)))


PRESSES = {
    MODE: _changing(_with_mode, _no_choice),
    DIGEST_AT: _changing(_with_time, _pick_time),
    QUIET: _changing(_with_quiet, _pick_quiet),
    LIMIT: _changing(_with_limit, _pick_limit),
}
