"""How many watches a chat may have, and how much they may ask of every article (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from monitors.errors import Overburdened, UsageError
from monitors.query.burdens import Burden, Burdens
from monitors.watchlists import MOST_WATCHES, NewWatch, Watch

_IN_WORDS = {
    Burden.REGEX: "regular expressions",
    Burden.PREFIX: "words with a star",
    Burden.NEAR: "words joined to others by NEAR",
    Burden.SOME: "parts in lists of which some are asked",
}


@dataclass(frozen=True, slots=True)
class NoRoom:
    """A watch that a chat may not have besides those it has, and of what it would ask too much; None: of nothing, but
    there are as many watches, or as many watchlists (`lists`), as it may have.
    """

    watch: NewWatch
    burden: Burden | None = None
    lists: bool = False

    def error(self, most: int | None) -> UsageError:
        """What is said of it in a chat that may have `most` watches."""
        if self.lists:
            return UsageError(
                f"There is no room for another watchlist: {self.watch.watchlist}",
                hint="Delete one, or raise limits.watchlists_per_chat.",
            )
        if self.burden is None:
            return UsageError(
                f"There is no room: a chat may have {most} watches.",
                hint="Remove one, or raise limits.watches_per_chat.",
            )
        allowed = burdens((), most).most(self.burden)
        return Overburdened(
            f"All watches together may have {allowed:.0f} {_IN_WORDS[self.burden]}; with this one there were more.",
            hint="Remove one of them, or ask for words and phrases.",
        )


def burdens(held: Sequence[Watch], most: int | None) -> Burdens:
    """What the watches of a chat burden articles with. One that may have more than usual may burden them with more."""
    quotas = inf if most is None else max(most / MOST_WATCHES, 1)
    return Burdens([watch.query for watch in held], quotas)
