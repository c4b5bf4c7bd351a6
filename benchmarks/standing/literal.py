"""Engines that look for many strings at once, made to answer what the index answers.

They know no words and no Boolean logic. Each is given the words and phrases of all watches, spaces around them: as it
is made for, one for each watch, and once more only those that differ, which is the index's own trick. From what it
finds in an article the rest follows as it does in the index: what asks for one word or phrase is met, everything else
hangs on the rarest of its words and is checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

import ahocorasick
import ahocorasick_rs
import hyperscan

from benchmarks.standing.corpus import DISTANCE, Asked, Kind


class Literals:
    """The watches that an article meets, given the numbers of the literals it contains."""

    def __init__(self, asked: Sequence[Asked], commonness: Mapping[str, int], *, shared: bool) -> None:
        self.patterns: list[str] = []
        self._numbers: dict[str, int] = {}
        self._watches: dict[Asked, list[int]] = defaultdict(list)
        self._met: list[list[int]] = []
        self._hanging: list[list[Asked]] = []
        for watch, one in enumerate(asked):
            if one.kind is Kind.PHRASE and not shared:
                self._met[self._new(" ".join(one.words))] = [watch]
                continue
            if one not in self._watches:
                self._hang(one, commonness)
            self._watches[one].append(watch)

    def answer(self, found: set[int], text: str) -> list[int]:
        watches: list[int] = []
        candidates: set[Asked] = set()
        for number in found:
            watches += self._met[number]
            candidates.update(self._hanging[number])
        words: list[str] = []
        for one in candidates:
            if one.kind is Kind.NEAR:
                words = words or text.split()
            if self._is_met(one, found, words):
                watches += self._watches[one]
        return watches

    def _hang(self, one: Asked, commonness: Mapping[str, int]) -> None:
        if one.kind is Kind.PHRASE:
            self._met[self._number(" ".join(one.words))] = self._watches[one]
            return
        numbers = [self._number(word) for word in one.words]
        if one.kind is Kind.ANY:
            for number in numbers:
                self._hanging[number].append(one)
        else:
            rarest = max(one.words, key=commonness.__getitem__)
            self._hanging[self._number(rarest)].append(one)
        if one.without:
            self._number(one.without)

    def _number(self, literal: str) -> int:
        if literal not in self._numbers:
            self._numbers[literal] = self._new(literal)
        return self._numbers[literal]

    def _new(self, literal: str) -> int:
        self.patterns.append(f" {literal} ")
        self._met.append([])
        self._hanging.append([])
        return len(self.patterns) - 1

    def _is_met(self, one: Asked, found: set[int], words: list[str]) -> bool:
        if one.kind is Kind.ANY:
            return True
        numbers = self._numbers
        if not all(numbers[word] in found for word in one.words):
            return False
        if one.kind is Kind.NEAR:
            return are_near(words, *one.words)
        return one.without is None or numbers[one.without] not in found


def are_near(words: list[str], one: str, other: str) -> bool:
    places = [place for place, word in enumerate(words) if word == one]
    return any(other in words[max(0, at - DISTANCE) : at + DISTANCE + 1] for at in places)


class LiteralEngine:
    name: ClassVar[str]
    most = 1_000_000
    shared = True

    def __init__(self, asked: Sequence[Asked], commonness: Mapping[str, int]) -> None:
        self._literals = Literals(asked, commonness, shared=self.shared)
        self._build(self._literals.patterns)

    def met(self, text: str) -> Iterable[int]:
        return self._literals.answer(self._found(text), text)

    def _build(self, patterns: list[str]) -> None:
        raise NotImplementedError

    def _found(self, text: str) -> set[int]:
        raise NotImplementedError


class Hyperscan(LiteralEngine):
    name = "Hyperscan"

    def _build(self, patterns: list[str]) -> None:
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=[pattern.encode() for pattern in patterns],
            ids=list(range(len(patterns))),
            flags=hyperscan.HS_FLAG_SINGLEMATCH,
            literal=True,
        )

    def _found(self, text: str) -> set[int]:
        found: set[int] = set()

        def on_match(number: int, start: int, end: int, flags: int, context: object) -> None:
            found.add(number)

        self._database.scan(text.encode(), match_event_handler=on_match)
        return found


class HyperscanEach(Hyperscan):
    name = "Hyperscan, a literal for each watch"
    shared = False


class AhoCorasickRs(LiteralEngine):
    name = "ahocorasick_rs"

    def _build(self, patterns: list[str]) -> None:
        self._automaton = ahocorasick_rs.BytesAhoCorasick([pattern.encode() for pattern in patterns])

    def _found(self, text: str) -> set[int]:
        return {number for number, _, _ in self._automaton.find_matches_as_indexes(text.encode(), overlapping=True)}


class AhoCorasickRsEach(AhoCorasickRs):
    name = "ahocorasick_rs, a literal for each watch"
    shared = False


class PyAhoCorasick(LiteralEngine):
    name = "pyahocorasick"

    def _build(self, patterns: list[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for number, pattern in enumerate(patterns):
            self._automaton.add_word(pattern, number)
        self._automaton.make_automaton()

    def _found(self, text: str) -> set[int]:
        return {number for _, number in self._automaton.iter(text)}
