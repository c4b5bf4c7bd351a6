"""How much of the time late watches get while articles wait for the others (pure)."""

from __future__ import annotations

from dataclasses import dataclass

TENTH = 0.1
"""Of the time that others take: so nobody waits longer than that much longer, and late watches do not wait for ever."""

AT_ONCE_S = 0.02
"""What they get when nothing waits, between two looks at what has come."""

_MOST_SAVED_S = 1.0


@dataclass(slots=True)
class Share:
    """What late watches have saved up while others had the time, in seconds; less than 0 when they took too much."""

    saved_s: float = 0.0

    def after(self, others_s: float, *, more_wait: bool) -> float:
        """What they may take now that others took so long; 0 when it is not their turn. `more_wait`: other articles."""
        if not more_wait:
            self.saved_s = 0.0
            return AT_ONCE_S
        self.saved_s = min(self.saved_s + TENTH * others_s, _MOST_SAVED_S)
        return max(0.0, self.saved_s)

    def took(self, seconds: float) -> None:
        self.saved_s -= seconds
