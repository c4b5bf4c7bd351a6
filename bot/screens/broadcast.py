"""For operators: something is told to everybody, after it was seen as they will see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogs import ask
from bot.screens.operators import back_to_operators, for_operators
from bot.visits import Answer, Visit, in_place, outdated, say
from bot.words.buttons import BROADCAST, SEND_BROADCAST, STOP_BROADCAST, WRITE_BROADCAST, button, number, ordered
from bot.words.messages import Message, to_json
from bot.words.text import Styled, TextBuilder
from monitors.alerts import DeliveryState
from monitors.broadcasts import Broadcast, BroadcastState
from monitors.storage.broadcasts import (
    begin_broadcast,
    count_audience,
    draft_broadcast,
    find_broadcast,
    latest_broadcast,
    results_of,
    stop_broadcast,
)
from monitors.storage.queues import is_held_back

QUESTION = "broadcast"

_WAITING = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)


def broadcast_screen(visit: Visit) -> Message:
    """The last one and what became of it, and a button for the next."""
    speech, latest = visit.voice, latest_broadcast(visit.connection)
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("Broadcast"), ("bold",)))
    builder.line(speech.say("A message to everybody who uses the bot in private. It goes out behind all alerts."))
    row = [button(speech.say("Write one"), WRITE_BROADCAST)]
    if latest is not None:
        told = results_of(visit.connection, latest, visit.telegram)
        waiting = sum(told[state] for state in _WAITING)
        builder.line()
        builder.line(_progress(visit, latest, waiting))
        builder.line(speech.say("Told: {n}"), n=told[DeliveryState.SENT])
        builder.line(speech.say("Waiting: {n}"), n=waiting)
        builder.line(speech.say("Not told: {n}"), n=told.total() - told[DeliveryState.SENT] - waiting)
        row.append(button(speech.say("Refresh"), BROADCAST))
        if latest.state is BroadcastState.SENDING or told[DeliveryState.PENDING]:
            row.append(button(speech.say("Stop it"), STOP_BROADCAST, latest.id))
    return Message(builder.build(), (ordered(speech, row), back_to_operators(visit)))


def _progress(visit: Visit, broadcast: Broadcast, waiting: int) -> str:
    if broadcast.state is BroadcastState.STOPPED:
        return visit.voice.say("The last one was stopped.")
    if broadcast.state is BroadcastState.SENT and not waiting:
        return visit.voice.say("The last one has been sent.")
    if is_held_back(visit.connection):
        return _waits(visit)
    return visit.voice.say("The last one is on its way.")


def _waits(visit: Visit) -> str:
    return visit.voice.say("⏸ It waits until alerts are told again: now only answers are sent.")


def write_pressed(visit: Visit, _: str) -> Answer:
    builder = visit.builder().line(visit.voice.say("Write what everybody is to be told. You see it before it is sent."))
    return say(ask(visit, QUESTION, Message(builder.build()), hint=visit.voice.say("Your message")))


def words_given(visit: Visit, text: str, _: Mapping[str, Any]) -> Answer:
    """As it will be seen, and a question below: how many are they?"""
    if not visit.operator or not visit.private:
        return Answer()
    speech = visit.voice
    words = Message(TextBuilder().add(text).build())
    made = draft_broadcast(visit.connection, visit.person_id, to_json(words), now=visit.now)
    count = count_audience(visit.connection, visit.telegram)
    builder = visit.builder()
    builder.line(speech.count("This goes to {n} chat. Send it?", "This goes to {n} chats. Send it?", count), n=count)
    if is_held_back(visit.connection):
        builder.line(_waits(visit))
    row = (
        button(speech.say("Send it"), SEND_BROADCAST, made.id),
        button(speech.say("Write it again"), WRITE_BROADCAST),
        button(speech.say("Do not send it"), BROADCAST),
    )
    return say(words, Message(builder.build(), (ordered(speech, row),)))


def send_pressed(visit: Visit, argument: str) -> Answer:
    found = find_broadcast(visit.connection, number(argument))
    if found is None or found.person_id != visit.person_id:
        return outdated(visit)
    begun = begin_broadcast(visit.connection, found.id, now=visit.now)
    toast = None if begun else visit.voice.say("It was sent before, or another one is still on its way.")
    return say(in_place(visit, broadcast_screen(visit)), toast=toast)


def stop_pressed(visit: Visit, argument: str) -> Answer:
    stopped = stop_broadcast(visit.connection, number(argument), now=visit.now)
    toast = visit.voice.say("Stopped.") if stopped else visit.voice.say("It is over already.")
    return say(in_place(visit, broadcast_screen(visit)), toast=toast)


COMMANDS = {"broadcast": for_operators(lambda visit, _: say(broadcast_screen(visit)))}
PRESSES = {
    BROADCAST: for_operators(lambda visit, _: say(in_place(visit, broadcast_screen(visit)))),
    WRITE_BROADCAST: for_operators(write_pressed),
    SEND_BROADCAST: for_operators(send_pressed),
    STOP_BROADCAST: for_operators(stop_pressed),
}
QUESTIONS = {QUESTION: words_given}
