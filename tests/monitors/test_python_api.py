"""The matcher as notebooks import it."""

from __future__ import annotations

import doctest
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monitors
from monitors import Form, Matcher, QueryError, find, parse, words

NEWS = "وصلت شحنات القمح إلى مصر، وقالت الوزارة إن مُحَمَّداً حضر"


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, monitors; print([name for name in sys.modules if name.startswith('monitors.')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


def test_every_name_is_there_and_no_other() -> None:
    for name in monitors.__all__:
        assert getattr(monitors, name) is not None
    assert set(monitors.__all__) <= set(dir(monitors))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        monitors.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_the_example_of_the_package_is_true() -> None:
    assert doctest.testmod(monitors) == (0, 3)


def test_ids_may_be_anything_hashable() -> None:
    matcher: Matcher[object] = Matcher([("a", "مصر"), (("list", 7), "القمح"), (None, "الشعير")])
    assert [match.id for match in matcher.match(NEWS)] == ["a", ("list", 7)]
    assert (len(matcher), list(matcher), None in matcher) == (3, ["a", ("list", 7), None], True)


def test_a_match_knows_its_places_and_its_words() -> None:
    (match,) = Matcher({1: "القمح"}).match(NEWS, title="قمح وقمح والقمح")
    assert match.places == {"title": [(9, 15, "والقمح")], "text": [(11, 16, "القمح")]}
    assert match.spans == {"title": ((9, 15),), "text": ((11, 16),)}
    assert match.words == ("والقمح", "القمح")


def test_adding_changing_and_removing_take_effect_at_once() -> None:
    matcher = Matcher({1: "القمح"})
    matcher.add(2, "مصر")
    matcher.add(1, "الذهب")
    assert [match.id for match in matcher.match(NEWS)] == [2]
    matcher.remove(2)
    assert matcher.match(NEWS) == []
    assert list(matcher) == [1]
    with pytest.raises(KeyError):
        matcher.remove(2)
    matcher.add(3, parse("مصر"))
    assert [match.id for match in matcher.match(NEWS)] == [3]


def test_what_cannot_be_understood_changes_nothing() -> None:
    matcher = Matcher({1: "القمح"})
    with pytest.raises(QueryError) as refused:
        matcher.add(1, "(القمح")
    assert (refused.value.position, len(matcher), len(matcher.match(NEWS))) == (0, 1, 1)
    with pytest.raises(QueryError):
        matcher.add(2, "NOT القمح")
    assert list(matcher) == [1]


def test_a_language_limits_a_query_to_articles_said_to_be_in_it() -> None:
    matcher: Matcher[int] = Matcher()
    matcher.add(1, "مصر", lang="ar")
    assert [len(matcher.match(NEWS, lang=lang)) for lang in ("ar", "ar-EG", "fa", "")] == [1, 1, 0, 0]
    with pytest.raises(ValueError, match="not a language's code"):
        matcher.add(2, "مصر", lang="Arabic!")


def test_the_form_of_words_that_name_none_can_be_chosen() -> None:
    assert [len(Matcher({1: "مصر"}, form=form).match("صادرات القمح لمصر")) for form in ("exact", "normal")] == [0, 1]
    matcher = Matcher({1: "مصر"}, form=Form.EXACT)
    matcher.add(2, "مصر", form="normal")
    assert [match.id for match in matcher.match("لمصر")] == [2]
    with pytest.raises(ValueError, match="sloppy"):
        matcher.add(3, "مصر", form="sloppy")


def test_fields_are_asked_by_name() -> None:
    matcher = Matcher({1: "author:أحمد", 2: "tag:نفط", 3: "outlet:albaath", 4: "url:economy", 5: "أحمد"})
    about = {"author": ["ليلى حسن", "أحمد علي"], "outlet": "البعث", "url": "https://albaath.example/economy/1"}
    found = matcher.match("نص", tags=["غاز", "نفط"], **about)  # type: ignore[arg-type]  # a dict of several types
    assert [match.id for match in found] == [1, 2, 3, 4]
    assert found[0].words == ("أحمد",)


def test_a_query_is_found_in_a_text() -> None:
    assert find("القمح OR مصر", NEWS) == [(11, 16, "القمح"), (21, 24, "مصر")]
    assert find("الذهب", NEWS) == []


def test_words_show_what_they_answer_to() -> None:
    token = next(token for token in words("  وبالقمح") if token.text)
    assert (token.text, token.start, token.end) == ("وبالقمح", 2, 9)
    assert {"القمح", "قمح", "وبالقمح"} <= set(token.keys)


@given(st.text(st.one_of(st.sampled_from("مصر والقمح\u0651\u200f\ud800\0\r\n😀ﻻ"), st.characters()), max_size=60))
def test_places_are_of_the_text_as_it_was_given(text: str) -> None:
    matcher = Matcher({1: "مصر", 2: "القمح", 3: "مصر والقمح"})
    for match in matcher.match(text + " مصر", title=text):
        for name, places in match.places.items():
            given_text = {"title": text, "text": text + " مصر"}[name]
            assert all(given_text[start:end] == surface != "" for start, end, surface in places)
