"""A visit: somebody did something in a chat, and what may be needed to answer it within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.words.buttons import watches_button
from bot.words.language import Voice, voice
from bot.words.messages import Button, Message
from bot.words.text import TextBuilder
from monitors.chats import Chat
from monitors.settings import LimitSettings, TelegramSettings
from monitors.storage.chats import set_up, zone_of
from monitors.storage.engine import Connection


class Right(StrEnum):
    """Whether the visitor may change things in this chat."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # Telegram did not say
    OUTSIDE = "outside"  # nor will it: the bot is not there any more


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the visitor may do in another chat, by its Telegram id, and whether the bot may write there."""

    chat_id: int
    right: Right
    posts: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A file that somebody sent with a caption, in the update of this number; `content` None when it cannot be had."""

    update_id: int
    name: str
    caption: str
    content: bytes | None


class Limited:
    """Somebody who may have so much of everything: `limits` are None for whoever has none, as operators do."""

    __slots__ = ()
    limits: LimitSettings | None

    @property
    def most_watches(self) -> int | None:
        """In this chat; None: any number."""
        return None if self.limits is None else self.limits.watches_per_chat

    @property
    def most_lists(self) -> int | None:
        """Watchlists, in this chat; None: any number."""
        return None if self.limits is None else self.limits.watchlists_per_chat


@dataclass(frozen=True, slots=True)
class Visit(Limited):
    """`pressed` when it was a button, and `message_id` the message it stands under, for screens that change in place;
    `picture_id` instead when that is a picture or a file, whose place only such another can take.

    `person_id` is whose quotas count, wherever they ask: for somebody anonymous, the chat's. `usual` are the limits of
    others, and `looked_up` says how many searches somebody had within the last hour. `quoted` is the first `code`
    entity of the message whose button was pressed. `username` is the bot's own, for links to it; `zone` the time zone
    (IANA) of chats that have none of their own. `seen` is what the screen's look (`Look`) found. `elsewhere` is about
    the other chat that the visit concerns (`Concern`), if any. `document` is the file that was sent, or that the
    pressed button is about.
    """

    connection: Connection
    chat: Chat
    right: Right
    now: datetime
    update_id: int
    person_id: int
    limits: LimitSettings | None
    operator: bool = False
    looked_up: Callable[[int], int] = lambda _: 0
    pressed: bool = False
    message_id: int | None = None
    picture_id: int | None = None
    quoted: str | None = None
    username: str = ""
    zone: str = "UTC"
    seen: object = None
    telegram: TelegramSettings = field(default_factory=TelegramSettings)
    usual: LimitSettings = field(default_factory=LimitSettings)
    elsewhere: Elsewhere | None = None
    document: Document | None = None

    @property
    def clock(self) -> ZoneInfo:
        """That of the chat."""
        return ZoneInfo(zone_of(self.connection, self.chat.id) or self.zone)

    @property
    def voice(self) -> Voice:
        return voice(self.chat.language)

    def sets_up(self) -> None:
        """Something more is told here: of a group it is remembered who wanted that, as far as they are known."""
        if not self.private and self.person_id > 0:
            set_up(self.connection, self.chat.id, self.person_id)

    @property
    def private(self) -> bool:
        return self.chat.address.chat_id > 0

    def builder(self) -> TextBuilder:
        return TextBuilder(right_to_left=self.voice.right_to_left)


@dataclass(frozen=True, slots=True)
class Glance(Limited):
    """Somebody is about to visit, and the screen looks something up that takes long, beside other visits: it may read
    and nothing else.

    `chat` has the number 0 when it is met for the first time: nothing is there yet. `about` is what the question that
    is answered was about, `quoted` as in `Visit`.
    """

    connection: Connection
    chat: Chat
    person_id: int
    now: datetime
    zone: str
    limits: LimitSettings | None
    operator: bool
    about: Mapping[str, Any]
    quoted: str | None = None
    document: Document | None = None


Look = Callable[[Glance, str], object]
"""What a screen looks up before its visit, given what follows the command, the button's argument, or the answer to a
question. What it returns is `Visit.seen`."""


Concern = Callable[[Connection, str], int | None]
"""Which other chat (its Telegram id) a press or a command is about, given its argument: the visitor's rights there are
asked before the visit, which finds them in `Visit.elsewhere`. None when it is about none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said and done when the visit is over: messages go through the outbox; `toast` is the short notice a
    pressed button shows; `kicks` are wake-ups, `leaves` a chat to leave, both after the commit; `aside` is said past
    the outbox, at best, to somebody who has no lane there.
    A button that is `outdated` is answered with the first screen, too; a question that stays `unanswered`, because what
    was written will not do, is answered by what is written next."""

    messages: tuple[Message, ...] = ()
    toast: str | None = None
    kicks: tuple[str, ...] = ()
    leaves: int | None = None
    aside: Message | None = None
    outdated: bool = False
    unanswered: bool = False


def say(*messages: Message, toast: str | None = None, kicks: tuple[str, ...] = ()) -> Answer:
    return Answer(messages, toast, kicks)


def in_short(visit: Visit, text: str) -> Answer:
    """A notice for who pressed, a message for who wrote."""
    if visit.pressed:
        return Answer(toast=text)
    return say(Message(visit.builder().line("{text}", text=text).build()))


def in_place(visit: Visit, message: Message) -> Message:
    """The message taking the place of the one whose button was pressed."""
    return replace(message, edits=visit.message_id)


def to_watches(visit: Visit) -> Button:
    return watches_button(visit.voice, private=visit.private)


def shown(screen: Callable[[Visit, str], Message]) -> Callable[[Visit, str], Answer]:
    """What a button does that leads to the screen: it takes the place of the button's."""
    return lambda visit, argument: say(in_place(visit, screen(visit, argument)))


def by_right(act: Callable[[Visit, str], Answer]) -> Callable[[Visit, str], Answer]:
    """What a button does that changes something: a notice is all that others get."""

    def pressed(visit: Visit, argument: str) -> Answer:
        refused = refusal(visit)
        return act(visit, argument) if refused is None else Answer(toast=refused.toast)

    return pressed


def refusal(visit: Visit) -> Answer | None:
    """Why the visitor may not change anything here; None when they may. A button only shows a notice: what strangers
    press in a group is nobody else's business."""
    refused = visit.voice.say("Only administrators may do that here.")
    unknown = visit.voice.say("Telegram did not say whether you are an administrator here. Please try again.")
    return _refused(visit, visit.right, refused, unknown)


def refusal_there(visit: Visit, chat_id: int) -> Answer | None:
    """Why the visitor may not decide what is told in another chat (its Telegram id); None when they may."""
    there = visit.elsewhere
    right = there.right if there is not None and there.chat_id == chat_id else Right.NO
    refused = visit.voice.say("Only administrators may do that there.")
    unknown = visit.voice.say("Telegram did not say whether you are an administrator there. Please try again.")
    return _refused(visit, right, refused, unknown)


def _refused(visit: Visit, right: Right, refused: str, unknown: str) -> Answer | None:
    match right:
        case Right.YES:
            return None
        case Right.NO:
            return in_short(visit, refused)
        case Right.OUTSIDE:
            return in_short(visit, visit.voice.say("I am not there any more. Please add me again."))
        case Right.UNKNOWN:
            return in_short(visit, unknown)


def outdated(visit: Visit) -> Answer:
    """For a button that leads nowhere any more."""
    return Answer(toast=visit.voice.say("This button is from an older version."), outdated=True)
