"""Everything of a person, as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitors.account_files import write_account
from monitors.chats import Chat
from monitors.storage.belongings import belongings
from monitors.storage.engine import Database

ACCOUNT = "account"


async def account(database: Database, chat: Chat, of: Mapping[str, Any]) -> bytes:
    return write_account(await database.read(belongings, chat.id, now=datetime.now(UTC)))


MAKERS = {ACCOUNT: account}
