"""An alert and what can be done about it: all in the place of its buttons."""

from __future__ import annotations

from bot.visits import Answer, Right, Visit, in_place, outdated, refusal, say
from bot.words.buttons import (
    ALERT,
    ALERT_MENU,
    KEEP,
    MUTE,
    OPEN_ALERT,
    UNKEEP,
    UNLIKE,
    WHY,
    button,
    number,
    ordered,
)
from bot.words.composing import compose_alert, watch_lines
from bot.words.messages import Keyboard, Message
from bot.words.text import defuse
from monitors.alerts import Alert, ToldAlert
from monitors.storage.alerts import alert_of
from monitors.storage.saved import is_saved, let_go, save_article

MOST_POINTS = 200
"""Of the notice that a button shows."""


def the_alert(visit: Visit, argument: str) -> ToldAlert | None:
    """The alert whose number the argument begins with, if it is this chat's."""
    return alert_of(visit.connection, visit.chat.id, number(argument.partition(":")[0]))


def alert_screen(visit: Visit, told: ToldAlert, keyboard: Keyboard | None = None, note: str | None = None) -> Message:
    """The alert as it was told, with other buttons or a note of what was done about it."""
    return compose_alert(told.alert, visit.voice, repeats=told.repeats, keyboard=keyboard, note=note)


def menu_buttons(visit: Visit, alert: Alert) -> Keyboard:
    """What else can be done about an alert."""
    speech = visit.voice
    kept = is_saved(visit.connection, visit.chat.id, alert.article_id)
    keeping = button(speech.say("Unsave"), UNKEEP, alert.id) if kept else button(speech.say("Save"), KEEP, alert.id)
    outlet = button(speech.say("Mute this outlet"), MUTE, f"{alert.id}:outlet")
    watches = [button(speech.say("Mute this word"), MUTE, f"{alert.id}:watch")] if alert.watches else []
    unlike = [button(speech.say("Not relevant"), UNLIKE, alert.id)] if alert.watches else []
    rows = (
        (
            button(speech.say("Mute today"), MUTE, f"{alert.id}:today"),
            button(speech.say("Mute this story"), MUTE, f"{alert.id}:story"),
        ),
        (outlet, *watches),
        (*unlike, keeping),
        (button(speech.say("Why this?"), WHY, alert.id), button(speech.say("Back"), ALERT, alert.id)),
    )
    return tuple(ordered(speech, row) for row in rows)


def _open(visit: Visit, argument: str) -> Answer:
    told = the_alert(visit, argument)
    if told is None:
        return outdated(visit)
    return refusal(visit) or say(alert_screen(visit, told))


def _show(visit: Visit, argument: str) -> Answer:
    told = the_alert(visit, argument)
    if told is None:
        return outdated(visit)
    return refusal(visit) or say(in_place(visit, alert_screen(visit, told)))


def _menu(visit: Visit, argument: str) -> Answer:
    """In a group others than administrators are only told why the alert came."""
    told = the_alert(visit, argument)
    if told is None:
        return outdated(visit)
    if visit.right is not Right.YES:
        return Answer(toast=why_in_short(visit, told.alert))
    return say(in_place(visit, alert_screen(visit, told, menu_buttons(visit, told.alert))))


def why_in_short(visit: Visit, alert: Alert) -> str:
    lines = watch_lines(alert.watches, alert.fields)
    met = "\n".join(f"🔔 {line.queries}{f': {line.words}' if line.words else ''}" for line in lines[:3])
    return defuse(met or visit.voice.say("🔔 Everything of this outlet"))[:MOST_POINTS]


def _keep(visit: Visit, argument: str) -> Answer:
    return _kept(visit, argument, keep=True)


def _unkeep(visit: Visit, argument: str) -> Answer:
    return _kept(visit, argument, keep=False)


def _kept(visit: Visit, argument: str, *, keep: bool) -> Answer:
    told = the_alert(visit, argument)
    if told is None:
        return outdated(visit)
    if (refused := refusal(visit)) is not None:
        return refused
    speech, article_id = visit.voice, told.alert.article_id
    if keep:
        save_article(visit.connection, visit.chat.id, article_id, now=visit.now)
        toast = speech.say("Saved: you find it with /saved.")
    else:
        let_go(visit.connection, visit.chat.id, article_id)
        toast = speech.say("Not saved any more.")
    return say(in_place(visit, alert_screen(visit, told, menu_buttons(visit, told.alert))), toast=toast)


PRESSES = {ALERT: _show, OPEN_ALERT: _open, ALERT_MENU: _menu, KEEP: _keep, UNKEEP: _unkeep}
