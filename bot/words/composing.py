"""An alert as a Telegram message (pure).

the outlet · its host · when
the title, matches underlined
> the words around the matches, folded when long
which watch of which list, and the very words that met it
who else tells the story
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.words.addresses import host_of, linkable
from bot.words.buttons import ALERT_MENU, MORE_LIKE, MUTE, button, ordered
from bot.words.language import Voice
from bot.words.messages import Button, Keyboard, Message, marked
from bot.words.naming import list_name
from bot.words.text import Foreign, Styled, TextBuilder, direction_mark, shorten
from monitors.alerts import Alert, MatchedWatch, untold_query, words_at
from monitors.snippets import Places, Segment, segments, snippets, united
from monitors.watchlists import UNTOLD_NAME

MAX_TITLE = 300
MAX_QUERIES = 100
MAX_WORD = 60
MAX_LINES = 5
MAX_WORDS = 4
MAX_HIGHLIGHTS = 30
NEWEST_ALSO = 5
"""So much of each that the message stays within 4096 code points and 100 entities, whatever the article is."""

_QUOTES = '"«»“”„‟'


def compose_alert(
    alert: Alert, voice: Voice, *, repeats: int = 0, keyboard: Keyboard | None = None, note: str | None = None
) -> Message:
    """The alert in the readers' language; `repeats` > 0 marks it as possibly told before.

    `keyboard` stands in the place of the usual buttons; `note` is a last line of ours.
    """
    url = linkable(alert.url)
    builder = TextBuilder(right_to_left=voice.right_to_left)
    _add_source(builder, alert, url)
    _add_title(builder, alert, voice)
    _add_snippets(builder, alert)
    _add_watches(builder, alert, voice)
    if alert.also:
        _add_also(builder, alert, voice)
    if alert.text_note:
        builder.line("{note}", note=Styled(note_of(voice), ("italic",)))
    if note is not None:
        builder.line("{note}", note=Styled(note, ("italic",)))
    buttons = alert_buttons(alert, voice) if keyboard is None else keyboard
    message = Message(builder.build(), buttons, preview_url=url if alert.previews else None)
    return marked(message, repeat_mark(voice)) if repeats else message


def alert_buttons(alert: Alert, voice: Voice) -> Keyboard:
    """What can be done about an alert; the rest is behind the last button."""
    first = [*_reading(alert, voice), button(voice.say("Mute 1 h"), MUTE, f"{alert.id}:hour")]
    second = (
        button(voice.say("More like this"), MORE_LIKE, alert.id),
        button(voice.say("⋯ Options"), ALERT_MENU, alert.id),
    )
    return ordered(voice, first), ordered(voice, second)


def channel_buttons(alert: Alert, voice: Voice) -> Keyboard:
    """What readers of a channel can do: everything else is its manager's, in private."""
    return tuple((reading,) for reading in _reading(alert, voice))


def _reading(alert: Alert, voice: Voice) -> list[Button]:
    return [Button(voice.say("Read ↗"), url=url)] if (url := linkable(alert.url)) else []


def told_time(alert: Alert) -> datetime:
    """When the article is from: as its outlet says, unless that is absurd; else when it was seen."""
    published = alert.published_at
    if published is None or published > alert.seen_at + timedelta(hours=1) or published.year < 1990:
        return alert.seen_at
    return published


@dataclass(frozen=True, slots=True)
class WatchLine:
    """What an alert says of watches that met the very same words: what they look for, each once, and the words as they
    stand.

    `words` is empty when it would only say again what one of the watches says. `lists` are the watchlists' names, each
    once.
    """

    queries: str
    words: str
    watches: int
    lists: tuple[str, ...] = ()


def watch_lines(watches: Iterable[MatchedWatch], fields: Mapping[str, str]) -> list[WatchLine]:
    """A line for each set of places that watches met, in the order of the watches."""
    groups: dict[frozenset[tuple[str, Places]], list[MatchedWatch]] = {}
    for watch in watches:
        groups.setdefault(frozenset(watch.spans.items()), []).append(watch)
    lines = []
    for group in groups.values():
        queries = list(dict.fromkeys(watch.query for watch in group))
        words = words_at(group[0].spans, fields)
        if untold_query(words) in (query.strip(_QUOTES) for query in queries):
            words = ()
        shown = [shorten(word, MAX_WORD) for word in words[:MAX_WORDS]] + ["…"] * (len(words) > MAX_WORDS)
        lists = tuple(dict.fromkeys(watch.watchlist for watch in group))
        lines.append(WatchLine(shorten(" / ".join(queries), MAX_QUERIES), " · ".join(shown), len(group), lists))
    return lines


def note_of(voice: Voice) -> str:
    """What an alert says when the article's page could not be had, or showed no article."""
    return voice.say("The article could not be read on its page; this is what the feed says of it.")


def repeat_mark(voice: Voice) -> str:
    return voice.say("↻ possible repeat")


def _add_source(builder: TextBuilder, alert: Alert, url: str | None) -> None:
    at = told_time(alert)
    builder.start_line().add_foreign(shorten(alert.outlet_name, 80), "bold").add(" · ")
    builder.add_foreign(host_of(alert.url), url=url).add(" · ")
    builder.add_time(at)


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


def _add_watches(builder: TextBuilder, alert: Alert, voice: Voice) -> None:
    if not alert.watches:
        builder.line(voice.say("🔔 Everything of this outlet"))
        return
    lines = watch_lines(alert.watches, alert.fields)
    for met in lines[:MAX_LINES]:
        shape = "🔔 {queries}: {words}" if met.words else "🔔 {queries}"
        builder.line(shape, queries=Foreign(met.queries, ("bold",)), words=Foreign(met.words))
        if alert.names_lists and (told := [name for name in met.lists if name != UNTOLD_NAME]):
            names = " · ".join(list_name(name, voice) for name in told)
            builder.add(" – ").add_foreign(shorten(names, MAX_WORD), "italic")
    if more := sum(met.watches for met in lines[MAX_LINES:]):
        builder.line(voice.count("and {n} more watch", "and {n} more watches", more), n=more)


def _add_also(builder: TextBuilder, alert: Alert, voice: Voice) -> None:
    """The newest of those who told it too."""
    number = len(alert.also)
    told = voice.count("{n} more outlet tells it:", "{n} more outlets tell it:", number)
    builder.line("+ ").fill(told, n=number)
    for telling in alert.also[-NEWEST_ALSO:]:
        builder.add(" ").add_foreign(shorten(telling.outlet_name, MAX_WORD), url=linkable(telling.url))


def _add_segments(builder: TextBuilder, pieces: Iterable[Segment], kind: str) -> None:
    for piece in pieces:
        builder.add_quoted(piece.text, *((kind,) if piece.matched else ()))
