"""What a watch really asks: its own query, without what its watchlist excludes (pure)."""

from __future__ import annotations

from monitors.errors import QueryError, UsageError
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.tree import And, Or, Phrase, Query, Word, both, negation, words_of


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


def without(query: str, word: str) -> str:
    """The query for articles without this word, as its owner wrote it if that can stand. Raises `QueryError`."""
    wanted = both([parse(query), negation(parse(word))])
    for written in (f"{query} -{word}", f"({query}) -{word}"):
        if _says(written, wanted):
            return written
    written = show(wanted)
    parse(written)  # it may be too long to be read again
    return written


def with_again(query: str, word: str) -> str | None:
    """The query before `without` took the word out of it; None if it does not leave it out by itself."""
    base = query.removesuffix(f" -{word}")
    for written in (base[1:-1], base):
        if base != query and _is_query(written) and without(written, word) == query:
            return written
    tree, gone = parse(query), negation(parse(word))
    if not isinstance(tree, And) or gone not in tree.parts:
        return None
    return show(both([part for part in tree.parts if part != gone]))


def _is_query(written: str) -> bool:
    try:
        parse(written)
    except QueryError:
        return False
    return True


def _says(written: str, wanted: Query) -> bool:
    return _is_query(written) and parse(written) == wanted
