"""One query asked of one article, word by word: slow and obviously right. The index has to agree with it.

It reads the query's tree and not its plan, and shares nothing with the index but the text analysis. It keeps all
places; the index only the first ones, so compare their spans on articles with fewer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, product
from typing import NamedTuple, TypeAlias

from monitors.alerts import Spans
from monitors.query.tree import (
    READ,
    Alias,
    And,
    AtLeast,
    Field,
    Form,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
)
from monitors.text.analysis import Analysis, Keys, analyse_fields, keys_of_watch, spelling
from monitors.text.wide import wide_keys


class Token(NamedTuple):
    keys: Keys
    surface: str
    span: tuple[int, int]


Stretch: TypeAlias = list[Token | None]
"""Tokens among which words can be side by side or near; None stands for the blank between two paragraphs."""

Place: TypeAlias = tuple[str, int, int]
"""A field, and from where to where in it something matched, in code points."""

Asked: TypeAlias = Callable[[Token], bool]


class Run(NamedTuple):
    """Tokens of a stretch, from `first` to `last` inclusive."""

    stretch: int
    first: int
    last: int


def evaluate(query: Query, fields: Mapping[str, str], *, stemmed: Iterable[str] = ()) -> Spans | None:
    """Where the query matched, all of it, or None when the article does not meet it."""
    return ReadArticle(fields, stemmed=stemmed).evaluate(query)


class ReadArticle:
    """`stemmed` are the languages of the stems that any query asks for."""

    def __init__(self, fields: Mapping[str, str], *, stemmed: Iterable[str] = ()) -> None:
        read = partial(analyse_fields, language=fields.get("lang") or None, stemmed=frozenset(stemmed))
        analysed = read({name: text for name, text in fields.items() if name in READ})
        for name, text in fields.items():
            if name not in READ:
                analysed |= read({name: text})
        self._fields = fields
        self._stretches: list[tuple[str, Stretch]] = []
        for name, analysis in analysed.items():
            stretches = [_paragraphs(analysis)] if name in READ else _values(analysis)
            self._stretches += [(name, stretch) for stretch in stretches]

    def evaluate(self, query: Query) -> Spans | None:
        places = self._places(query, READ, wanted=True)
        if places is None:
            return None
        fields = dict.fromkeys(field for field, _, _ in sorted(places))
        return {name: _disjoint([(start, end) for field, start, end in places if field == name]) for name in fields}

    def _places(self, query: Query, fields: Sequence[Field], *, wanted: bool) -> set[Place] | None:
        """Where the article shows the query (or, not wanted, its negation) to hold; None when it does not hold."""
        match query:
            case Not(part):
                return self._places(part, fields, wanted=not wanted)
            case InField(field, part):
                return self._places(part, (field,), wanted=wanted)
            case And(parts) | Or(parts) | AtLeast(_, parts):
                found = [self._places(part, fields, wanted=wanted) for part in parts]
                holding = [places for places in found if places is not None]
                return set().union(*holding) if len(holding) >= _needed(query, wanted) else None
            case Regex(pattern):
                return _shown(self._matches(pattern, fields), wanted)
            case Near(parts, distance, ordered):
                links = [list(self._find(part, fields)) for part in parts]
                chains = list(_chains(links, distance, ordered))
                return _shown({self._place(run) for chain in chains for run in chain}, wanted)
            case Word() | Phrase() | Alias():
                return _shown({self._place(run) for run in self._find(query, fields)}, wanted)

    def _find(self, part: Word | Phrase | Alias, fields: Sequence[Field]) -> Iterator[Run]:
        for asked in _spelled_out(part):
            for number, (name, stretch) in enumerate(self._stretches):
                if name in fields:
                    for first in range(len(stretch) - len(asked) + 1):
                        run = stretch[first : first + len(asked)]
                        if all(token and meets(token) for token, meets in zip(run, asked, strict=True)):
                            yield Run(number, first, first + len(asked) - 1)

    def _place(self, run: Run) -> Place:
        name, stretch = self._stretches[run.stretch]
        first, last = stretch[run.first], stretch[run.last]
        assert first
        assert last
        return name, first.span[0], last.span[1]

    def _matches(self, pattern: str, fields: Sequence[Field]) -> set[Place]:
        return {
            (name, *match.span())
            for name, text in self._fields.items()
            if name in fields
            for match in re.finditer(pattern, text, re.IGNORECASE)
        }


def _needed(query: And | Or | AtLeast, wanted: bool) -> int:
    """How many of the parts (or of their negations) must hold."""
    match query:
        case And():
            count = len(query.parts)
        case Or():
            count = 1
        case AtLeast():
            count = query.count
    return count if wanted else len(query.parts) - count + 1


def _shown(places: set[Place], wanted: bool) -> set[Place] | None:
    if wanted:
        return places or None
    return None if places else set()


def _chains(links: Sequence[Sequence[Run]], distance: int, ordered: bool) -> Iterator[tuple[Run, ...]]:
    """One run of each link, each near the one before."""
    for first in links[0]:
        chains: list[tuple[Run, ...]] = [(first,)]
        for runs in links[1:]:
            chains = [(*chain, run) for chain in chains for run in runs if _near(chain[-1], run, distance, ordered)]
        yield from chains


def _near(one: Run, other: Run, distance: int, ordered: bool) -> bool:
    if one.stretch != other.stretch:
        return False
    return 1 <= other.first - one.last <= distance or (not ordered and 1 <= one.first - other.last <= distance)


def _spelled_out(part: Word | Phrase | Alias) -> list[list[Asked]]:
    """The runs of tokens of which any will do, as what each token is asked."""
    match part:
        case Word():
            return [_asked(part)]
        case Alias(names):
            return [asked for name in names for asked in _spelled_out(name)]
        case Phrase(parts):
            return [list(chain.from_iterable(choice)) for choice in product(*map(_spelled_out, parts))]


@lru_cache(maxsize=1000)
def _asked(word: Word) -> list[Asked]:
    if word.form is Form.WIDE:
        return [_has_any(keys) for keys in wide_keys(word.text)]
    keys = keys_of_watch(word.text)
    if word.form is Form.EXACT:
        return [_is_spelled(key, spelling(word.text)) for key in keys]
    asked = [_has_any((key,)) for key in keys]
    return [*asked[:-1], _begins(keys[-1])] if word.prefix else asked


def _has_any(keys: Keys) -> Asked:
    return lambda token: any(key in token.keys for key in keys)


def _is_spelled(key: str, spelled: str) -> Asked:
    return lambda token: key in token.keys and spelling(token.surface) == spelled


def _begins(start: str) -> Asked:
    return lambda token: any(key.startswith(start) for key in token.keys)


def _paragraphs(analysis: Analysis) -> Stretch:
    """The text's tokens, with a blank between paragraphs however many blank lines are there."""
    stretch: Stretch = []
    for token in _tokens(analysis):
        before = stretch[-1].span[1] if stretch and stretch[-1] else 0
        if stretch and re.search(r"\n\s*\n", analysis.text[before : token.span[0]]):
            stretch.append(None)
        stretch.append(token)
    return stretch


def _values(analysis: Analysis) -> list[Stretch]:
    """The tokens of each line."""
    values: list[Stretch] = [[] for _ in analysis.text.split("\n")]
    for token in _tokens(analysis):
        values[analysis.text.count("\n", 0, token.span[0])].append(token)
    return values


def _tokens(analysis: Analysis) -> Iterator[Token]:
    for keys, (start, end) in zip(analysis.tokens, analysis.spans, strict=True):
        yield Token(keys, analysis.text[start:end], (start, end))


def _disjoint(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans sorted, those that overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
