"""Spans brought together: of several words in one field, and of several parts in all fields."""

from __future__ import annotations

from collections.abc import Iterable

from monitors.alerts import Spans


def disjoint(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans sorted, those that overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def together(found: Iterable[Spans]) -> Spans:
    """What all of them cover, field by field."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for each in found:
        for field, places in each.items():
            spans.setdefault(field, []).extend(places)
    return {field: disjoint(places) for field, places in spans.items()}
