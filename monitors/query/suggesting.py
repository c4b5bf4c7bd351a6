"""What somebody probably meant whose query cannot be read."""

from __future__ import annotations

from monitors.errors import QueryError


def suggestion_for(error: QueryError) -> str | None:
    return None


def understood_of(error: QueryError) -> str | None:
    return None
