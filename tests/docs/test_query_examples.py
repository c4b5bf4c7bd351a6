"""The examples of docs/queries.md, run as they stand there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from monitors.errors import QueryError
from monitors.query.burdens import MOST, Burden
from monitors.query.index import QueryIndex
from monitors.query.language import grammar, limits
from monitors.query.language.describing import describe
from monitors.query.language.fields import FIELDS
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.question import Question
from monitors.query.tree import Field

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")


def tables(heading: str) -> list[list[str]]:
    """The rows of all tables with this heading, cells as they are read."""
    rows: list[list[str]] = []
    for table in re.findall(rf"^\| {heading} \|\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        for row in table.splitlines():
            cells = re.split(r"(?<!\\)\|", row.strip("|"))
            rows.append([cell.strip().replace("\\|", "|") for cell in cells])
    return rows


def article(cell: str) -> dict[str, str]:
    """The article of a cell: a text, or `field: what it says` with · between them."""
    parts = [part.partition(": ") for part in cell.split(" · ")]
    if all(name in list(Field) for name, _, _ in parts):
        return {"title": "", "text": "", **{name: text for name, _, text in parts}}
    return {"title": "", "text": cell}


def typed(cell: str) -> str:
    return cell.removeprefix("`").removesuffix("`")


FINDS = tables(r"query \| finds \| does not find")
SAID = re.findall(r"`([^`\n]+)`\s+(finds|does\s+not\s+find)\s+[«*]([^»*]+)[»*]", PAGE)
CONSOLE = re.findall(r"^```\n\$ (rasid .+)\n((?:.*\n)+?)```", PAGE, re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(FINDS) > 60
    assert len(SAID) > 10
    assert len(CONSOLE) > 1


@pytest.mark.parametrize(("query", "found", "not_found"), FINDS)
def test_the_example_is_true(query: str, found: str, not_found: str) -> None:
    tree = parse(typed(query))
    index, question = QueryIndex(), Question(tree)
    index.add(1, tree)
    for cell, expected in ((found, True), (not_found, False)):
        assert question.meets(article(cell)) is expected
        assert bool(index.match(article(cell))) is expected
    assert parse(show(tree)) == tree


@pytest.mark.parametrize(("query", "says", "text"), SAID)
def test_what_is_said_in_passing_is_true(query: str, says: str, text: str) -> None:
    assert Question(parse(query)).meets({"title": "", "text": text}) is (says == "finds")


@pytest.mark.parametrize(("query", "words"), tables(r"query \| is said to be"))
def test_the_query_is_said_in_these_words(query: str, words: str) -> None:
    assert describe(parse(typed(query))) == words


@pytest.mark.parametrize(("query", "meant"), tables(r"query \| did you mean"))
def test_the_mistake_is_answered_with_this_suggestion(query: str, meant: str) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(typed(query))
    assert refusal.value.suggestion == typed(meant)


@pytest.mark.parametrize(("command", "printed"), CONSOLE)
def test_the_mistake_is_printed_just_so(command: str, printed: str, tmp_path: Path) -> None:
    arguments = shlex.split(command)[1:]
    ran = subprocess.run(
        [sys.executable, "-m", "monitors", *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ran.returncode == 2
    assert ran.stdout + ran.stderr == printed


def test_every_field_has_its_names() -> None:
    for name, also, _ in tables(r"field \| also \| looks in"):
        fields = {FIELDS[known.removesuffix(":")] for known in re.findall(r"`(.+?)`", name + also)}
        assert len(fields) == 1
    assert set(re.findall(r"`(\w+):`", PAGE)) >= set(FIELDS)


def test_the_limits_are_these() -> None:
    numbers = [int(number) for number, _ in tables(r"at most \|")]
    assert numbers == [
        *(limits.MAX_LENGTH, limits.MAX_WORDS, limits.MAX_DEPTH, limits.MAX_WIDE, limits.MAX_PREFIXES),
        *(limits.MAX_REGEXES, limits.MAX_ALTERNATIVES, limits.MAX_DISTANCE),
        *(MOST[Burden.REGEX], MOST[Burden.PREFIX], MOST[Burden.NEAR], MOST[Burden.SOME]),
    ]
    assert f"of {limits.MAX_REGEX_LENGTH} characters each" in PAGE
    assert f"{limits.DEFAULT_DISTANCE} what `NEAR` means" in PAGE


def test_the_grammar_is_the_one_that_is_read() -> None:
    (block,) = re.findall(r"^## The grammar\n\n```\n(.+?)\n```", PAGE, re.MULTILINE | re.DOTALL)
    written = "\n".join(line.strip() for line in (grammar.__doc__ or "").splitlines())
    assert "\n".join(line.strip() for line in block.splitlines()) in written
