"""A word that stands in no headline, and one that does and is a slip of the hand away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.query import misspelling
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.misspelling import is_a_slip, likely_meant
from monitors.text.usage import known_words

HEADLINES = [
    "ارتفاع أسعار الوقود في دمشق",
    "قصف جوي على ريف إدلب",
    "القصف يتجدد",
    "Fuel prices rise again",
    "Fuel queues grow",
    "Wheat deal is near",
    "الأمم المتحدة عام 2026",
    "مسؤول أممي: للرئيس فلاح",
]


def meant(written: str) -> str | None:
    query = likely_meant(parse(written), known_words(HEADLINES))
    return None if query is None else show(query)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("feul", "fuel"),
        ("Fule prices", '"fuel prices"'),
        ("fuell OR weat", "fuel OR wheat"),
        ("title:feul AND near", "title:fuel AND near"),
        ("القصفف", "القصف"),
        ("والوقد", "والوقود"),
        ("للوقوود", "الوقود"),
        ("المتحدهه", "المتحدة"),
        ("اسعارر الوقود", '"أسعار الوقود"'),
        ("واسعارر", "وأسعار"),
        ("ومسوول", "ومسؤول"),
        ("الرئييس", "الرئيس"),
        ("{رئييس|فلاحح}", "{رئيس|فلاح}"),
    ],
)
def test_a_slip_is_seen_in_whatever_is_asked(written: str, expected: str) -> None:
    assert meant(written) == expected


@pytest.mark.parametrize(
    "written", ["fuel", "prices", "بالوقود", "=feul", "feu*", "qqqq", "حلب", "outlet:feul", "/feul/", "2027", "20266"]
)
def test_what_is_known_short_far_from_all_or_asked_to_the_letter_stays(written: str) -> None:
    assert meant(written) is None


def test_what_is_not_wanted_stays_as_it_was_written() -> None:
    assert meant("wheat NOT feul") is None
    assert meant("weat NOT feul") == "wheat AND NOT feul"
    assert meant("title:(weat AND NOT feul)") == "title:(wheat AND NOT feul)"


def test_no_two_of_counted_parts_become_the_same() -> None:
    assert meant("2 of (fuel, feul, near)") is None
    assert meant("wheat OR 2 of (fuel, feul, near)") is None
    assert meant("2 of (أسعار, اسعارر, near)") is None
    assert meant("2 of (weat, feul, near)") == "2 of (wheat, fuel, near)"


def test_a_word_is_offered_as_most_headlines_write_it() -> None:
    query = likely_meant(parse("أنبااء"), known_words(["انباء عن قصف", "أنباء عاجلة", "أنباء أخرى"]))
    assert query is not None
    assert show(query) == "أنباء"


WORDS = st.text("abcdاب", min_size=1, max_size=8)


@given(WORDS, st.integers(0, 8), st.sampled_from("abcd"))
def test_one_letter_more_less_other_or_swapped_is_a_slip_both_ways(word: str, at: int, letter: str) -> None:
    at %= len(word)
    slips = {
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    } - {word}
    assert all(is_a_slip(word, slip) and is_a_slip(slip, word) for slip in slips)


@given(WORDS, WORDS)
def test_what_differs_in_more_is_none(word: str, other: str) -> None:
    assert not is_a_slip(word, word)
    assert not is_a_slip(f"{word}xx", f"{other}yy")


def test_a_hundred_words_are_not_compared_with_all_that_are_known_each(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = "abcdefghij"
    known = known_words(f"{a}{b}{c}{d}wxyz" for a in signs for b in signs for c in signs for d in signs)
    compared: list[tuple[str, str]] = []

    def noting(written: str, meant: str) -> bool:
        compared.append((written, meant))
        return is_a_slip(written, meant)

    monkeypatch.setattr(misspelling, "is_a_slip", noting)
    asked = [f"{a}{b}xxwxyz" for a in signs[:5] for b in signs]
    assert likely_meant(parse(" ".join(asked)), known) is None
    assert likely_meant(parse("aaaawxzy"), known) == parse("aaaawxyz")
    assert len(compared) < len(asked)
