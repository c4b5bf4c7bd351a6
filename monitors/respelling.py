"""What somebody probably meant whose query finds nothing, if that finds something."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from monitors.articles import Article
from monitors.query.language.limits import MAX_LENGTH
from monitors.query.language.printing import show
from monitors.query.misspelling import likely_meant
from monitors.query.tree import Query
from monitors.searching import Scope, search
from monitors.storage.articles import newest_headlines
from monitors.text.usage import KnownWords, known_words

HEADLINES = 1_000
"""The newest, whose words are known: they are read in about a tenth of a second, measured."""

LOOKED_AT = 50
"""Articles that are looked at for one that counts."""


def newest_words(connection: Connection) -> KnownWords:
    return known_words(newest_headlines(connection, limit=HEADLINES))


def meant_by(
    connection: Connection, query: Query, scope: Scope, counts: Callable[[Article], bool] = lambda _: True
) -> Query | None:
    """None also where the query has no word that could be misspelled, or what was meant is too long to be asked."""
    meant = likely_meant(query, newest_words(connection))
    if meant is None or len(show(meant)) > MAX_LENGTH:
        return None
    page = search(connection, meant, scope, limit=LOOKED_AT)
    return meant if any(counts(found.article) for found in page.items) else None
