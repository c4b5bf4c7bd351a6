"""Where a watchlist is told: in its own chat, in groups, forum topics and channels, in several at once."""

from __future__ import annotations

from bot.dialogs import ask
from bot.visits import Answer, Visit, by_right, in_place, refusal, say, shown, to_watches
from bot.words.buttons import (
    ADD_PLACE,
    DESTINATION,
    END,
    HOLD,
    LIST,
    RULES,
    SHARE,
    TELL_HERE,
    TOLD,
    button,
    label_of,
    number,
    ordered,
)
from bot.words.messages import Button, ChatRequest, Message
from bot.words.naming import list_name
from bot.words.places import MAX_NAME, NO_LIST, NO_PLACE_ANY_MORE, mending_buttons, place_name, place_trouble
from bot.words.text import Foreign, shorten
from bot.words.watchlists import add_list_rests, resume_list
from monitors.chats import Chat, ChatAddress, Transport
from monitors.storage.chats import find_chat, get_chats, keep
from monitors.storage.shares import count_subscribers
from monitors.storage.subscriptions import (
    destinations_of,
    find_subscription,
    set_subscription_state,
    subscribe,
    unsubscribe,
)
from monitors.storage.watchlists import find_watchlist
from monitors.subscriptions import Subscription, SubscriptionState

LINK = "d"
"""`/start d_17`, said in a group for somebody who added the bot to it: their watchlist of this number is told there."""

PICK = "pick"
"""The question which chat it shall be told in besides."""


def told_screen(visit: Visit, argument: str) -> Message:
    """The places where the watchlist of this number is told, each with its state."""
    speech, builder = visit.voice, visit.builder()
    watchlist = find_watchlist(visit.connection, visit.chat.id, number(argument))
    if watchlist is None:
        return nothing(visit, speech.say(NO_LIST))
    name = Foreign(shorten(list_name(watchlist.name, speech), MAX_NAME), ("bold",))
    builder.line(speech.say("Alerts of {name} go to:"), name=name)
    rows: list[tuple[Button, ...]] = []
    owned = [one for one in destinations_of(visit.connection, watchlist.id) if one.owned]
    there = get_chats(visit.connection, [one.chat_id for one in owned])
    for one in owned:
        title, state = _place_of(visit, one, there[one.chat_id])
        builder.line("{state} {place}", state=state, place=Foreign(title))
        rows.append((button(label_of(title), DESTINATION, one.id),))
    if not owned:
        builder.line(speech.say("Nowhere at present."))
    if watchlist.paused_at is not None:
        add_list_rests(builder, speech)
        rows.insert(0, (resume_list(speech, watchlist.id),))
    if (others := count_subscribers(visit.connection, watchlist.id)) > 0:
        builder.line(speech.count("{n} chat subscribes to it.", "{n} chats subscribe to it.", others), n=others)
    more = []
    if not any(one.chat_id == visit.chat.id for one in owned):
        more.append(button(speech.say("Send it here"), TELL_HERE, watchlist.id))
    if visit.private:
        more.append(button(speech.say("＋ Group or channel"), ADD_PLACE, watchlist.id))
        into_group = f"https://t.me/{visit.username}?startgroup={LINK}_{watchlist.id}"
        more.append(Button(speech.say("Add me to a group"), url=into_group))
    more.append(button(speech.say("Share it"), SHARE, watchlist.id))
    more.append(button(f"↩ {speech.say('Back')}", LIST, f"{watchlist.id}:0"))
    rows += [(one,) for one in more]
    return Message(builder.build(), tuple(rows))


def destination_screen(visit: Visit, argument: str) -> Message:
    """One place where a watchlist of this chat is told, and what can be done about it."""
    speech, builder = visit.voice, visit.builder()
    one = own_destination(visit, argument)
    if one is None:
        return nothing(visit, speech.say(NO_PLACE_ANY_MORE))
    chat = get_chats(visit.connection, [one.chat_id])[one.chat_id]
    title, state = _place_of(visit, one, chat)
    builder.line("{place}", place=Foreign(title, ("bold",)))
    trouble = place_trouble(chat.state, chat.state_reason, speech)
    builder.line("{state} {words}", state=state, words=trouble or _in_words(visit, one))
    rows = [ordered(speech, (button(speech.say("When and how"), RULES, one.id), hold_button(visit, one)))]
    if trouble is not None:
        rows.append(ordered(speech, mending_buttons(chat, speech)))
    ending = button(speech.say("Send nothing there"), END, one.id)
    rows.append(ordered(speech, (button(speech.say("Back"), TOLD, one.watchlist_id or 0), ending)))
    return Message(builder.build(), tuple(rows))


def nothing(visit: Visit, words: str) -> Message:
    """In the place of a screen whose rows are gone, with a way on."""
    row = (to_watches(visit),)
    return Message(visit.builder().line("{words}", words=words).build(), (row,))


def hold_button(visit: Visit, one: Subscription) -> Button:
    paused = one.state is SubscriptionState.PAUSED
    return button(visit.voice.say("Resume") if paused else visit.voice.say("Pause"), HOLD, one.id)


def ask_for_place(visit: Visit, argument: str) -> Answer:
    """Lets somebody choose a chat that they administer, in which a watchlist of theirs shall be told."""
    speech = visit.voice
    watchlist = find_watchlist(visit.connection, visit.chat.id, number(argument))
    if watchlist is None or not visit.private:
        return Answer(toast=speech.say(NO_LIST))
    builder = visit.builder()
    builder.line(speech.say("Choose a group or a channel that you administer, below. I am added to it on the way."))
    builder.line(speech.say("For a topic of a forum, write /places in it."))
    asks = (
        ChatRequest(speech.say("Choose a group"), channel=False),
        ChatRequest(speech.say("Choose a channel"), channel=True),
        speech.say("Cancel"),
    )
    question = Message(builder.build(), asks=asks)
    hint = speech.say("The buttons are here")
    return say(ask(visit, PICK, question, hint=hint, watchlist=watchlist.id))


def _tell_here(visit: Visit, argument: str) -> Answer:
    watchlist = find_watchlist(visit.connection, visit.chat.id, number(argument))
    if watchlist is None:
        return Answer(toast=visit.voice.say(NO_LIST))
    if (full := no_room(visit, watchlist.id, visit.chat.id)) is not None:
        return Answer(toast=full)
    subscribe(visit.connection, visit.chat.id, watchlist_id=watchlist.id, now=visit.now)
    return say(in_place(visit, told_screen(visit, argument)))


def _came_to_group(visit: Visit, rest: str) -> Answer:
    """The number may be anybody's: the watchlist must be the visitor's own, and its name is not said in the group."""
    speech = visit.voice
    if (refused := refusal(visit)) is not None:
        return refused
    own = find_chat(visit.connection, ChatAddress(Transport.TELEGRAM, visit.person_id))
    watchlist = None if own is None else find_watchlist(visit.connection, own.id, number(rest))
    if own is None or watchlist is None or visit.private:
        return say(nothing(visit, speech.say(NO_LIST)))
    if (full := no_room(visit, watchlist.id, visit.chat.id)) is not None:
        return say(Message(visit.builder().line("{full}", full=full).build()))
    subscribe(visit.connection, visit.chat.id, watchlist_id=watchlist.id, now=visit.now)
    if visit.chat.keeper_id is None:
        keep(visit.connection, visit.chat.id, own.id)
    words = speech.say("✅ From now on I send here what you chose. The rest we settle in private.")
    return say(Message(visit.builder().line("{words}", words=words).build()))


def no_room(visit: Visit, watchlist_id: int, chat_id: int) -> str | None:
    """Why this watchlist cannot be told in one chat more; None when it can, or is already."""
    if visit.limits is None:
        return None
    there = {one.chat_id for one in destinations_of(visit.connection, watchlist_id) if one.owned}
    most = visit.limits.destinations_per_watchlist
    if chat_id in there or len(there) < most:
        return None
    told = visit.voice.count(
        "It goes to {n} place already, and may go to no more. Take one away first.",
        "It goes to {n} places already, and may go to no more. Take one away first.",
        len(there),
    )
    return told.replace("{n}", str(len(there)))


def hold(visit: Visit, one: Subscription) -> None:
    """Pauses it, or lets it go on."""
    paused = one.state is SubscriptionState.PAUSED
    state = SubscriptionState.ACTIVE if paused else SubscriptionState.PAUSED
    set_subscription_state(visit.connection, one.id, state, now=visit.now)


def end_destination(visit: Visit, one: Subscription) -> Answer:
    unsubscribe(visit.connection, one.id)
    return say(in_place(visit, told_screen(visit, str(one.watchlist_id))), toast=visit.voice.say(NO_PLACE_ANY_MORE))


def own_destination(visit: Visit, argument: str) -> Subscription | None:
    """The subscription, if it is one of a watchlist of this chat."""
    one = find_subscription(visit.connection, number(argument))
    if one is None or not one.owned or one.watchlist_id is None:
        return None
    return one if find_watchlist(visit.connection, visit.chat.id, one.watchlist_id) is not None else None


def _place_of(visit: Visit, one: Subscription, chat: Chat) -> tuple[str, str]:
    """(what the place is called, a sign of how it fares)"""
    title = visit.voice.say("Here") if chat.id == visit.chat.id else place_name(chat, visit.voice)
    if place_trouble(chat.state, chat.state_reason, visit.voice) is not None:
        return title, "❗"
    return title, "⏸" if one.state is SubscriptionState.PAUSED else "✅"


def _in_words(visit: Visit, one: Subscription) -> str:
    if one.state is SubscriptionState.PAUSED:
        return visit.voice.say("Paused: nothing goes there until you resume it.")
    return visit.voice.say("What it finds goes there.")


LINKS = {LINK: _came_to_group}
PRESSES = {
    TOLD: shown(told_screen),
    DESTINATION: shown(destination_screen),
    TELL_HERE: by_right(_tell_here),
    ADD_PLACE: ask_for_place,
}
