"""How well a watch word answers to its forms, on pairs judged by us. The floors only ever go up.

`arabic_words.jsonl` has one pair a line: a watch's keyword, a form seen in or made for Arabic news, and whether that
is the `same` word (whatever is written onto it) or an `other`. It includes forms known to go wrong: what no rule can
tell apart («بعيد» is "far" or "with a feast") and spellings of foreign names, which are suggested, never assumed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from monitors.query.grammar import parse
from monitors.query.index import QueryIndex

PAIRS = Path(__file__).with_name("arabic_words.jsonl")

PRECISION_FLOOR = 0.97
RECALL_FLOOR = 0.97


class Pair(NamedTuple):
    keyword: str
    surface: str
    same: bool


class Score(NamedTuple):
    precision: float
    recall: float


def judged() -> list[Pair]:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return [Pair(row["keyword"], row["surface"], row["label"] == "same") for row in rows]


def score(pairs: Iterable[Pair], finds: Callable[[str, str], bool]) -> Score:
    found = [(pair.same, finds(pair.keyword, pair.surface)) for pair in pairs]
    both = sum(same and hit for same, hit in found)
    return Score(both / sum(hit for _, hit in found), both / sum(same for same, _ in found))


def a_watch(keyword: str, surface: str) -> bool:
    index = QueryIndex()
    index.add(0, parse(keyword))
    return bool(index.match({"text": surface}))


def a_substring(keyword: str, surface: str) -> bool:
    return keyword in surface


def a_word_regex(keyword: str, surface: str) -> bool:
    return re.search(rf"\b{re.escape(keyword)}\b", surface) is not None


def test_the_judged_pairs_are_many_and_each_judged_once() -> None:
    pairs = judged()
    assert len(pairs) >= 300
    assert len({(pair.keyword, pair.surface) for pair in pairs}) == len(pairs)


def test_a_watch_word_finds_its_forms_and_nothing_else() -> None:
    ours = score(judged(), a_watch)
    assert ours.precision >= PRECISION_FLOOR
    assert ours.recall >= RECALL_FLOOR


def test_what_most_bots_do_finds_less_and_confuses_more() -> None:
    pairs = judged()
    ours, substring, regex = (score(pairs, finds) for finds in (a_watch, a_substring, a_word_regex))
    assert substring.precision < ours.precision - 0.1
    assert substring.recall < ours.recall
    assert regex.recall < ours.recall - 0.5
