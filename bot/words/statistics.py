"""How often watchlists found something, in words, and what a picture of it says (pure)."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.dates import format_skeleton

from bot.words.language import Voice
from bot.words.messages import CAPTION
from bot.words.text import Foreign, RichText, Styled, TextBuilder, shorten
from monitors.mentioning import Mentions

MOST_OUTLETS, MOST_NAMED = 8, 5
"""Outlets of a picture, and of its caption."""
MAX_TITLE, MAX_NAME = 48, 26
FEW_DAYS = 7


def caption(name: str | None, days: int, mentions: Mentions, speech: Voice) -> RichText:
    """The numbers as text, for whoever cannot see the picture. `name` is the watchlist's; None: all of them."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    builder.line("📊 {title}", title=_title(name, speech)).line("{span}", span=span_words(days, speech))
    if not mentions.total:
        builder.line(speech.say("Nothing was found in this time."))
        return builder.build(CAPTION)
    builder.line("{total}", total=Styled(how_many_exactly(mentions.total, speech), ("bold",)))
    if mentions.total * 10 >= days:  # 0.1 and more
        builder.add(" · ").fill(speech.say("{average} a day"), average=f"{mentions.total / days:.1f}")
    if mentions.archived:
        words = speech.count(
            "Of these, {n} is from the archive, counted by when it was published.",
            "Of these, {n} are from the archive, counted by when they were published.",
            mentions.archived,
        )
        builder.line(words, n=mentions.archived)
    if mentions.cut:
        builder.line(speech.say("I looked at the newest articles only."))
    day, most = max(mentions.days, key=lambda one: one[1])
    builder.line(speech.say("Most on {day}: {n}"), day=day_words(day, speech), n=most)
    if days <= FEW_DAYS:
        for day, count in mentions.days:
            builder.line("{day}: {n}", day=day_words(day, speech), n=count)
    for outlet, count in mentions.outlets[:MOST_NAMED]:
        builder.line("▫️ {outlet}: {n}", outlet=Foreign(shorten(outlet, 60)), n=count)
    if (more := len(mentions.outlets) - MOST_NAMED) > 0:
        builder.line(speech.count("and {n} more outlet", "and {n} more outlets", more), n=more)
    return builder.build(CAPTION)


def picture(name: str | None, days: int, mentions: Mentions, speech: Voice) -> dict[str, Any]:
    """What is to be drawn, as JSON (`bot.drawing.mentions.Mentions`)."""
    return {
        "title": shorten(name, MAX_TITLE) if name else speech.say("Mentions"),
        "subtitle": f"{span_words(days, speech)} · {how_many_exactly(mentions.total, speech)}",
        "days_title": speech.say("Articles a day"),
        "outlets_title": speech.say("By outlet"),
        "days": [(day_words(day, speech), count) for day, count in mentions.days],
        "outlets": [(shorten(outlet, MAX_NAME), count) for outlet, count in mentions.outlets[:MOST_OUTLETS]],
        "right_to_left": speech.right_to_left,
    }


def span_words(days: int, speech: Voice) -> str:
    return speech.count("the last {n} day", "the last {n} days", days).replace("{n}", str(days))


def how_many_exactly(total: int, speech: Voice) -> str:
    return speech.count("{n} article", "{n} articles", total).replace("{n}", f"{total:,}")


def day_words(day: date, speech: Voice) -> str:
    return str(format_skeleton("MMMd", day, locale=speech.language))


def _title(name: str | None, speech: Voice) -> Foreign | Styled:
    return Foreign(name, ("bold",)) if name else Styled(speech.say("Mentions"), ("bold",))
