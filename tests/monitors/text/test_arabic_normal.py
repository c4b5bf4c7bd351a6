from __future__ import annotations

import pytest

from monitors.text.analysis import analyse, keys_of_watch


def found_in(watch: str, text: str) -> bool:
    (key,), (token,) = keys_of_watch(watch), analyse(text).tokens
    return key in token


@pytest.mark.parametrize(
    ("watch", "text"),
    [
        ("السعودية", "السعوديه"),
        ("حكومة", "وللحكومه"),
        ("السيسي", "للسيسى"),
        ("العربي", "العربى"),
        ("سد", "بسد"),
        ("أم", "لأم"),
        ("الله", "لله"),
        ("جانب", "لجانب"),
        ("حريق", "بحريق"),
        ("داعش", "وداعش"),
        ("جودة", "وجودة"),
        ("سامي", "وسامي"),
        ("إيران", "وايران"),
        ("واحد", "واحداً"),
        ("طوارئ", "بالطوارىء"),
        ("قاعة", "بقاعة"),
        ("كرة", "بكرة"),
        ("غزة", "لغزة"),
        ("أزمة", "لأزمة"),
        ("شواطئ", "بالشواطيء"),
        ("بن", "وبن"),
    ],
)
def test_a_watch_finds_its_word(watch: str, text: str) -> None:
    assert found_in(watch, text)


@pytest.mark.parametrize(
    ("watch", "text"),
    [
        ("أمل", "كاملا"),
        ("أحد", "واحدا"),
        ("أسد", "فاسدا"),
        ("أزمة", "لازمة"),
        ("أمير", "كاميرا"),
        ("طاقتها", "بطاقتها"),
        ("عالية", "فعالية"),
        ("قراء", "فقراء"),
        ("نية", "فنية"),
        ("ليون", "بليون"),
        ("صيد", "صيدا"),
        ("جد", "وجد"),
        ("أب", "لاب"),
        ("حسين", "الحسين"),
        ("بشير", "البشير"),
        ("اليمني", "اليمنى"),
        ("مصري", "مصرى"),
        ("مكتبة", "مكتبه"),
        ("الآلة", "الإله"),
    ],
)
def test_a_watch_does_not_find_another_word_in_it(watch: str, text: str) -> None:
    assert not found_in(watch, text)
