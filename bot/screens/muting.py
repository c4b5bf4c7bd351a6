"""Hushing: everything for a while, a story, an outlet or a watch; what is muted; and hearing it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.screens.alert import alert_screen, menu_buttons, the_alert
from bot.screens.hushed import clock_at, everything_muted
from bot.screens.paging import page_buttons, page_of
from bot.visits import Answer, Visit, in_place, outdated, refusal, say, shown
from bot.words.buttons import (
    ALERT_MENU,
    HEAR,
    MUTE,
    MUTED,
    UNMUTE,
    button,
    home,
    in_fitting_rows,
    in_rows,
    label_of,
    number,
    ordered,
)
from bot.words.language import Voice
from bot.words.messages import Keyboard, Message
from bot.words.text import Foreign, Styled, TextBuilder, defuse, shorten
from monitors.alerts import Alert, ToldAlert
from monitors.local_time import next_at_minute
from monitors.storage.muting import Muted, muted_in, unmute_one
from monitors.storage.subscriptions import mute, unmute
from monitors.subscriptions import Mute, MuteKind
from monitors.watchlists import UNTOLD_NAME

AN_HOUR = timedelta(hours=1)
MOST_NAMED = 8
"""Watches to choose from; an alert that met more is best muted as a story or an outlet."""
_PER_ROW = 5


@dataclass(frozen=True, slots=True)
class _Hush:
    """What is to be muted, and what is said of it."""

    mute: Mute
    words: str


def _hush(visit: Visit, alert: Alert | None, what: str) -> _Hush | None:
    """What a button's argument asks for; None for what cannot be asked of this alert."""
    speech, chat_id = visit.voice, visit.chat.id
    match what.split(":"):
        case ["hour"]:
            return _until(visit, visit.now + AN_HOUR)
        case ["today"]:
            return _until(visit, next_at_minute(visit.now, 0, visit.clock))
        case ["story"] if alert is not None:
            return _Hush(Mute(chat_id, MuteKind.STORY, alert.story_id, None), speech.say("🔇 This story is muted."))
        case ["outlet"] if alert is not None:
            words = speech.say("🔇 This outlet is muted until you undo it.")
            return _Hush(Mute(chat_id, MuteKind.OUTLET, alert.outlet_id, None), words)
        case ["watch", watch_id] if alert is not None and number(watch_id) in {one.watch_id for one in alert.watches}:
            words = speech.say("🔇 This word is muted until you undo it.")
            return _Hush(Mute(chat_id, MuteKind.WATCH, number(watch_id), None), words)
    return None


def _until(visit: Visit, until: datetime) -> _Hush:
    return _Hush(Mute(visit.chat.id, MuteKind.EVERYTHING, None, until), everything_muted(visit, until))


def _mute(visit: Visit, argument: str) -> Answer:
    """`alert:what`; without an alert (0), everything from the list of what is muted."""
    if (refused := refusal(visit)) is not None:
        return refused
    alert_id, _, what = argument.partition(":")
    told = the_alert(visit, argument)
    if told is None and number(alert_id) != 0:
        return outdated(visit)
    if told is not None and what == "watch":
        if len(told.alert.watches) > 1:
            return say(in_place(visit, alert_screen(visit, told, _which(visit.voice, told.alert))))
        what = f"watch:{told.alert.watches[0].watch_id}" if told.alert.watches else what
    hush = _hush(visit, told.alert if told is not None else None, what)
    if hush is None:
        return outdated(visit)
    mute(visit.connection, hush.mute, now=visit.now)
    screen = muted_list(visit) if told is None else _muted(visit, told, hush, what)
    return say(in_place(visit, screen), toast=hush.words)


def _muted(visit: Visit, told: ToldAlert, hush: _Hush, what: str) -> Message:
    speech, alert_id = visit.voice, told.alert.id
    row = (
        button(speech.say("Undo"), UNMUTE, f"{alert_id}:{what}"),
        button(speech.say("⋯ Options"), ALERT_MENU, alert_id),
    )
    return alert_screen(visit, told, (ordered(speech, row),), hush.words)


def _which(speech: Voice, alert: Alert) -> Keyboard:
    """One button for each watch that the alert met."""
    words = [
        button(label_of(defuse(one.query), "🔇 "), MUTE, f"{alert.id}:watch:{one.watch_id}")
        for one in alert.watches[:MOST_NAMED]
    ]
    rows = in_fitting_rows(speech, words)
    return (*rows, (button(speech.say("Back"), ALERT_MENU, alert.id),))


def _unmute(visit: Visit, argument: str) -> Answer:
    told = the_alert(visit, argument)
    if told is None:
        return outdated(visit)
    if (refused := refusal(visit)) is not None:
        return refused
    hush = _hush(visit, told.alert, argument.partition(":")[2])
    if hush is None:
        return outdated(visit)
    unmute(visit.connection, visit.chat.id, hush.mute.kind, hush.mute.target_id)
    screen = alert_screen(visit, told, menu_buttons(visit, told.alert))
    return say(in_place(visit, screen), toast=visit.voice.say("Not muted any more."))


def muted_list(visit: Visit, page: int = 0) -> Message:
    """What is muted here, each with a button to hear it again."""
    speech = visit.voice
    builder = visit.builder()
    muted = muted_in(visit.connection, visit.chat.id, now=visit.now)
    title = speech.say("What is muted here") if muted else speech.say("Nothing is muted here.")
    builder.line("{title}", title=Styled(title, ("bold",)))
    page, some, before = page_of(muted, page)
    for place, one in enumerate(some, before + 1):
        _add_muted(visit, builder, place, one)
    hear = [
        button(speech.say("Unmute {n}").replace("{n}", str(place)), HEAR, one.id)
        for place, one in enumerate(some, before + 1)
    ]
    rows = in_rows(speech, hear, _PER_ROW)
    more = (button(speech.say("Mute 1 h"), MUTE, "0:hour"), button(speech.say("Mute today"), MUTE, "0:today"))
    return Message(
        builder.build(), (*rows, *page_buttons(speech, MUTED, page, len(muted)), ordered(speech, more), (home(speech),))
    )


def _add_muted(visit: Visit, builder: TextBuilder, place: int, one: Muted) -> None:
    speech = visit.voice
    shapes = {
        MuteKind.EVERYTHING: speech.say("everything"),
        MuteKind.STORY: speech.say("the story {name}"),
        MuteKind.OUTLET: speech.say("the outlet {name}"),
        MuteKind.WATCH: (
            speech.say("a watch of a private list") if one.name == UNTOLD_NAME else speech.say("the watch {name}")
        ),
    }
    builder.line("{number}. ", number=place)
    builder.fill(shapes[one.mute.kind], name=Foreign(shorten(one.name or "?", 100), ("bold",)))
    if one.mute.until is not None:
        builder.fill(speech.say(", until {time}"), time=clock_at(visit, one.mute.until))


def _hear(visit: Visit, mute_id: str) -> Answer:
    if (refused := refusal(visit)) is not None:
        return refused
    gone = unmute_one(visit.connection, visit.chat.id, number(mute_id))
    toast = visit.voice.say("Not muted any more.") if gone else None
    return say(in_place(visit, muted_list(visit)), toast=toast)


COMMANDS = {"mute": lambda visit, _: say(muted_list(visit))}
PRESSES = {
    MUTE: _mute,
    UNMUTE: _unmute,
    MUTED: shown(lambda visit, argument: muted_list(visit, number(argument, 0))),
    HEAR: _hear,
}
