"""For operators: who is let in and who is shut out, and invitations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.dialogs import ask
from bot.screens.operators import back_to_operators, for_operators
from bot.screens.paging import page_buttons, page_of
from bot.screens.used import add_used
from bot.visits import Answer, Visit, in_place, outdated, say
from bot.words.buttons import (
    ACCESS,
    ALLOW,
    BLOCK,
    FORGET,
    INVITATIONS,
    INVITE,
    NAME_PERSON,
    PEOPLE,
    PERSON,
    RESIZE,
    REVOKE,
    button,
    label_of,
    number,
    ordered,
)
from bot.words.language import Voice
from bot.words.messages import Button, Message
from bot.words.naming import access_meaning
from bot.words.text import Foreign, Styled
from monitors.chats import ChatAddress, Transport
from monitors.own_limits import Size, sized
from monitors.people import Access, Person, PersonState, start_argument
from monitors.storage.chats import find_chat
from monitors.storage.doors import access_of
from monitors.storage.own_limits import set_size, size_of
from monitors.storage.people import (
    allow,
    block,
    find_person,
    forget_person,
    invite,
    list_people,
    names_of,
    open_invitations,
    revoke_invitation,
)

QUESTION = "person"
INVITED_FOR = timedelta(days=7)
MANY = 20
"""People whom one invitation for several lets in."""


ONLY_OUT = "out"


def people_screen(visit: Visit, argument: str = "") -> Message:
    """`page`, or `out:page` for those who are shut out."""
    speech = visit.voice
    which, _, given = argument.rpartition(":")
    state = PersonState.BLOCKED if which == ONLY_OUT else None
    everybody = list_people(visit.connection, state)
    page, found, _ = page_of(everybody, number(given, 0))
    names = names_of(visit.connection, [one.user_id for one in found])
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("People"), ("bold",)))
    builder.line("{access}", access=access_meaning(access_of(visit.connection, visit.telegram), speech))
    if not found:
        builder.line(speech.say("Nobody is shut out.") if state else speech.say("Nothing was decided of anybody yet."))
    rows: list[tuple[Button, ...]] = [
        (button(label_of(names.get(one.user_id, str(one.user_id)), f"{_mark(one)} "), PERSON, one.user_id),)
        for one in found
    ]
    rows += page_buttons(speech, PEOPLE, page, len(everybody), of=f"{which}:" if state else "")
    other = (
        button(speech.say("All people"), PEOPLE, 0)
        if state
        else button(speech.say("Only those shut out"), PEOPLE, f"{ONLY_OUT}:0")
    )
    rows.append(ordered(speech, (other, button(speech.say("By number"), NAME_PERSON))))
    rows.append(
        ordered(speech, (button(speech.say("Who is let in"), ACCESS), button(speech.say("Invitations"), INVITATIONS)))
    )
    rows.append(back_to_operators(visit))
    return Message(builder.build(), tuple(rows))


def person_screen(visit: Visit, user_id: int) -> Message:
    """What was decided of somebody, or of a group, and how much they use."""
    speech, person = visit.voice, find_person(visit.connection, user_id)
    builder = visit.builder()
    builder.line("{number}", number=Foreign(str(user_id), ("code",)))
    builder.line("{state}", state=_state(person, speech))
    chat = find_chat(visit.connection, ChatAddress(Transport.TELEGRAM, user_id))
    if chat is not None and chat.title:
        builder.line("{name}", name=Foreign(chat.title))
    operator = user_id in visit.telegram.admins
    size = Size.BOUNDLESS if operator else size_of(visit.connection, user_id)
    if chat is not None:
        add_used(builder, visit, chat.id, user_id, sized(visit.usual, size))
    builder.line("{limits}", limits=_size_in_words(size, speech))
    state = None if person is None else person.state
    acts = []
    if state is not PersonState.ALLOWED:
        acts.append(button(speech.say("Let in"), ALLOW, user_id))
    if state is not PersonState.BLOCKED:
        acts.append(button(speech.say("Shut out"), BLOCK, user_id))
    if person is not None:
        acts.append(button(speech.say("Forget"), FORGET, user_id))
    rows = [acts] if operator else [acts, _sizes(user_id, size, speech)]
    rows.append([button(speech.say("People"), PEOPLE, 0), *back_to_operators(visit)])
    return Message(builder.build(), tuple(ordered(speech, row) for row in rows))


def _sizes(user_id: int, now: Size, speech: Voice) -> list[Button]:
    """What they may have instead, in one press."""
    names = (
        (Size.HALF, speech.say("Half")),
        (Size.USUAL, speech.say("As usual")),
        (Size.DOUBLE, speech.say("Double")),
        (Size.BOUNDLESS, speech.say("No limits")),
    )
    return [button(f"✓ {name}" if size is now else name, RESIZE, f"{size}:{user_id}") for size, name in names]


def _size_in_words(size: Size, speech: Voice) -> str:
    match size:
        case Size.HALF:
            return speech.say("May have half as much as is usual.")
        case Size.USUAL:
            return speech.say("May have as much as is usual.")
        case Size.DOUBLE:
            return speech.say("May have twice as much as is usual.")
        case Size.BOUNDLESS:
            return speech.say("May have any number.")


def resize_pressed(visit: Visit, argument: str) -> Answer:
    """Somebody, or a group, may have more or less from now on. What there is stays."""
    size, _, given = argument.partition(":")
    user_id = _number(given)
    if user_id is None or size not in list(Size) or user_id in visit.telegram.admins:
        return outdated(visit)
    set_size(visit.connection, user_id, Size(size), by_id=visit.person_id, now=visit.now)
    return say(in_place(visit, person_screen(visit, user_id)))


def decide_pressed(visit: Visit, argument: str, state: PersonState | None) -> Answer:
    """Somebody is let in, shut out, or unknown again. Operators are let in by the settings."""
    user_id = _number(argument)
    if user_id is None:
        return outdated(visit)
    if user_id == visit.person_id:
        return Answer(toast=visit.voice.say("That is you."))
    _decide(visit, user_id, state)
    return say(in_place(visit, person_screen(visit, user_id)))


def _decide(visit: Visit, user_id: int, state: PersonState | None) -> None:
    match state:
        case PersonState.ALLOWED:
            allow(visit.connection, user_id, by_id=visit.person_id, now=visit.now)
        case PersonState.BLOCKED:
            block(visit.connection, user_id, by_id=visit.person_id, now=visit.now)
        case _:
            forget_person(visit.connection, user_id, visit.telegram)


def ask_number(visit: Visit, _: str) -> Answer:
    builder = visit.builder().line(visit.voice.say("Write the number of a person, or of a group (it begins with -)."))
    return say(ask(visit, QUESTION, Message(builder.build()), hint=visit.voice.say("Number")))


def number_given(visit: Visit, text: str, _: Mapping[str, Any]) -> Answer:
    if not visit.operator or not visit.private:
        return Answer()
    user_id = _number(text.strip())
    if user_id is None:
        mistaken = Message(visit.builder().line(visit.voice.say("This is not a number of Telegram's.")).build())
        return Answer((mistaken,), unanswered=True)
    return say(person_screen(visit, user_id))


def _person_pressed(visit: Visit, argument: str) -> Answer:
    user_id = _number(argument)
    return outdated(visit) if user_id is None else say(in_place(visit, person_screen(visit, user_id)))


def _number(argument: str) -> int | None:
    """Of a person or a group: 52 bits at most (Bot API, Chat.id)."""
    found = number(argument.removeprefix("-"))
    if not 0 < found < 2**52:
        return None
    return -found if argument.startswith("-") else found


def invitations_screen(visit: Visit) -> Message:
    """Those that hold, each with its link."""
    speech = visit.voice
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("Invitations"), ("bold",)))
    builder.line(speech.say("Whoever opens such a link is let in, until it ends."))
    rows: list[tuple[Button, ...]] = []
    access = access_of(visit.connection, visit.telegram)
    if access is not Access.INVITE:
        builder.line("⚠️ {access}", access=access_meaning(access, speech))
        builder.line(speech.say("So these links change nothing now."))
        rows.append((button(speech.say("Who is let in"), ACCESS),))
    for place, one in enumerate(open_invitations(visit.connection, now=visit.now)[:10], 1):
        link = f"https://t.me/{visit.username}?start={start_argument(one.token)}"
        builder.line("{place}. {link}", place=place, link=Foreign(link, ("code",)))
        uses = speech.say("any number of people")
        if one.uses_left is not None:
            uses = speech.count("{n} person", "{n} people", one.uses_left).replace("{n}", str(one.uses_left))
        builder.line("   {uses}", uses=uses)
        if one.expires_at is not None:
            builder.add(" · ").add_time(one.expires_at)
        rows.append((button(speech.say("Revoke {n}").replace("{n}", str(place)), REVOKE, one.token),))
    new = (
        button(speech.say("For one person"), INVITE, 1),
        button(speech.say("For {n} people").replace("{n}", str(MANY)), INVITE, MANY),
        button(speech.say("For anybody"), INVITE, 0),
    )
    return Message(builder.build(), (*rows, ordered(speech, new), back_to_operators(visit)))


def invite_pressed(visit: Visit, argument: str) -> Answer:
    """One more, for a week."""
    uses = number(argument, 1)
    if uses not in (0, 1, MANY):
        return outdated(visit)
    invite(visit.connection, visit.person_id, now=visit.now, expires_at=visit.now + INVITED_FOR, uses=uses or None)
    return say(in_place(visit, invitations_screen(visit)))


def revoke_pressed(visit: Visit, token: str) -> Answer:
    gone = revoke_invitation(visit.connection, token)
    toast = visit.voice.say("Revoked. Those it let in stay.") if gone else None
    return say(in_place(visit, invitations_screen(visit)), toast=toast)


def _mark(person: Person) -> str:
    """Of one who only has limits of their own: scales."""
    if person.state is None:
        return "⚖️"
    return {PersonState.ALLOWED: "✅", PersonState.BLOCKED: "⛔", PersonState.LEAVING: "🗑"}[person.state]


def _state(person: Person | None, speech: Voice) -> str:
    match person and person.state:
        case PersonState.ALLOWED:
            return speech.say("✅ let in")
        case PersonState.BLOCKED:
            return speech.say("⛔ shut out")
        case PersonState.LEAVING:
            return speech.say("Everything of theirs is being deleted.")
        case _:
            return speech.say("Nothing was decided.")


COMMANDS = {
    "users": for_operators(lambda visit, _: say(people_screen(visit))),
    "invitations": for_operators(lambda visit, _: say(invitations_screen(visit))),
}
PRESSES = {
    PEOPLE: for_operators(lambda visit, argument: say(in_place(visit, people_screen(visit, argument)))),
    PERSON: for_operators(_person_pressed),
    ALLOW: for_operators(lambda visit, argument: decide_pressed(visit, argument, PersonState.ALLOWED)),
    BLOCK: for_operators(lambda visit, argument: decide_pressed(visit, argument, PersonState.BLOCKED)),
    RESIZE: for_operators(resize_pressed),
    FORGET: for_operators(lambda visit, argument: decide_pressed(visit, argument, None)),
    NAME_PERSON: for_operators(ask_number),
    INVITATIONS: for_operators(lambda visit, _: say(in_place(visit, invitations_screen(visit)))),
    INVITE: for_operators(invite_pressed),
    REVOKE: for_operators(revoke_pressed),
}
QUESTIONS = {QUESTION: number_given}
