"""What operators see and do, in private: how Rasid fares, what went wrong, and whether alerts are told."""

from __future__ import annotations

from collections.abc import Callable

from bot.screens.paging import PER_PAGE, page_buttons
from bot.screens.welcome import unknown_command
from bot.visits import Answer, Glance, Visit, in_place, outdated, say
from bot.words.buttons import (
    ABOUT,
    BROADCAST,
    FAILING,
    HELP,
    INVITATIONS,
    OPERATE,
    PAUSE,
    PEOPLE,
    RESEND,
    STATUS,
    TELLING,
    TROUBLED,
    button,
    number,
    ordered,
)
from bot.words.messages import Button, Message
from bot.words.status import add_status, add_troubled, state_name
from bot.words.text import Foreign, Styled, shorten
from monitors.alerts import DeliveryState
from monitors.outlets import OutletState
from monitors.storage.bots import last_move
from monitors.storage.outlets import list_outlets, sources_health
from monitors.storage.queues import TROUBLES, hold_back, is_held_back, send_again, troubled
from monitors.storage.statistics import Status, read_status
from monitors.wakeups import DELIVERIES


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
    held = is_held_back(visit.connection)
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("For operators"), ("bold",)))
    move = last_move(visit.connection)
    if move is not None and move.waiting:
        text = speech.count(
            "{n} chat has not come over to this bot yet.",
            "{n} chats have not come over to this bot yet.",
            move.waiting,
        )
        builder.line(text, n=move.waiting)
    if held:
        builder.line(speech.say("⏸ Alerts are held back; only answers are told."))
    else:
        builder.line(speech.say("Only you and the other operators see this."))
    telling = (
        button(speech.say("Tell alerts again"), TELLING, 1) if held else button(speech.say("Hold back"), TELLING, 0)
    )
    rows = (
        (button(speech.say("Status"), STATUS), button(speech.say("Failing sources"), FAILING, 0)),
        (button(speech.say("People"), PEOPLE, 0), button(speech.say("Invitations"), INVITATIONS)),
        (button(speech.say("Broadcast"), BROADCAST), telling),
        (button(speech.say("Help"), HELP),),
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
        button(state_name(state, speech), TROUBLED, f"{state}:0")
        for state in TROUBLES
        if visit.seen.troubled.get(state)
    ]
    rows = [tuple(troubles)] if troubles else []
    rows.append((button(speech.say("Refresh"), STATUS), *back_to_operators(visit)))
    return Message(builder.build(), tuple(ordered(speech, row) for row in rows))


def troubled_screen(visit: Visit, argument: str) -> Message:
    """`state:page`: those deliveries, and a button to send each again where that is of use."""
    speech = visit.voice
    name, _, given = argument.partition(":")
    state = DeliveryState(name) if name in TROUBLES else DeliveryState.UNDELIVERABLE
    page = max(number(given, 0), 0)
    found = troubled(visit.connection, state, first=page * PER_PAGE, limit=PER_PAGE + 1)
    builder = visit.builder()
    builder.line("{title}", title=Styled(state_name(state, speech), ("bold",)))
    if not found:
        builder.line(speech.say("nothing"))
    rows: list[tuple[Button, ...]] = []
    for place, one in enumerate(found[:PER_PAGE], page * PER_PAGE + 1):
        add_troubled(builder, place, one, speech)
        if state is not DeliveryState.UNCERTAIN:  # which is sent again by itself
            label = speech.say("Send {n} again").replace("{n}", str(place))
            rows.append((button(label, RESEND, f"{one.id}:{state}:{page}"),))
    total = page * PER_PAGE + len(found)
    rows += page_buttons(speech, TROUBLED, page, total, of=f"{state}:")
    rows.append(ordered(speech, (button(speech.say("Status"), STATUS), *back_to_operators(visit))))
    return Message(builder.build(), tuple(rows))


def resend_pressed(visit: Visit, argument: str) -> Answer:
    given, _, back = argument.partition(":")
    if send_again(visit.connection, number(given)):
        toast = visit.voice.say("It is sent again.")
    else:
        toast = visit.voice.say("It cannot be sent now: its chat cannot be reached, or it is on its way.")
    return say(in_place(visit, troubled_screen(visit, back)), toast=toast, kicks=(DELIVERIES,))


def failing_screen(visit: Visit, page: int) -> Message:
    """Sources that fail, those that have done so for longest first."""
    speech = visit.voice
    found = [
        (outlet, health.source)
        for outlet in list_outlets(visit.connection)
        if outlet.state is OutletState.ACTIVE
        for health in sources_health(visit.connection, outlet.id)
        if health.source.active and health.source.failures
    ]
    found.sort(key=lambda pair: (pair[1].failing_since or visit.now, pair[1].id))
    page = min(max(page, 0), max(len(found) - 1, 0) // PER_PAGE)
    builder = visit.builder()
    title = speech.count("{n} source fails", "{n} sources fail", len(found)).replace("{n}", str(len(found)))
    builder.line("{title}", title=Styled(title, ("bold",)))
    rows: list[tuple[Button, ...]] = []
    for outlet, source in found[page * PER_PAGE : (page + 1) * PER_PAGE]:
        builder.start_line().add_foreign(shorten(outlet.name, 60), "bold").add(" · ")
        builder.fill(speech.count("{n} time", "{n} times", source.failures), n=source.failures)
        builder.line("   {error}", error=Foreign(shorten(source.last_error or "", 120), ("code",)))
        about = button(shorten(outlet.name, 24), ABOUT, outlet.id)
        rows.append(ordered(speech, (about, button(speech.say("Pause for everybody"), PAUSE, outlet.id))))
    rows += page_buttons(speech, FAILING, page, len(found))
    rows.append(back_to_operators(visit))
    return Message(builder.build(), tuple(rows))


def telling_pressed(visit: Visit, argument: str) -> Answer:
    hold_back(visit.connection, argument == "0", now=visit.now)
    return say(in_place(visit, operators_screen(visit)), kicks=(DELIVERIES,))


COMMANDS = {
    "operate": for_operators(lambda visit, _: say(operators_screen(visit))),
    "status": for_operators(lambda visit, _: say(status_screen(visit))),
}
PRESSES = {
    OPERATE: for_operators(lambda visit, _: say(in_place(visit, operators_screen(visit)))),
    STATUS: for_operators(lambda visit, _: say(in_place(visit, status_screen(visit)))),
    TROUBLED: for_operators(lambda visit, argument: say(in_place(visit, troubled_screen(visit, argument)))),
    RESEND: for_operators(resend_pressed),
    FAILING: for_operators(lambda visit, argument: say(in_place(visit, failing_screen(visit, number(argument, 0))))),
    TELLING: for_operators(telling_pressed),
}
LOOKS = {STATUS: look_at_status, "/status": look_at_status}
