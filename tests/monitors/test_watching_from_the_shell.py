"""`rasid watch …` as a person types it, in this process."""

from __future__ import annotations

import codecs
import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitors.chats import ChatAddress, ChatState, Transport
from monitors.cli import build
from monitors.errors import NotFound, QueryError, UsageError
from monitors.opening import open_ready
from monitors.query.burdens import MOST, Burden
from monitors.settings import Settings
from monitors.storage.chats import find_chat
from monitors.storage.people import block


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands of a test run, on a database of their own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, code: int = 0, stdin: bytes = b"") -> Result:
    result = CliRunner().invoke(build(), ["watch", *arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def listed() -> list[dict[str, object]]:
    return [json.loads(line) for line in run("list", "--json").stdout.splitlines()]


def test_a_watch_is_added_and_its_others_are_named(folder: Path) -> None:
    assert run("add", "سد", "النهضة").stdout == "Watching (no. 1): سد النهضة\n"
    again = run("add", "«سد النهضة»")
    assert again.stderr == "rasid: No. 1 asks the same already: سد النهضة\n"
    run("add", "سد", "--watchlist", "الماء")
    run("add", "خزان سد النهضة")
    rows = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in run("show", "1").stdout.splitlines())
    assert rows["asks the same"] == "no. 2: «سد النهضة»"
    assert rows["finds all of it"] == "no. 3: سد"
    assert rows["finds part of it"] == "no. 4: خزان سد النهضة"
    assert rows["matches"] == "none yet"
    shown = json.loads(run("show", "1", "--json").stdout)
    assert (shown["same"], shown["wider"], shown["narrower"]) == ([2], [3], [4])


def test_a_query_that_does_not_say_just_what_it_shows_is_said_back_in_words(folder: Path) -> None:
    assert "That is: articles with" in run("add", "نفط -رياضة").stdout
    assert "in words" in run("show", "نفط -رياضة").stdout


def test_other_spellings_of_a_name_are_offered(folder: Path) -> None:
    run("add", "جوجل")
    assert "غوغل" in json.loads(run("show", "1", "--json").stdout)["spellings"]


def test_what_a_wide_word_finds_besides_itself_is_named(folder: Path) -> None:
    run("add", "~وزير غزة -~سوريا")
    assert re.search("also finds +~وزير: .*وزارة", run("show", "1").stdout)
    found = json.loads(run("show", "1", "--json").stdout)["also_finds"]
    assert list(found) == ["~وزير"]
    assert "وزراء" in found["~وزير"]


def test_a_watch_that_nothing_can_meet_is_added_with_a_warning(folder: Path) -> None:
    warning = "rasid: No article can meet it: it asks for what it rules out.\n"
    assert run("add", "نفط -نفط").stderr == warning
    assert run("add", "نفط -غاز").stderr == ""
    assert run("edit", "2", "غاز NOT غاز", "--json").stderr.startswith(warning)


def test_names_are_found_however_blanks_and_broken_letters_were_typed(folder: Path) -> None:
    run("add", "سد النهضة", "--watchlist", "نهر النيل")
    assert "(no. 1)" in run("pause", " سد  النهضة\udcff", "--watchlist", "نهر  النيل\udcff").stdout
    assert run("list", "--watchlist", " نهر النيل").stdout.count("\n") == 1
    with pytest.raises(NotFound):
        run("show", "\udcff")


def test_a_chat_of_no_possible_number_is_refused(folder: Path) -> None:
    for number in (1 << 70, -(1 << 70)):
        run("list", "--chat", str(number), code=2)


def test_a_chat_that_is_not_in_keeps_its_watches_and_is_told_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("add", "نفط", "--chat", "99").stderr == ""
    monkeypatch.setenv("RASID_TELEGRAM_ACCESS", "list")
    for command in (("add", "غاز"), ("list",)):
        told = run(*command, "--chat", "98").stderr
        assert told.startswith("rasid: Chat 98 is told nothing: nobody has let it in."), command
        assert "/users, By number, 98, Let in" in told
    assert run("add", "غزة").stderr == ""
    with open_ready(Settings()) as database:
        database.write_now(block, 99, by_id=1, now=datetime.now(UTC))
        assert "shut out by an operator" in run("list", "--chat", "99").stderr
        chat = database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, 99))
    assert chat is not None
    assert chat.state is ChatState.UNREACHABLE, "looking does not let them in"


def test_a_watch_rests_changes_and_goes_on(folder: Path) -> None:
    run("add", "نفط")
    assert "Paused (no. 1)" in run("pause", "1").stdout
    assert "paused already" in run("pause", "نفط").stdout
    assert "(paused)" in run("list").stdout
    assert "Before: نفط" in run("edit", "1", "نفط OR غاز", "--to", "الطاقة").stdout
    (watch,) = listed()
    assert (watch["id"], watch["query"], watch["watchlist"]) == (1, "نفط OR غاز", "الطاقة")
    run("add", "غزة")
    assert "No. 1 asks the same already" in run("edit", "2", "غاز, نفط").stderr
    run("remove", "2")
    assert watch["state"] == "paused"
    assert "Watching again (no. 1)" in run("resume", "1").stdout
    assert "It is not paused" in run("resume", "1").stdout
    assert json.loads(run("remove", "1", "--json").stdout)["state"] == "removed"
    assert listed() == []


def test_a_watchlist_rests_and_goes_as_a_whole(folder: Path) -> None:
    for query in ("نفط", "غاز"):
        run("add", query, "--watchlist", "الطاقة")
    run("add", "غزة")
    run("pause", "--watchlist", "الطاقة")
    assert [watch["state"] for watch in listed()] == ["paused", "paused", "active"]
    run("remove", "--watchlist", "الطاقة")
    assert [watch["query"] for watch in listed()] == ["غزة"]
    with pytest.raises(NotFound, match="no watchlist"):
        run("resume", "--watchlist", "الطاقة")


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        (("add", "(دمشق OR حلب"), QueryError, "never closed"),
        (("show", "7"), NotFound, "There is no watch “7”"),
        (("pause",), UsageError, "Which watch"),
        (("edit", "7"), UsageError, "nothing to change"),
        (("edit", "7", "غزة"), NotFound, "There is no watch “7”"),
        (("add", "غزة", "--watchlist", "a" * 101), UsageError, "101 characters"),
        (("import", "missing.csv"), UsageError, "cannot be read"),
        (("import", "/dev/zero"), UsageError, "larger than 10 MB"),
        (("export", "missing/watches.csv"), UsageError, "cannot be written"),
        (("export", "--watchlist", "x"), NotFound, "no watchlist"),
    ],
)
def test_a_mistake_gets_one_clear_message(
    folder: Path, arguments: tuple[str, ...], error: type[Exception], complaint: str
) -> None:
    with pytest.raises(error, match=complaint):
        run(*arguments)


@pytest.mark.parametrize("name", ["watches.csv", "watches.toml", "watches.jsonl", "watches.txt"])
def test_what_is_exported_is_imported_elsewhere(folder: Path, name: str) -> None:
    for query in ("نفط -رياضة", "غزة, رفح"):
        run("add", query)
    run("pause", "2")
    assert run("export", name).stdout == f"2 watches written to {name}.\n"
    run("remove", "--watchlist", "default")
    assert run("import", name).stdout == "2 watches imported, 0 there already, 0 could not be.\n"
    assert run("import", name).stdout == "0 watches imported, 2 there already, 0 could not be.\n"
    kept = [(watch["query"], watch["state"]) for watch in listed()]
    assert kept == [("نفط -رياضة", "active"), ("غزة, رفح", "paused")]


def test_watches_are_exported_to_and_imported_from_a_pipe(folder: Path) -> None:
    run("add", "نفط")
    written = run("export").stdout_bytes
    assert written.startswith(codecs.BOM_UTF8 + b"watchlist,query,state\r\n")
    run("remove", "1")
    assert "1 watch imported" in run("import", "-", stdin=written).stdout


def test_a_list_with_bad_lines_is_imported_without_them_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASID_LIMITS_WATCHES_PER_CHAT", "2")
    (folder / "words.txt").write_text("غزة\nنفط AND\nغزة\nماء\nقمح\n", encoding="utf-8")
    assert "Nothing was saved" in run("import", "words.txt", "--strict", code=1).stdout
    planned = json.loads(run("import", "words.txt", "--dry-run", "--json", code=1).stdout)
    assert (planned["saved"], len(planned["added"]), planned["duplicates"]) == (False, 2, 1)
    assert [bad["line"] for bad in planned["bad"]] == [2, 5]
    assert run("list").stdout.startswith("No watches yet")
    told = run("import", "words.txt", code=1).stdout
    assert "line 2: " in told
    assert "line 5: There is no room: a chat may have 2 watches." in told
    assert told.endswith("2 watches imported, 1 there already, 2 could not be.\n")


def test_lines_that_ask_the_same_in_other_words_are_imported_and_named(folder: Path) -> None:
    run("add", "سد النهضة")
    (folder / "words.txt").write_text("«سد النهضة»\nنفط OR غاز\nسد النهضة\nغاز, نفط\n", encoding="utf-8")
    planned = json.loads(run("import", "words.txt", "--dry-run", "--json").stdout)
    assert planned["same"] == [
        {"line": 1, "query": "«سد النهضة»", "watch": 1, "earlier_line": None},
        {"line": 4, "query": "غاز, نفط", "watch": None, "earlier_line": 2},
    ]
    told = run("import", "words.txt").stdout.splitlines()
    assert told == [
        "  line 1 asks the same as no. 1: «سد النهضة»",
        "  line 4 asks the same as line 2: غاز, نفط",
        "3 watches imported, 1 there already, 0 could not be.",
    ]


def test_what_a_txt_holds_shows_in_it(folder: Path) -> None:
    (folder / "queries.txt").write_text('{"query": "سد النهضة", "match": "wide"}\n', encoding="utf-8")
    run("import", "queries.txt")
    (folder / "unicode.txt").write_text("query\tlist\nنفط\tالطاقة\n", encoding="utf-16")
    run("import", "unicode.txt")
    assert [(watch["query"], watch["watchlist"]) for watch in listed()] == [
        ('~"سد النهضة"', "default"),
        ("نفط", "الطاقة"),
    ]


def test_a_bad_cell_is_told_with_its_line_and_column(folder: Path) -> None:
    (folder / "watches.csv").write_text("query,match\nغزة,loose\n", encoding="utf-8")
    assert "line 2, match: “loose” is no way to match." in run("import", "watches.csv", code=1).stdout


def test_a_watch_that_asks_too_much_of_articles_is_refused_with_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = MOST[Burden.REGEX]
    expressions = "".join(f"/سد {number}/\n" for number in range(most + 1))
    told = run("import", "-", code=1, stdin=expressions.encode()).stdout
    assert f"line {most + 1}: All watches together may have {most} regular expressions" in told
    run("add", "نفط")
    with pytest.raises(UsageError, match="regular expressions"):
        run("edit", "نفط", "/نفط./")
    monkeypatch.setenv("RASID_LIMITS_WATCHES_PER_CHAT", "2000")
    assert "Changed" in run("edit", "نفط", "/نفط./").stdout


def articles_file(folder: Path) -> Path:
    now = datetime.now(UTC)
    lines = [
        {
            "id": 1,
            "title": "سد النهضة",
            "text": "حول سد النهضة في مصر",
            "published_at": now.isoformat(),
            "url": "https://a.example/1",
        },
        {
            "id": 2,
            "title": "",
            "text": "سد النهضة",
            "published_at": (now - timedelta(days=2)).isoformat(),
            "outlet": "الأفق",
        },
        {"id": 3, "title": "ماء", "text": "النهضة بعد السد"},
    ]
    file = folder / "articles.jsonl"
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text(f"{text}\nnot json\n", encoding="utf-8")
    return file


def test_a_query_is_tried_on_a_file_of_articles(folder: Path) -> None:
    file = articles_file(folder)
    shown = run("test", "سد النهضة", "--file", str(file))
    assert "2 articles in 2 days, 1.0 a day, as days are in UTC." in shown.stdout
    assert "     3  سد النهضة" in shown.stdout
    assert "    +1  apart: سد AND النهضة" in shown.stdout
    assert "حول «سد النهضة» في مصر" in shown.stdout
    assert "https://a.example/1" in shown.stdout
    assert "line 4 is passed over: It is not JSON" in shown.stderr
    compressed = folder / "articles.jsonl.gz"
    compressed.write_bytes(gzip.compress(file.read_bytes()))
    data = json.loads(run("test", "سد النهضة", "--file", str(compressed), "--json").stdout)
    assert list(data["days"].values()) == [1, 0, 1]
    assert data["words"] == [{"surface": "سد النهضة", "count": 3}]
    assert data["examples"][1]["outlet"] == "الأفق"
