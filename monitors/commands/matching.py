"""Batch matching: `rasid match`."""

from __future__ import annotations

import gzip
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Self, cast

import typer

from monitors.errors import RasidError, UsageError

if TYPE_CHECKING:
    from monitors.batch import Chunk, Complaint, Line
    from monitors.matching import Matcher

_STANDARD = "-"
_A_QUERY = 'A line is for example: {"id": 1, "query": "غزة"}'
_REFRESH_S = 0.1

_HELP = """
Match articles against queries, without a database: JSON Lines in, JSON Lines out.

\b
queries   {"id": 1, "query": "سد النهضة", "match": "normal", "lang": "ar"}
articles  {"id": "a", "title": "…", "text": "…", "url": "…", "outlet": "…",
           "lang": "ar", "tags": ["…"], "author": "…"}
matches   {"query_id": 1, "article_id": "a",
           "fields": {"title": [[0, 9, "سد النهضة"]], "text": []}}

Ids are strings or numbers; an article has a title or a text. "match" is the form of words that have none in the
query: exact, normal or wide. With "lang" a query is met only by articles of that language. Places are [start, end,
what stands there] in code points of the text as it was given; the first hundred of a field. "author" and "tag" are
there if they matched.

A line that cannot be used is reported and skipped, and the exit code is 1. Files that end in .gz are compressed.

\b
rasid match --queries queries.jsonl --articles articles.jsonl.gz -o matches.jsonl
zcat archive-*.gz | rasid match --queries queries.jsonl --articles - | head
"""


def register(app: typer.Typer) -> None:
    app.command("match", help=_HELP)(match)


def match(
    queries: Annotated[str, typer.Option(metavar="FILE", help="Queries as JSON Lines; - is standard input.")],
    articles: Annotated[str, typer.Option(metavar="FILE", help="Articles as JSON Lines; - is standard input.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where matches go.")] = _STANDARD,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that match, for large batches.")] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first line that cannot be used.")] = False,
) -> None:
    from monitors.batch import CHUNK_LINES, Matching, chunked
    from monitors.forking import in_order

    _refuse_confusion(queries, articles, output)
    reports = _Reports(strict)
    with _Input(queries) as given:
        matcher = _matcher_of(given, reports)
    with _Input(articles) as given, _writing(output) as matches, _progress(given, output) as advance:
        chunks = chunked(given.lines(), most=1 if workers == 1 else CHUNK_LINES)
        for chunk in in_order(Matching(matcher, strict), chunks, processes=workers):
            matches.write(chunk.found)
            if output == _STANDARD:  # somebody may be waiting for them
                matches.flush()
            reports.tell(given.called, chunk.complaints)
            advance(chunk)
    if reports.told:
        raise typer.Exit(1)


def _refuse_confusion(queries: str, articles: str, output: str) -> None:
    if queries == articles == _STANDARD:
        raise UsageError("Queries and articles cannot both come from standard input.")
    written = Path(output)
    for given in (queries, articles):
        if _STANDARD not in (given, output) and written.exists() and written.samefile(given):
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


def _matcher_of(given: _Input, reports: _Reports) -> Matcher[str | int | float]:
    from monitors.batch import read_queries
    from monitors.matching import Matcher

    matcher: Matcher[str | int | float] = Matcher()
    reports.tell(given.called, read_queries(given.lines(), matcher))
    if not matcher:
        raise RasidError(
            f"There is no query in {given.called}.", hint='A line is for example: {"id": 1, "query": "غزة"}'
        )
    return matcher


class _Input:
    """A file, or standard input, uncompressed if need be. Raises RasidError for what goes wrong with it."""

    def __init__(self, name: str) -> None:
        self.called = "standard input" if name == _STANDARD else name
        try:
            self._raw = sys.stdin.buffer if name == _STANDARD else Path(name).open("rb")  # noqa: SIM115  # see close
            status = os.fstat(self._raw.fileno())
        except OSError as error:
            raise RasidError(f"{self.called} cannot be read: {error.strerror}.") from None
        self._file = cast(BinaryIO, gzip.GzipFile(fileobj=self._raw)) if _is_gzip(name) else self._raw
        self.bytes = status.st_size if stat.S_ISREG(status.st_mode) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._raw is not sys.stdin.buffer:
            self._raw.close()

    def lines(self) -> Iterator[Line]:
        from monitors.batch import read_lines

        try:
            yield from read_lines(self._file)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise RasidError(f"{self.called} is damaged, or not compressed by gzip.") from None
        except OSError as error:
            raise RasidError(f"{self.called} cannot be read: {error.strerror}.") from None

    def bytes_read(self) -> int:
        """Of the file as it is, compressed or not."""
        return self._raw.tell()


@contextmanager
def _writing(name: str) -> Iterator[BinaryIO]:
    """The file matches go to. When nobody reads on, the command ends without a word."""
    called = "Standard output" if name == _STANDARD else name
    try:
        with ExitStack() as stack:
            if name == _STANDARD:
                yield sys.stdout.buffer
                return
            file = stack.enter_context(Path(name).open("wb"))
            yield (
                cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=file, mode="wb"))) if _is_gzip(name) else file
            )
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still in buffers goes where nobody complains
        raise typer.Exit(1) from None
    except OSError as error:  # what is wrong with the other file has been said in words before
        raise RasidError(f"{called} cannot be written: {error.strerror}.") from None


@contextmanager
def _progress(given: _Input, output: str) -> Iterator[Callable[[Chunk], None]]:
    """A bar on standard error, if a person sees it and it does not stand between matches."""
    if not sys.stderr.isatty() or (output == _STANDARD and sys.stdout.isatty()):
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


def _is_gzip(name: str) -> bool:
    return name.endswith(".gz")
