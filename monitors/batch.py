"""Batches: queries and articles as JSON Lines in, matches as JSON Lines out, one article at a time.

Nothing here opens a file. What cannot be used of a line is a complaint with its number, never an exception, so that
one bad line among a million costs itself.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

from monitors.errors import QueryError
from monitors.json_lines import Line, Unusable, article_fields, object_on, text_of
from monitors.matching import Matcher
from monitors.query.tree import READ, Field, Form

CHUNK_LINES = 128
"""Worth handing to another process: some tens of milliseconds of work."""
CHUNK_BYTES = 1 << 20

_SOMETIMES = (Field.AUTHOR, Field.TAG)
_FORMS = tuple(form.value for form in Form)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a line cannot be used, in words."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """What some lines of articles came to: JSON Lines of `matches` matches, and complaints in the order of lines."""

    found: bytes
    articles: int
    matches: int
    complaints: tuple[Complaint, ...]


_encode = json.JSONEncoder(ensure_ascii=False).encode


def read_queries(lines: Iterable[Line], matcher: Matcher[str | int | float]) -> Iterator[Complaint]:
    """Adds the queries of these lines to the matcher; a complaint for each that cannot be."""
    for line in lines:
        try:
            _add_query(object_on(line), matcher)
        except Unusable as error:
            yield Complaint(line.number, str(error))


def chunked(lines: Iterable[Line], *, most: int = CHUNK_LINES) -> Iterator[list[Line]]:
    """The lines in portions: at most so many, and no more than what reaches CHUNK_BYTES."""
    chunk: list[Line] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line.content or b"")
        if len(chunk) >= most or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


@dataclass(frozen=True, slots=True)
class Matching:
    """Matches lines of articles. In `strict` matching a chunk ends at its first complaint."""

    matcher: Matcher[str | int | float]
    strict: bool = False

    def __call__(self, lines: Sequence[Line]) -> Chunk:
        found: list[str] = []
        complaints: list[Complaint] = []
        articles = 0
        for line in lines:
            try:
                article = object_on(line)
                found += _matches(article, self.matcher)
                articles += 1
            except Unusable as error:
                complaints.append(Complaint(line.number, str(error)))
                if self.strict:
                    break
        # A lone surrogate has no bytes in UTF-8; backslashreplace writes it as JSON escapes it.
        encoded = "".join(found).encode("utf-8", "backslashreplace")
        return Chunk(encoded, articles, len(found), tuple(complaints))


def _add_query(row: Mapping[str, Any], matcher: Matcher[str | int | float]) -> None:
    name = _id(row)
    if name in matcher:
        raise Unusable(f"Another query has the id {_encode(name)}.")
    query = text_of(row, "query", needed=True)
    form = row.get("match")
    if form is not None and form not in _FORMS:
        raise Unusable(f'"match" is one of {", ".join(_FORMS)}.')
    try:
        matcher.add(name, query, form=form, lang=text_of(row, "lang") or None)
    except QueryError as error:
        meant = f" Did you mean: {error.suggestion}" if error.suggestion else ""
        raise Unusable(f"{error}{meant}") from None
    except ValueError:
        raise Unusable('"lang" is the code of a language, such as "ar".') from None


def _matches(row: Mapping[str, Any], matcher: Matcher[str | int | float]) -> list[str]:
    """A line for each query that the article meets."""
    name = _encode(_id(row))
    fields = article_fields(row)
    return [
        f'{{"query_id": {_encode(match.id)}, "article_id": {name}, "fields": {_places(fields, match.spans)}}}\n'
        for match in matcher.match_fields(fields)
    ]


def _places(fields: Mapping[str, str], spans: Mapping[str, Sequence[tuple[int, int]]]) -> str:
    """Title and text in any case, authors and tags when something of them matched.

    Written by hand, for this is most of a batch's output: three times as fast as json.dumps of the same.
    """
    names = [*READ, *(name for name in _SOMETIMES if name in spans)]
    shown = [f'"{name}": [{_shown(fields, name, spans.get(name, ()))}]' for name in names]
    return f"{{{', '.join(shown)}}}"


def _shown(fields: Mapping[str, str], name: str, spans: Sequence[tuple[int, int]]) -> str:
    if not spans:
        return ""
    text = fields[name]
    return ", ".join([f"[{start}, {end}, {encode_basestring(text[start:end])}]" for start, end in spans])


def _id(row: Mapping[str, Any]) -> str | int | float:
    name = row.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | float):
        raise Unusable('Its "id" is missing, or neither a string nor a number.')
    if isinstance(name, float) and not math.isfinite(name):
        raise Unusable('Its "id" is a number too large.')
    return name
