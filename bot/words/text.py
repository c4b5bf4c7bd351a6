"""Text with entities, built piece by piece: what Telegram shows, without any markup language to escape.

Offsets and lengths of entities are UTF-16 units, limits are code points (Bot API, "Formatting options"; TDLib
counts code points). Foreign text, written by neither us nor the translators, is one line, isolated from the
direction of its surroundings, and cannot become a command or a mention.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monitors.text.cleaning import clean, one_line

MAX_POINTS = 4096
MAX_ENTITIES = 100

RLM, LRM = "\u200f", "\u200e"
_FSI, _PDI, _WORD_JOINER = "\u2068", "\u2069", "\u2060"

# Telegram deletes U+2028 to U+202E, turns control characters into spaces and refuses lone surrogates; an entity
# over any of them would move. So none gets in.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_COMMAND = re.compile(r"(?<!\S)(?=/[a-z])")
_SIGIL = re.compile(
    r"(?<![\w/@])([/@])(?=\w|\Z)|(?<=\btg:)(?=//)|(?<=\bt\.)(?=me\b)|(?<=\btelegram\.)(?=(?:me|dog)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted stretch of text. `offset` and `length` in UTF-16 units; `unix_time` in seconds; `user` is
    `{"id": …}` of whoever is mentioned."""

    type: str
    offset: int
    length: int
    url: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None
    user: Mapping[str, int] | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class RichText:
    """Text ready to be sent: at most 4096 code points and 100 entities, none of them beyond the text."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreign:
    """Somebody else's words, to be shown as they are and to do nothing."""

    text: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Styled:
    """Words of ours that stand out."""

    text: str
    kinds: tuple[str, ...]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def defuse(text: str) -> str:
    """The text with nothing in it that Telegram would make a command, a mention or a link to Telegram."""
    return _SIGIL.sub(lambda found: f"{found.group()}{_WORD_JOINER}", text)


def direction_mark(text: str) -> str:
    """The mark that gives a line the direction of most of its letters; a first foreign word must not decide."""
    kinds = [unicodedata.bidirectional(letter) for letter in text[:400]]
    right, left = sum(kind in ("R", "AL") for kind in kinds), kinds.count("L")
    return "" if right == left == 0 else RLM if right >= left else LRM


def shorten(text: str, limit: int) -> str:
    """At most `limit` code points, cut at a word, the cut shown by "…"."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at = limit if text[limit - 1].isspace() else max(head.rfind(" "), head.rfind("\n"))
    return (head[:at] if at >= limit // 2 else head).rstrip() + "…"


class TextBuilder:
    """Accumulates text and entities. `right_to_left` lines begin with a mark, so that a name cannot turn them."""

    def __init__(self, *, right_to_left: bool = False) -> None:
        self._mark = RLM if right_to_left else ""
        self._parts: list[str] = []
        self._units = 0
        self._entities: list[Entity] = []

    @property
    def here(self) -> int:
        """The current offset in UTF-16 units, for `enclose`."""
        return self._units

    def add(self, text: str, *kinds: str, url: str | None = None) -> TextBuilder:
        """Appends text; `kinds` are entity types over it, `url` makes it a link."""
        start = self._units
        text = _FORBIDDEN.sub("", text)
        self._parts.append(text)
        self._units += utf16_length(text)
        for kind in kinds:
            self.enclose(start, kind)
        return self if url is None else self.link(start, url)

    def add_foreign(self, text: str, *kinds: str, url: str | None = None) -> TextBuilder:
        """Appends somebody else's words on one line, isolated and defused."""
        words = one_line(text)
        return self.add(_FSI).add(words if "code" in kinds else defuse(words), *kinds, url=url).add(_PDI)

    def add_quoted(self, text: str, *kinds: str) -> TextBuilder:
        """Appends a piece of a longer foreign text, defused; blanks at its ends stay, line breaks become blanks."""
        return self.add(defuse(_BLANKS.sub(" ", clean(text))), *kinds)

    def add_time(self, moment: datetime) -> TextBuilder:
        """Appends a moment that apps show in the reader's own zone and language; where they cannot, it is in UTC."""
        start = self._units
        self.add(moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"))
        at = int(moment.timestamp())
        return self._put(Entity("date_time", start, self._units - start, unix_time=at, date_time_format="r"))

    def mention(self, user_id: int, name: str) -> TextBuilder:
        """Appends somebody's name so that they are told of the message, and are who it asks."""
        start = self._units
        self.add("👤 ").add_foreign(name)
        return self._put(Entity("text_mention", start, self._units - start, user={"id": user_id}))

    def link(self, start: int, url: str | None) -> TextBuilder:
        """What was added since `start` becomes a link; nothing without an address."""
        return self if url is None else self._put(Entity("text_link", start, self._units - start, url=url))

    def enclose(self, start: int, kind: str) -> TextBuilder:
        """An entity from `start` to here; joined to an equal one that ends where it starts."""
        entity = Entity(kind, start, self._units - start)
        for index in range(len(self._entities) - 1, -1, -1):
            earlier = self._entities[index]
            if earlier.type == kind and earlier.end == start:
                self._entities[index] = replace(earlier, length=earlier.length + entity.length)
                return self
        return self._put(entity)

    def fill(self, template: str, **values: Foreign | Styled | str | int) -> TextBuilder:
        """Appends a translated sentence. Its {names} are replaced once; values are never read as templates."""
        for literal, name, _, _ in string.Formatter().parse(template):
            self._add_own(literal)
            if name is None:
                continue
            value = values[name]
            if isinstance(value, Foreign):
                self.add_foreign(value.text, *value.kinds)
            elif isinstance(value, Styled):
                self.add(value.text, *value.kinds)
            else:
                self._add_own(str(value))
        return self

    def _add_own(self, words: str) -> None:
        """Words of ours; the slash of a command among them stands at its left for every reader."""
        self.add(_COMMAND.sub(LRM, words) if self._mark else words)

    def line(self, template: str = "", **values: Foreign | Styled | str | int) -> TextBuilder:
        """A new line, in the builder's direction, with the filled template."""
        if self._units:
            self.add("\n")
        return self.add(self._mark).fill(template, **values) if template else self

    def start_line(self, mark: str | None = None) -> TextBuilder:
        """A new line in the builder's direction, or in that of the given mark, to be added to."""
        if self._units:
            self.add("\n")
        return self.add(self._mark if mark is None else mark)

    def build(self, limit: int = MAX_POINTS) -> RichText:
        """The text, cut at a word if it is too long, without blanks at either end."""
        whole = "".join(self._parts)
        stripped = whole.lstrip()
        shift = utf16_length(whole[: len(whole) - len(stripped)])
        text = shorten(stripped.rstrip(), limit)
        end = utf16_length(text)
        return RichText(text, tuple(_clipped(self._entities, shift, end))[:MAX_ENTITIES])

    def _put(self, entity: Entity) -> TextBuilder:
        if entity.length:
            self._entities.append(entity)
        return self


def _clipped(entities: list[Entity], shift: int, end: int) -> Iterator[Entity]:
    for entity in sorted(entities, key=lambda one: (one.offset, -one.length)):
        start = max(entity.offset - shift, 0)
        length = min(entity.end - shift, end) - start
        if length > 0:
            yield replace(entity, offset=start, length=length)
