"""What commands ask for in the same words, and for whom they work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from monitors.chats import CONSOLE, Chat, ChatAddress, Transport
from monitors.cli import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

ChatOption = Annotated[
    int | None,
    typer.Option("--chat", help="A Telegram chat id. Without it: this machine's terminal."),
]

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def with_chat(chat: int | None, work: Callable[[Connection, Chat, datetime], T]) -> T:
    """Runs `work` in one writing transaction for the chat of the command line."""
    from monitors.opening import open_ready
    from monitors.storage.chats import ensure_chat

    settings = load_settings()
    address = CONSOLE if chat is None else ChatAddress(Transport.TELEGRAM, chat)
    now = datetime.now(UTC)

    def transaction(connection: Connection) -> T:
        owner = ensure_chat(connection, address, now=now, language=settings.language.default)
        return work(connection, owner, now)

    with open_ready(settings) as database:
        return database.write_now(transaction)
