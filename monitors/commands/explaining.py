"""Why an article did or did not alert: `rasid explain`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from monitors.cli import load_settings, show, show_json
from monitors.commands.asking import ChatOption, JsonOption, address_of
from monitors.errors import NotFound


def register(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its address, as it was sent or as you see it.")],
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why an article did or did not alert. When it was seen and decided, which watches it met and by which words,
    which it missed and by how much, and what became of the alert. An article's number does as well as its address.

    \b
    rasid explain https://example.org/news/1
    rasid explain 4711 --chat 123456789
    """
    from monitors.accounts import account_of
    from monitors.commands.accounts import account_as_json
    from monitors.commands.explained import answer_lines
    from monitors.opening import open_ready
    from monitors.storage.chats import find_chat
    from monitors.text.cleaning import one_line

    address = address_of(chat)
    now = datetime.now(UTC)
    with open_ready(load_settings()) as database:
        if chat is not None and database.read_now(find_chat, address) is None:
            raise NotFound(f"There is no chat {chat}.", hint="Give the id Telegram has for it.")
        answer = database.read_now(account_of, one_line(article), address)
    if as_json:
        show_json(account_as_json(answer))
    else:
        show("\n".join(answer_lines(answer, now=now)))
    if answer.article is None:
        raise typer.Exit(1)
