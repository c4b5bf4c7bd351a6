"""What is muted, as it is said on the screens of what is watched: there people look when nothing comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.visits import Visit
from bot.words.buttons import MUTED, button
from bot.words.messages import Keyboard
from bot.words.text import TextBuilder
from monitors.storage.muting import muted_in
from monitors.subscriptions import MuteKind


@dataclass(frozen=True, slots=True)
class Hushed:
    """`until` when everything is muted, and the watches that are."""

    until: datetime | None
    watches: frozenset[int]

    def add_to(self, builder: TextBuilder, visit: Visit) -> None:
        """A line that says so if everything is."""
        if self.until is not None:
            builder.line("{muted}", muted=everything_muted(visit, self.until))

    def way_out(self, visit: Visit) -> Keyboard:
        """A button that leads to where it is unmuted, if anything is."""
        if self.until is None and not self.watches:
            return ()
        return ((button(f"🔇 {visit.voice.say('Muted')}", MUTED, 0),),)


def hushed(visit: Visit, watches: frozenset[int]) -> Hushed:
    """What keeps these watches silent here."""
    muted = [one.mute for one in muted_in(visit.connection, visit.chat.id, now=visit.now)]
    until = max((one.until for one in muted if one.kind is MuteKind.EVERYTHING and one.until), default=None)
    named = frozenset(one.target_id for one in muted if one.kind is MuteKind.WATCH and one.target_id is not None)
    return Hushed(until, named & watches)


def everything_muted(visit: Visit, until: datetime) -> str:
    return visit.voice.say("🔇 Everything is muted until {time}.").replace("{time}", clock_at(visit, until))


def clock_at(visit: Visit, moment: datetime) -> str:
    return f"{moment.astimezone(visit.clock):%H:%M}"
