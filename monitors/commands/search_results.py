"""What `rasid search` does and shows."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Timer

from rich.console import Console
from rich.text import Text

from monitors.cli import load_settings, show_json
from monitors.commands.asking import moment_of, unread_in_words
from monitors.errors import UsageError
from monitors.highlighting import highlighted, print_item, standard_output
from monitors.matching import places_of
from monitors.opening import open_ready
from monitors.query.language.grammar import parse
from monitors.query.language.language_names import language_named
from monitors.query.tree import Query
from monitors.searching import MOST_COUNTED, Found, Page, Scope, count_found, search
from monitors.snippets import Segment, segments, snippets
from monitors.storage.engine import Connection
from monitors.storage.outlets import find_outlet
from monitors.storage.words import count_unread
from monitors.text.cleaning import clean, one_line

_CODE = re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MOST_QUOTES = 2
_PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was typed."""

    query: str
    since: str | None
    until: str | None
    outlet: str | None
    language: str | None
    limit: int
    page: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page of results. `total` is None when only reading the whole archive would tell."""

    page: Page
    total: int | None
    unread: int
    took_s: float


def search_archive(asked: Asked, *, as_json: bool) -> None:
    """Prints it. Raises `QueryError`, `UsageError` or `NotFound` for what cannot be understood."""
    query = parse(clean(asked.query).strip())
    with open_ready(load_settings()) as database, _said_to_take_long():
        answer = database.read_now(_answer, query, asked, now=datetime.now(UTC))
    if as_json:
        _print_json(answer)
        sys.stderr.writelines(f"{said}\n" for said in _summary(answer, asked))
    else:
        _print(answer, asked)


@contextmanager
def _said_to_take_long() -> Iterator[None]:
    """On a terminal, while it lasts and once it does."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    status = console.status("Searching …")
    patience = Timer(_PATIENCE_S, status.start)
    patience.start()
    try:
        yield
    finally:
        patience.cancel()
        patience.join()
        status.stop()


def _answer(connection: Connection, query: Query, asked: Asked, *, now: datetime) -> _Answer:
    begun = time.monotonic()
    scope = Scope(
        since=moment_of(asked.since, "--since", now=now) if asked.since else None,
        until=moment_of(asked.until, "--until", now=now, end_of_day=True) if asked.until else None,
        outlet_id=find_outlet(connection, asked.outlet).id if asked.outlet else None,
        language=_language(asked.language) if asked.language else None,
    )
    page = search(connection, query, scope, limit=asked.limit)
    for _ in range(asked.page - 1):
        if page.next is None:
            page = Page((), None)
            break
        page = search(connection, query, scope, limit=asked.limit, before=page.next)
    total = count_found(connection, query, scope)
    return _Answer(page, total, count_unread(connection), time.monotonic() - begun)


def _language(typed: str) -> str:
    """The code of a language by its name, as after `lang:`, or any code there may be. Raises `UsageError`."""
    name = one_line(typed)
    if code := language_named(name):
        return code
    if not _CODE.fullmatch(name):
        hint = "Write its code or name: --lang ar, --lang Arabic, --lang العربية."
        raise UsageError(f"“{name}” is no language.", hint=hint)
    return name.lower().partition("-")[0]


def _print_json(answer: _Answer) -> None:
    """An article a line; what is said about the search goes where errors go."""
    for found in answer.page.items:
        article = found.article
        show_json(
            {
                "id": article.id,
                "url": article.url,
                "title": article.title,
                "outlet": article.outlet_name,
                "authors": article.authors,
                "language": article.language,
                "published_at": article.published_at,
                "first_seen_at": article.first_seen_at,
                "fields": places_of(article.fields | article.about, found.spans),
            }
        )


def _print(answer: _Answer, asked: Asked) -> None:
    console = standard_output()
    for found in answer.page.items:
        print_item(console, _lines(found, coloured=console.is_terminal))
    for said in _summary(answer, asked):
        console.print(Text(said, "dim"), soft_wrap=True)


def _lines(found: Found, *, coloured: bool) -> Iterator[Text]:
    article = found.article
    # The name comes last: a line that begins with Arabic would have its figures turned around.
    head = Text(f"{article.dated.astimezone():%Y-%m-%d %H:%M} · ", "dim")
    yield head.append(one_line(article.outlet_name), "not dim bold cyan")
    title = segments(article.title, found.spans.get("title", ()))
    yield highlighted(title or [Segment("(no title)")], coloured=coloured, style="bold")
    for quote in snippets(article.fields["text"], found.spans.get("text", ()))[:_MOST_QUOTES]:
        yield highlighted(quote, coloured=coloured)
    yield Text(clean(article.url), "blue underline" if coloured else "", no_wrap=True)


def _summary(answer: _Answer, asked: Asked) -> Iterator[str]:
    page = answer.page
    before = (asked.page - 1) * asked.limit
    if page.items:
        shown = f"{before + 1:,} to {before + len(page.items):,}"
        yield f"{shown}{_of_how_many(answer, before)} ({answer.took_s:.2f} s)"
    else:
        yield f"Nothing found{' on this page' if before else ''} ({answer.took_s:.2f} s)"
    if page.stopped:
        yield f"Older articles were not searched for this page; to go on with them: --page {asked.page + 1}"
    elif page.next is not None:
        yield f"More: --page {asked.page + 1}"
    if answer.unread:
        yield unread_in_words(answer.unread)


def _of_how_many(answer: _Answer, before: int) -> str:
    if answer.page.next is None:
        return f" of {before + len(answer.page.items):,}"
    if answer.total is None:
        return "; there are more"
    return f" of {answer.total:,}" if answer.total < MOST_COUNTED else f" of {MOST_COUNTED:,} or more"
