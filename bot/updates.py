"""What somebody did in Telegram, as far as we react to it; bot/telegram/reading.py reads it from raw updates."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened. `thread_id` is a forum topic's, 0 for General and for chats without topics; `type` is
    Telegram's word; `topic` is what the topic was called at first, as far as the update says."""

    chat_id: int
    thread_id: int
    private: bool
    title: str | None
    type: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it. `user_id` is None for somebody anonymous; an admin posing as the group `speaks_as_chat`. The `name`
    is what they are called at present, and does not tell who they are."""

    user_id: int | None
    language_code: str | None
    speaks_as_chat: bool = False
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """A message with text, in private also a picture or the like with none; it `replies` to one of a bot's. `link` is
    the first link of one that was `forwarded`, or chosen of what a bot found."""

    place: Place
    person: Person
    text: str
    message_id: int
    replies: bool = False
    link: str | None = None
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """A file that somebody sent, perhaps in reply to a message of a bot's; `caption` is what they wrote with it. `size`
    in bytes is what Telegram said with it, 0 if it did not."""

    place: Place
    person: Person
    file_id: str
    name: str
    message_id: int
    caption: str = ""
    replies: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. `data` may be anything: clients can be modified. The message it stands under is ours: `shown` is its
    text, `quoted` that of its first `code` entity; both None when the message is too old to be seen. `beside` are what
    all its buttons carry; it is `pictured` when it is a picture or a file."""

    place: Place
    person: Person
    query_id: str
    data: str
    message_id: int | None
    shown: str | None
    quoted: str | None
    beside: tuple[str, ...] = ()
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """What the bot may do in a chat changed: unblocked, added, blocked, thrown out. `posts` when it may write there."""

    place: Place
    person: Person
    member: bool
    posts: bool = True


@dataclass(frozen=True, slots=True)
class Picked:
    """Somebody chose a group or a channel with a button of ours, in private. Any app can send any chat's number."""

    place: Place
    person: Person
    chat_id: int
    channel: bool
    title: str | None
    message_id: int


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """A member of a chat may do other things there than before. Only told where the bot is an administrator."""

    place: Place
    person: Person


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup."""

    old_id: int
    new_id: int


@dataclass(frozen=True, slots=True)
class TopicNamed:
    """A forum topic was made, or is called otherwise from now on."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class TopicReopened:
    """A forum topic that was closed is open again."""

    place: Place


Update = Said | Shared | Pressed | Picked | Membership | RightsChanged | Moved | TopicNamed | TopicReopened


@dataclass(frozen=True, slots=True)
class InlineAsked:
    """The bot's name and a query, written in whatever chat. `offset` is what our last page said of the next."""

    person: Person
    query_id: str
    query: str
    offset: str
