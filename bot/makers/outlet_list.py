"""The outlets that are followed, as a file for other readers (OPML)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitors.chats import Chat
from monitors.outlet_lists import write_opml
from monitors.storage.engine import Database
from monitors.storage.outlet_lists import rows_of

OUTLET_LIST = "outlets"


async def outlet_list(database: Database, chat: Chat, of: Mapping[str, Any]) -> bytes:
    return write_opml(await database.read(rows_of), title="Rasid", now=datetime.now(UTC))


MAKERS = {OUTLET_LIST: outlet_list}
