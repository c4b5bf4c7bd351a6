"""Queries and articles without a database: what notebooks and batches ask.

Which articles a query meets, and where, is what `rasid run` would find: the index is the same.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote, urlsplit

from monitors.alerts import Spans
from monitors.query.explaining import explain as reasons_of
from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.question import Question
from monitors.query.reasons import Reason
from monitors.query.rewriting import with_form
from monitors.query.tree import Field, Form, InField, Phrase, Query, Word, both
from monitors.text.analysis import Keys
from monitors.text.analysis import analyse as read_words

Id = TypeVar("Id", bound=Hashable)

Place = tuple[int, int, str]
"""Where something stands in a text, in code points, and as it stands there: text[start:end]."""

_LANGUAGE = re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FIELD_LINES = "\n"


@dataclass(frozen=True, slots=True)
class Match(Generic[Id]):
    """A query met an article: field name → sorted, disjoint (start, end) in code points of that field.

    `spans` has at most the first hundred places of each field. A tag counts in its own line of all tags.
    """

    id: Id
    spans: Spans
    _fields: Mapping[str, str] = field(repr=False, compare=False)

    @property
    def places(self) -> dict[str, list[Place]]:
        """The spans with what stands there."""
        return places_of(self._fields, self.spans)

    @property
    def words(self) -> tuple[str, ...]:
        """What matched, as it stands in the article; each spelling once, in the order of reading."""
        found = (surface for places in self.places.values() for _, _, surface in places)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text as matching sees it: its place, and the keys that it answers to, its own first."""

    text: str
    start: int
    end: int
    keys: Keys


class Matcher(Generic[Id]):
    """Many queries by ids of any hashable kind, asked of one article after the other.

    Adding and removing take effect at once and take microseconds, however many queries there are. Use it from one
    thread at a time. `form` is what words have that name none: "exact", "normal" or "wide".
    """

    def __init__(
        self, queries: Mapping[Id, str] | Iterable[tuple[Id, str]] = (), *, form: Form | str = Form.NORMAL
    ) -> None:
        self._index = QueryIndex()
        self._form = Form(form)
        self._numbers: dict[Id, int] = {}
        self._ids: dict[int, Id] = {}
        self._next = 0
        for name, query in queries.items() if isinstance(queries, Mapping) else queries:
            self.add(name, query)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __iter__(self) -> Iterator[Id]:
        """The ids, in the order in which they were first added."""
        return iter(self._numbers)

    def add(self, name: Id, query: str | Query, *, form: Form | str | None = None, lang: str | None = None) -> None:
        """Adds a query, or changes the one of this id. Raises QueryError for one that cannot be understood.

        With `lang` (a code like "ar") it is met only by articles that are said to be in that language.
        """
        tree = asked(query, form=form or self._form, lang=lang)
        number = self._numbers.get(name, self._next)
        self._index.add(number, tree)
        if number == self._next:
            self._next += 1
            self._numbers[name], self._ids[number] = number, name

    def remove(self, name: Id) -> None:
        """Forgets the query. Raises KeyError when there is none of this id."""
        number = self._numbers.pop(name)
        del self._ids[number]
        self._index.remove(number)

    def match(
        self,
        text: str = "",
        *,
        title: str = "",
        author: str | Iterable[str] = (),
        tags: str | Iterable[str] = (),
        outlet: str = "",
        url: str = "",
        lang: str = "",
    ) -> list[Match[Id]]:
        """The queries that the article meets, in the order in which they were added."""
        return self.match_fields(
            fields_of(text, title=title, author=author, tags=tags, outlet=outlet, url=url, lang=lang)
        )

    def match_fields(self, fields: Mapping[str, str]) -> list[Match[Id]]:
        """As `match`, of an article as `fields_of` gives it."""
        return [Match(self._ids[found.watch_id], found.spans, fields) for found in self._index.match(fields)]


def asked(query: str | Query, *, form: Form | str = Form.NORMAL, lang: str | None = None) -> Query:
    """The query with the form for words that name none, and with the language. QueryError, or ValueError for those."""
    tree = with_form(parse(query) if isinstance(query, str) else query, Form(form))
    if lang is None:
        return tree
    if not _LANGUAGE.fullmatch(lang):
        raise ValueError(f"{lang!r} is not a language's code such as 'ar' or 'pt-BR'")
    parts = tuple(map(Word, lang.split("-")))
    return both([tree, InField(Field.LANG, parts[0] if len(parts) == 1 else Phrase(parts))])


def fields_of(
    text: str = "",
    *,
    title: str = "",
    author: str | Iterable[str] = (),
    tags: str | Iterable[str] = (),
    outlet: str = "",
    url: str = "",
    lang: str = "",
) -> dict[str, str]:
    """An article as queries ask it: what is empty is left out, several authors or tags are one a line.

    An outlet answers to its name and to the host of the address.
    """
    fields = {
        Field.TITLE: title,
        Field.TEXT: text,
        Field.AUTHOR: _lines(author),
        Field.TAG: _lines(tags),
        Field.OUTLET: _lines(filter(None, (outlet, _host(url)))),
        Field.URL: unquote(url),
        Field.LANG: lang,
    }
    return {name.value: value for name, value in fields.items() if value}


def find(query: str | Query, text: str, *, lang: str = "") -> list[Place]:
    """Where the query is met in the text; empty when it is not met."""
    fields = fields_of(text, lang=lang)
    spans = Question(asked(query)).spans(fields) or {}
    return places_in(text, spans.get(Field.TEXT, ()))


def explain(
    query: str | Query,
    text: str = "",
    *,
    title: str = "",
    author: str | Iterable[str] = (),
    tags: str | Iterable[str] = (),
    outlet: str = "",
    url: str = "",
    lang: str = "",
) -> Reason:
    """Why the article meets the query, or does not: a tree of reasons, `.lines()` of which a person can read."""
    return reasons_of(
        asked(query), fields_of(text, title=title, author=author, tags=tags, outlet=outlet, url=url, lang=lang)
    )


def words(text: str) -> list[Token]:
    """The words of a text, and what each answers to. «عبدالله» and the like are several, with one place."""
    read = read_words(text)
    return [
        Token(text[start:end], start, end, keys) for (start, end), keys in zip(read.spans, read.tokens, strict=True)
    ]


def places_in(text: str, spans: Iterable[tuple[int, int]]) -> list[Place]:
    return [(start, end, text[start:end]) for start, end in spans]


def places_of(fields: Mapping[str, str], spans: Spans) -> dict[str, list[Place]]:
    """The spans of each field with what stands there."""
    return {name: places_in(fields[name], places) for name, places in spans.items()}


def _lines(values: str | Iterable[str]) -> str:
    return values if isinstance(values, str) else _FIELD_LINES.join(values)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
