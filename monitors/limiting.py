"""What a watch really asks: its own query, without what its watchlist excludes (pure)."""

from __future__ import annotations

from monitors.errors import UsageError
from monitors.query.language.grammar import parse
from monitors.query.tree import Or, Phrase, Query, Word, both, negation, words_of


def asked_of(query: str, excluding: str | None) -> Query:
    """The query and not `excluding`, as index, archive and explanations ask it. Raises `QueryError`."""
    asked = parse(query)
    return asked if excluding is None else both([asked, negation(parse(excluding))])


def exclusions(written: str) -> str:
    """Words and phrases to be excluded, one a line or with commas between them, as a query.

    They are asked with every watch of a list, so they must cost next to nothing. Raises `UsageError` for anything
    else, and for more than a query may hold.
    """
    query = ", ".join(filter(None, (line.strip().strip(",،") for line in written.split("\n"))))
    tree = parse(query)
    for part in tree.parts if isinstance(tree, Or) else (tree,):
        if not isinstance(part, Word | Phrase) or any(word.prefix for word in words_of(part)):
            raise UsageError("Only words and phrases can be excluded from a whole watchlist.")
    return query
