"""Watches from the shell: what each command takes. What it does is in a file for each subject."""

from __future__ import annotations

from typing import Annotated

import typer

from monitors.commands.asking import TAKES_QUERY, ChatOption, JsonOption, MaybeQuery, QueryArgument
from monitors.watchlists import DEFAULT_WATCHLIST, FileFormat, WatchState


def _one_line(name: str) -> str:
    from monitors.text.cleaning import one_line  # what a word is takes 40 ms to say, and `rasid --help` need not

    return one_line(name)


WatchArgument = Annotated[str, typer.Argument(metavar="WATCH", help="Its number or its exact words.")]
SomeArgument = Annotated[str | None, typer.Argument(metavar="WATCH", help="Its number or its exact words.")]
WatchlistOption = Annotated[
    str | None, typer.Option("--watchlist", metavar="NAME", help="Only of this watchlist.", parser=_one_line)
]


def register(app: typer.Typer) -> None:
    watch = typer.Typer(
        no_args_is_help=True,
        help="Watches: what to be alerted about.",
    )
    for name, command in (
        ("add", add),
        ("list", list_),
        ("show", show),
        ("edit", edit),
        ("pause", pause),
        ("resume", resume),
        ("remove", remove),
        ("test", back_test),
        ("import", import_),
        ("export", export),
    ):
        watch.command(name, context_settings=TAKES_QUERY if command in (add, edit, back_test) else None)(command)
    app.add_typer(watch, name="watch")


def add(
    query: QueryArgument,
    watchlist: Annotated[str, typer.Option(metavar="NAME", help="The watchlist it belongs to.")] = DEFAULT_WATCHLIST,
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a watch: articles that meet it will be alerted. A paused one is resumed.

    \b
    rasid watch add 'سد النهضة'
    rasid watch add 'نفط AND (سعر OR أوبك)' --watchlist الاقتصاد
    """
    from monitors.commands.watch_lists import add_one

    add_one(" ".join(query), watchlist=watchlist, chat=chat, as_json=as_json)


def list_(watchlist: WatchlistOption = None, chat: ChatOption = None, as_json: JsonOption = False) -> None:
    """List watches, paused ones too.

    \b
    rasid watch list --watchlist الاقتصاد
    """
    from monitors.commands.watch_lists import list_all

    list_all(watchlist=watchlist, chat=chat, as_json=as_json)


def show(
    wanted: WatchArgument, watchlist: WatchlistOption = None, chat: ChatOption = None, as_json: JsonOption = False
) -> None:
    """Show a watch. What it asks in words, what it found, and which others of the chat ask the same.

    \b
    rasid watch show 12
    """
    from monitors.commands.watch_showing import show_one

    show_one(wanted, watchlist=watchlist, chat=chat, as_json=as_json)


def edit(
    wanted: WatchArgument,
    query: MaybeQuery = None,
    to: Annotated[str | None, typer.Option(metavar="NAME", help="Put it into this watchlist.")] = None,
    watchlist: WatchlistOption = None,
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a watch's query or watchlist. It keeps its number and what it found.

    \b
    rasid watch edit 12 'نفط OR غاز'
    rasid watch edit 12 --to الاقتصاد
    """
    from monitors.commands.watch_lists import edit_one

    edit_one(wanted, " ".join(query or ()), to=to, watchlist=watchlist, chat=chat, as_json=as_json)


def pause(
    wanted: SomeArgument = None,
    watchlist: WatchlistOption = None,
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a watch rest, or a whole watchlist. It is kept and finds nothing until it is resumed.

    \b
    rasid watch pause 12
    rasid watch pause --watchlist الرياضة
    """
    from monitors.commands.watch_lists import change_state

    change_state(wanted, WatchState.PAUSED, watchlist=watchlist, chat=chat, as_json=as_json)


def resume(
    wanted: SomeArgument = None,
    watchlist: WatchlistOption = None,
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a paused watch, or a whole watchlist, find again. Only articles that come from now on.

    \b
    rasid watch resume 12
    rasid watch resume --watchlist الرياضة
    """
    from monitors.commands.watch_lists import change_state

    change_state(wanted, WatchState.ACTIVE, watchlist=watchlist, chat=chat, as_json=as_json)


def remove(
    wanted: SomeArgument = None,
    watchlist: WatchlistOption = None,
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a watch, or with --watchlist alone all watches of it. What was alerted stays in the archive.

    \b
    rasid watch remove 12
    rasid watch remove 'سد النهضة' --watchlist الماء
    """
    from monitors.commands.watch_lists import change_state

    change_state(wanted, WatchState.REMOVED, watchlist=watchlist, chat=chat, as_json=as_json)


def back_test(
    query: QueryArgument,
    since: Annotated[
        str | None,
        typer.Option(help="How far back: 30d, 12h, 2w, or 2026-01-31 local time. Without: 7d, or all of a file."),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(metavar="ARTICLES.jsonl", help="Ask these articles, not the archive; - is standard input."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask at most so many articles.")] = None,
    zone: Annotated[str | None, typer.Option(metavar="Asia/Damascus", help="Whose days are counted.")] = None,
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try a query on what was published. How much it would have found each day, by which words, and what wider ones
    would find besides. Saves nothing.

    \b
    rasid watch test 'سد النهضة'
    rasid watch test '~أمريكا' --since 30d --zone Asia/Damascus
    """
    from monitors.commands.watch_testing import test_query

    test_query(" ".join(query), since=since, file=file, limit=limit, zone=zone, chat=chat, as_json=as_json)


def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="CSV, TOML, JSON Lines, or a plain list with a query a line.")
    ],
    form: Annotated[
        FileFormat | None, typer.Option("--format", help="What it is. Without: what its name or its text says.")
    ] = None,
    watchlist: Annotated[
        str, typer.Option(metavar="NAME", help="Where watches go that name no watchlist.")
    ] = DEFAULT_WATCHLIST,
    strict: Annotated[bool, typer.Option("--strict", help="Import nothing if one line cannot be.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")] = False,
    chat: ChatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the watches of a file. Running it again repeats nothing; lines that only ask the same as others in other
    words are added and named. Exit code 1 when a line could not be imported.

    \b
    rasid watch import words.txt --watchlist الأخبار
    rasid watch import watches.csv --dry-run
    """
    from monitors.commands.watch_files import import_watches

    import_watches(file, form, watchlist=watchlist, strict=strict, dry_run=dry_run, chat=chat, as_json=as_json)


def export(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Where to write; without: standard output.")] = "-",
    form: Annotated[
        FileFormat | None, typer.Option("--format", help="csv, toml, jsonl or txt. Without: what the file's name says.")
    ] = None,
    watchlist: WatchlistOption = None,
    chat: ChatOption = None,
) -> None:
    """Write the watches as a file that can be imported again.

    \b
    rasid watch export watches.csv
    rasid watch export --format toml --watchlist الأخبار
    """
    from monitors.commands.watch_files import export_watches

    export_watches(file, form, watchlist=watchlist, chat=chat)
