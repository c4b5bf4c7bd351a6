"""Why a source is polled next when it is, in words."""

from __future__ import annotations

from monitors.outlets import PollReason, Source


def why(source: Source, *, interval_s: float) -> str:
    """For the person who asks."""
    if not source.active:
        return f"never: {_never(source)}"
    if source.last_polled_at is None:
        return "at once: it has never been polled"
    gap = span((source.next_poll_at - source.last_polled_at).total_seconds())
    if source.failures and source.poll_reason is not PollReason.RETRY_AFTER:
        return f"{gap} after the last attempt: {_trouble(source)}"
    match source.poll_reason:
        case PollReason.RATE:
            return f"after {gap}: it publishes {_volume(source)}, and all sources share crawl.budget"
        case PollReason.CEILING:
            return f"after {gap}: it publishes {_volume(source)}, and nothing is left alone for longer"
        case PollReason.FRESHNESS:
            return f"after {gap}: its server says that an answer holds at least so long (Cache-Control or Expires)"
        case PollReason.TTL:
            return f"after {gap}: the document says that it holds at least so long (ttl)"
        case PollReason.ROBOTS:
            return f"after {gap}: its robots.txt asks for pauses (Crawl-delay)"
        case PollReason.RETRY_AFTER:
            return f"{gap} after the last attempt: the server asked to be left alone until then"
    return f"every {span(interval_s)}: the interval set by crawl.min_interval"


def span(seconds: float) -> str:
    """A length of time for a person: "45 s", "5 min", "1.5 h", "3 days"."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def _never(source: Source) -> str:
    if source.poll_reason is PollReason.GONE:
        return "the server says that it is gone for good"
    return "its outlet is paused, or not followed any more"


def _trouble(source: Source) -> str:
    if source.poll_reason is PollReason.QUARANTINE:
        return f"its documents could not be read safely, {source.strikes} times in a row"
    times = "once" if source.failures == 1 else f"{source.failures} times in a row"
    return f"it has failed {times}"


def _volume(source: Source) -> str:
    per_day = source.rate.per_day if source.rate is not None else 0.0
    return f"about {per_day:.2g} articles a day" if per_day >= 0.1 else "hardly anything"
