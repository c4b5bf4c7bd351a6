"""The watches of one list, as a file that brings them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitors.chats import Chat
from monitors.storage.engine import Connection, Database
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import find_watchlist
from monitors.watch_files import file_of
from monitors.watchlists import FileFormat, Watch

WATCH_LIST = "watches"


async def watch_list(database: Database, chat: Chat, of: Mapping[str, Any]) -> bytes:
    """Raises `LookupError` for a list that is gone, or empty: Telegram takes no empty files."""
    watches = await database.read(_watches, chat.id, int(of["watchlist"]))
    if not watches:
        raise LookupError(f"watchlist {of['watchlist']} is empty")
    return file_of(watches, FileFormat(of["form"]))


def _watches(connection: Connection, chat_id: int, watchlist_id: int) -> list[Watch]:
    watchlist = find_watchlist(connection, chat_id, watchlist_id)
    if watchlist is None:
        raise LookupError(f"watchlist {watchlist_id} is gone")
    return list_watches(connection, chat_id, watchlist=watchlist.name)


MAKERS = {WATCH_LIST: watch_list}
