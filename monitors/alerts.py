"""Matches, alerts, and their deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitors.chats import Chat

Spans = Mapping[str, tuple[tuple[int, int], ...]]
"""Where a watch matched: field name → sorted, disjoint (start, end) offsets in code points."""


@dataclass(frozen=True, slots=True)
class Match:
    """A watch met an article: the places, in its version of that number."""

    watch_id: int
    spans: Spans
    version: int = 1


class Verdict(StrEnum):
    """What becomes of an alert."""

    NOW = "now"
    HELD = "held"  # told by itself when the quiet hours are over
    DIGEST = "digest"  # told together with others
    DROPPED = "dropped"  # not told: the chat wants none of it


class Cause(StrEnum):
    """Why an alert is told now, later, or not at all."""

    TAKEN = "taken"  # as its subscription's mode says
    QUIET_HOURS = "quiet hours"
    DAILY_LIMIT = "daily limit"
    HOURLY_LIMIT = "hourly limit"  # of its chat, as the operator says
    EVERYTHING_MUTED = "everything muted"
    STORY_MUTED = "story muted"
    OUTLET_MUTED = "outlet muted"
    WATCH_MUTED = "watch muted"
    PAUSED = "paused"  # it waits until what brought it is resumed, a week at most
    NOT_TAKEN = "not taken any more"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one chat is to be told about one story, why, and by which subscription.

    `due_at` is None for what is told now; of what is not told, until when it is muted, None for good. `silent`:
    without a sound.
    """

    chat_id: int
    verdict: Verdict
    reason: Cause
    subscription_id: int | None = None
    silent: bool = False
    due_at: datetime | None = None


class DeliveryKind(StrEnum):
    ALERT = "alert"
    DIGEST = "digest"  # many alerts in one message
    REPLY = "reply"  # an answer to somebody; goes before alerts
    NOTICE = "notice"  # something happened that a person asked to be told
    PROGRESS = "progress"  # how far something is, or what is added to a message
    BROADCAST = "broadcast"  # the operator's words to everybody; go after everything else


class DeliveryState(StrEnum):
    """A delivery's way out; all from SENT on are terminal.

    held until its time → pending → sending (committed before the first byte) → sent | pending again | undeliverable |
    uncertain → sending, marked as a possible repeat, at most MAX_REPEATS times → unconfirmed. What is told together
    with others is merged into their delivery, whose state is its own; what nobody wants to hear is dropped.
    """

    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    UNCONFIRMED = "unconfirmed"
    MERGED = "merged"
    DROPPED = "dropped"


REPEAT_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 300, 1200, 3000))
"""After how long an ambiguous delivery is sent again, marked, by the repeats it has had. Outages cost none of them
(bot/telegram/line.py)."""
MAX_REPEATS = len(REPEAT_AFTER)
"""How often it is, before it is listed as unconfirmed."""


class OnUncertain(StrEnum):
    """What is done when nobody knows whether a message arrived; changes of messages are simply made again."""

    RESEND_MARKED = "resend_marked"  # sent again, at most MAX_REPEATS times, with a mark
    HOLD = "hold"  # unconfirmed at once: the operator sees to it
    ASSUME_SENT = "assume_sent"


@dataclass(frozen=True, slots=True)
class Room:
    """How many deliveries may start now, and which Telegram chats must not be told anything of that sort.

    Answers may use all the room there is for new messages, everything else but changes of messages only `others` of
    it; changes have room of their own.
    """

    answers: int
    others: int
    edits: int
    no_answers: frozenset[int] = frozenset()
    no_others: frozenset[int] = frozenset()
    no_edits: frozenset[int] = frozenset()

    @property
    def any(self) -> bool:
        return self.answers > 0 or self.edits > 0

    def of(self, *, answer: bool, edits: bool) -> tuple[int, frozenset[int]]:
        """How many of such deliveries may start, and the chats that get none."""
        if edits:
            return self.edits, self.no_edits
        return (self.answers, self.no_answers) if answer else (min(self.answers, self.others), self.no_others)

    def without(self, telegram_chat_id: int, *, edits: bool) -> Room:
        """What is left when one more started, there."""
        taken = {telegram_chat_id}
        return replace(
            self,
            answers=self.answers - (not edits),
            others=self.others - (not edits),
            edits=self.edits - edits,
            no_answers=self.no_answers | taken,
            no_others=self.no_others | taken,
            no_edits=self.no_edits | taken,
        )


AMPLE = Room(answers=1000, others=1000, edits=1000)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """Something to say. `payload` is JSON whose meaning belongs to `kind`; composed into words when sent.

    `state` is pending, held until `not_before`, or dropped. `edits`: it changes a message and sends none.
    """

    chat_id: int
    kind: DeliveryKind
    payload: Mapping[str, object] = field(default_factory=dict)
    alert_id: int | None = None
    state: DeliveryState = DeliveryState.PENDING
    not_before: datetime | None = None
    silent: bool = False
    edits: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery. `repeats` counts earlier sends whose outcome is not known; more than 0 must be marked.

    `message_id` is the message that it became before, which is changed now. `silent`: without a sound. `edits`: it
    changes a message, which may be repeated freely. `told_in` is set where that is the message of another alert, which
    says the same (its delivery): `alert_id` and `message_id` are that one's. `as_told` is the alert as its message says
    it, once that is composed.
    """

    id: int
    chat: Chat
    kind: DeliveryKind
    payload: Mapping[str, object]
    alert_id: int | None
    attempts: int
    repeats: int
    message_id: int | None = None
    silent: bool = False
    edits: bool = False
    told_in: int | None = None
    as_told: Alert | None = None


def words_at(spans: Spans, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The different words at these places, in order of appearance."""
    found = (text[start:end] for name, text in fields.items() for start, end in spans.get(name, ()))
    return tuple(dict.fromkeys(filter(None, found)))


def untold_query(words: Iterable[str]) -> str:
    """What a chat reads of a watch of somebody's private list: the words that were met, and none that were not."""
    return " · ".join(words) or "…"


@dataclass(frozen=True, slots=True)
class MatchedWatch:
    """`query` is what the alert's chat may read of the watch."""

    watch_id: int
    watchlist: str
    query: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Telling:
    """Another article that tells what an alert tells, and its own alert."""

    alert_id: int
    outlet_name: str
    url: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Everything needed to tell a chat about an article: composed from rows at the moment of sending.

    `fields` are the texts the spans point into. `seen_at` is when the document that listed the article arrived.
    `watches` is empty for a chat that takes all of the outlet. `names_lists` when the chat takes several watchlists, so
    that an alert says which. `previews` when the chat wants the article's picture and first lines. `also` are articles
    of other outlets that say the same, oldest first. `growths` counts how often its article, edited since,
    met more of the chat's watches.
    """

    id: int
    article_id: int
    outlet_id: int
    story_id: int
    outlet_name: str
    url: str
    fields: Mapping[str, str]
    author: str | None
    published_at: datetime | None
    seen_at: datetime
    text_note: str | None
    watches: tuple[MatchedWatch, ...]
    names_lists: bool = False
    previews: bool = True
    also: tuple[Telling, ...] = ()
    growths: int = 0


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert and the message that tells it: `repeats` counts earlier sends whose outcome is not known."""

    alert: Alert
    repeats: int


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One of many alerts: the article, and where words that are looked for stand in its title. `also` are articles of
    other outlets that say the same, alerts of the same digest."""

    alert_id: int
    outlet_name: str
    url: str
    title: str
    places: tuple[tuple[int, int], ...]
    also: tuple[Telling, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestSection:
    """What one subscription brought. `name` is its watchlist's or its outlet's, empty when it has ended; of an
    outlet all articles come. `number` is told in the place of a name that is not, where the chat takes several such."""

    subscription_id: int | None
    name: str
    whole_outlet: bool
    items: tuple[DigestItem, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """Alerts told together; `id` is their delivery's, `repeats` how often that may have been told before."""

    id: int
    sections: tuple[DigestSection, ...]
    repeats: int = 0
