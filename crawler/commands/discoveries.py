"""What was found at an address, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from crawler.discovery import Discovery, FoundSource, Sample
from monitors.cli import show as say


def print_discovery(found: Discovery) -> None:
    """The outlet, its sources as a table, chosen ones first, and the newest articles as another."""
    outlet = found.outlet
    facts = [f"language {outlet.language}" if outlet.language else "", outlet.country or "", outlet.time_zone or ""]
    say("  ".join(filter(None, [outlet.name, outlet.homepage, ", ".join(filter(None, facts))])))
    say("")
    sources = ("", "SOURCE", "ENTRIES", "TITLES", "DATES", "TEXTS", "ADDRESS", "WHY")
    _print_table([sources, *(_source_row(each) for each in found.found)])
    for note in found.notes:
        say(f"Note: {note}")
    say("")
    articles = ("", "PUBLISHED", "LENGTH", "LANGUAGE", "TITLE", "NOTE")
    _print_table([articles, *(_sample_row(each) for each in found.preview)])


def _source_row(each: FoundSource) -> Sequence[str]:
    numbers = each.numbers
    counts = (numbers.entries, numbers.titled, numbers.dated, numbers.with_text)
    shown = [str(count) if numbers.entries else "-" for count in counts]
    return ("follow" if each.chosen else "leave", each.source.kind.value, *shown, each.source.url, each.reason)


def _sample_row(each: Sample) -> Sequence[str]:
    published = each.published_at.astimezone().strftime("%Y-%m-%d %H:%M") if each.published_at else "no date"
    length = f"{each.characters} letters"
    return ("", published, length, each.language or "unknown", each.title or each.url or "", each.note or "")


def _print_table(rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; the last one ends where it ends."""
    rows = list(rows)
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True) if width]
        say("  ".join(cells).rstrip())
