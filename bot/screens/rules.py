"""When and how a chat is told of what it takes: the rules of each of its subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from bot.screens.paging import page_buttons, page_of
from bot.visits import Answer, Visit, by_right, in_place, say, shown, to_watches
from bot.words.buttons import (
    DIGEST_AT,
    HALF_ROW,
    LIMIT,
    LIST,
    MODE,
    OUTLET,
    QUIET,
    REST,
    RULES,
    SUBSCRIPTION,
    TIMES,
    ZONES,
    button,
    label_of,
    number,
    ordered,
)
from bot.words.digests import taken_name
from bot.words.language import Voice
from bot.words.messages import Button, Keyboard, Message
from bot.words.naming import list_names
from bot.words.places import place_trouble
from bot.words.rules import (
    add_backlog,
    add_owners_pause,
    add_rules,
    clock,
    in_short,
    limit_label,
    local_time,
    mode_name,
    quiet_label,
)
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from bot.words.watchlists import add_list_rests, resume_list
from bot.words.zones import city
from monitors.storage.subscriptions import set_subscription_state
from monitors.storage.taking import Taken, backlog_of, find_taken, list_taken
from monitors.subscriptions import Mode, SubscriptionState

MAX_NAME = 80


def rules_screen(visit: Visit, argument: str) -> Answer:
    """The rules of a subscription, in place of the button's message."""
    taken = find_taken(visit.connection, number(argument), visit.chat.id)
    return gone(visit) if taken is None else say(in_place(visit, rules_message(visit, taken)))


def rules_message(visit: Visit, taken: Taken) -> Message:
    speech, subscription = visit.voice, taken.subscription
    rules, zone = subscription.rules, zone_for(visit, taken)
    builder = heading(visit, taken)
    if (trouble := place_trouble(taken.chat_state, taken.chat_reason, speech)) is not None:
        builder.line("❗ {trouble}", trouble=trouble)
    rests = taken.paused_at is not None and _is_own_list(visit, taken)
    if rests:
        add_list_rests(builder, speech)
    elif taken.paused_at is not None:
        add_owners_pause(builder, taken.paused_at, zone, visit.now, speech)
    if subscription.state is SubscriptionState.PAUSED:
        builder.line(
            speech.say("Paused: nothing comes until you resume it. What had been found before waits, a week at most.")
        )
    elif taken.paused_at is None:
        add_rules(builder, rules, speech)
        backlog = backlog_of(visit.connection, subscription, now=visit.now)
        add_backlog(builder, backlog, zone, visit.now, speech)
    now_there = f"{visit.now.astimezone(zone):%H:%M}"
    there = Foreign(city(zone.key, speech))
    builder.line(speech.say("The clock is that of {city}, where it is {time} now."), city=there, time=now_there)
    resuming = ((resume_list(speech, subscription.watchlist_id or 0),),) if rests else ()
    return Message(builder.build(), (*resuming, *_keyboard(visit, taken, zone)))


def heading(visit: Visit, taken: Taken) -> TextBuilder:
    """Whose rules these are; which chat's, unless it is this one."""
    builder = visit.builder()
    name = _names(visit, list_taken(visit.connection, visit.chat.id))[taken.subscription.id]
    builder.start_line().add_foreign(shorten(name, MAX_NAME), "bold")
    if taken.subscription.chat_id != visit.chat.id:
        builder.add(" · ").add_foreign(shorten(taken.chat_title or "?", MAX_NAME))
    return builder


def _is_own_list(visit: Visit, taken: Taken) -> bool:
    return taken.owner_id == visit.chat.id


def _names(visit: Visit, everything: Sequence[Taken]) -> dict[int, str]:
    """What people call each of these, by the ids of the subscriptions."""
    speech = visit.voice
    lists = {one.subscription.watchlist_id: one.name for one in everything}
    called = list_names(((list_id, name) for list_id, name in lists.items() if list_id is not None), speech)
    return {
        one.subscription.id: called.get(one.subscription.watchlist_id or 0) or taken_name(one.name, speech, outlet=True)
        for one in everything
    }


def zone_for(visit: Visit, taken: Taken) -> ZoneInfo:
    return ZoneInfo(taken.zone or visit.zone)


def _keyboard(visit: Visit, taken: Taken, zone: ZoneInfo) -> Keyboard:
    speech, subscription, rules = visit.voice, taken.subscription, taken.subscription.rules
    given = subscription.id
    modes = [
        button(("✅ " if mode is rules.mode else "") + mode_name(mode, speech), MODE, f"{given}:{mode}")
        for mode in Mode
    ]
    rows: list[tuple[Button, ...]] = [ordered(speech, modes[:2]), ordered(speech, modes[2:])]
    if rules.mode is Mode.DAILY or (rules.daily_limit is not None and rules.mode is not Mode.HOURLY):
        label = speech.say("Together at {time}").replace("{time}", clock(rules.digest_at))
        rows.append((button(label, DIGEST_AT, given),))
    limit = button(limit_label(rules.daily_limit, speech), LIMIT, given)
    quiet = button(quiet_label(rules, speech), QUIET, given)
    rows.append(ordered(speech, (quiet, limit)) if rules.mode in (Mode.INSTANT, Mode.SILENT) else (quiet,))
    paused = subscription.state is SubscriptionState.PAUSED
    rest = button(speech.say("Resume") if paused else speech.say("Pause"), REST, f"{given}:{int(not paused)}")
    place = button(label_of(city(zone.key, speech), "🕰 ", within=HALF_ROW), ZONES, given)
    rows.append(ordered(speech, (place, rest)))
    if subscription.outlet_id is not None:
        back = button(speech.say("About this outlet"), OUTLET, subscription.outlet_id)
    elif not subscription.owned and subscription.chat_id == visit.chat.id:
        back = button(speech.say("Back"), SUBSCRIPTION, given)
    elif _is_own_list(visit, taken):
        back = button(speech.say("Back"), LIST, subscription.watchlist_id or 0)
    else:
        back = to_watches(visit)
    rows.append(ordered(speech, (back, button(speech.say("All times"), TIMES, 0))))
    return tuple(rows)


def back_row(speech: Voice, taken: Taken) -> tuple[Button, ...]:
    return (button(speech.say("Back"), RULES, taken.subscription.id),)


def of_taken(act: Callable[[Visit, Taken, str], Answer]) -> Callable[[Visit, str], Answer]:
    """What a button does that names something the chat takes, given what follows its number."""

    def pressed(visit: Visit, argument: str) -> Answer:
        given, _, rest = argument.partition(":")
        taken = find_taken(visit.connection, number(given), visit.chat.id)
        if taken is None:
            return gone(visit)
        return act(visit, taken, rest)

    return pressed


def _rest(visit: Visit, taken: Taken, pause: str) -> Answer:
    """Pauses, or resumes."""
    state = SubscriptionState.PAUSED if pause == "1" else SubscriptionState.ACTIVE
    set_subscription_state(visit.connection, taken.subscription.id, state, now=visit.now)
    return changed(visit, taken)


def changed(visit: Visit, taken: Taken) -> Answer:
    """The rules as they are now."""
    now = find_taken(visit.connection, taken.subscription.id, visit.chat.id)
    assert now is not None
    return say(in_place(visit, rules_message(visit, now)), toast=visit.voice.say("Saved."))


def times_screen(visit: Visit, page: int = 0) -> Message:
    """Everything whose rules can be changed from here, with its rules on one line."""
    speech = visit.voice
    everything = list_taken(visit.connection, visit.chat.id)
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("When and how alerts come"), ("bold",)))
    if not everything:
        builder.line(speech.say("Nothing is watched here yet."))
        return Message(builder.build(), ((to_watches(visit),),))
    page, listed, before = page_of(everything, page)
    names = _names(visit, everything)
    rows: list[tuple[Button, ...]] = []
    for place, taken in enumerate(listed, before + 1):
        subscription = taken.subscription
        name = names[subscription.id]
        if subscription.chat_id != visit.chat.id:
            name = f"{name} · {taken.chat_title or '?'}"
        short = _in_short(visit, taken)
        builder.line("{place}. {name}: {rules}", place=place, name=Foreign(shorten(name, MAX_NAME)), rules=short)
        rows.append((button(label_of(name, f"{place}. "), RULES, subscription.id),))
    back = (to_watches(visit),)
    return Message(builder.build(), (*rows, *page_buttons(speech, TIMES, page, len(everything)), back))


def _in_short(visit: Visit, taken: Taken) -> str:
    """Its rules on one line, or that it rests and who lets it, or what is wrong with its chat."""
    speech, subscription = visit.voice, taken.subscription
    if taken.paused_at is not None and not _is_own_list(visit, taken):
        since = local_time(taken.paused_at, zone_for(visit, taken), visit.now, speech)
        return speech.say("paused by its owner since {time}").replace("{time}", since)
    if taken.paused_at is not None or subscription.state is SubscriptionState.PAUSED:
        return speech.say("paused")
    trouble = place_trouble(taken.chat_state, taken.chat_reason, speech)
    return in_short(subscription.rules, speech) if trouble is None else f"❗ {trouble}"


def gone(visit: Visit) -> Answer:
    """What a button does whose subject is gone, or belongs to somebody else."""
    return Answer(toast=visit.voice.say("This is not there any more."))


COMMANDS = {"times": lambda visit, _: say(times_screen(visit))}
PRESSES = {
    RULES: rules_screen,
    TIMES: shown(lambda visit, argument: times_screen(visit, number(argument, 0))),
    REST: by_right(of_taken(_rest)),
}
