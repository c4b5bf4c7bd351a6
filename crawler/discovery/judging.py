"""Which of the sources found are followed: the fewest that list what is new. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.discovery.candidates import Candidate, Failed
from crawler.discovery.measuring import Numbers, Seen, look_at, numbers_of
from crawler.entries import Listing
from crawler.identity import canonicalise
from crawler.web.answers import Fetched
from monitors.outlets import NewSource, SourceKind

STALE = timedelta(days=30)
"""A source that has published nothing for so long is left out while others have."""

MAX_CHOSEN = 8
_ENOUGH = 0.9
_WORTH_A_SOURCE = 0.1
_PREFERRED = (
    SourceKind.WORDPRESS,
    SourceKind.FEED,
    SourceKind.SITEMAP,
    SourceKind.SECTION,
    SourceKind.CHANNEL,
)
"""By what an entry says of its article and how cheaply it is had: whole texts, summaries, titles, bare addresses."""

_WORDY = (SourceKind.WORDPRESS, SourceKind.FEED, SourceKind.CHANNEL)

_TOLD_AGAIN = "tells the same news once more; to be told there as well, add it by its own name"


class Verdict(StrEnum):
    MAIN = "main"
    ADDS = "adds"  # lists what the others do not, or says more of it
    ASKED_FOR = "asked_for"  # the very address that was given, or everything was asked for
    ADDS_NOTHING = "adds_nothing"
    REPEATS = "repeats"  # another one under a second address or in a second format
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source with the verdict on it; `listing` and `answer` are None when it failed. `reason` is in words."""

    source: NewSource
    verdict: Verdict
    reason: str
    numbers: Numbers = field(default_factory=Numbers)
    listing: Listing | None = None
    answer: Fetched | None = None

    @property
    def chosen(self) -> bool:
        return self.verdict in (Verdict.MAIN, Verdict.ADDS, Verdict.ASKED_FOR)


def judge(
    candidates: Sequence[Candidate], failed: Sequence[Failed] = (), *, now: datetime, everything: bool = False
) -> tuple[FoundSource, ...]:
    """The verdicts, the chosen sources first. `everything` chooses whatever is alive and repeats nothing."""
    channels = [each for each in candidates if each.source.kind is SourceKind.CHANNEL]
    if len(channels) == len(candidates):
        found = _judge(candidates, now, everything=everything)
    else:  # its messages have addresses of their own, so they would seem to be other news
        found = _judge([each for each in candidates if each not in channels], now, everything=everything)
        verdict = Verdict.ASKED_FOR if everything else Verdict.REPEATS
        found += [_found(each, verdict, _TOLD_AGAIN) for each in look_at(channels, now)]
    found += [FoundSource(each.source, Verdict.FAILED, each.reason) for each in failed]
    return tuple(sorted(found, key=lambda each: not each.chosen))


def _judge(candidates: Sequence[Candidate], now: datetime, *, everything: bool) -> list[FoundSource]:
    seen = look_at(candidates, now)
    alive = [each for each in seen if not _is_stale(each, seen)]
    distinct, repeats = _without_repeats(sorted(alive, key=_rank))
    chosen = _choose([each for each in distinct if each.candidate.narrow] or distinct)
    listed = frozenset[str]().union(*(each.keys for each in chosen))
    found = [_chosen(each, chosen, now) for each in chosen]
    for each in distinct:
        if each not in chosen:
            verdict = Verdict.ASKED_FOR if everything else Verdict.ADDS_NOTHING
            found.append(_found(each, verdict, _nothing_added(each, listed), adds=len(each.recent - listed)))
    found += [_found(each, Verdict.REPEATS, f"the same articles as {other}") for each, other in repeats]
    found += [_found(each, Verdict.STALE, f"nothing new {_since(each)}") for each in seen if each not in alive]
    return found


def ago(span: timedelta) -> str:
    """«12 minutes ago», «3 days ago»."""
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def _is_stale(each: Seen, seen: Sequence[Seen]) -> bool:
    newest = max((other.newest_at for other in seen if other.newest_at is not None), default=None)
    return newest is not None and each.newest_at is not None and each.newest_at < newest - STALE


def _rank(each: Seen) -> tuple[float, ...]:
    """Smaller is better: kind, then how much its entries say, then how many they are; then the site's own order."""
    numbers = numbers_of(each)
    count = max(1, numbers.entries)
    says = (numbers.titled + numbers.dated + numbers.with_text) / count
    source, answer = each.candidate.source, each.candidate.answer
    return (_PREFERRED.index(source.kind), -round(says, 1), -len(each.keys), answer.url != source.url)


def _without_repeats(ranked: Sequence[Seen]) -> tuple[list[Seen], list[tuple[Seen, str]]]:
    distinct: list[Seen] = []
    repeats: list[tuple[Seen, str]] = []
    for each in ranked:
        other = next((known for known in distinct if _same(each, known)), None)
        if other is None:
            distinct.append(each)
        else:
            repeats.append((each, other.candidate.source.url))
    return distinct, repeats


def _same(one: Seen, other: Seen) -> bool:
    """One source under two addresses, or in two formats (RSS and Atom)."""
    sources = one.candidate.source, other.candidate.source
    if sources[0].kind is not sources[1].kind:
        return False
    return canonicalise(sources[0].url) == canonicalise(sources[1].url) or one.keys == other.keys


def _choose(ranked: Sequence[Seen]) -> list[Seen]:
    """The best source that lists nearly as much of what it could as any, and those that add to it."""
    if not ranked:
        return []
    best = max(each.coverage for each in ranked)
    main = next(each for each in ranked if each.coverage >= _ENOUGH * best)
    # Of a source with gaps nothing is known about the time before its window either: everything recent counts.
    wanted = main.expected if main.coverage >= _ENOUGH else frozenset().union(*(each.recent for each in ranked))
    worth = max(2.0, _WORTH_A_SOURCE * len(wanted)) if main.coverage >= _ENOUGH else 1.0
    chosen = [main]
    missing = wanted - main.keys
    while len(chosen) < MAX_CHOSEN:
        rest = [each for each in ranked if each not in chosen]
        most = max(rest, key=lambda each: len(missing & each.keys), default=None)
        if most is None or len(missing & most.keys) < worth:
            break
        chosen.append(most)
        missing -= most.keys
    return chosen if any(_kind(each) in _WORDY for each in chosen) else [*chosen, *_wordy(ranked)]


def _wordy(ranked: Sequence[Seen]) -> list[Seen]:
    """The feed or collection that lists most: sitemaps and pages have no text for the articles whose page fails."""
    with_words = [each for each in ranked if _kind(each) in _WORDY and each.covered]
    return [max(with_words, key=lambda each: len(each.covered))] if with_words else []


def _kind(each: Seen) -> SourceKind:
    return each.candidate.source.kind


def _chosen(each: Seen, chosen: Sequence[Seen], now: datetime) -> FoundSource:
    place = chosen.index(each)
    before = frozenset[str]().union(*(other.keys for other in chosen[:place]))
    newest = f"; newest {ago(now - each.newest_at)}" if each.newest_at is not None else ""
    if place == 0:
        reason = f"lists {len(each.covered)} of {len(each.expected)} articles since its oldest{newest}"
        return _found(each, Verdict.MAIN, reason)
    adds = len(each.recent - before)
    if not adds:
        return _found(each, Verdict.ADDS, f"has texts for {len(each.covered)} articles{newest}")
    return _found(each, Verdict.ADDS, f"lists {adds} articles that the others do not{newest}", adds=adds)


def _nothing_added(each: Seen, listed: frozenset[str]) -> str:
    adds = len(each.recent - listed)
    if not adds:
        return "lists nothing recent that the chosen ones do not"
    return f"lists only {adds} recent article{'' if adds == 1 else 's'} that the chosen ones do not"


def _since(each: Seen) -> str:
    return f"since {each.newest_at:%Y-%m-%d}" if each.newest_at is not None else "for long"


def _found(each: Seen, verdict: Verdict, reason: str, *, adds: int = 0) -> FoundSource:
    candidate = each.candidate
    return FoundSource(candidate.source, verdict, reason, numbers_of(each, adds), candidate.listing, candidate.answer)
