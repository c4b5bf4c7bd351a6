"""Where an article's keys stand, in two bytes each: who looks there sees of nearly every article that does not meet a
query that it does not, and need not read it.

A key is 15 bits of its hash, and one more says that it is the first of its token's; so an outline may take one key for
another, and never overlooks one. What has no place – stems, other fields, what is refused – it cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from operator import or_
from zlib import crc32

from monitors.query.chains import Places, Reach, reach, within
from monitors.query.numbering import bits_at
from monitors.query.plan import (
    Adjacent,
    All,
    Any,
    Close,
    Exact,
    OneOf,
    Pattern,
    Plan,
    Prefix,
    Run,
    Some,
    Term,
    Within,
    Without,
)
from monitors.query.tree import READ
from monitors.text.analysis import Keys
from monitors.text.keys import key_field, stem_language
from monitors.text.steps import Steps, finish

MOST_BYTES = 60_000
"""Of an outline; some 15,000 words."""

_BYTES = 2  # of a key, and of a length
_FIRST = 0x8000
_TOKENS_AT_ONCE = 2_500
_NOTHING: Keys = ("",)
_REMEMBERED = 20_000
_LATER_KEYS = bytes(range(0x80))


def outline_of(fields: Mapping[str, Sequence[Keys]]) -> bytes | None:
    """The outline of the tokens of title and text; None when it would be too long."""
    return finish(outline_steps(fields))


def outline_steps(fields: Mapping[str, Sequence[Keys]]) -> Steps[bytes | None]:
    """`outline_of` in steps, for those who must not be kept from other work."""
    packed: list[bytes] = []
    for name in READ:
        tokens = fields.get(name, ())
        if len(tokens) * _BYTES > MOST_BYTES:
            return None
        field = bytearray()
        for start in range(0, len(tokens), _TOKENS_AT_ONCE):
            field += b"".join(map(_packed, tokens[start : start + _TOKENS_AT_ONCE]))
            yield
        packed.append(bytes(field))
    if sum(map(len, packed)) > MOST_BYTES:
        return None
    return b"".join([*(len(field).to_bytes(_BYTES) for field in packed), *packed])


def says_more(plan: Plan) -> bool:
    """Whether an outline can tell more than which keys there are: what stands where, and how many of some there are."""
    match plan:
        case Adjacent() | Close() | Within() | Some():
            return True
        case All(parts) | Any(parts):
            return any(map(says_more, parts))
        case _:
            return False


class Outline:
    def __init__(self, outline: bytes) -> None:
        start = _BYTES * len(READ)
        lengths = [int.from_bytes(outline[at : at + _BYTES]) for at in range(0, start, _BYTES)]
        self._fields: dict[str, _Field] = {}
        for name, length in zip(READ, lengths, strict=True):
            self._fields[name] = _Field(outline[start : start + length])
            start += length

    def may_meet(self, plan: Plan) -> bool:
        """False only when the article does not meet the plan."""
        match plan:
            case Without() | Pattern():
                return True
            case All(parts):
                return all(map(self.may_meet, parts))
            case Any(parts):
                return any(map(self.may_meet, parts))
            case Some(count, parts):
                return sum(map(self.may_meet, parts)) >= count
            case Within(name, part):
                return _has_no_place(part) or self._fields[name].may_have(part)
            case _:
                return _has_no_place(plan) or any(field.may_have(plan) for field in self._fields.values())


class _Field:
    """Bit n of a number stands for token n, as in occurrences.py."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._found: dict[str, int] = {}

    def may_have(self, part: Run | Close) -> bool:
        if isinstance(part, Close):
            return bool(within(self._runs(part.groups[-1]), self._reach(part.groups[:-1], part)))
        return self._bits(part) != 0

    def _reach(self, groups: Sequence[Sequence[Run]], close: Close) -> Reach:
        runs = self._runs(groups[-1])
        if len(groups) > 1:
            runs = within(runs, self._reach(groups[:-1], close))
        return reach(runs, close.distance, after=True, before=not close.ordered)

    def _runs(self, group: Iterable[Run]) -> Places:
        return [(len(run.terms) if isinstance(run, Adjacent) else 1, self._bits(run)) for run in group]

    def _bits(self, run: Run) -> int:
        if not isinstance(run, Adjacent):
            return self._answering(run)
        bits = self._answering(run.terms[0])
        for offset, term in enumerate(run.terms[1:], 1):
            if not bits:
                break
            bits &= self._answering(term) >> offset
        return bits

    def _answering(self, term: Term) -> int:
        match term:
            case str():
                return self._at(term)
            case Exact(key, _):
                return self._at(key)
            case OneOf(keys):
                return reduce(or_, map(self._at, keys))
            case Prefix():
                return self._all

    def _at(self, key: str) -> int:
        if key not in self._found:
            self._found[key] = bits_at([sorted(self._tokens(key))])
        return self._found[key]

    def _tokens(self, key: str) -> Iterator[int]:
        number = _number(key)
        for searched in (number.to_bytes(_BYTES), (number | _FIRST).to_bytes(_BYTES)):
            at = -1
            while (at := self._packed.find(searched, at + 1)) >= 0:
                if at % _BYTES == 0:
                    yield len(self._marks[: at // _BYTES + 1].translate(None, _LATER_KEYS)) - 1

    @cached_property
    def _marks(self) -> bytes:
        return self._packed[::_BYTES]

    @cached_property
    def _all(self) -> int:
        return (1 << len(self._marks.translate(None, _LATER_KEYS))) - 1


def _has_no_place(part: Run | Close) -> bool:
    """Whether a key of it stands for a stem or looks into another field."""
    match part:
        case Close(groups):
            return any(_has_no_place(run) for group in groups for run in group)
        case Adjacent(terms):
            return any(map(_has_no_place, terms))
        case OneOf(keys):
            return any(map(_has_no_place, keys))
        case Exact(key, _) | Prefix(key) | key:
            return key_field(key) is not None or stem_language(key) is not None


@lru_cache(_REMEMBERED)
def _packed(keys: Keys) -> bytes:
    first, *others = map(_number, keys or _NOTHING)
    return b"".join(number.to_bytes(_BYTES) for number in (first | _FIRST, *others))


def _number(key: str) -> int:
    return crc32(key.encode("utf-8", "surrogatepass")) & (_FIRST - 1)
