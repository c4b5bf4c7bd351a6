"""Where watchlists are told, and what is wrong there (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words.buttons import COPY_TAKEN, GENERAL, NO_PLACE, TRY_AGAIN, button, ordered
from bot.words.language import Voice, message
from bot.words.messages import Button, Message
from bot.words.naming import shared_name
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.chats import LACKS_RIGHTS, Chat, ChatState

MAX_NAME = 80

NO_LIST = message("There is no such watchlist here any more.")
NO_PLACE_ANY_MORE = message("It does not go there any more.")

_TROUBLES = {
    "rights": message("❗ I may not write in {place} any more."),
    "topic_closed": message("❗ The topic {place} was closed."),
    "topic_deleted": message("❗ The topic {place} was deleted."),
    "gone": message("❗ I am not in {place} any more."),
}
_OF_TOPICS = ("topic_closed", "topic_deleted")
_REMEDIES = {
    "rights": message("Let me write there (in a channel: as an administrator who may post), then try again."),
    "topic_closed": message("Open it again, or let me send it to General instead."),
    "topic_deleted": message("I can send it to General instead."),
    "gone": message("Add me again, and everything goes on as it was."),
}


def place_name(chat: Chat, speech: Voice) -> str:
    """A chat by its title; a topic by its name, too, or by its number until Telegram has said what it is called."""
    return _named(chat.title or str(chat.address.chat_id), chat.address.thread_id, chat.topic, speech)


def _named(title: str, thread_id: int, topic: str | None, speech: Voice) -> str:
    title = shorten(title, MAX_NAME)
    if not thread_id:
        return title
    named = shorten(topic, MAX_NAME) if topic else speech.say("topic {n}").format(n=thread_id)
    return f"{title} · {named}"


def place_trouble(state: ChatState, reason: str | None, speech: Voice) -> str | None:
    """What is wrong with a chat of this state, and `reason` as in `Chat.state_reason`, in a few words; None when it can
    be told things, as far as is known: one that waits for another bot may not have been asked yet."""
    match state:
        case ChatState.BARRED:
            return speech.say("I may not write there")
        case ChatState.WAITING if reason is None:
            return None
        case ChatState.WAITING if LACKS_RIGHTS.search(reason or ""):
            return speech.say("I may not write there")
        case ChatState.WAITING | ChatState.UNREACHABLE:
            return speech.say("I am not there any more")
        case ChatState.ACTIVE:
            return None


def mending_buttons(chat: Chat, speech: Voice) -> tuple[Button, ...]:
    """What can be done about a chat that cannot be told anything, besides giving it up."""
    again = button(speech.say("Try again"), TRY_AGAIN, chat.id)
    if not chat.topic_shut or not chat.address.thread_id:
        return (again,)
    return again, button(speech.say("General instead"), GENERAL, chat.id)


def compose_place_broken(payload: Mapping[str, Any], speech: Voice) -> Message:
    """A chat that cannot be told anything any more, for whoever manages it: what happened, and what can be done."""
    trouble = str(payload["trouble"])
    builder = TextBuilder(right_to_left=speech.right_to_left)
    thread_id = int(payload.get("thread") or 0) if trouble in _OF_TOPICS else 0
    place = _named(str(payload["title"]), thread_id, payload.get("topic"), speech)
    builder.line(speech.say(_TROUBLES[trouble]), place=Foreign(place, ("bold",)))
    if payload.get("operators"):
        builder.line(speech.say("Whoever set it up cannot be reached. Nothing is told there until it is put right."))
        return Message(builder.build())
    if payload.get("instead"):
        builder.line(speech.say("Whoever managed it cannot be reached, so I tell you; from now on you do."))
    builder.line(speech.say(_REMEDIES[trouble]))
    chat_id = int(payload["chat"])
    row = [button(speech.say("Try again"), TRY_AGAIN, chat_id)]
    if thread_id:
        row.append(button(speech.say("General instead"), GENERAL, chat_id))
    row.append(button(speech.say("Send nothing there"), NO_PLACE, chat_id))
    return Message(builder.build(), (ordered(speech, row),))


def compose_list_ended(payload: Mapping[str, Any], speech: Voice) -> Message:
    """The owner of a watchlist that is taken here deleted it."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    name = Foreign(shorten(shared_name(str(payload["name"]), speech), MAX_NAME), ("bold",))
    builder.line(speech.say("The watchlist {name}, which came here, was deleted by its owner."), name=name)
    if "subscription" not in payload:  # its owner left, and it is gone for good
        return Message(builder.build())
    builder.line(speech.say("A copy of it can go on here."))
    copy = button(speech.say("Copy it here"), COPY_TAKEN, int(payload["subscription"]))
    return Message(builder.build(), ((copy,),))
