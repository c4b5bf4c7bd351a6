"""Places that could not be told anything any more, and what whoever manages them does about it."""

from __future__ import annotations

from bot.screens.places import concerned
from bot.visits import Answer, Visit, in_place, refusal_there, say
from bot.words.buttons import GENERAL, NO_PLACE, PLACE, TRY_AGAIN, button, number
from bot.words.messages import Message
from bot.words.places import place_name
from bot.words.text import Foreign
from monitors.chats import Chat, ChatAddress, Transport
from monitors.storage.bots import come_over
from monitors.storage.chats import ensure_chat, get_chat, keep
from monitors.storage.places import mend, move
from monitors.storage.subscriptions import subscriptions_of, unsubscribe
from monitors.storage.watchlists import watchlists_of
from monitors.wakeups import DELIVERIES


def _try_again(visit: Visit, argument: str) -> Answer:
    """Told again if the bot may write there; whether a topic is open, only the next alert will show."""
    chat = _kept(visit, argument)
    if chat is None:
        return _not_yours(visit)
    if (refused := refusal_there(visit, chat.address.chat_id)) is not None:
        return refused
    if visit.elsewhere is None or not visit.elsewhere.posts:
        return Answer(toast=visit.voice.say("I still may not write there."))
    come_over(visit.connection, chat.address.chat_id)
    mend(visit.connection, chat.address.chat_id, only=chat.id if chat.topic_shut else None)
    if chat.topic_shut:
        return _done(visit, chat, visit.voice.say("I try {place} again. If it is still closed, I tell you."))
    return _done(visit, chat, visit.voice.say("✅ I send it to {place} again."))


def _general(visit: Visit, argument: str) -> Answer:
    """What was told in a topic goes to General, by the same rules, and with what could not be told there."""
    topic = _kept(visit, argument)
    if topic is None or not topic.address.thread_id:
        return _not_yours(visit)
    if (refused := refusal_there(visit, topic.address.chat_id)) is not None:
        return refused
    general = ensure_chat(
        visit.connection,
        ChatAddress(Transport.TELEGRAM, topic.address.chat_id),
        now=visit.now,
        language=topic.language,
        title=topic.title,
        kind=topic.type,
    )
    if general.keeper_id is None:
        keep(visit.connection, general.id, visit.chat.id)
    move(visit.connection, topic.id, general.id)
    return _done(visit, general, visit.voice.say("✅ From now on I send it to {place}."))


def _no_place(visit: Visit, argument: str) -> Answer:
    """None of the visitor's watchlists is told there any more."""
    chat = _kept(visit, argument)
    if chat is None:
        return _not_yours(visit)
    mine = {watchlist.id for watchlist in watchlists_of(visit.connection, visit.chat.id)}
    for one in subscriptions_of(visit.connection, chat.id):
        if one.watchlist_id in mine:
            unsubscribe(visit.connection, one.id)
    return _done(visit, chat, visit.voice.say("All right. I send nothing to {place} any more."))


def _done(visit: Visit, chat: Chat, words: str) -> Answer:
    builder = visit.builder().line(words, place=Foreign(place_name(chat, visit.voice), ("bold",)))
    back = button(visit.voice.say("What goes there"), PLACE, chat.id)
    return say(in_place(visit, Message(builder.build(), ((back,),))), kicks=(DELIVERIES,))


def _kept(visit: Visit, argument: str) -> Chat | None:
    """The chat, if it is managed from here."""
    chat = get_chat(visit.connection, number(argument))
    return chat if chat is not None and chat.keeper_id == visit.chat.id else None


def _not_yours(visit: Visit) -> Answer:
    return Answer(toast=visit.voice.say("It is not managed from here."))


PRESSES = {TRY_AGAIN: _try_again, GENERAL: _general, NO_PLACE: _no_place}
CONCERNS = {TRY_AGAIN: concerned, GENERAL: concerned}
