from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.text.cleaning import clean, one_line

ANY_TEXT = st.text(st.characters())  # lone surrogates and controls included


@pytest.mark.parametrize(
    ("outside", "safe"),
    [
        ("قبل\x00بعد", "قبلبعد"),
        ("\x1b[31mأحمر\x1b[0m", "[31mأحمر[0m"),
        ("a\x85b\u2028c\u2029d\r\ne\rf\x0bg", "a\nb\nc\nd\ne\nf\ng"),
        ("عمود\tعمود\n", "عمود\tعمود\n"),
        ("\ud83dنص\udc00", "نص"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("می\u200cخواهد \u200f(نص)\u200e 👩\u200d💻", "می\u200cخواهد \u200f(نص)\u200e 👩\u200d💻"),
        ("\ufeffأول", "أول"),
        ("م\u200bص\u2060ر", "مصر"),
        ("ا\u0654حمد cafe\u0301", "أحمد café"),
    ],
)
def test_what_is_unsafe_goes_and_what_carries_meaning_stays(outside: str, safe: str) -> None:
    assert clean(outside) == safe


@given(ANY_TEXT)
def test_clean_text_can_be_stored_sent_and_cleaned_again(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in cleaned)


def test_piled_marks_are_cut_down_before_they_are_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Normalising takes time by the square of how many marks there are: of these, half a minute."""
    lengths = []
    normalize = unicodedata.normalize

    def noting(form: Literal["NFC"], text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", noting)
    assert len(clean("z" + "\u0301\u0316" * 100_000 + "algo")) <= 35
    assert max(lengths) <= 35


def test_marks_that_are_not_piled_stay() -> None:
    assert clean("الرَّحْمَٰنِ") == unicodedata.normalize("NFC", "الرَّحْمَٰنِ")


def test_one_line_is_one_line_with_single_spaces() -> None:
    assert one_line("  عنوان\n\tعلى\u00a0 سطرين\u2028 ") == "عنوان على سطرين"


@given(ANY_TEXT)
def test_one_line_never_breaks(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
