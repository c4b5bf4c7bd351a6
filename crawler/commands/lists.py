"""What `rasid outlet import` and `rasid outlet export` do."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from crawler.opml.outlines import MAX_BYTES, OutletList
from monitors.cli import load_settings, show_json
from monitors.cli import show as say
from monitors.errors import RasidError, UsageError
from monitors.files import STANDARD, called, read_whole, write_whole
from monitors.opening import open_ready
from monitors.outlet_lists import Row, write_opml
from monitors.storage.outlet_lists import rows_of

if TYPE_CHECKING:  # exporting stays offline, and starts in half the time without the web's libraries
    from crawler.importing import Imported, Plan

_SHOWN = 20
"""Rows that are named before the question; of longer lists the rest is counted."""


def import_outlets(file: str, *, yes: bool, as_json: bool) -> None:
    """Follows what a list names. Exit code 1 when a row could not be followed. JSON without `yes` is the plan."""
    from crawler.importing import followed_addresses, plan_import

    settings = load_settings()
    listed = _read(file)
    with open_ready(settings) as database:
        plan = plan_import(listed, database.read_now(followed_addresses))
        if not as_json:
            _print_plan(plan)
    results = _follow(plan) if plan.rows and (yes or (not as_json and _permitted(plan))) else []
    if as_json:
        show_json(_as_json(plan, results))
    else:
        _print_results(plan, results)
    if plan.bad or any(each.reason for each in results):
        raise typer.Exit(1)


def export_outlets(file: str) -> None:
    with open_ready(load_settings()) as database:
        rows = database.read_now(rows_of)
    written = write_opml(rows, title="Rasid", now=datetime.now(UTC))
    write_whole(file, written)
    if file != STANDARD:
        say(f"{_counted(len(rows))} written to {file}.")


def _read(file: str) -> OutletList:
    """The file's rows, read in a child. Raises `UsageError` or `RasidError`."""
    from crawler.entries import NotAListing
    from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool

    async def read(body: bytes) -> OutletList:
        pool = ParsingPool(workers=1)
        try:
            return await pool.read_opml(body)
        finally:
            await pool.close()

    body = read_whole(file, most=MAX_BYTES, hint="Give an OPML file, or -.", smaller="Import it in parts.")
    try:
        return asyncio.run(read(body))
    except (NotAListing, ParserKilled, ParsingFailed) as error:
        hint = "Give a list of outlets that another reader has exported (OPML)."
        raise RasidError(f"{called(file)}: {error}", hint=hint) from None


def _permitted(plan: Plan) -> bool:
    """What the person at the terminal answers. Raises `UsageError` when nobody is there to be asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("Nothing was saved: nobody is there to be asked.", hint="To follow them all, add --yes.")
    return typer.confirm(f"Follow {_counted(len(plan.rows))}?", default=True)


def _follow(plan: Plan) -> list[Imported]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from crawler.commands.online import run_online
    from crawler.importing import follow_rows
    from crawler.scheduling import Pace

    settings = load_settings()
    pace = Pace(settings.crawl.min_interval)
    columns = (TextColumn("Following"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with open_ready(settings) as database, Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=len(plan.rows))

        def tell(imported: Imported) -> None:
            bar.advance(task)

        return run_online(
            settings,
            lambda fetcher, pool: follow_rows(plan.rows, database, fetcher, pool, pace=pace, tell=tell),
        )


def _print_plan(plan: Plan) -> None:
    for row in plan.rows[:_SHOWN]:
        kind = row.kind.value if row.kind else "home page"
        say(f"  follow  {row.name or row.url}  ({kind}  {row.url})")
    if len(plan.rows) > _SHOWN:
        say(f"  follow  {len(plan.rows) - _SHOWN} more")
    for bad in plan.bad:
        say(f"  leave   line {bad.line}, {bad.name}: {bad.reason}")
    if plan.known:
        say(f"  leave   {_counted(len(plan.known))} followed already")


def _print_results(plan: Plan, results: list[Imported]) -> None:
    from crawler.importing import Fate

    if not results:
        say("Nothing was saved." if plan.rows else "There is nothing new to follow.")
        return
    failed = [each for each in results if each.fate is Fate.FAILED]
    for each in failed:
        say(f"  failed  line {each.row.line}, {each.row.name or each.row.url}: {each.reason}")
    followed = sum(each.fate is Fate.FOLLOWED for each in results)
    say(f"{_counted(followed)} followed, {len(failed)} could not be. What is there now is recorded.")
    if failed:
        say("To try those again, run the same command again: nothing is repeated.")


def _as_json(plan: Plan, results: list[Imported]) -> dict[str, Any]:
    """Each row with its fate: followed, known or failed; "new" when nothing was saved."""
    rows = [_row(each.row, each.fate, each.outlet.id if each.outlet else None, each.reason) for each in results]
    rows = rows or [_row(row, "new") for row in plan.rows]
    return {"rows": [*rows, *(_row(row, "known") for row in plan.known)], "bad": [asdict(bad) for bad in plan.bad]}


def _row(row: Row, fate: str, outlet_id: int | None = None, reason: str | None = None) -> dict[str, Any]:
    return {**asdict(row), "fate": fate, "outlet_id": outlet_id, "reason": reason}


def _counted(count: int) -> str:
    return f"{count} source{'' if count == 1 else 's'}"
