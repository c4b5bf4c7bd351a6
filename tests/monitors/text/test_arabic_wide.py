from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.text.analysis import analyse, keys_of_watch
from monitors.text.forms import families_by_word
from monitors.text.variants import suggestions, variants_of
from monitors.text.wide import MOST_KEYS, also_finds, wide_keys


def found_in(watch: str, text: str) -> bool:
    """Whether the watch's words, each in any of its forms, stand side by side in the text."""
    groups, tokens = wide_keys(watch), analyse(text).tokens
    return any(
        all(set(keys) & set(token) for keys, token in zip(groups, tokens[first:], strict=False))
        for first in range(len(tokens) - len(groups) + 1)
    )


@pytest.mark.parametrize(
    ("watch", "text"),
    [
        ("مصر", "والمصريون"),
        ("مصري", "لمصر"),
        ("المصريين", "مصر"),
        ("السعودية", "سعوديين"),
        ("المغرب", "مغاربة"),
        ("أمريكا", "الأميركية"),
        ("الأمريكي", "أميركا"),
        ("رئيس", "برئاسة"),
        ("رؤساء", "الرئيس"),
        ("وزير", "وزراؤها"),
        ("حرب", "حروبهم"),
        ("قانون", "القوانين"),
        ("قوانين", "قانونية"),
        ("استثماراتهم", "المستثمرون"),
        ("لاعب", "ولاعبيها"),
        ("حكومة", "حكومته"),
        ("الحكومة", "حكومي"),
        ("مباراة", "المباريات"),
        ("مستشفى", "مستشفياتنا"),
        ("زلزال", "زلزالية"),
        ("محمصة", "محامص"),
        ("تطوع", "المتطوعون"),
        ("تقاسم", "متقاسمون"),
        ("استمالة", "مستميل"),
        ("اقتحم", "ويقتحمون"),
        ("يقاتل", "نقاتل"),
        ("أعلن", "الإعلان"),
        ("شرعية", "شرعيته"),
        ("أبو", "لأبي"),
        ("غوغل", "لجوجل"),
        ("غوغل", "google غوغل"),
    ],
)
def test_a_wide_watch_finds_forms_derived_words_and_other_spellings(watch: str, text: str) -> None:
    assert found_in(watch, text)


@pytest.mark.parametrize(
    ("watch", "text"),
    [
        ("مصر", "المصرف"),
        ("الرياض", "رياضي"),
        ("الرياض", "رياض"),
        ("الحكومة", "حكومة"),
        ("بحر", "البحرين"),
        ("مكتب", "مكتبة"),
        ("محكمة", "الحكومة"),
        ("لاعب", "ملعب"),
        ("عمل", "عملة"),
        ("جدة", "جدا"),
        ("علي", "عليها"),
        ("سلمان", "سلماني"),
        ("العبادي", "العبادة"),
        ("روحاني", "الروح"),
        ("فقر", "الفقرات"),
        ("أحدث", "يحدث"),
    ],
)
def test_a_wide_watch_does_not_find_words_of_their_own(watch: str, text: str) -> None:
    assert not found_in(watch, text)


def test_each_word_of_a_joined_name_stands_for_itself() -> None:
    assert wide_keys("عبدالله") == (("عبد",), ("الله",))


def test_spellings_are_suggested_as_they_are_written() -> None:
    assert suggestions("أمريكا") == ("أميركا",)
    assert suggestions("امريكا") == ("أميركا",)
    assert suggestions("واتساب") == ("واتس اب", "الواتساب")
    assert suggestions("واتس اب") == ("واتساب", "الواتساب")
    assert suggestions("دمشق") == ()
    assert variants_of("واتساب") == ("الواتساب",)


def test_what_a_wide_watch_also_finds_can_be_shown() -> None:
    assert also_finds("وزير") == ("وزراء", "وزارة", "وزاري")
    assert also_finds("المغربي") == ("المغرب", "مغاربة")
    assert also_finds("أمريكا") == ("أميركا", "أمريكي", "أميركي", "أمريكان", "أميركان")
    assert also_finds("غوغل") == ("جوجل", "قوقل")
    assert also_finds("زخارف") == also_finds("عبدالله") == also_finds("Cairo") == also_finds("") == ()


def test_no_word_of_our_tables_asks_for_too_many_keys() -> None:
    words = [f"{article}{word}" for word in families_by_word() for article in ("", "ال")]
    assert all(len(keys) <= MOST_KEYS for word in words for keys in wide_keys(word))


@given(st.text(st.characters(categories=["L", "N", "M"]) | st.sampled_from("وفبكلسالاىيةتنه"), min_size=1))
def test_a_wide_watch_asks_for_its_own_key_first_and_for_each_once(text: str) -> None:
    wide = wide_keys(text)
    assert tuple(keys[0] for keys in wide) == keys_of_watch(text)
    assert all(len(keys) == len(set(keys)) <= MOST_KEYS and all(keys) for keys in wide)
