"""A back-test on the terminal, and as JSON (pure).

A terminal orders mixed text by itself, so numbers and what is English stand first in a line, what may be Arabic last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.text import Text

from monitors.backtesting import BROAD, BackTest, Caution, Example, Gain
from monitors.highlighting import highlighted
from monitors.matching import places_of
from monitors.query.language.describing import describe
from monitors.query.language.printing import show as plainly
from monitors.query.widening import Step
from monitors.snippets import segments, snippets
from monitors.text.cleaning import one_line
from monitors.watchlists import Watch

_BAR = 40
"""Blocks of the longest bar."""
_MOST_LINES = 62
"""Days that have a line each; of longer times weeks do."""
_WORDS = 10

_CAUTIONS = {
    Caution.CANNOT_BE_MET: "No article can meet it: it asks for what it rules out.",
    Caution.FINDS_NOTHING: "It finds nothing. Look at the wider queries, or for a slip of the keyboard.",
    Caution.TOO_BROAD: f"It is broad: more than {BROAD} articles a day. Add a word it must contain, or NOT.",
    Caution.ONLY_OLD: "It finds only what is old: nothing in the second half of this time.",
}


def lines(result: BackTest, watches: Mapping[int, Watch], *, coloured: bool) -> Iterator[str | Text]:
    yield f"looking for: {describe(result.query)}"
    yield from _chart(result)
    yield _sum(result)
    for caution in result.cautions:
        yield f"! {_CAUTIONS[caution]}"
    if result.meant is not None:
        yield f"Did you mean: {plainly(result.meant)}"
    if result.words:
        yield from ("", "by these words")
        yield from (f"{count:>6}  {surface}" for surface, count in result.words[:_WORDS])
        if len(result.words) > _WORDS:
            yield f"        and {len(result.words) - _WORDS} more"
    for example in result.examples:
        yield ""
        yield from _example(example, coloured=coloured)
    if gains := [gain for gain in result.gains if gain.more]:
        since = f" since {result.gains_since:%Y-%m-%d}" if result.gains_since else ""
        yield from ("", f"wider queries would find more{since}")
        yield from (f"{f'+{gain.more}':>6}  {_gain(gain)}" for gain in gains)
    if result.overlaps:
        yield from ("", "watches that find it already")
        for overlap in result.overlaps:
            watch = watches[overlap.watch_id]
            share = "same" if overlap.same else f"{overlap.share:.0%}"
            yield f"{share:>6}  no. {watch.id}: {watch.query}"


def as_json(result: BackTest, watches: Mapping[int, Watch]) -> dict[str, Any]:
    return {
        "query": plainly(result.query),
        "description": describe(result.query),
        "since": result.since,
        "until": result.until,
        "zone": str(result.zone),
        "matches": result.matches,
        "per_day": None if result.per_day is None else round(result.per_day, 3),
        "days": {day.isoformat(): count for day, count in result.days.items()},
        "undated": result.undated,
        "earlier": result.earlier,
        "cut": result.cut,
        "words": [{"surface": surface, "count": count} for surface, count in result.words],
        "examples": [_example_json(example) for example in result.examples],
        "wider_since": result.gains_since or result.since,
        "wider": [_gain_json(gain) for gain in result.gains],
        "overlaps": [
            {
                "id": overlap.watch_id,
                "query": watches[overlap.watch_id].query,
                "share": round(overlap.share, 3),
                "same": overlap.same,
            }
            for overlap in result.overlaps
        ],
        "cautions": [caution.value for caution in result.cautions],
        "meant": None if result.meant is None else plainly(result.meant),
    }


def _chart(result: BackTest) -> Iterator[str]:
    """A line for each day, or for each week of a long time."""
    rows: list[tuple[str, int]] = [(f"{day:%a} {day}", count) for day, count in result.days.items()]
    if len(rows) > _MOST_LINES:
        rows = list(_weeks(result.days))
    most = max((count for _, count in rows), default=0)
    for label, count in rows:
        blocks = "█" * round(_BAR * count / most) if count else ""
        yield f"{label}  {blocks or ('▏' if count else '')} {count}"


def _weeks(days: Mapping[date, int]) -> Iterator[tuple[str, int]]:
    found = list(days.items())
    for at in range(0, len(found), 7):
        week = found[at : at + 7]
        yield f"7 days from {week[0][0]}", sum(count for _, count in week)


def _sum(result: BackTest) -> str:
    text = f"{result.matches} article{'' if result.matches == 1 else 's'}"
    if result.days and result.per_day is not None:
        length = f"{max(result.length, 0.1):.1f}".removesuffix(".0")
        text += (
            f" in {length} day{'' if length == '1' else 's'}, {result.per_day:.1f} a day, as days are in {result.zone}"
        )
    if result.undated:
        text += f", {result.undated} of them without a date"
    if result.earlier:
        text += f", {result.earlier} of them before these days"
    if result.cut:
        text += "; there are more articles than were asked (--limit)"
    return f"{text}."


def _gain(gain: Gain) -> str:
    part = plainly(gain.wider.part)
    match gain.wider.step:
        case Step.FORM:
            return part
        case Step.VARIANT:
            return f"or {part}"
        case Step.APART:
            return f"apart: {part}"
        case Step.WITHOUT:
            return f"without the part {part}"


def _gain_json(gain: Gain) -> dict[str, Any]:
    wider = gain.wider
    return {"step": wider.step.value, "part": plainly(wider.part), "query": plainly(wider.query), "more": gain.more}


def _example(example: Example, *, coloured: bool) -> Iterator[str | Text]:
    article = example.article
    title = article.fields.get("title", "")
    text = article.fields.get("text", "")
    at = f"{article.at:%Y-%m-%d %H:%M} UTC" if article.at is not None else "without a date"
    yield f"{at}  {one_line(article.outlet)}".rstrip()
    if title:
        yield highlighted(segments(title, example.spans.get("title", ())), coloured=coloured)
    if (places := example.spans.get("text", ())) and (quotes := snippets(text, places)):
        yield highlighted(quotes[0], coloured=coloured)
    if article.url:
        yield article.url


def _example_json(example: Example) -> dict[str, Any]:
    fields = example.article.fields
    return {
        "published_at": example.article.at,
        "outlet": example.article.outlet,
        "url": example.article.url,
        "title": fields.get("title", ""),
        "fields": places_of(fields, example.spans),
    }
