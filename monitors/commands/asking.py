"""What commands ask for in the same words, and for whom they work."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from monitors.chats import CONSOLE, Chat, ChatAddress, ChatState, Transport
from monitors.cli import load_settings
from monitors.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

_LARGEST_CHAT = 1 << 52
"""Ids have at most so many bits: https://core.telegram.org/bots/api#chat"""


def _possible(chat: int | None) -> int | None:
    if chat is not None and abs(chat) > _LARGEST_CHAT:
        raise typer.BadParameter(f"{chat} is no id of a chat.")
    return chat


ChatOption = Annotated[
    int | None,
    typer.Option("--chat", callback=_possible, help="A Telegram chat id. Without it: this machine's terminal."),
]

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


TAKES_QUERY = {"ignore_unknown_options": True}
"""The settings of a command with a QueryArgument: in `rasid search نفط -رياضة` the dash belongs to the query."""


def _without_options(context: typer.Context, query: list[str] | None) -> list[str] | None:
    """No word of a query begins with two dashes, but an option with a slip does."""
    for word in query or ():
        if word.startswith("--"):
            known = [name for parameter in context.command.params for name in parameter.opts]
            near = get_close_matches(word.partition("=")[0], known, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise typer.BadParameter(f"There is no option {word}.{meant}", context)
    return query


_QUERY = typer.Argument(
    metavar="QUERY",
    callback=_without_options,
    help='Words, a "phrase", AND OR NOT, -word, parentheses: docs/queries.md.',
)
QueryArgument = Annotated[list[str], _QUERY]
MaybeQuery = Annotated[list[str] | None, _QUERY]


def address_of(chat: int | None) -> ChatAddress:
    """Whom the command line names."""
    return CONSOLE if chat is None else ChatAddress(Transport.TELEGRAM, chat)


def with_chat(chat: int | None, work: Callable[[Connection, Chat, datetime], T]) -> T:
    """Runs `work` in one writing transaction for the chat of the command line; says so when it is told nothing."""
    from monitors.opening import open_ready
    from monitors.storage.chats import ensure_chat, find_chat
    from monitors.storage.doors import attend

    settings = load_settings()
    address = address_of(chat)
    now = datetime.now(UTC)

    def transaction(connection: Connection) -> tuple[Chat, T]:
        owner = find_chat(connection, address)
        if owner is None:
            ensure_chat(connection, address, now=now, language=settings.language.default)
            attend(connection, settings.telegram)
            owner = find_chat(connection, address)
        assert owner is not None
        return owner, work(connection, owner, now)

    with open_ready(settings) as database:
        owner, done = database.write_now(transaction)
    _warn_if_told_nothing(owner)
    return done


def room_of(connection: Connection, owner: Chat) -> tuple[int | None, int | None]:
    """How many watches and watchlists the chat may have; None: any number."""
    from monitors.storage.own_limits import limits_of

    limits = limits_of(connection, load_settings().limits, owner.address.chat_id)
    return (None, None) if limits is None else (limits.watches_per_chat, limits.watchlists_per_chat)


def _warn_if_told_nothing(owner: Chat) -> None:
    from monitors.storage.doors import NOT_LET_IN

    number = owner.address.chat_id
    if owner.state_reason == NOT_LET_IN:
        why = f"nobody has let it in. An operator does, in the bot's chat: /users, By number, {number}, Let in"
    elif owner.state in (ChatState.UNREACHABLE, ChatState.BARRED):
        why = owner.state_reason or "it cannot be reached"
    else:
        return
    sys.stderr.write(f"rasid: Chat {number} is told nothing: {why}.\n")


_SPAN = re.compile(r"(\d{1,5})\s*([hdw])", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def moment_of(typed: str, option: str, *, now: datetime, end_of_day: bool = False) -> datetime:
    """The instant that "30d", "12h", "2w" (ago) or a date of this machine's calendar stands for. Raises `UsageError`.

    A date is where its day begins, or with `end_of_day` where it ends.
    """
    try:
        if span := _SPAN.fullmatch(typed.strip()):
            return now - int(span[1]) * _UNITS[span[2].lower()]
        day = date.fromisoformat(typed.strip()) + timedelta(days=int(end_of_day))
        return datetime(day.year, day.month, day.day).astimezone(UTC)
    except (ValueError, OverflowError):
        hint = "Give a span such as 30d, 12h or 2w, or a date such as 2026-01-31."
        raise UsageError(f"{option} {typed} cannot be understood.", hint=hint) from None


def unread_in_words(count: int) -> str:
    """What is said where articles are looked for of which so many cannot be found yet."""
    are = "article is" if count == 1 else "articles are"
    return f"{count:,} {are} not searchable yet; rasid run reads some 600 a minute."
