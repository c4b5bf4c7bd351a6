"""Commands that need neither the web nor Telegram: init, run, watch, status, db."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from monitors.chats import CONSOLE, Chat, ChatAddress, Transport
from monitors.children import Child
from monitors.cli import config_file, load_settings, show, show_json
from monitors.errors import ConfigError, NotFound, UsageError
from monitors.installed import find_roles
from monitors.watchlists import DEFAULT_WATCHLIST, Watch

ChatOption = Annotated[
    int | None,
    typer.Option("--chat", help="A Telegram chat id. Without it: this machine's terminal."),
]
if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("run")(run)
    app.command("status")(status)
    app.command("page")(page)
    app.add_typer(_watch_app(), name="watch")
    app.add_typer(_db_app(), name="db")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write rasid.toml.")] = Path(),
) -> None:
    """Write a commented rasid.toml. Never overwrites one."""
    from monitors.settings import FILE_NAME
    from monitors.template import TEMPLATE

    file = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as written:
            file.chmod(0o600)  # it may come to hold the bot token
            written.write(TEMPLATE)
    except FileExistsError:
        raise ConfigError(f"{file} exists already and is left as it is.", hint="Edit that one.") from None
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}.") from None
    show(f"Wrote {file}. Next: rasid outlet add URL, rasid watch add WORDS, rasid run")


def run(
    roles: Annotated[
        str | None,
        typer.Option(help="Only these roles, separated by commas (crawl, decide, tell). Default: all."),
    ] = None,
) -> None:
    """Run the service: collect, match, alert. Stop it with Ctrl-C."""
    wanted = frozenset(role.strip() for role in roles.split(",") if role.strip()) if roles is not None else None
    if wanted is not None and not wanted:
        raise UsageError("--roles names no role.", hint="For example: --roles crawl,decide")
    here, children = find_roles(wanted)
    begun = [Child.start(role.name, config_file()) for role in children]
    try:
        from monitors import logs, running

        settings = load_settings()
        logs.set_up(settings, "main")
        running.run(settings, here, begun)
    finally:
        for child in begun:
            child.kill()


def page(
    article: Annotated[int, typer.Argument(metavar="ARTICLE_ID", help="An article's number.")],
    version: Annotated[int | None, typer.Option(help="Which version. Without: the newest that was kept.")] = None,
) -> None:
    """Write an article's page as it came, byte for byte. It was kept if crawl.keep_pages was on."""
    from monitors.opening import open_ready
    from monitors.storage.copies import kept_page

    with open_ready(load_settings()) as database:
        kept = database.read_now(kept_page, article, version)
    if kept is None:
        raise NotFound(
            f"No page of article {article} was kept.", hint="Pages are kept from now on with crawl.keep_pages = true."
        )
    sys.stdout.buffer.write(kept.body)


def status(as_json: JsonOption = False) -> None:
    """Show how many articles, watches and alerts there are, and the measured delays."""
    from monitors.opening import open_ready
    from monitors.storage.statistics import read_status

    with open_ready(load_settings()) as database:
        found = database.read_now(read_status)
    if as_json:
        show_json(found.to_json())
    else:
        show("\n".join(found.lines()))


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
    watch, new = _with_chat(
        chat,
        lambda connection, owner, now: add_watch(connection, owner.id, typed, now=now, watchlist=watchlist),
    )
    show(f"{'Watching' if new else 'Already watching'} (no. {watch.id}): {watch.query}")


def watch_list(chat: ChatOption = None, as_json: JsonOption = False) -> None:
    """List watches."""
    from monitors.storage.watchlists import list_watches

    watches = _with_chat(chat, lambda connection, owner, _: list_watches(connection, owner.id))
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

    watch = _with_chat(chat, lambda connection, owner, _: remove_watch(connection, owner.id, wanted))
    show(f"No longer watching: {watch.query}")


def _line(watch: Watch) -> str:
    where = "" if watch.watchlist == DEFAULT_WATCHLIST else f"  [{watch.watchlist}]"
    return f"{watch.id:>4}  {watch.query}{where}"


def _with_chat(chat: int | None, work: Callable[[Connection, Chat, datetime], T]) -> T:
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


def _db_app() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="The database.")
    app.command("upgrade")(db_upgrade)
    return app


def db_upgrade() -> None:
    """Bring the database to the schema this Rasid needs (rasid run does it by itself)."""
    from monitors.storage.engine import open_database, parse_url
    from monitors.storage.migrating import needed_version, upgrade

    settings = load_settings()
    with open_database(parse_url(settings.storage.url, base=settings.folder)) as database:
        changed = upgrade(database)
    show(f"{'Upgraded to' if changed else 'Already at'} schema {needed_version()}.")
