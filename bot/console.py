"""The terminal as a channel of the outbox: where alerts are shown when there is nowhere else."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.text import Text

from bot.outbox.outcomes import NotSent, Outcome, Refused, Sent
from bot.terminal import Terminal, is_gone
from bot.words.composing import note_of, repeat_mark, told_time, watch_lines
from bot.words.language import Voice, voice
from bot.words.wording import words_of
from monitors.alerts import Alert, Delivery
from monitors.chats import Transport
from monitors.highlighting import highlighted, print_item
from monitors.snippets import Segment, segments, snippets, united
from monitors.storage.subjects import Subject
from monitors.text.cleaning import clean, one_line

logger = logging.getLogger(__name__)


class ConsoleChannel:
    """Shows deliveries until nobody reads them any more; `now` is asked when an alert is shown, for its delay."""

    transport = Transport.CONSOLE
    at_once = 1

    def __init__(self, terminal: Terminal, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._terminal = terminal
        # It only renders: rich ends the process when a pipe breaks.
        self._console = Console(
            file=io.StringIO(),
            force_terminal=terminal.interactive or None,
            highlight=False,
            emoji=False,
            markup=False,
        )
        self._now = now

    @property
    def open(self) -> asyncio.Event:
        return self._open

    async def hindrance(self, delivery: Delivery) -> Outcome | None:
        """A terminal has none that can be known before."""
        return None

    async def tell(self, delivery: Delivery, subject: Subject) -> Outcome:
        try:
            text = self._rendered(self._lines(delivery, subject))
        except Exception as error:  # nothing was shown; one for the operator
            logger.exception("delivery %d could not be composed", delivery.id)
            return Refused(f"not composed: {type(error).__name__}")
        try:
            await self._terminal.write(text)
        except OSError as error:
            if is_gone(error):
                logger.warning("nobody reads the terminal any more; alerts for it wait for the next start")
                self._open.clear()
            return NotSent(f"the terminal: {error}")
        return Sent()

    def heard(self, delivery: Delivery, outcome: Outcome) -> None:
        """A terminal has no outages."""

    def _lines(self, delivery: Delivery, subject: Subject) -> list[Text]:
        if not isinstance(subject, Alert):
            return [Text(clean(words_of(delivery, subject).body.text), "cyan")]
        speech = voice(delivery.chat.language)
        lines = alert_lines(subject, speech, now=self._now(), coloured=self._console.is_terminal)
        return [Text(repeat_mark(speech), "yellow"), *lines] if delivery.repeats else lines

    def _rendered(self, lines: list[Text]) -> str:
        with self._console.capture() as rendered:
            print_item(self._console, lines)
        return rendered.get()


def alert_lines(alert: Alert, speech: Voice, *, now: datetime, coloured: bool) -> list[Text]:
    """An alert for the terminal: time, delay and source, title, snippets, address, then which watch met which words."""
    # The name comes last: a line that begins with Arabic would have its figures and units turned around.
    head = Text(f"{_local(told_time(alert), now)} · {_delay(now - alert.seen_at)} · ", "dim")
    head.append(one_line(alert.outlet_name), "not dim bold cyan")
    lines = [head, highlighted(_title_segments(alert, speech), coloured=coloured, style="bold")]
    text = alert.fields.get("text", "")
    places = united((watch.spans.get("text", ()) for watch in alert.watches), len(text))
    lines += [highlighted(quote, coloured=coloured) for quote in snippets(text, places)]
    lines.append(Text(clean(alert.url), "blue underline" if coloured else "", no_wrap=True))
    for met in watch_lines(alert.watches, alert.fields):
        line = Text("🔔 ").append(one_line(met.queries), "bold")
        lines.append(line.append(f": {one_line(met.words)}" if met.words else ""))
    if alert.text_note:
        lines.append(Text(note_of(speech), "italic"))
    return lines


def _title_segments(alert: Alert, speech: Voice) -> list[Segment]:
    title = alert.fields.get("title", "")
    if not title.strip():
        return [Segment(speech.say("(no title)"))]
    return segments(title, united((watch.spans.get("title", ()) for watch in alert.watches), len(title)))


def _local(at: datetime, now: datetime) -> str:
    local = at.astimezone()
    return local.strftime("%H:%M" if local.date() == now.astimezone().date() else "%Y-%m-%d %H:%M")


def _delay(delay: timedelta) -> str:
    """ "0.8 s", "12 s", "5 min", "3 h"."""
    seconds = max(delay.total_seconds(), 0.0)
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
