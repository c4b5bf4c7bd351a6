"""What histories are about: articles, watches, chats, and what is on its way to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from monitors.alerts import Delivery
from monitors.storage.engine import Database
from monitors.subscriptions import MuteKind
from monitors.watchlists import Watch
from tests.monitors.histories.owing import Reader, Reading
from tests.newsroom import report, sentences
from tests.rows import NOW

P = ParamSpec("P")
T = TypeVar("T")

QUERIES = ("بغداد", "النفط", "الموصل")
LEADS = {1: "بغداد", 2: "بغداد النفط", 3: "الموصل", 4: ""}
"""How a report begins, by its number."""
GROUP, SUPERGROUP, PERSON = -7, -1007, 8
KEPT = timedelta(days=7)
OPEN = ["held", "pending", "sending", "uncertain"]


class OneTransaction(Database):
    """A database whose transactions are all part of one, which is never committed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return work(self._connection, *args, **kwargs)

    read_now = write_now

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return work(self._connection, *args, **kwargs)

    read = write


@dataclass(frozen=True, slots=True)
class Words:
    """What an article says: a report, with a sentence more for some of the queries, or less."""

    number: int
    besides: frozenset[int] = frozenset()
    shortened: bool = False

    @property
    def fields(self) -> dict[str, str]:
        text = sentences(self.number, 15)[: 11 if self.shortened else 15]
        more = [f"{QUERIES[query]} {sentences(100 + query, 1)[0]}" for query in sorted(self.besides)]
        return report([*filter(None, [LEADS[self.number]]), *text, *more])

    @property
    def meets(self) -> frozenset[int]:
        return self.besides | {query for query, word in enumerate(QUERIES) if word in LEADS[self.number].split()}


@dataclass(slots=True)
class Article:
    id: int
    outlet: int
    number: int
    said: list[Words]
    judged: int = 0
    decided_at: datetime = NOW


@dataclass(slots=True)
class Slot:
    """A watch; another one may stand in its place when it is gone."""

    watch: Watch
    owner: int
    list_id: int
    standing: bool = True
    removed_at: datetime | None = None


@dataclass(slots=True)
class WatchedList:
    id: int
    owner: int
    paused: bool = False
    removed_at: datetime | None = None


@dataclass(slots=True)
class Place:
    """A chat. `takes` says of lists and outlets whether that rests; `messages` are the articles of those that can be
    changed, by their numbers, None where somebody has deleted one."""

    telegram_id: int
    reader: Reader = field(default_factory=Reader)
    lists: dict[int, bool] = field(default_factory=dict)
    outlets: dict[int, bool] = field(default_factory=dict)
    messages: dict[tuple[int, int], Reading | None] = field(default_factory=dict)
    said: int = 0
    lost: bool = False
    mutes: dict[tuple[MuteKind, int | None], datetime | None] = field(default_factory=dict)


@dataclass(slots=True)
class Sending:
    delivery: Delivery
    place: Place
    reading: Reading | None
    is_let_out: bool
