"""Why a chat's watches met an article or did not, and what that came to (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitors.alerts import Spans, words_at
from monitors.articles import Article, ArticleState, Version
from monitors.errors import QueryError
from monitors.limiting import asked_of
from monitors.pauses import Pause, pause_at, pause_within
from monitors.query.explaining import explain
from monitors.query.reasons import Lack, Reason
from monitors.watchlists import Watch


class Fate(StrEnum):
    """What one watch and one article have come to."""

    MATCHED = "matched"  # it was recorded
    WAITING = "waiting"  # it is met; the article is being decided
    SILENT = "silent"  # it is met; the article was recorded in silence
    PAUSED = "paused"  # it is met, and rested when the article, or a version of it, was decided, or rests now
    LIMITED = "limited"  # it would be met, and its watchlist looks at other outlets or languages
    LATER = "later"  # it is met; it was added, resumed or changed after the article was decided
    UNTAKEN = "untaken"  # it is met; nobody who could be told took its watchlist when the article was decided
    UNRECORDED = "unrecorded"  # it is met by the article as it is now, and was not when that was decided
    UNREADABLE = "unreadable"  # this Rasid does not understand it
    MISSED = "missed"


_OPEN = frozenset({Fate.WAITING, Fate.SILENT, Fate.LATER, Fate.UNTAKEN, Fate.UNRECORDED})
"""What a watch may come to that is met and was not recorded."""


@dataclass(frozen=True, slots=True)
class WatchFate:
    """`reason` is of the article as it is now; None for a watch that is unreadable. `version` and `words` are of the
    match that was recorded; `reworded` says that the watch as it is now would not have found them. `distance` is how
    far a missed watch is from being met: 0 to 1, 1 having nothing of it. `pause` is the one that kept its chat from
    being told.
    """

    watch: Watch
    fate: Fate
    reason: Reason | None = None
    version: int | None = None
    words: tuple[str, ...] = ()
    reworded: bool = False
    distance: float = 1.0
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """A match that was recorded (storage/traces.py)."""

    watch: Watch
    spans: Spans
    version: int


def fates_of(
    article: Article,
    earlier: Sequence[Version],
    standing: Sequence[Watch],
    recorded: Sequence[Met],
    *,
    decided_at: datetime | None,
    owed: bool = False,
    elsewhere: Collection[int] = (),
    taken: Mapping[int, Sequence[Pause]] | None = None,
) -> list[WatchFate]:
    """The fate of every watch, those first that were met, then the missed ones, nearest first.

    `standing` are the chat's own watches; of others it takes only what was `recorded` counts. `owed` while late watches
    have yet to be asked. `elsewhere` are watchlists that look at other outlets or languages; `taken` are the pauses of
    those that the chat takes, for itself.
    """
    texts = {version.number: version.fields for version in earlier} | {article.version: article.fields}
    matched = {met.watch.id: met for met in recorded}
    own = {watch.id for watch in standing}
    others = [met.watch for met in recorded if met.watch.id not in own]
    fields = {**article.fields, **article.about}
    pauses = taken or {}
    found = [
        _fate(
            watch, article, fields, matched.get(watch.id), texts, decided_at, owed, pauses.get(watch.watchlist_id, ())
        )
        for watch in (*others, *standing)
    ]
    found = [
        replace(each, fate=Fate.LIMITED) if each.watch.watchlist_id in elsewhere and each.fate in _OPEN else each
        for each in found
    ]
    return sorted(found, key=lambda each: (list(Fate).index(each.fate), each.distance, each.watch.id))


def _fate(
    watch: Watch,
    article: Article,
    fields: Mapping[str, str],
    met: Met | None,
    texts: Mapping[int, Mapping[str, str]],
    decided_at: datetime | None,
    owed: bool,
    paused: Sequence[Pause],
) -> WatchFate:
    try:
        tree = asked_of(watch.query, watch.excluding)
    except QueryError:
        tree = None
    reason = None if tree is None else explain(tree, fields)
    if met is not None:
        text = {**fields, **texts.get(met.version, {})}
        words = words_at(met.spans, text)
        then = reason if tree is None or met.version == article.version else explain(tree, text)
        pause = pause_at(paused, decided_at)
        return WatchFate(watch, Fate.MATCHED, reason, met.version, words, not _finds(then, words), pause=pause)
    if reason is None:
        return WatchFate(watch, Fate.UNREADABLE)
    if not reason.held:
        return WatchFate(watch, Fate.MISSED, reason, distance=_distance(reason))
    fate, pauses = _unmatched(watch, article, decided_at, owed), (*watch.pauses, *paused)
    pause = None if article.state is ArticleState.ARCHIVED else pause_at(pauses, decided_at)
    if pause is None and fate is Fate.UNRECORDED:  # an earlier version had it, while the watch rested
        pause = pause_within(pauses, article.first_seen_at, decided_at)
    return WatchFate(watch, fate if pause is None else Fate.PAUSED, reason, pause=pause)


def _unmatched(watch: Watch, article: Article, decided_at: datetime | None, owed: bool) -> Fate:
    """Why a watch that the article meets was not recorded."""
    if article.state is ArticleState.PENDING:
        return Fate.WAITING
    if article.state is ArticleState.ARCHIVED:
        return Fate.SILENT
    changed_at = watch.state_since or watch.created_at
    if decided_at is not None and changed_at > decided_at:
        return Fate.LATER
    if owed:
        return Fate.WAITING
    return Fate.UNTAKEN if article.version == 1 else Fate.UNRECORDED


def _finds(reason: Reason | None, words: Iterable[str]) -> bool:
    """Whether what was found then is found still."""
    return (
        reason is not None and reason.held and {word for each in reason.words.values() for word in each} >= set(words)
    )


def _distance(reason: Reason) -> float:
    """How much of a query stands in its way, of all its leaves."""
    leaves = sum(1 for _ in _leaves(reason))
    return min(1.0, sum(map(_weight, reason.culprits)) / max(1, leaves))


def _weight(culprit: Reason) -> float:
    """Guessed: what is there in another form or place is half missed, what is partly there a little more."""
    if culprit.miss is None:  # it is there, and must not be
        return 0.5
    return {Lack.NOTHING: 1.0, Lack.PARTLY: 0.75}.get(culprit.miss.lack, 0.5)


def _leaves(reason: Reason) -> Iterator[Reason]:
    if not reason.parts:
        yield reason
    for part in reason.parts:
        yield from _leaves(part)
