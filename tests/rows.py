"""Rows that tests begin with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from monitors.articles import NewArticle, TextOrigin
from monitors.chats import CONSOLE, Chat, ChatAddress, Transport
from monitors.outlets import NewOutlet, NewSource, Outlet, Source
from monitors.storage.chats import ensure_chat
from monitors.storage.inbox import StoredUpdate, chats_waiting, next_updates
from monitors.storage.outlets import add_outlet
from monitors.storage.watches import find_watch, set_state
from monitors.watchlists import Watch, WatchState

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def an_outlet(connection: Connection, name: str = "صحيفة الأفق") -> tuple[Outlet, Source]:
    """An outlet with one feed."""
    home = f"https://{abs(hash(name))}.example/"
    outlet, (source, *_) = add_outlet(
        connection, NewOutlet(name, home, language="ar"), [NewSource(f"{home}feed/")], now=NOW
    )
    return outlet, source


def a_new_article(outlet: Outlet, number: int = 1, **changes: object) -> NewArticle:
    """An article nobody has seen; `number` makes it another one."""
    values: dict[str, object] = {
        "outlet_id": outlet.id,
        "source_id": None,
        "url": f"{outlet.homepage}{number}",
        "canonical_url": f"{outlet.homepage}{number}",
        "guid": f"{outlet.homepage}?p={number}",
        "fingerprints": (number * 2, number * 2 + 1),
        "title": f"خبر رقم {number}",
        "summary": "",
        "text": "نص الخبر كاملًا",
        "text_origin": TextOrigin.PAGE,
        "first_seen_at": NOW,
    } | changes
    return NewArticle(**values)  # type: ignore[arg-type]  # the names are checked by the constructor


def the_console(connection: Connection) -> Chat:
    return ensure_chat(connection, CONSOLE, now=NOW, language="ar")


def a_telegram_chat(connection: Connection, chat_id: int = 7, language: str = "ar") -> Chat:
    return ensure_chat(connection, ChatAddress(Transport.TELEGRAM, chat_id), now=NOW, language=language)


def remove_watch(connection: Connection, chat_id: int, wanted: str, *, now: datetime) -> Watch:
    """Removes the chat's watch of this number or exactly this query; as it was."""
    watch = find_watch(connection, chat_id, wanted)
    set_state(connection, watch, WatchState.REMOVED, now=now)
    return watch


def unhandled_updates(connection: Connection) -> list[StoredUpdate]:
    """The next of every chat, in the order Telegram numbered them."""
    waiting = [
        stored for chat_id in chats_waiting(connection, limit=99) for stored in next_updates(connection, chat_id)
    ]
    return sorted(waiting, key=lambda stored: stored.update_id)
