"""The watch that a button names: the chat's own, or none."""

from __future__ import annotations

from collections.abc import Callable

from bot.visits import Answer, Glance, Visit
from bot.words.buttons import number
from monitors.storage.engine import Connection
from monitors.storage.watches import list_watches
from monitors.watchlists import Watch


def watch_of(connection: Connection, chat_id: int, watch_id: int) -> Watch | None:
    """The chat's watch of this number; None for others."""
    return next((watch for watch in list_watches(connection, chat_id) if watch.id == watch_id), None)


def watch_in(glance: Glance, argument: str) -> Watch | None:
    return watch_of(glance.connection, glance.chat.id, number(argument.partition(":")[0]))


def of_watch(act: Callable[[Visit, Watch, str], Answer]) -> Callable[[Visit, str], Answer]:
    """What a button does that names a watch of the chat, given what follows its number."""

    def pressed(visit: Visit, argument: str) -> Answer:
        named, _, rest = argument.partition(":")
        watch = watch_of(visit.connection, visit.chat.id, number(named))
        if watch is None:
            return Answer(toast=visit.voice.say("It has already been removed."))
        return act(visit, watch, rest)

    return pressed
