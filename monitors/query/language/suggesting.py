"""What somebody probably meant whose query cannot be read, and how much of it could be.

A repair is a guess for one kind of mistake, on the text as typed. Repairs are made one after the other until the
query can be read; whatever cannot be read in the end is not suggested.
"""

from __future__ import annotations

from monitors.errors import QueryError
from monitors.query.language.limits import MAX_LENGTH
from monitors.query.language.mistakes import Mistake
from monitors.query.language.printing import show
from monitors.query.language.reading import read
from monitors.query.language.repairing import repaired
from monitors.query.tree import Query

_MOST_REPAIRS = 5  # more has nothing to do with what was typed, and reading 500 characters takes milliseconds

_NEVER_CLOSED = (Mistake.UNCLOSED_PARENTHESIS, Mistake.UNCLOSED_QUOTE, Mistake.UNCLOSED_BRACE)


def suggestion_for(error: QueryError) -> str | None:
    """A whole query that can be read, in the person's own spelling; None when there is no good guess."""
    mended = _mended(error.query, error)
    return mended[0] if mended else None


def understood_of(error: QueryError) -> str | None:
    """What stands before the mistake (or after it, where something was never closed), in plain spelling."""
    typed = error.query[:MAX_LENGTH]
    if error.code not in _NEVER_CLOSED:
        typed = typed[: error.position]
    mended = _mended(typed)
    return show(mended[1]) if mended else None


def _mended(query: str, error: QueryError | None = None) -> tuple[str, Query] | None:
    """The query with its mistakes repaired, and what it says then."""
    for _ in range(_MOST_REPAIRS):
        if error is not None:
            better = repaired(error)
            if better is None or better == query or len(better) > MAX_LENGTH:
                return None
            query = better
        try:
            return query, read(query)
        except QueryError as next_error:
            error = next_error
    return None
