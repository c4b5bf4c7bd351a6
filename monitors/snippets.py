"""The words around a match (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Places = Sequence[tuple[int, int]]
"""(start, end) offsets in code points."""

AROUND = 110
MOST_SNIPPETS = 3
MOST_POINTS = 700
LEAD = 240
"""How much is shown around a match, of how many matches, in all, and of a text without one. Code points."""


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    matched: bool = False


def united(all_places: Iterable[Places], length: int) -> list[tuple[int, int]]:
    """The places of several watches as sorted, disjoint ones within a text of this length."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(place for places in all_places for place in places):
        start, end = max(first, 0), min(last, length)
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def segments(text: str, places: Places, start: int = 0, end: int | None = None) -> list[Segment]:
    """text[start:end] as matched and other pieces; `places` sorted and disjoint."""
    end = len(text) if end is None else end
    found: list[Segment] = []
    at = start
    for place in places:
        first, last = max(place[0], at), min(place[1], end)
        if first >= last:
            continue
        found += [Segment(text[at:first]), Segment(text[first:last], matched=True)]
        at = last
    found.append(Segment(text[at:end]))
    return [segment for segment in found if segment.text]


def snippets(text: str, places: Places) -> list[list[Segment]]:
    """What to quote of a text: the surroundings of its first matches, or its beginning; "…" where it is cut."""
    windows = _windows(text, places) if places else [(0, _word_end(text, min(LEAD, len(text))))]
    return [
        [
            *([Segment("… ")] if start > 0 else []),
            *segments(text, places, start, end),
            *([Segment(" …")] if end < len(text.rstrip()) else []),
        ]
        for start, end in windows
        if text[start:end].strip()
    ]


def _windows(text: str, places: Places) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for first, last in places:
        after = min(last, first + AROUND) + AROUND  # a phrase match can be long
        start, end = _word_start(text, max(first - AROUND, 0)), _word_end(text, min(after, len(text)))
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        elif len(windows) == MOST_SNIPPETS:
            break
        else:
            windows.append((start, end))
        if sum(end - start for start, end in windows) >= MOST_POINTS:
            break
    return windows


def _word_start(text: str, at: int) -> int:
    """The beginning of the first whole word from here on, if one begins soon."""
    if at == 0 or text[at - 1].isspace():
        return at
    for index in range(at, min(at + 40, len(text))):
        if text[index].isspace():
            return index + 1
    return at


def _word_end(text: str, at: int) -> int:
    """The end of the last whole word up to here, if one ends nearby."""
    if at >= len(text) or text[at].isspace():
        return at
    for index in range(at - 1, max(at - 40, 0), -1):
        if text[index].isspace():
            return index
    return at
