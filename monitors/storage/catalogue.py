"""The catalogue as rows, so that whoever does not know the crawler can search it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select

from monitors.catalogue import CatalogueEntry, Leaning
from monitors.countries import country_names
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import catalogue
from monitors.storage.upserts import insert
from monitors.text.names import name_words, search_words

_MARK = "catalogue"
_FORMAT = "2"
"""Of the rows: a change of `search_words` or of the columns makes this another, and the rows are written anew."""

_COUNTRY = " / "
"""Between the words of the names and those of the country's; no word has a slash."""


def mirror_is_current(connection: Connection, content_hash: str) -> bool:
    """Whether the rows are those of the files with this hash."""
    return mark_of(connection, _MARK) == _mark(content_hash)


def mirror(connection: Connection, entries: Sequence[CatalogueEntry], *, content_hash: str) -> None:
    """Makes the rows those of the entries, in their order."""
    rows = [_values(entry, position) for position, entry in enumerate(entries)]
    connection.execute(delete(catalogue).where(catalogue.c.key.not_in([row["key"] for row in rows])))
    statement = insert(connection, catalogue)
    columns = [column.name for column in catalogue.columns if column.name != "key"]
    new = {name: statement.excluded[name] for name in columns}
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=new), rows)
    set_mark(connection, _MARK, _mark(content_hash))


def search_catalogue(
    connection: Connection, text: str = "", *, country: str | None = None, language: str | None = None
) -> list[CatalogueEntry]:
    """The entries whose names, key or host have words that begin with all words of the text; best first.

    A country's name finds its outlets too, after those that are called so. Whole words come before beginnings, then the
    catalogue's own order. Without a text: all of the country (ISO 3166) and language (`fr` is any French).
    """
    wanted = name_words(text)
    if text.strip() and not wanted:
        return []
    statement = select(catalogue).order_by(catalogue.c.position)
    for word in wanted:
        statement = statement.where(catalogue.c.words.like(f"% {word}%"))
    if country is not None:
        statement = statement.where(catalogue.c.country == country.upper())
    if language is not None:
        tag = language.lower()
        column = func.lower(catalogue.c.language)
        statement = statement.where(or_(column == tag, column.startswith(f"{tag}-", autoescape=True)))
    rows = connection.execute(statement).all()
    return [_entry(row) for row in sorted(rows, key=lambda row: _strangeness(row.words, wanted))]


def catalogue_entry(connection: Connection, key: str) -> CatalogueEntry | None:
    row = connection.execute(select(catalogue).where(catalogue.c.key == key)).one_or_none()
    return _entry(row) if row is not None else None


def catalogue_countries(connection: Connection) -> list[tuple[str, int]]:
    """Each country (ISO 3166) with the number of its outlets, in the catalogue's order."""
    rows = connection.execute(
        select(catalogue.c.country, func.count().label("outlets"))
        .group_by(catalogue.c.country)
        .order_by(func.min(catalogue.c.position))
    )
    return [(row.country, row.outlets) for row in rows]


def _strangeness(words: str, wanted: Sequence[str]) -> int:
    """How many of the words are not whole words of the names."""
    names = words.partition(_COUNTRY)[0] + " "
    return sum(f" {word} " not in names for word in wanted)


def _mark(content_hash: str) -> str:
    return f"{_FORMAT}:{content_hash}"


def _values(entry: CatalogueEntry, position: int) -> dict[str, Any]:
    return {
        "key": entry.key,
        "position": position,
        "name": entry.name,
        "name_ar": entry.name_ar,
        "homepage": entry.homepage,
        "host": entry.host,
        "country": entry.country,
        "leaning": entry.leaning,
        "language": entry.language,
        "time_zone": entry.time_zone,
        "verified": entry.verified,
        "words": _words(entry),
    }


def _words(entry: CatalogueEntry) -> str:
    names = search_words(entry.name, entry.name_ar, entry.key, *entry.also, *entry.host.split(".")[:-1])
    country = search_words(*(name for language in ("en", "ar") for name in country_names(entry.country, language)))
    return f"{names.rstrip()}{_COUNTRY}{country.lstrip()}"


def _entry(row: Row[Any]) -> CatalogueEntry:
    return CatalogueEntry(
        key=row.key,
        name=row.name,
        name_ar=row.name_ar,
        homepage=row.homepage,
        country=row.country,
        language=row.language,
        time_zone=row.time_zone,
        leaning=Leaning(row.leaning) if row.leaning else None,
        verified=row.verified,
    )
