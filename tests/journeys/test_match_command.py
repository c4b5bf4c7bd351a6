"""`rasid match` as a person runs it: real files, pipes and processes, no database and no settings."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner

from monitors.cli import build
from monitors.errors import RasidError

Rows = list[dict[str, Any]]
RASID = str(Path(sys.executable).with_name("rasid"))
QUERIES: Rows = [{"id": 1, "query": "سد النهضة"}, {"id": "grain", "query": "القمح OR الشعير"}]
ARTICLES: Rows = [
    {"id": "a", "title": "سدّ النهضة", "text": "محادثات جديدة"},
    {"id": "b", "title": "الأسواق", "text": "ارتفع سعر القمح\r\nوالشعير \ud800"},
    {"id": 3, "title": "الطقس", "text": "أمطار في الساحل"},
]
Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def rasid(tmp_path: Path) -> Run:
    """Runs `rasid match …` in a folder with Q.jsonl and A.jsonl."""
    write(tmp_path / "Q.jsonl", QUERIES)
    write(tmp_path / "A.jsonl", ARTICLES)

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        given = {"--queries": "Q.jsonl", "--articles": "A.jsonl"}
        named = [part for option, file in given.items() if option not in arguments for part in (option, file)]
        return subprocess.run([RASID, "match", *named, *arguments], cwd=tmp_path, capture_output=True, input=stdin)

    return run


def write(file: Path, rows: Rows) -> None:
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)


def pairs(found: bytes) -> list[tuple[object, object]]:
    rows = [json.loads(line) for line in found.decode().splitlines()]
    return [(row["query_id"], row["article_id"]) for row in rows]


def test_matches_are_json_lines_with_places(rasid: Run) -> None:
    done = rasid()
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == [
        '{"query_id": 1, "article_id": "a", "fields": {"title": [[0, 10, "سدّ النهضة"]], "text": []}}',
        '{"query_id": "grain", "article_id": "b", "fields": '
        '{"title": [], "text": [[10, 15, "القمح"], [17, 24, "والشعير"]]}}',
    ]


def test_files_may_be_pipes_and_compressed(rasid: Run, tmp_path: Path) -> None:
    write(tmp_path / "A.jsonl.gz", ARTICLES)
    plain = rasid().stdout
    assert rasid("--articles", "A.jsonl.gz").stdout == plain
    assert rasid("--articles", "-", stdin=(tmp_path / "A.jsonl").read_bytes()).stdout == plain
    assert rasid("--queries", "-", stdin=(tmp_path / "Q.jsonl").read_bytes()).stdout == plain
    written = rasid("--output", "M.jsonl.gz")
    assert (written.stdout, gzip.decompress((tmp_path / "M.jsonl.gz").read_bytes())) == (b"", plain)


def test_a_line_that_cannot_be_used_is_reported_and_skipped(rasid: Run, tmp_path: Path) -> None:
    (tmp_path / "Q.jsonl").write_text('{"id": 1, "query": "(القمح"}\n{"id": 2, "query": "القمح"}\n')
    (tmp_path / "A.jsonl").write_text('{"id": 1}\n\n{"id": 2, "text": "القمح"}\n{"id": 3, "te')
    done = rasid()
    assert (done.returncode, pairs(done.stdout)) == (1, [(2, 2)])
    query, article, cut = done.stderr.decode().splitlines()
    assert query.startswith("rasid: Q.jsonl, line 1: The parenthesis at position 1 is never closed.")
    assert query.endswith("Did you mean: (القمح)")
    assert article == 'rasid: A.jsonl, line 1: It has neither a "title" nor a "text".'
    assert cut == "rasid: A.jsonl, line 4: It is not JSON: Unterminated string starting at at position 11."


@pytest.mark.parametrize("workers", ["1", "2"])
def test_strict_stops_at_the_first(rasid: Run, tmp_path: Path, workers: str) -> None:
    good = '{"id": 1, "text": "القمح"}\n'
    (tmp_path / "A.jsonl").write_text(f"{good}nonsense\n{good}nonsense\n")
    done = rasid("--strict", "--workers", workers)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert done.stderr.decode() == "rasid: A.jsonl, line 2: It is not JSON: Expecting value at position 1.\n"


def test_several_processes_give_the_same_in_the_same_order(rasid: Run, tmp_path: Path) -> None:
    rows = [{"id": number, "title": "", "text": "القمح " * (number % 7)} for number in range(1_000)]
    write(tmp_path / "A.jsonl", [*rows, *ARTICLES])
    one, several = rasid(), rasid("--workers", "3")
    assert several.stdout == one.stdout != b""
    assert (several.returncode, several.stderr) == (0, b"")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_who_stops_reading_is_no_trouble(tmp_path: Path, rasid: Run, workers: str) -> None:
    write(tmp_path / "A.jsonl", [{"id": number, "title": "", "text": "القمح " * 50} for number in range(3_000)])
    command = f"{RASID} match --queries Q.jsonl --articles A.jsonl --workers {workers} | head -n 1"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True)
    assert (len(done.stdout.splitlines()), done.stderr) == (1, b"")


async def test_matches_leave_before_the_articles_end(tmp_path: Path, rasid: Run) -> None:
    process = await asyncio.create_subprocess_exec(
        *(RASID, "match", "--queries", "Q.jsonl", "--articles", "-"),
        cwd=tmp_path,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for _ in range(3):
        process.stdin.write(b'{"id": 1, "text": "%s"}\n' % "القمح".encode())
        await process.stdin.drain()
        assert pairs(await process.stdout.readline()) == [("grain", 1)]
    process.stdin.close()
    assert await process.wait() == 0


async def test_articles_without_end_take_no_more_memory(tmp_path: Path, rasid: Run) -> None:
    process = await asyncio.create_subprocess_exec(
        *(RASID, "match", "--queries", "Q.jsonl", "--articles", "-"),
        cwd=tmp_path,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    article = b'{"id": 1, "text": "%s"}\n' % ("نص " * 6_000 + "القمح").encode()
    memory = []
    for number in range(400):  # 12 MB, and more as text
        process.stdin.write(article)
        await process.stdin.drain()
        assert await process.stdout.readline()
        if number % 100 == 99:
            memory.append(psutil.Process(process.pid).memory_info().rss)
    process.stdin.close()
    assert await process.wait() == 0
    assert memory[-1] - memory[0] < 8 << 20


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_no_process_stays_behind(tmp_path: Path, rasid: Run, end: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        *(RASID, "match", "--queries", "Q.jsonl", "--articles", "-", "--workers", "2"),
        cwd=tmp_path,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(b'{"id": 1, "text": "%s"}\n' % "القمح".encode() * 2_000)
    await process.stdin.drain()
    assert await process.stdout.readline()
    assert len(psutil.Process(process.pid).children()) == 2
    process.send_signal(end)
    # They hold our end of both pipes: these end when the last of them has ended.
    await process.stdout.read()
    assert b"Traceback" not in await process.stderr.read()
    assert await process.wait() == (130 if end is signal.SIGINT else -end)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--queries", "-", "--articles", "-"), 2, "cannot both come from standard input"),
        (("--output", "A.jsonl"), 2, "A.jsonl is read; matches cannot be written to it."),
        (("--output", "./Q.jsonl"), 2, "Q.jsonl is read; matches cannot be written to it."),
        (("--articles", "missing.jsonl"), 2, "missing.jsonl cannot be read: No such file or directory."),
        (("--articles", "."), 2, ". cannot be read: Is a directory."),
        (("--articles", "plain.gz"), 1, "plain.gz is damaged, or not compressed by gzip."),
        (("--output", "no/such/folder"), 1, "no/such/folder cannot be written: No such file or directory."),
        (("--output", "/dev/full"), 1, "/dev/full cannot be written: No space left on device."),
        (("--queries", "/dev/null"), 1, "There is no query in /dev/null."),
    ],
)
def test_what_cannot_be_done_gets_one_clear_message(
    rasid: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    (tmp_path / "plain.gz").write_text('{"id": 1, "text": "القمح"}')
    monkeypatch.chdir(tmp_path)
    given = ("--queries", "Q.jsonl", "--articles", "A.jsonl")
    with pytest.raises(RasidError) as refused:  # of an option given twice, the last counts
        CliRunner().invoke(build(), ["match", *given, *arguments], catch_exceptions=False)
    assert (refused.value.exit_code, said in str(refused.value)) == (code, True)
    assert json.loads((tmp_path / "A.jsonl").read_text().splitlines()[0])["id"] == "a"


def test_a_bar_is_shown_to_a_person_and_matches_stay_clean(tmp_path: Path, rasid: Run) -> None:
    ours, theirs = os.openpty()
    done = subprocess.run(
        [RASID, "match", "--queries", "Q.jsonl", "--articles", "A.jsonl"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.stdout == rasid().stdout
    assert "3 articles, 2 matches" in shown
    assert "100%" in shown
