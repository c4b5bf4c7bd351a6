"""The chats that somebody manages from their private one: groups, forum topics and channels, and what is told there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.screens.destinations import PICK, no_room, told_screen
from bot.screens.paging import PER_PAGE, page_buttons, page_of
from bot.screens.welcome import greeting
from bot.updates import Picked
from bot.visits import Answer, Visit, in_place, refusal, refusal_there, say, shown, to_watches
from bot.words.buttons import NO_PLACE, PLACE, PLACES, SEND, TOLD, WHOLE_ROW, button, label_of, number, ordered
from bot.words.language import Voice
from bot.words.messages import Button, Message
from bot.words.naming import list_name
from bot.words.places import MAX_NAME, NO_LIST, mending_buttons, place_name, place_trouble
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.chats import Chat, ChatAddress, Transport
from monitors.storage.chats import ensure_chat, get_chat, keep, kept_by
from monitors.storage.dialogs import peek_dialog
from monitors.storage.engine import Connection
from monitors.storage.subscriptions import subscribe, subscriptions_of, unsubscribe
from monitors.storage.watchlists import find_watchlist, watchlists_of

LINK = "c"
"""`/start c_17`: to the screen of the chat of this number."""
_MOST_LISTS = 8


def places_screen(visit: Visit, argument: str = "") -> Message:
    """The chats managed from here, a page at a time."""
    speech, builder = visit.voice, visit.builder()
    kept = _told_or_told_again(visit) if visit.private else []
    mine = watchlists_of(visit.connection, visit.chat.id)[:_MOST_LISTS]
    lists = tuple((button(_to(speech, one.name), TOLD, one.id),) for one in mine)
    if not kept:
        builder.line(speech.say("You manage no group or channel from here yet."))
        builder.line(speech.say("Add me to one, or choose one at a watchlist, under “Where alerts go”."))
        return Message(builder.build(), (*lists, (to_watches(visit),)))
    builder.line(speech.say("Groups and channels you manage from here:"))
    page, some, _ = page_of(kept, number(argument, 0))
    for chat in some:
        trouble = place_trouble(chat.state, chat.state_reason, speech)
        builder.line(
            "{state} {place}", state="✅" if trouble is None else "❗", place=Foreign(place_name(chat, speech))
        )
    rows = tuple((button(label_of(place_name(chat, speech)), PLACE, chat.id),) for chat in some)
    return Message(builder.build(), rows + page_buttons(speech, PLACES, page, len(kept)) + lists)


def _told_or_told_again(visit: Visit) -> list[Chat]:
    """The chats managed from here, but for topics that are shut and to which nothing goes any more."""
    kept = kept_by(visit.connection, visit.chat.id)
    return [chat for chat in kept if not chat.topic_shut or subscriptions_of(visit.connection, chat.id)]


def place_screen(visit: Visit, chat: Chat, page: int = 0) -> Message:
    """Which of the visitor's watchlists are told in the chat, each to be switched on and off."""
    speech, builder = visit.voice, visit.builder()
    builder.line(speech.say("What goes to {place}:"), place=Foreign(place_name(chat, speech), ("bold",)))
    if (trouble := place_trouble(chat.state, chat.state_reason, speech)) is not None:
        builder.line("❗ {trouble}", trouble=trouble)
    there = {one.watchlist_id for one in subscriptions_of(visit.connection, chat.id)}
    mine = watchlists_of(visit.connection, visit.chat.id)
    if not mine:
        builder.line(speech.say("You have no watchlist yet. Send me a word to begin one."))
    rows: list[tuple[Button, ...]] = []
    page, shown_now, _ = page_of(mine, page)
    for watchlist in shown_now:
        name, told = list_name(watchlist.name, speech), watchlist.id in there
        builder.line("{state} {name}", state="✅" if told else "–", name=Foreign(shorten(name, MAX_NAME)))
        label = label_of(name, "✅ " if told else "＋ ")
        rows.append((button(label, SEND, f"{chat.id}:{watchlist.id}"),))
    rows += page_buttons(speech, PLACE, page, len(mine), of=f"{chat.id}:")
    if trouble is not None:
        rows.append(ordered(speech, mending_buttons(chat, speech)))
    if any(watchlist.id in there for watchlist in mine):
        rows.append((button(speech.say("Send nothing there"), NO_PLACE, chat.id),))
    rows.append((button(speech.say("All places"), PLACES, 0),))
    return Message(builder.build(), tuple(rows))


def hello(speech: Voice, chat: Chat, username: str) -> Message:
    """What a group hears when the bot has been added to it."""
    first = greeting(speech, private=False)
    return replace(first, keyboard=((_set_up(speech, chat, username),), *first.keyboard))


def hello_about(speech: Voice, chat: Chat) -> Message:
    """What somebody hears who added the bot to a channel."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    builder.line(speech.say("I am in {place} now."), place=Foreign(place_name(chat, speech), ("bold",)))
    builder.line(speech.say("What shall I send there?"))
    return Message(builder.build(), ((button(speech.say("Set up"), PLACE, chat.id),),))


def is_being_added(connection: Connection, adder: Chat, *, now: datetime) -> bool:
    """Whether this person is just choosing a chat with our buttons."""
    open_one = peek_dialog(connection, adder.id, adder.address.chat_id, now=now)
    return open_one is not None and open_one[0] == PICK


def picked(visit: Visit, chosen: Picked, about: Mapping[str, Any]) -> Answer:
    """A chat was chosen: once the person may decide there and the bot may write, it is told there."""
    speech = visit.voice
    if (refused := refusal_there(visit, chosen.chat_id)) is not None:
        return say(*(replace(message, asks=()) for message in refused.messages))
    assert visit.elsewhere is not None  # or it would have been refused
    if not visit.elsewhere.posts:
        builder = visit.builder().line(speech.say("I may not write there."))
        builder.line(speech.say("Let me (in a channel: as an administrator who may post), then choose it again."))
        return say(Message(builder.build(), asks=()))
    chat = ensure_chat(
        visit.connection,
        ChatAddress(Transport.TELEGRAM, chosen.chat_id),
        now=visit.now,
        language=visit.chat.language,
        title=chosen.title,
        kind="channel" if chosen.channel else None,
    )
    _keep(visit, chat)
    builder = visit.builder().line(speech.say("✅ {place} it is."), place=Foreign(place_name(chat, speech), ("bold",)))
    done = Message(builder.build(), asks=())
    watchlist = find_watchlist(visit.connection, visit.chat.id, int(about.get("watchlist", -1)))
    if watchlist is None:
        return say(done, place_screen(visit, chat))
    if (full := no_room(visit, watchlist.id, chat.id)) is not None:
        return say(
            done, Message(visit.builder().line("{full}", full=full).build()), told_screen(visit, str(watchlist.id))
        )
    subscribe(visit.connection, chat.id, watchlist_id=watchlist.id, now=visit.now)
    return say(done, told_screen(visit, str(watchlist.id)))


def _never_mind(visit: Visit, _: str, about: Mapping[str, Any]) -> Answer:
    """Something else was said while a chat was to be chosen: the buttons go."""
    builder = visit.builder().line(visit.voice.say("All right, nothing was changed."))
    return say(Message(builder.build(), asks=()), told_screen(visit, str(about.get("watchlist", ""))))


def _places(visit: Visit, _: str) -> Answer:
    """In private all chats; elsewhere the way to this one's screen, for its administrators."""
    if visit.private:
        return say(places_screen(visit))
    if (refused := refusal(visit)) is not None:
        return refused
    speech, builder = visit.voice, visit.builder()
    builder.line(speech.say("Choose in our private chat what I send here. Nobody here sees your watchlists."))
    return say(Message(builder.build(), ((_set_up(speech, visit.chat, visit.username),),)))


def _came_by_link(visit: Visit, rest: str) -> Answer:
    chat = get_chat(visit.connection, number(rest))
    if chat is None or not visit.private:
        return say(places_screen(visit))
    if (refused := refusal_there(visit, chat.address.chat_id)) is not None:
        return refused
    _keep(visit, chat)
    return say(place_screen(visit, chat))


def _look(visit: Visit, argument: str) -> Answer:
    wanted, _, page = argument.partition(":")
    chat = get_chat(visit.connection, number(wanted))
    if chat is None or not visit.private:
        return say(in_place(visit, places_screen(visit)))
    if chat.keeper_id != visit.chat.id and (refused := refusal_there(visit, chat.address.chat_id)) is not None:
        return Answer(toast=refused.toast)
    _keep(visit, chat)
    return say(in_place(visit, place_screen(visit, chat, number(page, 0))))


def _send(visit: Visit, argument: str) -> Answer:
    """Switches one of the visitor's watchlists on or off in the chat. Off they may whoever they are there."""
    wanted, _, of = argument.partition(":")
    chat = get_chat(visit.connection, number(wanted))
    watchlist = find_watchlist(visit.connection, visit.chat.id, number(of))
    if chat is None or watchlist is None or not visit.private:
        return Answer(toast=visit.voice.say(NO_LIST))
    taken = [one for one in subscriptions_of(visit.connection, chat.id) if one.watchlist_id == watchlist.id]
    if taken:
        unsubscribe(visit.connection, taken[0].id)
    elif (refused := refusal_there(visit, chat.address.chat_id)) is not None:
        return Answer(toast=refused.toast)
    elif (full := no_room(visit, watchlist.id, chat.id)) is not None:
        return Answer(toast=full)
    else:
        _keep(visit, chat)
        subscribe(visit.connection, chat.id, watchlist_id=watchlist.id, now=visit.now)
    at = [one.id for one in watchlists_of(visit.connection, visit.chat.id)].index(watchlist.id)
    return say(in_place(visit, place_screen(visit, chat, at // PER_PAGE)))


def _keep(visit: Visit, chat: Chat) -> None:
    """Whoever sets a chat up first manages it."""
    if chat.keeper_id is None and visit.chat.id != chat.id:
        keep(visit.connection, chat.id, visit.chat.id)


def _to(speech: Voice, name: str) -> str:
    """The label of the button to where a watchlist is told."""
    return f"{label_of(list_name(name, speech), within=WHOLE_ROW - 2)} {'←' if speech.right_to_left else '→'}"


def _set_up(speech: Voice, chat: Chat, username: str) -> Button:
    return Button(speech.say("Set up here"), url=f"https://t.me/{username}?start={LINK}_{chat.id}")


def concerned(connection: Connection, argument: str) -> int | None:
    """The Telegram id of the chat whose number the argument begins with, after a link's prefix if it has one."""
    wanted = argument.removeprefix(f"{LINK}_").partition(":")[0]
    chat = get_chat(connection, number(wanted))
    return None if chat is None else chat.address.chat_id


COMMANDS = {"places": _places}
LINKS = {LINK: _came_by_link}
PRESSES = {PLACES: shown(places_screen), PLACE: _look, SEND: _send}
QUESTIONS = {PICK: _never_mind}
CONCERNS = {PLACE: concerned, SEND: concerned, f"/start {LINK}": concerned}
