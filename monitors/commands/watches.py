"""Watches from the shell: add, list, remove."""

from __future__ import annotations

from typing import Annotated

import typer

from monitors.cli import show, show_json
from monitors.commands.asking import ChatOption, JsonOption, with_chat
from monitors.watchlists import DEFAULT_WATCHLIST, Watch


def register(app: typer.Typer) -> None:
    app.add_typer(_watch_app(), name="watch")


def _watch_app() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Keyword watches: what to be alerted about.")
    app.command("add")(watch_add)
    app.command("list")(watch_list)
    app.command("remove")(watch_remove)
    return app


def watch_add(
    query: Annotated[list[str], typer.Argument(help='Words, a "phrase", AND OR NOT, parentheses.')],
    watchlist: Annotated[str, typer.Option(help="The watchlist it belongs to.")] = DEFAULT_WATCHLIST,
    chat: ChatOption = None,
) -> None:
    """Add a watch: articles that meet it will be alerted."""
    from monitors.query.grammar import parse
    from monitors.storage.watchlists import add_watch
    from monitors.text.cleaning import clean

    typed = clean(" ".join(query)).strip()
    parse(typed)
    watch, new = with_chat(
        chat,
        lambda connection, owner, now: add_watch(connection, owner.id, typed, now=now, watchlist=watchlist),
    )
    show(f"{'Watching' if new else 'Already watching'} (no. {watch.id}): {watch.query}")


def watch_list(chat: ChatOption = None, as_json: JsonOption = False) -> None:
    """List watches."""
    from monitors.storage.watchlists import list_watches

    watches = with_chat(chat, lambda connection, owner, _: list_watches(connection, owner.id))
    if as_json:
        for watch in watches:
            show_json({"id": watch.id, "watchlist": watch.watchlist, "query": watch.query})
    elif watches:
        show("\n".join(_line(watch) for watch in watches))
    else:
        show("No watches yet. Add one: rasid watch add WORDS")


def watch_remove(
    wanted: Annotated[str, typer.Argument(metavar="WATCH", help="Its number or its exact words.")],
    chat: ChatOption = None,
) -> None:
    """Remove a watch."""
    from monitors.storage.watchlists import remove_watch

    watch = with_chat(chat, lambda connection, owner, _: remove_watch(connection, owner.id, wanted))
    show(f"No longer watching: {watch.query}")


def _line(watch: Watch) -> str:
    where = "" if watch.watchlist == DEFAULT_WATCHLIST else f"  [{watch.watchlist}]"
    return f"{watch.id:>4}  {watch.query}{where}"
