from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitors.query.prefixes import Prefixes

_words = st.text(alphabet="ابج", min_size=1, max_size=5)


@given(st.lists(_words, max_size=60), st.sets(_words), st.sets(st.integers(0, 59)))
def test_beginnings_are_found_as_comparing_each_with_each_word_finds_them(
    starts: list[str], words: set[str], gone: set[int]
) -> None:
    prefixes: Prefixes[int] = Prefixes()
    for thing, start in enumerate(starts):
        prefixes.add(start, thing)
    for thing in gone & set(range(len(starts))):
        prefixes.remove(starts[thing], thing)
    found = sorted(prefixes.of(words))
    assert found == [
        thing
        for thing, start in enumerate(starts)
        if thing not in gone and any(word.startswith(start) for word in words)
    ]
    assert bool(prefixes) == bool(set(range(len(starts))) - gone)
