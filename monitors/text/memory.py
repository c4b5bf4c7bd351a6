"""What written words answer to, remembered: most words of a day's news were in yesterday's."""

from __future__ import annotations

from monitors.text.readings import PLAIN, Reading, Spelling
from monitors.text.tokens import Keys, tokens_of

Tokens = tuple[Keys, ...]

_REMEMBERED = 32_768  # words a generation; a guess at what a day's news mostly repeats
_REMEMBERED_BESIDES = 8_192  # for every reading that few articles need
_LONGEST_REMEMBERED = 40  # longer words are rare, and somebody could send many
_BYTES_PER_WORD = 512  # what a word may take on the average; in Arabic news it takes some 150
_BYTES_OF_KEY = 60  # besides its characters, of which each takes up to four
_MOST_OTHERS = 8
_FORGOTTEN_AT_ONCE = 2  # so that two generations are gone when the next one is full


class Memory(dict[str, Tokens]):
    """Written word → its tokens in one reading, computed once.

    Holds the words seen lately in two generations, each bounded in words and, roughly, in bytes of keys: 16 MB
    for the plain reading, 4 MB for most others. A generation of 32,000 Arabic words takes 11 MB in all, measured.
    """

    def __init__(self, reading: Reading, most: int, instead_of: Memory | None = None) -> None:
        self._reading = reading
        self._most = most
        self._room = most * _BYTES_PER_WORD
        self._older: dict[str, Tokens] = {}
        # Goes little by little: a generation, or another memory, takes up to 20 ms at once.
        self._forgotten: dict[str, Tokens] = {}
        if instead_of is not None:
            self._forgotten = {**instead_of._forgotten, **instead_of._older, **instead_of}
        self.missed = 0
        """How many words were not remembered, in all."""

    def __missing__(self, surface: str) -> Tokens:
        tokens = self._older.get(surface)
        if tokens is None:
            self.missed += 1
            tokens = tokens_of(surface, self._reading)
        if len(surface) <= _LONGEST_REMEMBERED:
            for _ in range(min(_FORGOTTEN_AT_ONCE, len(self._forgotten))):
                self._forgotten.popitem()
            if len(self) >= self._most or self._room < 0:
                self._forgotten, self._older = self._older, dict(self)
                self.clear()
                self._room = self._most * _BYTES_PER_WORD
            for keys in tokens:
                self._room -= _BYTES_OF_KEY * len(keys) + 4 * sum(map(len, keys))
            self[surface] = tokens
        return tokens


_plain = Memory(PLAIN, _REMEMBERED)
_others: dict[Reading, Memory] = {}


def memory_of(reading: Reading) -> Memory:
    """The memory for this reading; of those that few articles need, the ones that were used last are kept.

    Threads may share it: at worst a word is looked at twice.
    """
    if reading is PLAIN:
        return _plain
    memory = _others.pop(reading, None)
    if memory is None:
        oldest = _others.pop(next(iter(_others)), None) if len(_others) >= _MOST_OTHERS else None
        most = _REMEMBERED if reading.spelling is Spelling.DOTLESS else _REMEMBERED_BESIDES
        memory = Memory(reading, most, oldest)
    _others[reading] = memory
    return memory
