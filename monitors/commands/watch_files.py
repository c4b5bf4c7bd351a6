"""What `rasid watch import` and `rasid watch export` do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import typer
from sqlalchemy import Connection

from monitors.chats import Chat
from monitors.cli import show, show_json
from monitors.commands.asking import room_of, with_chat
from monitors.commands.watch_lists import as_dict, parsed
from monitors.errors import NotFound, RasidError, UsageError
from monitors.files import STANDARD, called, read_whole, write_whole
from monitors.query.language.grammar import parse
from monitors.query.plan import Plan, plan_of
from monitors.storage.watches import Added, add_watches, list_watches
from monitors.text.cleaning import one_line
from monitors.watch_files import (
    MAX_BYTES,
    BadRow,
    WatchFile,
    file_of,
    format_called,
    format_to_read,
    read_watches,
    watchlist_name,
)
from monitors.watchlists import FileFormat

_SHOWN = 20
"""Lines that cannot be imported and are named; of more, the rest is counted. JSON names all."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A line whose watch asks the same in other words as one there already (`watch`), or as an earlier line."""

    line: int
    query: str
    watch: int | None
    earlier_line: int | None


class _NotSaved(Exception):
    """Takes the transaction back; its arguments are what would have been done, and the room there was."""


def import_watches(
    file: str,
    form: FileFormat | None,
    *,
    watchlist: str,
    strict: bool,
    dry_run: bool,
    chat: int | None,
    as_json: bool,
) -> None:
    """Adds what the file holds, in one transaction. Exit code 1 when a line could not be imported."""
    name = watchlist_name(watchlist)
    content = read_whole(file, most=MAX_BYTES, hint="Give a file of watches, or -.", smaller="Import it in parts.")
    try:
        read = read_watches(content, form or format_to_read(file), watchlist=name)
    except RasidError as error:
        raise UsageError(f"{called(file)}: {error.what}", hint=error.hint) from None
    wanted = [watch for _, watch in read.watches]

    def work(connection: Connection, owner: Chat, now: datetime) -> tuple[Added, int | None]:
        most, most_lists = room_of(connection, owner)
        added = add_watches(connection, owner.id, wanted, now=now, most=most, most_lists=most_lists)
        if dry_run or (strict and (read.bad or added.without_room)):
            raise _NotSaved(added, most)
        return added, most

    saved = True
    try:
        added, most = with_chat(chat, work)
    except _NotSaved as refused:
        added, most = refused.args
        saved = False
    bad = [*read.bad, *_without_room(read, added, most)]
    repeated = _repeated(read, added)
    if as_json:
        show_json(_as_json(added, bad, repeated, saved=saved))
    else:
        _print(added, bad, repeated, saved=saved, dry_run=dry_run)
    if bad:
        raise typer.Exit(1)


def export_watches(file: str, form: FileFormat | None, *, watchlist: str | None, chat: int | None) -> None:
    watches = with_chat(chat, lambda connection, owner, _: list_watches(connection, owner.id, watchlist=watchlist))
    if watchlist is not None and not watches:
        raise NotFound(f"There is no watchlist “{watchlist}”.", hint="See them with: rasid watch list")
    form = form or format_called(file) or FileFormat.CSV
    write_whole(file, file_of(watches, form))
    if file != STANDARD:
        show(f"{_counted(len(watches))} written to {file}.")


def _without_room(read: WatchFile, added: Added, most: int | None) -> list[BadRow]:
    lines = {id(watch): line for line, watch in read.watches}
    refusals = [(lines[id(refused.watch)], refused.watch, refused.error(most)) for refused in added.without_room]
    return [BadRow(line, None, watch.query, error) for line, watch, error in refusals]


def _repeated(read: WatchFile, added: Added) -> list[Repeated]:
    """The lines that were imported although others ask the same; those of exactly the same words are not."""
    there: dict[Plan, int] = {}
    for watch in added.before:
        if (tree := parsed(watch)) is not None:
            there.setdefault(plan_of(tree), watch.id)
    lines: dict[Plan, int] = {}
    found = []
    left_out = {id(watch) for watch in (*added.held, *(refused.watch for refused in added.without_room))}
    for line, new in read.watches:
        if id(new) not in left_out:
            plan = plan_of(parse(new.query))
            if plan in there or plan in lines:
                found.append(Repeated(line, new.query, there.get(plan), lines.get(plan)))
            lines.setdefault(plan, line)
    return found


def _print(added: Added, bad: list[BadRow], repeated: list[Repeated], *, saved: bool, dry_run: bool) -> None:
    for row in bad[:_SHOWN]:
        column = f", {row.column}" if row.column else ""
        show(f"  line {row.line}{column}: {row.reason}")
        if row.query:
            show(f"    it says: {one_line(row.query)[:200]}")
        if row.suggestion:
            show(f"    instead: {row.suggestion}")
    if len(bad) > _SHOWN:
        show(f"  and {len(bad) - _SHOWN} more lines (--json names all)")
    for same in repeated[:_SHOWN]:
        other = f"no. {same.watch}" if same.watch is not None else f"line {same.earlier_line}"
        show(f"  line {same.line} asks the same as {other}: {one_line(same.query)[:200]}")
    if len(repeated) > _SHOWN:
        show(f"  and {len(repeated) - _SHOWN} more lines ask the same as others (--json names all)")
    counts = f"{len(added.held)} there already, {len(bad)} could not be"
    if saved:
        show(f"{_counted(len(added.watches))} imported, {counts}.")
    else:
        show(f"{_counted(len(added.watches))} would be imported, {counts}.")
        show("Nothing was saved." if dry_run else "Nothing was saved, for --strict wants all or none.")


def _as_json(added: Added, bad: list[BadRow], repeated: list[Repeated], *, saved: bool) -> dict[str, Any]:
    """`added` have no number when nothing was saved."""
    return {
        "saved": saved,
        "added": [as_dict(watch) | ({} if saved else {"id": None}) for watch in added.watches],
        "duplicates": len(added.held),
        "same": [asdict(each) for each in repeated],
        "bad": [
            {
                "line": row.line,
                "column": row.column,
                "query": row.query,
                "reason": row.reason,
                "suggestion": row.suggestion,
            }
            for row in bad
        ],
    }


def _counted(count: int) -> str:
    return f"{count} watch{'' if count == 1 else 'es'}"
