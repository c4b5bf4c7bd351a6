"""What discovery gives back, and the same as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from crawler.discovery.judging import FoundSource
from crawler.discovery.preview import Sample
from monitors.outlets import NewOutlet, NewSource


@dataclass(frozen=True, slots=True)
class Discovery:
    """`found` are the sources that were looked at, the chosen ones first; `preview` at most five articles, newest
    first; `notes` are in words, for the person who asked.
    """

    outlet: NewOutlet
    found: tuple[FoundSource, ...]
    preview: tuple[Sample, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def chosen(self) -> list[FoundSource]:
        return [each for each in self.found if each.chosen]

    @property
    def sources(self) -> list[NewSource]:
        return [each.source for each in self.chosen]


def as_rows(found: Discovery) -> dict[str, Any]:
    """The discovery as JSON can hold it, for a table, a bot or `--json`.

    `{"name", "homepage", "language", "country", "time_zone", "sources": […], "preview": […], "notes": […]}`. A source
    is `{"url", "kind", "chosen", "verdict", "reason", "entries", "titled", "dated", "with_text", "covered", "of",
    "adds", "newest_at"}`, an article `{"title", "url", "published_at", "characters", "language", "note"}`. Times are
    ISO 8601 in UTC.
    """
    return {
        **asdict(found.outlet),
        "sources": [_source_row(each) for each in found.found],
        "preview": [
            {**asdict(each), "published_at": each.published_at.isoformat() if each.published_at else None}
            for each in found.preview
        ],
        "notes": list(found.notes),
    }


def _source_row(each: FoundSource) -> dict[str, Any]:
    numbers = asdict(each.numbers)
    newest_at = each.numbers.newest_at
    return {
        "url": each.source.url,
        "kind": each.source.kind.value,
        "chosen": each.chosen,
        "verdict": each.verdict.value,
        "reason": each.reason,
        **numbers,
        "newest_at": newest_at.isoformat() if newest_at is not None else None,
    }
