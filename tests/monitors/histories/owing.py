"""What a chat is owed and what it has read, kept by whoever publishes and whoever reads, and by no row of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from monitors.alerts import Alert, Digest


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says, in articles (ids): the one that it tells, those that a digest lists, and those that it names
    as the same. `at` is when that was read of the rows; `watches` are those that it names."""

    at: int
    own: int | None = None
    listed: frozenset[int] = frozenset()
    also: frozenset[int] = frozenset()
    watches: frozenset[int] = frozenset()
    marked: bool = False

    @property
    def alone(self) -> frozenset[int]:
        return self.listed if self.own is None else self.listed | {self.own}

    @property
    def all(self) -> frozenset[int]:
        return self.alone | self.also


def reading_of(subject: object, articles: Callable[[str], int], *, at: int, repeats: int) -> Reading | None:
    """`articles` knows them by their addresses. None for what tells no article."""
    if isinstance(subject, Alert):
        also = frozenset(articles(one.url) for one in subject.also)
        watches = frozenset(watch.watch_id for watch in subject.watches)
        return Reading(at, own=subject.article_id, also=also, watches=watches, marked=repeats > 0)
    if isinstance(subject, Digest):
        items = [item for section in subject.sections for item in section.items]
        urls = [url for item in items for url in (item.url, *(one.url for one in item.also))]
        assert len(urls) == len(set(urls))
        return Reading(at, listed=frozenset(map(articles, urls)), marked=subject.repeats > 0)
    return None


@dataclass(frozen=True, slots=True)
class Told:
    """When it was told last; `by` the message of which article, if it was only added there."""

    at: int
    by: int | None = None


@dataclass(slots=True)
class Reader:
    """A chat: what it was `told`, and what it is `owed`, an article for a watch (None: for its outlet), since when;
    `met` are all watches that it ever was owed an article for. `met_more` and `edited` say when an article last did or
    was, and `stood` which watches looked for something when its message was last made; `listed` are those that the
    operator has to tell it of."""

    owed: dict[tuple[int, int | None], int] = field(default_factory=dict)
    told: dict[int, Told] = field(default_factory=dict)
    met: dict[int, set[int | None]] = field(default_factory=lambda: defaultdict(set))
    met_more: dict[int, int] = field(default_factory=dict)
    edited: dict[int, int] = field(default_factory=dict)
    stood: dict[int, frozenset[int]] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)

    def is_owed(self, article: int, watch: int | None, *, at: int) -> None:
        self.owed[article, watch] = at
        self.met[article].add(watch)

    def reads(self, reading: Reading, *, instead_of: Reading | None = None) -> None:
        """A message that arrived, or one that is changed."""
        if instead_of is None and not reading.marked:
            for article in reading.alone & self.told.keys():
                assert self._may_come_again(article), f"article {article} is told twice without a mark"
        if instead_of is not None:
            self._misses(instead_of, reading)
        self.told |= {article: Told(reading.at, reading.own) for article in reading.also}
        self.told |= {article: Told(reading.at) for article in reading.alone}
        self.listed -= reading.all
        for article, watch in [owed for owed, since in self.owed.items() if since < reading.at]:
            named = article in reading.also and watch in reading.watches
            if article in reading.alone or named:
                del self.owed[article, watch]

    def _misses(self, before: Reading, now: Reading) -> None:
        """What the message does not say any more, and no other one says, is owed again to whoever still wants it."""
        assert now.own is not None
        stood = self.stood.get(now.own, frozenset())
        for article in before.also:
            still_named = now.watches if article in now.also else frozenset()
            if self.told[article].by == now.own and article not in self.listed:
                for watch in self.met[article] & before.watches & stood - still_named:
                    self.owed[article, watch] = before.at

    def _may_come_again(self, article: int) -> bool:
        """It has met more since, or was added to a message whose article says something else since."""
        last = self.told[article]
        let_go = last.by is not None and self.edited.get(last.by, 0) > last.at
        return let_go or self.met_more.get(article, 0) > last.at

    def forgives(self, articles: Iterable[int]) -> None:
        """What nobody needs to tell any more."""
        gone = set(articles)
        self.owed = {owed: since for owed, since in self.owed.items() if owed[0] not in gone}

    def is_listed(self, articles: Iterable[int]) -> None:
        """They were to be told by themselves, and are the operator's now, whatever they were added to before."""
        self.forgives(articles)
        self.listed.update(articles)
