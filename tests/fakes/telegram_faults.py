"""Faults of our fake Bot API, to order."""

from __future__ import annotations

import fnmatch
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram_rules import Refusal

EXECUTED = ("hang_after", "reset_after", "bad_gateway_after", "garbage_after")
"""Faults that strike after the message was accepted: the bot cannot know."""
NOT_EXECUTED = ("hang_before", "reset_before", "bad_gateway", "refuse")


@dataclass(slots=True)
class Fault:
    method: str
    how: str
    times: int
    chat_id: int | None
    refusal: Refusal | None


class Faults:
    """`struck` counts how often each kind has."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.struck: Counter[str] = Counter()

    def fail(
        self,
        method: str,
        how: str,
        *,
        times: int = 1,
        chat_id: int | None = None,
        code: int = 400,
        description: str = "",
        **parameters: Any,
    ) -> None:
        """The next `times` calls (-1: all) of the method, which may end in a star, fail this way: one of EXECUTED or
        NOT_EXECUTED."""
        assert how in EXECUTED + NOT_EXECUTED
        refusal = Refusal(code, description, **parameters) if how == "refuse" else None
        self._faults.append(Fault(method, how, times, chat_id, refusal))

    def heal(self) -> None:
        self._faults.clear()

    def _fault_for(self, method: str, arguments: dict[str, Any]) -> Fault | None:
        for fault in self._faults:
            named = fnmatch.fnmatchcase(method, fault.method)
            if named and fault.chat_id in (None, arguments.get("chat_id")) and fault.times:
                fault.times -= 1
                self.struck[fault.how] += 1
                return fault
        return None
