"""What can go wrong in a way a person can act on.

Every error says *what* is wrong, *where*, and *what to do*; the command line and the bot show exactly these
words, never a traceback. What happens every day (not modified, refused, try later) is a value, not an exception.
"""

from __future__ import annotations


class RasidError(Exception):
    """The root of everything Rasid raises on purpose.

    `what` is one sentence for the person concerned, `hint` what to do about it. `exit_code` is what the command
    line ends with: 1 for a failure, 2 for a command or query that cannot be understood.
    """

    exit_code = 1

    def __init__(self, what: str, *, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}" if self.hint else self.what


class UsageError(RasidError):
    """A command was given something it cannot mean."""

    exit_code = 2


class ConfigError(RasidError):
    """A setting is unknown, malformed or contradicts another."""


class StorageError(RasidError):
    """The database cannot be opened, is not ours, or needs an upgrade."""


class DatabaseAway(StorageError):
    """The database does not answer now: gone, full or too busy. The same work may well succeed when it is tried again.

    Cut off while it was committed, it may also have been done.
    """


class AlreadyRunning(StorageError):
    """Another Rasid holds this database."""


class QueryError(UsageError):
    """A watch or search cannot be understood.

    `position` is the offset in code points where reading stopped making sense, 0 ≤ position ≤ len(query).
    `code` names the mistake for translation; `what` is its English sentence. `understood` is the part that could be
    read, and `suggestion` a whole query that can be, and is probably meant; None when there is none.
    """

    def __init__(
        self,
        what: str,
        *,
        query: str,
        position: int,
        code: str,
        hint: str | None = None,
        understood: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(what, hint=hint)
        self.query = query
        self.position = position
        self.code = code
        self.understood = understood
        self.suggestion = suggestion


class QuotaReached(UsageError):
    """There is as much of something as there may be."""


class Overburdened(UsageError):
    """The watches of a chat would together ask too much of every article."""


class NotFound(UsageError):
    """The outlet, watchlist or watch somebody named does not exist."""


class OutletError(RasidError):
    """An address cannot be followed: unreachable, refused, or nothing there lists articles."""
