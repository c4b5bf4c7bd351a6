"""How well a watch word answers to its forms, on pairs judged by us. The floors only ever go up.

`arabic_words.jsonl` has one pair a line: a watch's keyword; a form seen in or made for Arabic news; whether that is the
`same` word (whatever is written onto it), an `inflection` of it (number, gender, possessive), `derived` from it (the
adjective, the people, the office) or an `other` word; and a weight, how often the form is met beside the others: 1, 3,
10, 30, 100 or 300, in our estimate, for want of a corpus that is ours. It includes forms known to go wrong: what no
rule can tell apart («بعيد» is "far" or "with a feast"), and other spellings of foreign names, which only the wide form
assumes.

`python -m tests.quality.test_arabic_words` prints the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from monitors.query.language.grammar import parse
from monitors.query.question import Question
from tests.quality import peers

PAIRS = Path(__file__).with_name("arabic_words.jsonl")

SAME = frozenset({"same"})
ANY_FORM = frozenset({"same", "inflection", "derived"})
NOT_SAME = frozenset({"inflection", "derived", "other"})
OTHER = frozenset({"other"})

FLOORS: Mapping[str, tuple[float, float]] = {"exact": (1.0, 0.4), "normal": (0.995, 0.985), "wide": (0.995, 0.98)}
"""The least weighted precision and recall of each form, of what it is meant to find."""


class Pair(NamedTuple):
    keyword: str
    surface: str
    label: str
    weight: int


class Score(NamedTuple):
    precision: float
    recall: float


Finds = Callable[[str, str], bool]


@cache
def judged() -> tuple[Pair, ...]:
    rows = map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())
    return tuple(Pair(row["keyword"], row["surface"], row["label"], row["weight"]) for row in rows)


def score(finds: Finds, wanted: frozenset[str], unwanted: frozenset[str]) -> Score:
    """Weighted; of a label that is neither wanted nor unwanted it does not matter whether it is found."""
    found = [pair for pair in judged() if finds(pair.keyword, pair.surface)]
    right = _weight(found, wanted)
    return Score(right / (right + _weight(found, unwanted)), right / _weight(judged(), wanted))


def _weight(pairs: Iterable[Pair], labels: frozenset[str]) -> int:
    return sum(pair.weight for pair in pairs if pair.label in labels)


@cache
def _question(query: str) -> Question:
    return Question(parse(query))


def exact(keyword: str, surface: str) -> bool:
    return _question(" ".join(f"={word}" for word in keyword.split())).meets({"text": surface})


def normal(keyword: str, surface: str) -> bool:
    return _question(keyword).meets({"text": surface})


def wide(keyword: str, surface: str) -> bool:
    return _question(" ".join(f"~{word}" for word in keyword.split())).meets({"text": surface})


FORMS: Mapping[str, Finds] = {"exact": exact, "normal": normal, "wide": wide}
PEERS: Mapping[str, Finds] = {
    "substring": peers.substring,
    r"\b regex": peers.word_regex,
    "ArabicNormalizer": peers.arabic_normalizer,
    "light10": peers.light10,
    "Snowball": peers.snowball,
}


def test_the_judged_pairs_are_many_and_each_judged_once() -> None:
    pairs = judged()
    assert len(pairs) >= 2_300
    assert len({(pair.keyword, pair.surface) for pair in pairs}) == len(pairs)
    assert {pair.label for pair in pairs} == ANY_FORM | OTHER
    assert {pair.weight for pair in pairs} <= {1, 3, 10, 30, 100, 300}


@pytest.mark.parametrize("form", FORMS)
def test_a_watch_word_finds_its_forms_and_nothing_else(form: str) -> None:
    wanted, unwanted = (ANY_FORM, OTHER) if form == "wide" else (SAME, NOT_SAME)
    precision, recall = score(FORMS[form], wanted, unwanted)
    least_precision, least_recall = FLOORS[form]
    assert precision >= least_precision
    assert recall >= least_recall


@pytest.mark.parametrize("label", ["inflection", "derived"])
def test_a_wide_watch_finds_inflections_and_derived_words_alike(label: str) -> None:
    assert score(wide, frozenset({label}), OTHER).recall >= 0.8


@pytest.mark.parametrize("peer", PEERS)
def test_what_others_do_finds_less_or_confuses_more(peer: str) -> None:
    theirs, ours = (score(finds, SAME, OTHER) for finds in (PEERS[peer], normal))
    assert theirs.precision < ours.precision - 0.05 or theirs.recall < ours.recall - 0.1
    theirs, ours = (score(finds, ANY_FORM, OTHER) for finds in (PEERS[peer], wide))
    assert theirs.recall < ours.recall - 0.2


def table() -> str:
    lines = [f"{'weighted':18} same word P / R    with inflections and derived words P / R"]
    for name, finds in {**FORMS, **PEERS}.items():
        same, any_form = score(finds, SAME, OTHER), score(finds, ANY_FORM, OTHER)
        lines.append(
            f"{name:18} {same.precision:.3f} / {same.recall:.3f}      {any_form.precision:.3f} / {any_form.recall:.3f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201
