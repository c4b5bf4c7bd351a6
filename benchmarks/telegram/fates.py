"""What became of alerts, by the messages that were accepted: each has its number in its title, N00042N."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.words.composing import repeat_mark
from bot.words.language import voice

Alert = tuple[int, int]
"""A Telegram chat, and the number of what it is told."""

_NUMBER = re.compile(r"N(\d{5})N")
_MARK = repeat_mark(voice("ar"))[0]


@dataclass(frozen=True, slots=True)
class Told:
    """An accepted message."""

    chat_id: int
    text: str

    @property
    def marked(self) -> bool:
        return _MARK in self.text

    def alerts(self) -> Iterator[Alert]:
        """Those that it tells, by itself or together."""
        return ((self.chat_id, number) for number in dict.fromkeys(map(int, _NUMBER.findall(self.text))))


@dataclass(frozen=True, slots=True)
class Fates:
    """How often each alert was told with a mark and without one, and how many came after a younger one of their chat.

    An alert that shares its message with others was told together.
    """

    plain: dict[Alert, int]
    marked: dict[Alert, int]
    together: set[Alert]
    late: int

    def lost(self, alerts: Collection[Alert]) -> list[Alert]:
        return sorted(set(alerts) - self.plain.keys() - self.marked.keys())

    @property
    def repeated_unmarked(self) -> list[Alert]:
        return sorted(alert for alert, times in self.plain.items() if times > 1)

    @property
    def most_copies(self) -> int:
        alerts = self.plain.keys() | self.marked.keys()
        return max((self.plain.get(alert, 0) + self.marked.get(alert, 0) for alert in alerts), default=0)


def title(number: int, words: str) -> str:
    return f"N{number:05}N {words}"


def fates(messages: Sequence[Told], held: Collection[Alert] = ()) -> Fates:
    """`held` are alerts that were held back, and may come after younger ones."""
    found = Fates({}, {}, set(), 0)
    late, latest, known = 0, dict[int, int](), set[Alert]()
    for message in messages:
        alerts = list(message.alerts())
        if len(alerts) > 1:
            found.together.update(alerts)
        times = found.marked if message.marked else found.plain
        for alert in alerts:
            times[alert] = times.get(alert, 0) + 1
            if alert not in known and alert not in held:
                known.add(alert)
                chat_id, number = alert
                late += number < latest.get(chat_id, -1)
                latest[chat_id] = max(number, latest.get(chat_id, -1))
    return Fates(found.plain, found.marked, found.together, late)
