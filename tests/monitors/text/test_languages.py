from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.text.analysis import Keys, analyse, analyse_fields, keys_of_watch, spelling
from monitors.text.apostrophes import cores
from monitors.text.keys import stem_key, stem_language
from monitors.text.languages import language_of, primary, script_of
from monitors.text.stemming import STEMMED, stem_keys
from tests.quality.test_other_languages import AROUND

PERSIAN = "گفته شد که {} در این جا است و از آن به او داد"


def keys(text: str, language: str | None = None, stemmed: frozenset[str] = frozenset()) -> list[Keys]:
    return analyse_fields({"text": text}, language=language, stemmed=stemmed)["text"].tokens


@pytest.mark.parametrize(("language", "line"), AROUND.items())
def test_a_line_of_news_shows_its_language(language: str, line: str) -> None:
    assert language_of(line.format("")) == language


@pytest.mark.parametrize("text", ["", "123 456", "👍", "OK", "Ankara İstanbul Berlin", "\ud800"])
def test_what_shows_no_language_is_not_guessed(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en-US", "en"),
        ("EN_us", "en"),
        (" fr ", "fr"),
        ("nb-NO", "no"),
        ("ku", "ckb"),
        ("prs-AF", "fa"),
        ("sr-Latn", "sr"),
        ("english", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_tag_is_read_by_its_first_part(tag: str | None, language: str | None) -> None:
    assert primary(tag) == language


@given(st.text())
def test_any_tag_and_text_can_be_asked_for(text: str) -> None:
    primary(text)
    language_of(text)
    script_of(text)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("l’Iran", ("Iran",)),
        ("d'Alep", ("Alep",)),
        ("dell'Iran", ("Iran",)),
        ("Iran’s", ("Iran", "Irans")),
        ("UN's", ("UN", "UNs")),
        ("Ankara'da", ("Ankara", "Ankarada")),
        ("İstanbul’un", ("İstanbul", "İstanbulun")),
        ("Ma'rib", ("Marib",)),
        ("Qur'an", ("Quran",)),
        ("п'ять", ("пять",)),
        ("aujourd'hui", ("aujourdhui",)),
        ("Iran", ("Iran",)),
    ],
)
def test_an_apostrophe_parts_a_word_only_from_what_is_known(word: str, found: tuple[str, ...]) -> None:
    assert cores(word) == found


def test_what_is_typed_with_an_apostrophe_finds_only_that() -> None:
    assert keys_of_watch("l'Iran") == ("liran",)
    assert keys("l’Iran") == [("liran", "iran")]
    assert keys("Iran") == [("iran",)]
    assert spelling("l’Iran") == spelling("l'Iran")


def test_a_persian_text_is_not_read_as_arabic() -> None:
    assert ("بازار",) in keys(PERSIAN.format("بازار"))
    assert "ازار" in keys("بازار")[0]
    assert ("على", "علي") in keys(PERSIAN.format("علی"))
    assert "علي" not in keys("اتفقوا علی ذلك في بغداد")[1]


def test_a_short_persian_text_says_its_language_itself() -> None:
    assert keys("آزادي", "fa")[0] == ("ازادي", "ازادى")
    assert keys("بازار", "fa")[0] == ("بازار",)


def test_endings_after_a_zwnj_come_off_but_what_turns_a_word_around_does_not() -> None:
    assert "كتاب" in keys(PERSIAN.format("کتاب‌ها"))[3]
    assert "گناه" not in keys(PERSIAN.format("بی‌گناه"))[3]


def test_hebrew_proclitics_come_off_in_their_order() -> None:
    assert {"ממשלה", "הממשלה"} <= set(keys("ושבממשלה")[0])
    assert keys("מספר")[0] == ("מספר",)
    assert keys('צה"ל')[0] == keys("צה״ל")[0] == keys("צהל")[0]
    assert analyse('ב"כ צה״ל').spans == [(0, 3), (4, 8)]


def test_korean_particles_come_off_where_they_fit_the_syllable() -> None:
    assert keys("서울에서는")[0] == ("서울에서는", "서울에서", "서울")
    assert keys("학교을")[0] == ("학교을",)
    assert keys("물로")[0] == ("물로",)


@pytest.mark.parametrize("word", ["２０２４", "٢٠٢٤", "۲۰۲۴", "२०२४", "๒๐๒๔"])
def test_digits_are_the_same_in_all_scripts(word: str) -> None:
    assert keys(word)[0][0] == "2024"


def test_words_have_stems_only_where_somebody_wants_them_in_the_language_of_the_text() -> None:
    wanted = frozenset(("fr",))
    assert stem_key("fr", "elect") in keys("les élections", "fr-FR", wanted)[1]
    assert keys("les élections", "fr-FR") == keys("les élections", "en", wanted) == keys("les élections")
    assert keys("الانتخابات في مصر", "fr", wanted) == keys("الانتخابات في مصر")


def test_an_article_that_names_no_language_or_one_of_another_script_is_asked_for_its_own() -> None:
    text = AROUND["ru"].format("выборов")
    assert stem_key("ru", "выбор") in keys(text, None, STEMMED)[3]
    assert stem_key("ru", "выбор") in keys(text, "en-US", STEMMED)[3]


def test_a_wide_watch_asks_in_every_language_of_its_script() -> None:
    assert {"en", "fr", "tr"} <= {stem_language(key) for key in stem_keys("election")}
    assert {stem_language(key) for key in stem_keys("выборы")} == {"ru", "sr", "uk", "bg"}
    assert stem_keys("2024") == stem_keys("中") == stem_keys("") == ()


def test_threads_can_stem_at_the_same_time() -> None:
    words = [f"{stem}{ending}" for stem in ("selection", "manifest", "gouvern") for ending in ("s", "ement", "ation")]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: [stem_keys(word) for word in words], range(40)))
    assert all(each == found[0] for each in found)
