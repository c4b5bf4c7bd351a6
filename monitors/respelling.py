"""What somebody probably meant whose query finds nothing, if that finds something."""

from __future__ import annotations

from sqlalchemy import Connection

from monitors.query.misspelling import known_words, likely_meant
from monitors.query.tree import Query
from monitors.searching import Scope, search
from monitors.storage.articles import newest_headlines

HEADLINES = 1_000
"""The newest, whose words are known: they are read in about a tenth of a second, measured."""


def meant_by(connection: Connection, query: Query, scope: Scope) -> Query | None:
    """None also where the query has no word that could be misspelled."""
    meant = likely_meant(query, known_words(newest_headlines(connection, limit=HEADLINES)))
    return meant if meant is not None and search(connection, meant, scope, limit=1).items else None
