"""What written words answer to, remembered: most words of a day's news were in yesterday's."""

from __future__ import annotations

from monitors.text.readings import PLAIN, Reading, Spelling
from monitors.text.tokens import Keys, tokens_of

Tokens = tuple[Keys, ...]

_REMEMBERED = 32_768  # words a generation; a guess at what a day's news mostly repeats
_REMEMBERED_BESIDES = 8_192  # for every reading that few articles need
_LONGEST_REMEMBERED = 40  # longer words are rare, and somebody could send many
_MOST_KEPT = 32_768 * 8  # keys a generation; news have about two a word
_MOST_READINGS = 8


class Memory(dict[str, Tokens]):
    """Written word → its tokens in one reading, computed once.

    Holds the words seen lately in two generations, each bounded in words, in their length and in their keys.
    """

    def __init__(self, reading: Reading, most: int) -> None:
        self._reading = reading
        self._most = most
        self._room = _MOST_KEPT
        self._older: dict[str, Tokens] = {}

    def __missing__(self, surface: str) -> Tokens:
        tokens = self._older.get(surface)
        if tokens is None:
            tokens = tokens_of(surface, self._reading)
        if len(surface) <= _LONGEST_REMEMBERED:
            if len(self) >= self._most or self._room < 0:
                self._older = dict(self)
                self.clear()
                self._room = _MOST_KEPT
            self._room -= sum(map(len, tokens))
            self[surface] = tokens
        return tokens


_memories: dict[Reading, Memory] = {}


def memory_of(reading: Reading) -> Memory:
    """The memory for this reading; of those that few articles need, the ones that were used last are kept."""
    memory = _memories.pop(reading, None)
    if memory is None:
        plain = reading.stems is None and reading.spelling is not Spelling.PERSIAN
        memory = Memory(reading, _REMEMBERED if plain else _REMEMBERED_BESIDES)
        while len(_memories) >= _MOST_READINGS:
            oldest = next((each for each in list(_memories) if each is not PLAIN), None)
            if oldest is None:
                break
            _memories.pop(oldest, None)
    _memories[reading] = memory
    return memory
