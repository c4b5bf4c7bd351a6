"""What `rasid match` does."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, cast

import typer

from monitors.batch import CHUNK_LINES, Chunk, Complaint, Matching, chunked, read_queries
from monitors.commands.line_files import LineFile, is_gzip
from monitors.errors import RasidError, UsageError
from monitors.files import STANDARD, standard_output
from monitors.forking import in_order
from monitors.matching import Matcher

_REFRESH_S = 0.1


def match_files(queries: str, articles: str, output: str, *, workers: int, strict: bool) -> None:
    """Writes the matches. Exit code 1 when a line could not be used."""
    _refuse_confusion(queries, articles, output)
    reports = _Reports(strict)
    with LineFile(queries) as given:
        matcher = _matcher_of(given, reports)
    with LineFile(articles) as given, _writing(output) as matches, _progress(given, output) as advance:
        chunks = chunked(given.lines(), most=1 if workers == 1 else CHUNK_LINES)
        for chunk in in_order(Matching(matcher, strict), chunks, processes=workers):
            matches.write(chunk.found)
            if output == STANDARD:  # somebody may be waiting for them
                matches.flush()
            reports.tell(given.called, chunk.complaints)
            advance(chunk)
    if reports.told:
        raise typer.Exit(1)


def _refuse_confusion(queries: str, articles: str, output: str) -> None:
    if queries == articles == STANDARD:
        raise UsageError("Queries and articles cannot both come from standard input.")
    written = Path(output)
    for given in (queries, articles):
        if STANDARD not in (given, output) and written.exists() and written.samefile(given):
            raise UsageError(f"{output} is read; matches cannot be written to it.")


class _Reports:
    """Tells of lines that cannot be used, or stops at the first."""

    def __init__(self, strict: bool) -> None:
        self._strict = strict
        self.told = 0

    def tell(self, file: str, complaints: Iterable[Complaint]) -> None:
        for complaint in complaints:
            self.told += 1
            said = f"{file}, line {complaint.line}: {complaint.what}"
            if self._strict:
                raise RasidError(said)
            typer.echo(f"rasid: {said}", err=True)


def _matcher_of(given: LineFile, reports: _Reports) -> Matcher[str | int | float]:
    matcher: Matcher[str | int | float] = Matcher()
    reports.tell(given.called, read_queries(given.lines(), matcher))
    if not matcher:
        hint = 'A line is for example: {"id": 1, "query": "غزة"}'
        raise RasidError(f"There is no query in {given.called}.", hint=hint)
    return matcher


@contextmanager
def _writing(name: str) -> Iterator[BinaryIO]:
    """The file matches go to. When nobody reads on, the command ends without a word."""
    called = "Standard output" if name == STANDARD else name
    try:
        with ExitStack() as stack:
            if name == STANDARD:
                yield standard_output()
                return
            file = stack.enter_context(Path(name).open("wb"))
            yield (
                cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=file, mode="wb"))) if is_gzip(name) else file
            )
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still in buffers goes where nobody complains
        raise typer.Exit(1) from None
    except OSError as error:  # what is wrong with the other file has been said in words before
        raise RasidError(f"{called} cannot be written: {error.strerror}.") from None


@contextmanager
def _progress(given: LineFile, output: str) -> Iterator[Callable[[Chunk], None]]:
    """A bar on standard error, if a person sees it and it does not stand between matches."""
    if not sys.stderr.isatty() or (output == STANDARD and sys.stdout.isatty()):
        yield lambda chunk: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[articles]:,} articles, {task.fields[matches]:,} matches"),
        *((BarColumn(), TaskProgressColumn(), TimeRemainingColumn()) if given.bytes else ()),
    )
    counted: dict[str, Any] = {"articles": 0, "matches": 0}
    shown_at = 0.0
    # No thread of its own, for the processes that match are forks.
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False, auto_refresh=False) as progress:
        bar = progress.add_task("", total=given.bytes, **counted)

        def advance(chunk: Chunk) -> None:
            nonlocal shown_at
            counted["articles"] += chunk.articles
            counted["matches"] += chunk.matches
            if monotonic() - shown_at >= _REFRESH_S:
                shown_at = monotonic()
                progress.update(bar, completed=given.bytes_read() if given.bytes else None, refresh=True, **counted)

        yield advance
        progress.update(bar, completed=given.bytes, refresh=True, **counted)
