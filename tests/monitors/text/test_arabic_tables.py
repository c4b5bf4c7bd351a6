"""What holds of the tables of Arabic words, so that a slip of the pen in them is seen."""

from __future__ import annotations

from collections import Counter

from monitors.text import families, variants
from monitors.text.folding import fold
from monitors.text.forms import families_by_word
from monitors.text.places import PLACES
from monitors.text.words import words

TABLES = (families.STATE, families.WAR, families.MONEY, families.SOCIETY, families.EVENTS)


def entries(table: str, between: str) -> list[str]:
    return [entry.strip() for entry in table.replace("\n", between).split(between) if entry.strip()]


def test_every_entry_is_a_row_of_plain_arabic_words() -> None:
    written = [word for table in TABLES for word in table.replace(",", " ").replace("+", "").split()]
    written += PLACES.replace("|", " ").replace(";", " ").split()
    assert [word for word in written if words(word) != [word] or not "ء" <= fold(word)[0] <= "ي"] == []


def test_no_word_is_twice_in_a_family_and_no_family_twice_in_the_tables() -> None:
    rows = [entry.replace("+", "") for table in TABLES for entry in entries(table, ",")]
    parts = [*rows, *(part for entry in entries(PLACES, ";") for part in entry.split("|"))]
    assert [part for part in parts if max(Counter(map(fold, part.split())).values(), default=0) > 1] == []
    assert [row for row, times in Counter(map(fold, rows)).items() if times > 1] == []


def test_groups_of_spellings_differ_in_more_than_what_folding_makes_one() -> None:
    groups = entries(variants._GROUPS, ",")
    assert len(groups) >= 150
    assert [group for group in groups if len(group.split()) < 2] == []
    assert [group for group in groups if len(set(map(fold, group.split()))) < len(group.split())] == []


def test_known_words_are_many() -> None:
    assert len(families_by_word()) >= 3_500
