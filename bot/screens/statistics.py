"""`/stats`: how often watchlists found something, drawn, with the numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.makers.pictures import MENTIONS
from bot.visits import Answer, Glance, Visit, say, to_watches
from bot.words.buttons import STATISTICS, button, in_fitting_rows, label_of, number, ordered
from bot.words.messages import Attachment, Button, Form, Keyboard, Message
from bot.words.naming import list_names
from bot.words.statistics import caption, picture
from monitors.mentioning import Mentions, mentions_of
from monitors.storage.chats import zone_of
from monitors.storage.mentions import lists_told

SPANS = (7, 30, 90)
MOST_LISTS = 8
"""Watchlists offered by a button each."""
EVERYTHING = 0
"""In place of a watchlist's id: all of the chat's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found by the watchlist `chosen` (EVERYTHING: by all of `lists`) in so many days."""

    lists: Sequence[tuple[int, str]]
    chosen: int
    days: int
    mentions: Mentions


def look(glance: Glance, argument: str) -> Seen | None:
    """`watchlist:days`; anything that is not the chat's is all of its own. None when nothing is told here."""
    if not (lists := lists_told(glance.connection, glance.chat.id)):
        return None
    given, _, rest = argument.partition(":")
    chosen = number(given, EVERYTHING)
    ids = [list_id for list_id, _ in lists]
    if chosen not in ids:
        chosen = ids[0] if len(ids) == 1 else EVERYTHING
    days = number(rest)
    days = days if days in SPANS else SPANS[1]
    zone = ZoneInfo(zone_of(glance.connection, glance.chat.id) or glance.zone)
    wanted = [chosen] if chosen else ids
    return Seen(lists, chosen, days, mentions_of(glance.connection, wanted, days=days, zone=zone, now=glance.now))


def statistics_screen(visit: Visit) -> Message:
    """The picture and its caption; words alone where there is nothing to draw."""
    speech = visit.voice
    if not isinstance(visit.seen, Seen):
        builder = visit.builder().line(speech.say("Nothing is watched here yet, so there is nothing to count."))
        return Message(builder.build(), ((to_watches(visit),),))
    seen = visit.seen
    name = list_names(seen.lists, speech)[seen.chosen] if seen.chosen else None
    body = caption(name, seen.days, seen.mentions, speech)
    if not seen.mentions.total:
        return Message(body, _keyboard(visit, seen))
    drawn = picture(name, seen.days, seen.mentions, speech)
    return Message(body, _keyboard(visit, seen), attachment=Attachment(Form.PICTURE, "rasid.png", MENTIONS, drawn))


def statistics_pressed(visit: Visit, _: str) -> Answer:
    """In the place of a picture, or of words by words; otherwise a message of its own."""
    screen = statistics_screen(visit)
    there = visit.picture_id if screen.attachment is not None else None
    return say(replace(screen, edits=there))


def _keyboard(visit: Visit, seen: Seen) -> Keyboard:
    speech = visit.voice
    spans: list[Button] = []
    for days in SPANS:
        label = speech.count("{n} day", "{n} days", days).replace("{n}", str(days))
        spans.append(button(f"✓ {label}" if days == seen.days else label, STATISTICS, f"{seen.chosen}:{days}"))
    rows = [ordered(speech, spans)]
    if len(seen.lists) > 1:
        others = [(EVERYTHING, speech.say("All together")), *list_names(seen.lists, speech).items()]
        buttons = [
            button(label_of(name), STATISTICS, f"{list_id}:{seen.days}")
            for list_id, name in others[: MOST_LISTS + 1]
            if list_id != seen.chosen
        ]
        rows += in_fitting_rows(speech, buttons)
    return (*rows, (to_watches(visit),))


COMMANDS = {"stats": lambda visit, _: say(statistics_screen(visit))}
PRESSES = {STATISTICS: statistics_pressed}
LOOKS = {"/stats": look, STATISTICS: look}
