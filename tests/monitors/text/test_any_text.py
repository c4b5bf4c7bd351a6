"""What holds of every text, however it is written: in pieces or whole, with whatever stands between its letters."""

from __future__ import annotations

import re
from collections.abc import Generator
from itertools import chain, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitors.text import memory, words
from monitors.text.analysis import Analysis, analyse, analyse_fields, analysis_steps, keys_of_watch
from monitors.text.readings import PLAIN, Reading
from monitors.text.stemming import STEMMED, stem_keys

# Letters of many scripts, and all that has made trouble: marks, tatweel, ZWJ and ZWNJ, bidi marks, variation selectors,
# presentation forms and signs that are several words, lone surrogates, apostrophes and quotes, emoji, unspaced scripts.
TROUBLE = "والبكمسعدهيىةأءکیگەھێۆ\u064e\u0651\u0640\u200c\u200d\u200f\u200e\u061c\u2067\ufe0f\u00ad"
TROUBLE += "ﷲﷺﻻﻼﯽ\ud800\udfff'’\"״׳ʼ‘·-_👩💻🏽شabIİıßœéё\u0301\u0316Яйґπςא ב ם中タﾃﾞไทำ한국이९٣۴²ﬁＡ\n\r\t ,.،؛"
ANY_TEXT = st.text(st.characters(categories=None) | st.sampled_from(TROUBLE), max_size=200)
LANGUAGES = st.sampled_from([None, "", "en-US", "xx", *sorted(STEMMED)])

INSIDE = st.text(st.sampled_from("\u064e\u0651\u0640\u200d\u200f\u061c\u2069\ufe0f\u00ad\u0301"), max_size=3)
SIGNS = [*" \n,.،؛!?()[]«»“”/&_👍\ud83d…—", "👩\u200d💻", "👍🏽", "🏳\ufe0f\u200d🌈"]
BETWEEN = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=4).map("".join)
PLAIN_WORD = st.text(st.sampled_from("محمدسوريبغذصقabcdefжцыбאבגדπφλ"), min_size=1, max_size=8)


@st.composite
def written_words(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A text, and where its words are: letters with signs inside, and what is no word in between."""
    text, spans = draw(BETWEEN), []
    for word in draw(st.lists(PLAIN_WORD, max_size=6)):
        written = word[0] + "".join(draw(INSIDE) + letter for letter in word[1:])
        spans.append((len(text), len(text) + len(written)))
        text += written + draw(BETWEEN)
    return text, spans


@given(written_words())
def test_spans_cover_exactly_the_words_with_all_that_stands_inside_them(
    written: tuple[str, list[tuple[int, int]]],
) -> None:
    text, spans = written
    assume(not re.search("[א-ת][“”][א-ת]", text))  # a quote between two Hebrew letters stands for gershayim
    assert list(dict.fromkeys(analyse(text).spans)) == spans


@given(ANY_TEXT, ANY_TEXT, LANGUAGES)
def test_no_text_breaks_the_analysis_in_any_language(title: str, text: str, language: str | None) -> None:
    analysed = analyse_fields({"title": title, "text": text}, language=language, stemmed=STEMMED)
    for analysis in analysed.values():
        assert len(analysis.tokens) == len(analysis.spans)
        assert all(token and all(token) for token in analysis.tokens)
        assert all(0 <= start < end <= len(analysis.text) for start, end in analysis.spans)
        assert [analysis.span(at) for at in range(len(analysis.tokens))] == analysis.spans
        assert all(0 < at < len(analysis.tokens) for at in analysis.breaks)
        assert all(before < after for before, after in pairwise(analysis.breaks))


@given(ANY_TEXT, st.integers(1, 30))
def test_a_text_in_pieces_has_the_words_of_the_whole(text: str, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "PIECE", piece)
        cut = list(words.pieces(text))
    assert list(chain.from_iterable(words.words(text[each.start : each.end]) for each in cut)) == words.words(text)
    assert all(before.end <= after.start for before, after in pairwise(cut))


@given(ANY_TEXT)
def test_a_watch_for_a_word_finds_it_in_the_normal_form(text: str) -> None:
    tokens = analyse(text).tokens
    assert [token[0] for token in tokens] == list(keys_of_watch(text))


@pytest.mark.parametrize("language", sorted(STEMMED))
@given(data=st.data())
def test_a_wide_watch_for_a_word_finds_it_in_every_language_of_its_script(language: str, data: st.DataObject) -> None:
    letters = {"uk": "аеибвгдїєґськ", "bg": "аеибвгдтс", "ru": "аеиёбвгдтсй", "fa": "بپتجکگیاوه", "ur": "بپتکیےںاوہ"}
    letters |= {
        "ckb": "بپتکیەێۆاو",
        "he": "אבגדהוםימת",
        "el": "αβγάήσςι",
        "hy": "աբգդներ",
        "hi": "कखगमनर",
        "ne": "कखगमनर",
    }
    letters |= {"ta": "கஙசஞ"}
    word = data.draw(st.text(st.sampled_from(letters.get(language, "aeiouéüçıİIßnrstdl'’")), min_size=2, max_size=12))
    tokens = analyse_fields({"text": f"({word})"}, language=language, stemmed={language})["text"].tokens
    for written, token in zip(words.words(word), tokens, strict=True):
        assert set(stem_keys(written)) & set(token)


def steps_and_result(steps: Generator[None, None, dict[str, Analysis]]) -> tuple[int, dict[str, Analysis]]:
    count = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return count, end.value
        count += 1


@pytest.mark.parametrize("unit", ["القوات ", "كلمة", "中", "'a", "ﷺ", "\n\nفقرة", "e\u0301 "])
def test_a_long_text_is_read_in_short_steps_and_comes_out_the_same(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    count, analysed = steps_and_result(analysis_steps({"title": "عنوان", "text": text}))
    assert count >= (100_000 // (2 * words.PIECE) if len(words.words(text)) > 1 else 1)
    assert analysed["text"].tokens == analyse(text).tokens


@given(st.text(st.sampled_from("سدa'1中ﷺ_\u0301\u064b\u200c\u200f\ud800 .\n"), max_size=60))
def test_words_are_found_again_where_they_stand(text: str) -> None:
    analysis = analyse(text)
    found = [match.span() for match in words.WORD.finditer(text)]
    assert set(analysis.spans) <= set(found)
    assert [text[start:end] for start, end in analysis.spans] == list(analysis.surfaces)


def test_the_less_is_known_of_words_the_fewer_are_looked_up_in_one_go() -> None:
    known, unknown = "كلمة " * 5_000, " ".join(f"כש{number}" for number in range(5_000))
    counts = [
        steps_and_result(analysis_steps({"text": text}, language=language, stemmed={"he"}))[0]
        for text, language in ((known, "ar"), (unknown, "he"))
    ]
    assert counts[1] > 10 * counts[0]


def test_a_short_article_is_read_in_one_go() -> None:
    count, _ = steps_and_result(analysis_steps({"title": "عنوان", "text": "كلمة أخرى " * 200}))
    assert count == 0


def test_what_is_remembered_of_words_is_bounded() -> None:
    remembered = memory.Memory(PLAIN, 100)
    for number in range(1_000):
        assert remembered[f"word{number}"] == ((f"word{number}",),)
        remembered["x" * 1_000]
    assert len(remembered) <= 100
    assert len(remembered._older) <= 100
    assert remembered["word999"] == (("word999",),)


def test_words_with_many_keys_are_forgotten_sooner() -> None:
    few, many = memory.Memory(PLAIN, 1_000), memory.Memory(PLAIN, 1_000)
    for number in range(999):
        few[f"word{number}"]
        many["ﷺ" * 30 + f"{number}"]
    assert len(few) == 999
    assert len(many) + len(many._older) < 500


def test_few_readings_are_remembered_and_the_plain_one_always() -> None:
    kept = memory.memory_of(PLAIN)
    for language in STEMMED:
        memory.memory_of(Reading(stems=language))
    assert len(memory._others) <= 8
    assert memory.memory_of(PLAIN) is kept


def test_what_another_memory_knew_is_forgotten_little_by_little() -> None:
    other = memory.Memory(PLAIN, 100)
    for number in range(150):
        other[f"word{number}"]
    remembered = memory.Memory(PLAIN, 100, other)
    assert len(remembered._forgotten) == 150
    remembered["word0"]
    assert len(remembered._forgotten) == 148
