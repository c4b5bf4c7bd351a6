"""Queries and articles as files of JSON Lines (pure): lines, the objects on them, and what articles say.

What cannot be used of a line is `Unusable`, so that one bad line among a million costs itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from monitors.matching import fields_of

MAX_LINE = 32 << 20
"""Bytes of a line. No article is that long, and a file without line ends must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, counted from 1, without its end; None when it is longer than MAX_LINE."""

    number: int
    content: bytes | None


class Unusable(Exception):
    """The message says what is wrong with a line."""


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """The lines that are not blank. Only line feeds end lines: within JSON nothing else has to be escaped."""
    number = 0
    while content := file.readline(MAX_LINE + 1):
        number += 1
        if len(content) > MAX_LINE:
            while content and not content.endswith(b"\n"):
                content = file.readline(MAX_LINE)
            yield Line(number, None)
        elif content.strip():
            yield Line(number, content.removeprefix(b"\xef\xbb\xbf") if number == 1 else content)


def object_on(line: Line) -> dict[str, Any]:
    """The JSON object. Raises `Unusable`."""
    if line.content is None:
        raise Unusable(f"It is longer than {MAX_LINE >> 20} MB.")
    try:
        value = json.loads(line.content.decode(), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise Unusable(f"It is not UTF-8, from byte {error.start + 1} on.") from None
    except json.JSONDecodeError as error:
        raise Unusable(f"It is not JSON: {error.msg} at position {error.pos + 1}.") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, NaN, thousands of brackets
        raise Unusable("It is no JSON that can be read.") from None
    if not isinstance(value, dict):
        raise Unusable('It is not a JSON object: {"id": …}.')
    return value


def article_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """An article as queries ask it. Raises `Unusable`.

    `authors` and `language` do as well as `author` and `lang`: so they are called where Rasid prints articles.
    """
    if "title" not in row and "text" not in row:
        raise Unusable('It has neither a "title" nor a "text".')
    return fields_of(
        text_of(row, "text"),
        title=text_of(row, "title"),
        author=_texts(row, "author") or _texts(row, "authors"),
        tags=_texts(row, "tags"),
        outlet=text_of(row, "outlet"),
        url=text_of(row, "url"),
        lang=text_of(row, "lang") or text_of(row, "language"),
    )


def text_of(row: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    """What stands there, "" for what is missing or null. Raises `Unusable`."""
    value = row.get(key)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise Unusable(f'Its "{key}" is not a string.' if key in row else f'It has no "{key}".')
    return value


def _texts(row: Mapping[str, Any], key: str) -> str | list[str]:
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Unusable(f'Its "{key}" is neither a string nor a list of strings.')
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
