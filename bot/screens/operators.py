"""What operators see and do, in private: how Rasid fares, and whether sources are visited and alerts are told."""

from __future__ import annotations

from collections.abc import Callable

from bot.screens.welcome import unknown_command
from bot.visits import Answer, Glance, Visit, in_place, outdated, say
from bot.words.buttons import (
    BROADCAST,
    FAILING,
    HELP,
    INVITATIONS,
    OPERATE,
    PEOPLE,
    POLLING,
    STATUS,
    TELLING,
    TROUBLED,
    button,
    ordered,
)
from bot.words.messages import Button, Message
from bot.words.status import add_status, state_name
from bot.words.text import Styled
from monitors.storage.bots import last_move
from monitors.storage.polls import is_polling_paused, pause_polling
from monitors.storage.queues import TROUBLES, hold_back, is_held_back
from monitors.storage.statistics import Status, read_status
from monitors.wakeups import DELIVERIES, SOURCES


def for_operators(act: Callable[[Visit, str], Answer]) -> Callable[[Visit, str], Answer]:
    """The same for operators in their private chats; for everybody else there is no such thing."""

    def guarded(visit: Visit, argument: str) -> Answer:
        if visit.operator and visit.private:
            return act(visit, argument)
        if visit.pressed:
            return outdated(visit)
        return unknown_command(visit) if visit.private else Answer()

    return guarded


def back_to_operators(visit: Visit) -> tuple[Button, ...]:
    return (button(visit.voice.say("Operators"), OPERATE),)


def operators_screen(visit: Visit) -> Message:
    speech = visit.voice
    held, resting = is_held_back(visit.connection), is_polling_paused(visit.connection)
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("For operators"), ("bold",)))
    builder.line(speech.say("Only you and the other operators see this."))
    move = last_move(visit.connection)
    if move is not None and move.waiting:
        text = speech.count(
            "{n} chat has not come over to this bot yet.",
            "{n} chats have not come over to this bot yet.",
            move.waiting,
        )
        builder.line(text, n=move.waiting)
    if held:
        builder.line(speech.say("⏸ Alerts are held back; only answers are sent."))
    if resting:
        builder.line(speech.say("⏸ No source is visited by itself."))
    telling = (
        button(speech.say("Tell alerts again"), TELLING, 1) if held else button(speech.say("Hold back"), TELLING, 0)
    )
    polling = (
        button(speech.say("Visit sources again"), POLLING, 1)
        if resting
        else button(speech.say("Pause all visits"), POLLING, 0)
    )
    rows = (
        (button(speech.say("Status"), STATUS), button(speech.say("Failing sources"), FAILING, 0)),
        (button(speech.say("People"), PEOPLE, 0), button(speech.say("Invitations"), INVITATIONS)),
        (telling, polling),
        (button(speech.say("Broadcast"), BROADCAST), button(speech.say("Help"), HELP)),
    )
    return Message(builder.build(), tuple(ordered(speech, row) for row in rows))


def look_at_status(glance: Glance, _: str) -> Status | None:
    """Counting takes a while; `Visit.seen` of the status screen."""
    return read_status(glance.connection, now=glance.now) if glance.operator else None


def status_screen(visit: Visit) -> Message:
    assert isinstance(visit.seen, Status)
    speech = visit.voice
    builder = visit.builder()
    add_status(builder, visit.seen, speech)
    troubles = [
        button(f"{state_name(state, speech)} ({count})", TROUBLED, f"{state}:0")
        for state in TROUBLES
        if (count := visit.seen.troubled.get(state))
    ]
    rows: list[tuple[Button, ...]] = [(one,) for one in troubles]
    if visit.seen.failing_sources:
        rows.append((button(speech.say("Failing sources"), FAILING, 0),))
    rows.append((button(speech.say("Refresh"), STATUS), *back_to_operators(visit)))
    return Message(builder.build(), tuple(ordered(speech, row) for row in rows))


def telling_pressed(visit: Visit, argument: str) -> Answer:
    hold_back(visit.connection, argument == "0", now=visit.now)
    return say(in_place(visit, operators_screen(visit)), kicks=(DELIVERIES,))


def polling_pressed(visit: Visit, argument: str) -> Answer:
    pause_polling(visit.connection, argument == "0", now=visit.now)
    return say(in_place(visit, operators_screen(visit)), kicks=(SOURCES,))


COMMANDS = {
    "operate": for_operators(lambda visit, _: say(operators_screen(visit))),
    "status": for_operators(lambda visit, _: say(status_screen(visit))),
}
PRESSES = {
    OPERATE: for_operators(lambda visit, _: say(in_place(visit, operators_screen(visit)))),
    STATUS: for_operators(lambda visit, _: say(in_place(visit, status_screen(visit)))),
    TELLING: for_operators(telling_pressed),
    POLLING: for_operators(polling_pressed),
}
LOOKS = {STATUS: look_at_status, "/status": look_at_status}
