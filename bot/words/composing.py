"""An alert as a Telegram message (pure).

the outlet · its host · when
the title, matches underlined
> the words around the matches, folded when long
which watch, and the very words that met it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.words.addresses import host_of, linkable
from bot.words.language import Voice
from bot.words.messages import Button, Message, marked
from bot.words.snippets import Segment, segments, snippets, united
from bot.words.text import Foreign, Styled, TextBuilder, direction_mark, shorten
from monitors.alerts import Alert, MatchedWatch

MAX_TITLE = 300
MAX_QUERY = 100
MAX_WORD = 60
MAX_WATCHES = 5
MAX_WORDS = 4
MAX_HIGHLIGHTS = 30
"""So much of each that the message stays within 4096 code points and 100 entities, whatever the article is."""


def compose_alert(alert: Alert, voice: Voice, *, repeats: int = 0) -> Message:
    """The alert in the reader's language; `repeats` > 0 marks it as possibly told before."""
    url = linkable(alert.url)
    builder = TextBuilder(right_to_left=voice.right_to_left)
    _add_source(builder, alert, url)
    _add_title(builder, alert, voice)
    _add_snippets(builder, alert)
    for line in watch_lines(alert.watches[:MAX_WATCHES], alert.fields):
        builder.line(
            "🔔 {query}: {words}",
            query=Foreign(line[0], ("bold",)),
            words=Foreign(" · ".join(line[1])),
        )
    if (more := len(alert.watches) - MAX_WATCHES) > 0:
        builder.line(voice.count("and {n} more watch", "and {n} more watches", more), n=more)
    if alert.text_note:
        builder.line("{note}", note=Styled(note_of(voice), ("italic",)))
    keyboard = ((Button(voice.say("Read the article"), url=url),),) if url else ()
    message = Message(builder.build(), keyboard, preview_url=url)
    return marked(message, repeat_mark(voice)) if repeats else message


def told_time(alert: Alert) -> datetime:
    """When the article is from: as its outlet says, unless that is absurd; else when it was seen."""
    published = alert.published_at
    if published is None or published > alert.seen_at + timedelta(hours=1) or published.year < 1990:
        return alert.seen_at
    return published


def watch_lines(watches: Iterable[MatchedWatch], fields: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """For each watch its query and the different words that met it, as they stand, in order of appearance."""
    lines = []
    for watch in watches:
        words: dict[str, None] = {}
        for name, text in fields.items():
            for start, end in watch.spans.get(name, ()):
                words.setdefault(shorten(text[start:end], MAX_WORD), None)
        shown = list(words)
        lines.append(
            (
                shorten(watch.query, MAX_QUERY),
                [*shown[:MAX_WORDS], "…"] if len(shown) > MAX_WORDS else shown,
            )
        )
    return lines


def note_of(voice: Voice) -> str:
    """What an alert says when the article's page could not be had."""
    return voice.say("The article's page could not be fetched; this is what the feed says of it.")


def repeat_mark(voice: Voice) -> str:
    return voice.say("↻ possible repeat")


def _add_source(builder: TextBuilder, alert: Alert, url: str | None) -> None:
    at = told_time(alert)
    builder.start_line().add_foreign(shorten(alert.outlet_name, 80), "bold").add(" · ")
    builder.add_foreign(host_of(alert.url), url=url).add(" · ")
    builder.add_time(int(at.timestamp()), at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"))


def _add_title(builder: TextBuilder, alert: Alert, voice: Voice) -> None:
    title = alert.fields.get("title", "")
    if not title.strip():
        builder.line("{title}", title=Styled(voice.say("(no title)"), ("bold",)))
        return
    shown = shorten(title, MAX_TITLE)
    places = united((watch.spans.get("title", ()) for watch in alert.watches), len(shown))
    builder.start_line(direction_mark(title))
    start = builder.here
    _add_segments(builder, segments(shown, places[:MAX_HIGHLIGHTS]), "underline")
    builder.enclose(start, "bold")


def _add_snippets(builder: TextBuilder, alert: Alert) -> None:
    text = alert.fields.get("text", "")
    places = united((watch.spans.get("text", ()) for watch in alert.watches), len(text))
    quotes = snippets(text, places[:MAX_HIGHLIGHTS])
    if not quotes:
        return
    mark = direction_mark(text)
    builder.start_line("")
    start = builder.here
    for index, quote in enumerate(quotes):
        if index:
            builder.start_line("")
        builder.add(mark)
        _add_segments(builder, quote, "bold")
    builder.enclose(start, "expandable_blockquote")


def _add_segments(builder: TextBuilder, pieces: Iterable[Segment], kind: str) -> None:
    for piece in pieces:
        builder.add_quoted(piece.text, *((kind,) if piece.matched else ()))
