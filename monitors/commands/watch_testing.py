"""What `rasid watch test` does: a query tried on the archive, or on a file of articles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitors.backtesting import BackTest, Tried, back_test
from monitors.cli import load_settings, show_json
from monitors.commands.asking import address_of, moment_of, unread_in_words
from monitors.commands.line_files import LineFile
from monitors.commands.watch_lists import parsed
from monitors.commands.watch_trials import as_json as trial_as_json
from monitors.commands.watch_trials import lines
from monitors.errors import UsageError
from monitors.highlighting import standard_output
from monitors.json_lines import Unusable, article_fields, object_on, text_of
from monitors.opening import open_ready
from monitors.query.language.grammar import parse
from monitors.query.tree import Query
from monitors.searching import Scope, matching_articles
from monitors.storage.chats import find_chat
from monitors.storage.outlets import list_outlets
from monitors.storage.watches import list_watches
from monitors.storage.words import count_unread
from monitors.text.cleaning import clean
from monitors.trying import USUAL, as_tried, with_what_was_meant, with_wider
from monitors.watch_files import as_typed
from monitors.watchlists import Watch

MOST_ASKED = 20_000
"""Matches in the archive that are read unless the person says otherwise, about a minute's work."""
MOST_WIDER = 3_000
"""Articles of the archive that wider queries are tried on, the newest: some find nearly all there are."""

_DATES = ("published_at", "published", "date", "first_seen_at")


def test_query(
    query: str,
    *,
    since: str | None,
    file: str | None,
    limit: int | None,
    zone: str | None,
    chat: int | None,
    as_json: bool,
) -> None:
    tree = parse(as_typed(query))
    now = datetime.now(UTC)
    back_to = None if since is None else moment_of(since, "--since", now=now)
    days_of = None if zone is None else _zone(zone)
    if zone is not None and days_of is None:
        raise UsageError(f"“{zone}” is no time zone.", hint="Write it like Asia/Damascus, or UTC.")
    if file is None:
        result, watches = _on_archive(tree, back_to or now - USUAL, now, days_of, limit or MOST_ASKED, chat)
    else:
        result, watches = _on_file(tree, file, back_to, days_of or UTC, limit)
    if as_json:
        show_json(trial_as_json(result, watches))
    else:
        console = standard_output()
        for line in lines(result, watches, coloured=console.is_terminal):
            console.print(line, soft_wrap=True)


def _on_archive(
    query: Query, since: datetime, now: datetime, zone: tzinfo | None, most: int, chat: int | None
) -> tuple[BackTest, Mapping[int, Watch]]:
    address = address_of(chat)

    def work(connection: Connection) -> tuple[BackTest, Mapping[int, Watch], int]:
        owner = find_chat(connection, address)
        watches = {watch.id: watch for watch in list_watches(connection, owner.id)} if owner is not None else {}
        others = {watch.id: tree for watch in watches.values() if (tree := parsed(watch)) is not None}
        days_of = zone or _usual_zone(connection)

        def ask(asked: Query, most: int) -> BackTest:
            found = matching_articles(connection, asked, Scope(since=since))
            with _progress(None) as step:
                articles = (as_tried(each.article) for number, each in enumerate(found, 1) if step(number))
                return back_test(articles, query, zone=days_of, since=since, until=now, others=others, most=most)

        result = with_wider(ask, query, most=most, most_wider=MOST_WIDER)
        result = with_what_was_meant(connection, result, Scope(since=since))
        return result, watches, count_unread(connection)

    with open_ready(load_settings()) as database:
        result, watches, unread = database.read_now(work)
    if unread:
        sys.stderr.write(f"rasid: {unread_in_words(unread)}\n")
    return result, watches


def _usual_zone(connection: Connection) -> tzinfo:
    """The zone of the outlets that are followed if they share one, else UTC."""
    zones = {outlet.time_zone for outlet in list_outlets(connection)}
    named = _zone(zones.pop() or "") if len(zones) == 1 else None
    return named or UTC


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # not a name, not a file of one, not known
        return None


def _on_file(
    query: Query, file: str, since: datetime | None, zone: tzinfo, most: int | None
) -> tuple[BackTest, Mapping[int, Watch]]:
    with LineFile(file) as given, _progress(given.bytes) as step:
        return back_test(_articles_in(given, step), query, zone=zone, since=since, most=most), {}


def _articles_in(given: LineFile, step: Callable[[int], bool]) -> Iterator[Tried]:
    """What is no article is passed over and told on the error output: the first in words, others counted."""
    bad = 0
    for number, line in enumerate(given.lines(), 1):
        step(given.bytes_read() if given.bytes else number)
        try:
            yield _article(object_on(line))
        except Unusable as error:
            bad += 1
            if bad == 1:
                sys.stderr.write(f"rasid: {given.called}, line {line.number} is passed over: {error}\n")
    if bad > 1:
        sys.stderr.write(f"rasid: {bad} lines are no articles.\n")


def _article(row: Mapping[str, Any]) -> Tried:
    """Raises `Unusable`."""
    fields = {name: clean(text) for name, text in article_fields(row).items()}
    return Tried(fields, _date(row), clean(text_of(row, "url")), clean(text_of(row, "outlet")))


def _date(record: Mapping[str, object]) -> datetime | None:
    """When it was published; a date without a zone is in UTC."""
    written = next((record[name] for name in _DATES if record.get(name)), None)
    if not isinstance(written, str):
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[int], bool]]:
    """A bar on a terminal, of bytes if there is a total and of articles if not; the function says how many were."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = [TextColumn("Asking"), BarColumn(), TimeElapsedColumn()]
    if total is None:
        columns.insert(2, MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)

        def step(done: int) -> bool:
            bar.update(task, completed=done)
            return True

        yield step
