"""Watchlists as text: the rows of CSV, TOML, JSON Lines and plain lists (pure)."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitors.errors import RasidError
from monitors.json_lines import Line, Unusable, object_on, text_of
from monitors.text.cleaning import one_line
from monitors.watchlists import FileFormat


@dataclass(frozen=True, slots=True)
class Row:
    """A watch as a file says it; `line` is where it begins, from 1. `fault` says why it cannot be told what it is."""

    line: int
    query: str = ""
    watchlist: str = ""
    lang: str = ""
    match: str = ""
    state: str = ""
    fault: str = ""


COLUMNS = ("query", "watchlist", "lang", "match", "state")


def guess_format(text: str) -> FileFormat:
    """What a text without a telling name is: TOML, JSON and CSV announce themselves, the rest is a plain list."""
    text = _with_line_feeds(text)
    if _TABLE.search(text):
        return FileFormat.TOML
    if _OBJECT.match(text):
        return FileFormat.JSONL
    first = next((line for line in text.split("\n") if line.strip()), "")
    if _HINT.fullmatch(f"{first}\n") or first.strip().lower() == "query":
        return FileFormat.CSV
    headers = (_header(first, mark) for mark in _DELIMITERS)
    return FileFormat.CSV if any("query" in known and width > 1 for known, width in headers) else FileFormat.TXT


def read_rows(text: str, form: FileFormat) -> Iterator[Row]:
    """The rows of a file's text. Raises `RasidError` when it is not of this form."""
    text = _with_line_feeds(text)
    match form:
        case FileFormat.CSV:
            return _read_csv(text)
        case FileFormat.TOML:
            return _read_toml(text)
        case FileFormat.JSONL:
            return _read_objects(text)
        case FileFormat.TXT:
            return _read_list(text)


def write_rows(rows: Iterable[Row], form: FileFormat) -> str:
    """The rows as a file that `read_rows` reads back as they are: each on one line, without `lang` and `match`."""
    match form:
        case FileFormat.CSV:
            return _write_csv(rows)
        case FileFormat.TOML:
            return _write_toml(rows)
        case FileFormat.JSONL:
            return _write_objects(rows)
        case FileFormat.TXT:
            return _write_list(rows)


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# CSV. A cell that begins with one of these would be calculated by a spreadsheet; an apostrophe before it makes it text
# there, and is taken off again here. What begins with apostrophes before such a sign gets one more, so that every cell
# comes back as it was. https://owasp.org/www-community/attacks/CSV_Injection

_CALCULATED = re.compile(r"'*[=+\-@\t\r＝＋－＠]")  # full-width signs count in East Asian ones
_DELIMITERS = (",", ";", "\t")
_LONGEST_HEADER = 10_000
_HINT = re.compile("\ufeff?sep=(.)\n")  # what Excel writes for itself
_NAMES = {
    "query": "query queries keyword keywords word words watch term terms search"
    " كلمة كلمات الكلمة الكلمات استعلام الاستعلام بحث البحث",
    "watchlist": "watchlist list group folder قائمة القائمة المجموعة",
    "lang": "lang language لغة اللغة",
    "match": "match form شكل الشكل مطابقة المطابقة",
    "state": "state status حالة الحالة",
}
_COLUMN_OF = {name: column for column, names in _NAMES.items() for name in names.split()}


def _write_csv(rows: Iterable[Row]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("watchlist", "query", "state"))
    writer.writerows([_harmless(cell) for cell in (row.watchlist, row.query, row.state)] for row in rows)
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _CALCULATED.match(cell) else cell


def _read_csv(text: str) -> Iterator[Row]:
    """A file of one column needs no header; of several, the first line names them."""
    at = len(text) - len(text.lstrip("\n"))
    delimiter = ""
    if (hint := _HINT.match(text, at)) is not None:
        delimiter, at = hint[1], hint.end()
    first = text[at:].split("\n", 1)[0]
    delimiter = delimiter or max(_DELIMITERS, key=lambda mark: (len(_header(first, mark)[0]), first.count(mark)))
    columns, width = _header(first, delimiter)
    if "query" in columns:
        at += len(first) + 1
    elif width == 1:
        columns = {"query": 0}
    else:
        raise RasidError(
            f"The first line of the CSV file names no column “query”: {one_line(first)[:100]}",
            hint="Begin it with: watchlist,query,lang,match,state (only query is needed). "
            "For a list with a query on each line, say --format txt.",
        )
    for line, cells in _records(text, at, delimiter):
        if any(map(str.strip, cells[width:])):
            fault = (
                f"It has {len(cells)} cells, of {width}; one with “{delimiter}” in it needs quotation marks around it."
            )
            yield Row(line, delimiter.join(cells), fault=fault)
        elif any(map(str.strip, cells)):
            yield Row(
                line,
                **{name: _unescaped(cells[place].strip()) for name, place in columns.items() if place < len(cells)},
            )


def _header(first: str, delimiter: str) -> tuple[dict[str, int], int]:
    """Known column → its place, and how many columns there are."""
    cells = next(iter(_records(first[:_LONGEST_HEADER], 0, delimiter)), (1, [""]))[1]
    found = ((_COLUMN_OF.get(one_line(cell).casefold()), place) for place, cell in enumerate(cells))
    return {name: place for name, place in reversed(list(found)) if name}, len(cells)


def _records(text: str, at: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each record from `at` on. Lines end with `\\n`.

    Not Python's csv: it takes the quotes off `"سد النهضة" AND مصر`, which nobody has doubled, and after a quote that
    is never closed it reads the rest of the file as one cell. Here a cell is quoted only if its quotes hold all of it.
    """
    mark = re.escape(delimiter)
    cell = re.compile(rf'[ ]*"((?:[^"]|"")*+)"[ ]*(?={mark}|\n|\Z)|([^{mark}\n]*)')
    line = text.count("\n", 0, at) + 1
    cells: list[str] = []
    begun = line
    while at < len(text) or cells:
        found = cell.match(text, at)
        assert found is not None
        quoted, plain = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        line += found[0].count("\n")
        at = found.end()
        if text[at : at + 1] != delimiter:
            yield begun, cells
            cells = []
            line += 1
            begun = line
        at += 1


# TOML. Comments are the person's own; what is written explains itself.

_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*watch[ \t]*\]\]", re.MULTILINE)
_DEEP = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}""")
"""A key of so many parts: no watch has one, and tomllib takes quadratic time for it (10,000 parts: a second)."""
_ABOUT = """\
# Watches of Rasid. `state` is "active" or "paused". By hand you may also write
#   lang = "ar"       only articles in this language
#   match = "exact"   or "normal", or "wide": how much each word of the query answers to
# Read it back with: rasid watch import FILE.toml
"""


def _write_toml(rows: Iterable[Row]) -> str:
    tables = [
        f"\n[[watch]]\nwatchlist = {_toml(row.watchlist)}\nquery = {_toml(row.query)}\nstate = {_toml(row.state)}\n"
        for row in rows
    ]
    return _ABOUT + "".join(tables)


def _toml(text: str) -> str:
    """A basic string. JSON's escapes are all TOML's, and the character JSON leaves raw that TOML does not is DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read_toml(text: str) -> Iterator[Row]:
    if _DEEP.search(text):
        raise RasidError("The file is no TOML file of watches.", hint='Write for each watch: [[watch]] query = "…"')
    try:
        tables = tomllib.loads(text).get("watch", [])
    except (ValueError, RecursionError) as error:
        raise RasidError(f"The file is not valid TOML: {error}.", hint="Correct that line.") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RasidError("The TOML file has no [[watch]] tables.", hint='Write for each watch: [[watch]] query = "…"')
    lines = [text.count("\n", 0, found.start()) + 1 for found in _TABLE.finditer(text)]
    if len(lines) != len(tables):  # written inline: then all that is known is where the file begins
        lines = [1] * len(tables)
    for line, table in zip(lines, tables, strict=True):
        named = {key: str(table[key]) for key in COLUMNS if isinstance(table.get(key), str | int)}
        yield Row(line, **named)


# JSON Lines: an object a line, as `rasid match` reads queries and `rasid watch list --json` prints watches.

_OBJECT = re.compile(r'\s*\[?\s*\{\s*"\w+"\s*:')


def _write_objects(rows: Iterable[Row]) -> str:
    objects = ({"watchlist": row.watchlist, "query": row.query, "state": row.state} for row in rows)
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in objects)


def _read_objects(text: str) -> Iterator[Row]:
    if text.lstrip().startswith("["):
        raise RasidError(
            "The file is one JSON array, not JSON Lines.", hint="Write one object a line, for example with: jq -c '.[]'"
        )
    for number, written in enumerate(text.split("\n"), 1):
        if written.strip():
            try:
                row = object_on(Line(number, written.encode(errors="replace")))
                named = {key: text_of(row, key) for key in COLUMNS[1:]}
                yield Row(number, text_of(row, "query", needed=True), **named)
            except Unusable as error:
                yield Row(number, written, fault=str(error))


# Plain lists: a query on each line, commas and all. A line that begins with # and a space is a comment; two comments
# say what a plain list could not. A query that would be taken for a comment is written with \ before it.

_SAID = re.compile(r"#\s+(watchlist|paused):\s*(.*)")
_COMMENT = re.compile(r"#(\s|$)")


def _write_list(rows: Iterable[Row]) -> str:
    lines: list[str] = []
    watchlist = None
    for row in sorted(rows, key=lambda row: row.watchlist):
        if row.watchlist != watchlist:
            watchlist = row.watchlist
            lines.append(f"# watchlist: {watchlist}")
        query = f"\\{row.query}" if _COMMENT.match(row.query) or row.query.startswith("\\") else row.query
        lines.append(f"# paused: {query}" if row.state == "paused" else query)
    return "".join(f"{line}\n" for line in lines)


def _read_list(text: str) -> Iterator[Row]:
    watchlist = ""
    for number, written in enumerate(text.split("\n"), 1):
        line, state = written.strip(), "active"
        if said := _SAID.fullmatch(line):
            if said[1] == "watchlist":
                watchlist = said[2]
                continue
            line, state = said[2], "paused"
        elif _COMMENT.match(line):
            continue
        if line:
            yield Row(number, line.removeprefix("\\"), watchlist, state=state)
