"""Watchlists as files: CSV for spreadsheets, TOML for people, JSON Lines for programs, plain lists (pure)."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from monitors.errors import QueryError, UsageError
from monitors.matching import asked
from monitors.query.language.grammar import parse
from monitors.query.language.limits import MAX_LENGTH
from monitors.query.language.mistakes import Mistake, refusal
from monitors.query.language.printing import show
from monitors.query.tree import Form, Query
from monitors.text.cleaning import clean, one_line
from monitors.watch_formats import Row, guess_format, read_rows, write_rows
from monitors.watchlists import DEFAULT_WATCHLIST, FileFormat, NewWatch, Watch, WatchState

K = TypeVar("K")

MAX_BYTES = 10_000_000
"""Longest file that is read; ten thousand queries of the greatest length."""
FORMATS = {**{form.value: form for form in FileFormat}, "tsv": FileFormat.CSV, "ndjson": FileFormat.JSONL}
"""By how names of files end."""

_NO_TEXT = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
)
LONGEST_NAME = 100
"""Of a watchlist, in code points."""
_LONGEST_WRITTEN = 10_000
"""Of a query before it is cleaned: with marks and invisible signs more than it may have, and not an endless line."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that gives no watch, and why. Plain lists have no columns, but may name their watchlist."""

    line: int
    column: str | None
    query: str
    error: UsageError

    @property
    def reason(self) -> str:
        return self.error.what

    @property
    def suggestion(self) -> str | None:
        """What to write instead, if that can be told."""
        return (self.error.suggestion if isinstance(self.error, QueryError) else None) or self.error.hint


@dataclass(frozen=True, slots=True)
class WatchFile:
    """What a file holds: watches with their lines, and rows that are none. `unplaced` name no watchlist."""

    watches: tuple[tuple[int, NewWatch], ...]
    bad: tuple[BadRow, ...]
    unplaced: int = 0


def as_typed(query: str) -> str:
    """The query cleaned and on one line; lines stand for the items of a list, so a comma takes their place."""
    return ", ".join(filter(None, map(one_line, clean(query).split("\n"))))


def watchlist_name(written: str) -> str:
    """The name on one line; of none, that of the default watchlist. Raises `UsageError` for one that is too long."""
    # One that is far too long is not even cleaned: a plain list names it once, for each of its thousands of lines.
    name = (one_line(written) if len(written) <= 10 * LONGEST_NAME else written) or DEFAULT_WATCHLIST
    if len(name) > LONGEST_NAME:
        raise UsageError(f"The watchlist's name has {len(name)} characters; {LONGEST_NAME} are allowed.")
    return name


def read_watches(
    content: bytes, form: FileFormat | None, *, watchlist: str = DEFAULT_WATCHLIST, explained: int | None = None
) -> WatchFile:
    """The watches of a file; those that name no watchlist go to this one. Without a form it is guessed.

    Raises `RasidError` for a file that is not of this form at all; single rows that cannot be used are told instead,
    and of the first so many (None: of all) what they probably meant.
    """
    text = decoded(content)
    good: list[tuple[int, NewWatch]] = []
    bad: list[BadRow] = []
    unplaced = 0
    form = form or guess_format(text)
    for row in read_rows(text, form):
        try:
            explaining = explained is None or len(bad) < explained
            good.append((row.line, _watch_of(row, watchlist, explaining=explaining)))
            unplaced += not row.watchlist
        except _Unusable as unusable:
            named = form is not FileFormat.TXT or unusable.column == "watchlist"
            column = unusable.column if named else None
            bad.append(BadRow(row.line, column, row.query[:_LONGEST_WRITTEN], unusable.error))
    return WatchFile(tuple(good), tuple(bad), unplaced)


def format_called(name: str) -> FileFormat | None:
    """The form that the name of a file says."""
    return FORMATS.get(name.rpartition(".")[2].lower()) if "." in name else None


def format_to_read(name: str) -> FileFormat | None:
    """The same of a file to be read: .txt is said of anything, as of the tab-separated files of spreadsheets."""
    form = format_called(name)
    return None if form is FileFormat.TXT else form


def is_text(content: bytes) -> bool:
    """Whether a file may be text: not a spreadsheet's own format, an archive, a picture or the like."""
    if content.startswith(_NO_TEXT):
        return False
    text = decoded(content[:4000])
    return sum(not letter.isprintable() and not letter.isspace() for letter in text) * 100 <= len(text)


def write_watches(watches: Iterable[Watch], form: FileFormat) -> str:
    """The watches as a file that `read_watches` reads back as they are."""
    rows = (Row(0, as_typed(watch.query), watch.watchlist, state=watch.state.value) for watch in watches)
    return write_rows(rows, form)


def file_of(watches: Iterable[Watch], form: FileFormat) -> bytes:
    """The same as bytes. Spreadsheets take a CSV file for one in an old encoding unless it begins with the mark."""
    return write_watches(watches, form).encode("utf-8-sig" if form is FileFormat.CSV else "utf-8")


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with or without their marks, else Windows-1256, as old Arabic sheets are.

    A few broken bytes do not make UTF-8 something else: U+FFFD stands for them.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:1000]:  # no text but UTF-16 has them
        little = content[1:1000:2].count(0) > content[:1000:2].count(0)
        return content.decode("utf-16-le" if little else "utf-16-be", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", "replace")
        letters = sum(not letter.isascii() for letter in text)
        return text if text.count("\ufffd") * 10 < letters else content.decode("cp1256")


# What a row says, as a watch

_FORMS = {
    **dict.fromkeys(("exact", "=", "دقيق", "حرفي"), Form.EXACT),
    **dict.fromkeys(("", "normal", "عادي"), Form.NORMAL),
    **dict.fromkeys(("wide", "~", "واسع", "موسع"), Form.WIDE),
}
_STATES = {
    **dict.fromkeys(("", "active", "on", "yes", "نشط", "مفعل"), WatchState.ACTIVE),
    **dict.fromkeys(("paused", "off", "no", "موقوف", "متوقف"), WatchState.PAUSED),
}


class _Unusable(Exception):
    """What is wrong in one column of a row; None: in the row as a whole."""

    def __init__(self, column: str | None, error: UsageError) -> None:
        super().__init__(error.what)
        self.column = column
        self.error = error


@contextmanager
def _reading(column: str | None) -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        raise _Unusable(column, error) from None


def _watch_of(row: Row, watchlist: str, *, explaining: bool) -> NewWatch:
    """Raises `_Unusable`."""
    with _reading(None):
        if row.fault:
            raise UsageError(row.fault)
    with _reading("query"):
        query = _query_of(row)
    with _reading("match"):
        form = _known(_FORMS, row.match, "is no way to match", "Write exact, normal or wide.")
    with _reading("state"):
        state = _known(_STATES, row.state, "is no state of a watch", "Write active or paused.")
    with _reading("watchlist"):
        name = watchlist_name(row.watchlist or watchlist)
    with _reading("query"):
        tree = parse(query, suggesting=explaining)
    with _reading("lang"):
        meant = _in_language(tree, form, row.lang)
    if meant != tree:
        query = show(meant)
        with _reading("query"):
            parse(query, suggesting=explaining)  # it may have become too long
    return NewWatch(query, name, state)


def _query_of(row: Row) -> str:
    if len(row.query) > _LONGEST_WRITTEN:
        raise refusal(Mistake.TOO_LONG, row.query[:_LONGEST_WRITTEN], MAX_LENGTH, len(row.query))
    if "\ufffd" in row.query:
        raise UsageError("Part of this line cannot be read as text.", hint="Save the file as UTF-8 and try again.")
    query = as_typed(row.query)
    if not query:
        raise UsageError("There is no query in this line.")
    return query


def _known(names: Mapping[str, K], written: str, what: str, hint: str) -> K:
    found = names.get(written.strip().casefold())
    if found is None:
        raise UsageError(f"“{one_line(written)}” {what}.", hint=hint)
    return found


def _in_language(tree: Query, form: Form, lang: str) -> Query:
    try:
        return asked(tree, form=form, lang=lang.strip().lower() or None)
    except ValueError:
        raise UsageError(
            f"“{one_line(lang)}” is no code of a language.", hint="Write a code such as ar, en or fa."
        ) from None
