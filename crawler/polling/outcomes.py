"""What polls leave behind on their source's row. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.polling.asking import Document, Unchanged, Unreadable
from crawler.scheduling import Pace, ServerWord, after_closure, after_failure, after_success, freshness_s
from crawler.web.answers import Fetched, FetchFailed, NotModified
from monitors.outlets import DocumentWord, Moved, Poll, PollReason, Source, Validators
from monitors.rates import learn

MOVED_TIMES = 3
MOVED_FOR = timedelta(days=2)
"""A permanent redirect is taken at its word after so many answers over so long."""


@dataclass(frozen=True, slots=True)
class Yield:
    """What a document brought: when the entries it showed first were published (None: it does not say)."""

    appeared: Sequence[datetime | None]
    new: bool
    known: bool
    """Something of it was known to the outlet before."""
    whole: bool
    """Nothing of it was left to the next poll."""


def unchanged(source: Source, seen: Unchanged, *, unconditional: bool, pace: Pace) -> Poll:
    at = seen.answer.fetched_at
    rate = learn(source.rate, (), now=at) if source.rate is not None else None
    due = after_success(source, now=at, word=_word(seen.answer, source.ttl_s), pace=pace, rate=rate)
    return Poll(
        source_id=source.id,
        polled_at=at,
        next_poll_at=due.at,
        reason=due.reason,
        asked_s=due.asked_s,
        validators=seen.validators,
        unconditional=unconditional,
        rate=rate if rate is not source.rate else None,
        document=_same_word(source, seen.answer),
    )


def success(source: Source, document: Document, brought: Yield, *, unconditional: bool, pace: Pace) -> Poll:
    """After a document that was read.

    With entries left over, or cut off by its server, it is not to be "not modified" next time. If the very same bytes
    come again, the document is like that, and its validators are as good as any.
    """
    at, listing = document.answer.fetched_at, document.listing
    rate = learn(source.rate, list(brought.appeared), now=at)
    ttl_s = float(listing.ttl_s or 0)
    due = after_success(source, now=at, word=_word(document.answer, ttl_s), pace=pace, rate=rate)
    return Poll(
        source_id=source.id,
        polled_at=at,
        next_poll_at=due.at,
        reason=due.reason,
        asked_s=due.asked_s,
        validators=Validators() if listing.cut else document.validators if brought.whole else None,
        body_hash=document.body_hash if brought.whole else None,
        parts=document.parts if brought.whole and (document.parts or source.parts) else None,
        unconditional=unconditional,
        rate=rate if rate is not source.rate else None,
        ttl_s=ttl_s,
        new_at=at if brought.new else None,
        document=_word_of(source, document, brought),
    )


def postponed(source: Source, answer: FetchFailed, *, now: datetime) -> Poll:
    """The source is due again when its host may be asked again. It has not failed, so it does not back off."""
    due = after_closure(now, answer.retry_after_s)
    return Poll(source_id=source.id, polled_at=now, next_poll_at=due.at, reason=due.reason, postponed=True)


def failure(source: Source, problem: FetchFailed | Unreadable, *, now: datetime, pace: Pace) -> Poll:
    """Puts the failure and the next attempt on the source's row."""
    strike = isinstance(problem, Unreadable) and problem.strike
    retry_after_s = problem.retry_after_s if isinstance(problem, FetchFailed) else None
    gone = isinstance(problem, FetchFailed) and problem.gone
    due = after_failure(source, now=now, pace=pace, retry_after_s=retry_after_s, strike=strike)
    return Poll(
        source_id=source.id,
        polled_at=now,
        next_poll_at=due.at,
        reason=PollReason.GONE if gone else due.reason,
        succeeded=False,
        error=problem.reason,
        strike=strike,
        gone=gone,
    )


def _word_of(source: Source, document: Document, brought: Yield) -> DocumentWord | None:
    lying = document.held and brought.new
    if document.body_hash is None or not isinstance(document.answer, Fetched):  # only parts of it were read
        return DocumentWord(source.hub, source.topic, source.moved, lying=True) if lying else None
    moved, url = moved_to(source, document.answer, shares_identity=brought.known)
    return DocumentWord(document.listing.hub, document.listing.topic, moved, url, lying)


def _same_word(source: Source, answer: Fetched | NotModified) -> DocumentWord | None:
    """Of a document we had: only where it is can have changed. A 304 does not say by which way it came."""
    if not isinstance(answer, Fetched):
        return None
    moved, url = moved_to(source, answer, shares_identity=True)
    return DocumentWord(source.hub, source.topic, moved, url) if (moved, url) != (source.moved, None) else None


def moved_to(source: Source, answer: Fetched, *, shares_identity: bool) -> tuple[Moved | None, str | None]:
    """The permanent redirect (301, 308) the document was found behind, and the address to ask from now on.

    A redirect is believed when it has led to the same place for days, again and again, and there is something there
    that we know: sites send everything to their home page when they are repaired, and to an advertisement when they
    are hijacked.
    """
    to, at = answer.permanent_url, answer.fetched_at
    if to is None or to == source.url:
        return None, None
    before = source.moved if source.moved is not None and source.moved.url == to else Moved(to, at, 0)
    moved = replace(before, times=before.times + 1)
    believed = moved.times >= MOVED_TIMES and at - moved.since >= MOVED_FOR and shares_identity
    return (None, to) if believed else (moved, None)


def _word(answer: Fetched | NotModified, ttl_s: float | None) -> ServerWord:
    return ServerWord(freshness_s(answer.headers, answer.fetched_at), ttl_s or 0.0, answer.crawl_delay_s)
