"""For operators: messages that may not have arrived, or did not; each can be looked at, sent again and given up."""

from __future__ import annotations

from bot.screens.operators import back_to_operators, for_operators
from bot.screens.paging import PER_PAGE, page_buttons
from bot.visits import Answer, Visit, in_place, say
from bot.words.buttons import GIVE_UP, RESEND, STATUS, TROUBLE, TROUBLED, button, in_rows, number, ordered
from bot.words.messages import Button, Message
from bot.words.status import add_troubled, state_meaning, state_name
from bot.words.text import Styled, shorten
from monitors.alerts import DeliveryState
from monitors.storage.queues import TROUBLES, Troubled, count_troubled, find_troubled, give_up, send_again, troubled
from monitors.wakeups import DELIVERIES

ALL, SURELY = "all", "yes"


def troubled_screen(visit: Visit, argument: str) -> Message:
    """`state:page`: those deliveries, each with a button to its screen."""
    speech = visit.voice
    name, _, given = argument.partition(":")
    state = DeliveryState(name) if name in TROUBLES else DeliveryState.UNDELIVERABLE
    total = count_troubled(visit.connection).get(state, 0)
    page = min(max(number(given, 0), 0), max(total - 1, 0) // PER_PAGE)
    builder = visit.builder()
    builder.line("{title}: {n}", title=Styled(state_name(state, speech), ("bold",)), n=total)
    builder.line("{meaning}", meaning=state_meaning(state, speech))
    found = troubled(visit.connection, state, first=page * PER_PAGE, limit=PER_PAGE)
    for place, one in enumerate(found, page * PER_PAGE + 1):
        add_troubled(builder, place, one, speech)
    looks = [button(str(place), TROUBLE, one.id) for place, one in enumerate(found, page * PER_PAGE + 1)]
    rows = [*in_rows(speech, looks, 5)]
    rows += page_buttons(speech, TROUBLED, page, total, of=f"{state}:")
    if total:
        rows.append((button(speech.say("Give all of them up"), GIVE_UP, f"{ALL}:{state}"),))
    rows.append(ordered(speech, (button(speech.say("Status"), STATUS), *back_to_operators(visit))))
    return Message(builder.build(), tuple(rows))


def trouble_screen(visit: Visit, one: Troubled) -> Message:
    """One of them: what it is, whom it is for, and why it is there."""
    speech, builder = visit.voice, visit.builder()
    builder.line("{title}", title=Styled(state_name(one.state, speech), ("bold",)))
    builder.line("{meaning}", meaning=state_meaning(one.state, speech))
    add_troubled(builder, one.id, one, speech)
    builder.line(speech.count("It was tried {n} time.", "It was tried {n} times.", one.attempts), n=one.attempts)
    acts: list[Button] = []
    if not one.reachable:
        builder.line(speech.say("Its chat cannot be told anything now; it can when they press Start or add me again."))
    elif one.state is not DeliveryState.UNCERTAIN:  # which is sent again by itself
        acts.append(button(speech.say("Send it again"), RESEND, one.id))
    acts.append(button(speech.say("Give it up"), GIVE_UP, one.id))
    back = button(shorten(state_name(one.state, speech), 20), TROUBLED, f"{one.state}:0")
    return Message(builder.build(), (ordered(speech, acts), ordered(speech, (back, *back_to_operators(visit)))))


def trouble_pressed(visit: Visit, argument: str) -> Answer:
    found = find_troubled(visit.connection, number(argument))
    return _over(visit) if found is None else say(in_place(visit, trouble_screen(visit, found)))


def resend_pressed(visit: Visit, argument: str) -> Answer:
    found = find_troubled(visit.connection, number(argument))
    if found is None:
        return _over(visit)
    if not send_again(visit.connection, found.id):
        text = visit.voice.say("It cannot be sent now: its chat cannot be reached, or it is on its way.")
        return say(in_place(visit, trouble_screen(visit, found)), toast=text)
    screen = troubled_screen(visit, f"{found.state}:0")
    return say(in_place(visit, screen), toast=visit.voice.say("It is sent again."), kicks=(DELIVERIES,))


def give_up_pressed(visit: Visit, argument: str) -> Answer:
    """A delivery's number; or `all:state`, which asks, and `yes:state`."""
    what, _, name = argument.partition(":")
    if what in (ALL, SURELY):
        return _give_up_all(visit, name, surely=what == SURELY)
    found = find_troubled(visit.connection, number(what))
    if found is None:
        return _over(visit)
    give_up(visit.connection, found.id, now=visit.now)
    screen = troubled_screen(visit, f"{found.state}:0")
    return say(in_place(visit, screen), toast=visit.voice.say("It is given up."), kicks=(DELIVERIES,))


def _give_up_all(visit: Visit, name: str, *, surely: bool) -> Answer:
    if name not in TROUBLES:
        return _over(visit)
    speech, state = visit.voice, DeliveryState(name)
    if surely:
        ended = give_up(visit.connection, state, now=visit.now)
        toast = speech.count("{n} message is given up.", "{n} messages are given up.", ended).replace("{n}", str(ended))
        return say(in_place(visit, troubled_screen(visit, f"{name}:0")), toast=toast, kicks=(DELIVERIES,))
    total = count_troubled(visit.connection).get(state, 0)
    builder = visit.builder()
    builder.line(speech.count("Give {n} message up?", "Give {n} messages up?", total), n=total)
    builder.line(speech.say("Those they were for will not hear of them."))
    row = (
        button(speech.say("No, keep them"), TROUBLED, f"{name}:0"),
        button(speech.say("Yes, give them up"), GIVE_UP, f"{SURELY}:{name}"),
    )
    return say(in_place(visit, Message(builder.build(), (ordered(speech, row),))))


def _over(visit: Visit) -> Answer:
    text = visit.voice.say("It is no longer a problem.")
    return say(in_place(visit, troubled_screen(visit, "")), toast=text)


PRESSES = {
    TROUBLED: for_operators(lambda visit, argument: say(in_place(visit, troubled_screen(visit, argument)))),
    TROUBLE: for_operators(trouble_pressed),
    RESEND: for_operators(resend_pressed),
    GIVE_UP: for_operators(give_up_pressed),
}
