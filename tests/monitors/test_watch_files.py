from __future__ import annotations

import codecs
import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import RasidError
from monitors.query.language.grammar import parse
from monitors.query.plan import plan_of
from monitors.text.cleaning import one_line
from monitors.watch_files import WatchFile, as_typed, decoded, read_watches, write_watches
from monitors.watch_formats import Row, guess_format, read_rows, write_rows
from monitors.watchlists import FileFormat, NewWatch, Watch, WatchState
from tests.rows import NOW

FORMATS = list(FileFormat)
DEEP = "a." * 300_000
"""The beginning of a key for which tomllib would take a quarter of an hour."""


def read(text: str, form: FileFormat | None = None) -> WatchFile:
    return read_watches(text.encode(), form)


def queries(text: str, form: FileFormat | None = None) -> list[str]:
    found = read(text, form)
    assert not found.bad
    return [watch.query for _, watch in found.watches]


def cells(text: str) -> list[tuple[int, str, str]]:
    return [(row.line, row.watchlist, row.query) for row in read_rows(text, FileFormat.CSV)]


def test_a_plain_list_is_a_query_a_line_commas_and_all() -> None:
    assert queries("غزة\n\n  نفط, غاز  \r\nسد النهضة") == ["غزة", "نفط, غاز", "سد النهضة"]


def test_comments_of_a_plain_list_are_passed_over_and_hashtags_are_not() -> None:
    assert queries("# my words\n#غزة\n#\nنفط") == ["#غزة", "نفط"]


def test_a_plain_list_can_say_which_watchlist_and_what_is_paused() -> None:
    found = read("غزة\n# watchlist: الاقتصاد\nنفط\n# paused: غاز\n")
    assert [watch for _, watch in found.watches] == [
        NewWatch("غزة"),
        NewWatch("نفط", "الاقتصاد"),
        NewWatch("غاز", "الاقتصاد", WatchState.PAUSED),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_separated_by_commas_semicolons_or_tabs(mark: str) -> None:
    lines = (("Query ", "LIST", "status", "notes"), ("سد النهضة", "الماء", "paused", "x"), ("نفط", "", "", ""))
    found = read("\r\n".join(mark.join(line) for line in lines))
    assert [watch for _, watch in found.watches] == [
        NewWatch("سد النهضة", "الماء", WatchState.PAUSED),
        NewWatch("نفط"),
    ]


def test_columns_may_be_named_in_arabic_and_stand_in_any_order() -> None:
    found = read("القائمة;الكلمة\nالماء;سد النهضة\n", FileFormat.CSV)
    assert found.watches == ((2, NewWatch("سد النهضة", "الماء")),)


def test_one_column_needs_no_header_and_several_do() -> None:
    assert queries("غزة\nنفط\n", FileFormat.CSV) == ["غزة", "نفط"]
    with pytest.raises(RasidError, match="names no column “query”"):
        read("غزة,نفط\n", FileFormat.CSV)


def test_excels_own_hint_is_followed() -> None:
    assert cells("sep=;\nquery;list\na,b;c\n") == [(3, "c", "a,b")]


def test_a_quoted_cell_may_hold_separators_lines_and_doubled_quotes() -> None:
    text = 'query,watchlist\n"a, ""b c""",x\n"a\nb",y\nlast,z'
    assert cells(text) == [(2, "x", 'a, "b c"'), (3, "y", "a\nb"), (5, "z", "last")]
    assert queries(text) == ['a, "b c"', "a, b", "last"]


def test_quotes_that_nobody_doubled_stay_quotes_and_one_left_open_swallows_nothing() -> None:
    text = 'query,watchlist\n"سد النهضة" AND مصر,x\n"سد,y\nنفط,z\n'
    assert cells(text) == [(2, "x", '"سد النهضة" AND مصر'), (3, "y", '"سد'), (4, "z", "نفط")]


def test_what_a_spreadsheet_would_calculate_is_made_harmless_and_comes_back() -> None:
    rows = [Row(1, query, "w", state="active") for query in ("=علي", "+a +b", "-a b", "@x", "'=x", "''=x", "'a", "a=b")]
    written = write_rows(rows, FileFormat.CSV)
    shown = [line.split(",")[1] for line in written.splitlines()[1:]]
    assert shown == ["'=علي", "'+a +b", "'-a b", "'@x", "''=x", "'''=x", "'a", "a=b"]
    assert [row.query for row in read_rows(written, FileFormat.CSV)] == [row.query for row in rows]


def test_a_bad_line_is_told_with_its_number_and_the_good_ones_are_kept() -> None:
    bad = ("غزة AND,,,", ",,paused,", "ماء,loose,,", "ماء,,asleep,", "ماء,,,arabic!")
    found = read("\n".join(("query,match,state,lang", "نفط,,,", *bad, "غاز,,,")))
    assert [(line, watch.query) for line, watch in found.watches] == [(2, "نفط"), (8, "غاز")]
    assert [(bad.line, bad.query) for bad in found.bad] == [(3, "غزة AND"), (4, ""), (5, "ماء"), (6, "ماء"), (7, "ماء")]
    assert [bad.column for bad in found.bad] == ["query", "query", "match", "state", "lang"]
    assert all(bad.reason for bad in found.bad)
    assert [bad.suggestion for bad in found.bad[2:]] == [
        "Write exact, normal or wide.",
        "Write active or paused.",
        "Write a code such as ar, en or fa.",
    ]


def test_a_row_with_more_cells_than_columns_is_told_and_not_cut_off() -> None:
    found = read("query,watchlist\nغزة, رفح,الأخبار\nنفط,,,\n")
    assert [watch.query for _, watch in found.watches] == ["نفط"]
    assert [(bad.line, bad.query) for bad in found.bad] == [(2, "غزة, رفح,الأخبار")]
    assert "has 3 cells, of 2" in found.bad[0].reason
    assert read("غزة\nنفط,غاز\n", FileFormat.CSV).bad[0].line == 2


def test_json_lines_are_read_as_rasid_match_reads_them() -> None:
    lines = (
        '{"id": 1, "query": "سد النهضة"}',
        "",
        '{"query": "نفط", "match": "wide", "lang": null, "watchlist": "الطاقة", "state": "paused"}',
        '{"query": 5}',
        '{"keyword": "غزة"}',
        '{"query": "غزة"',
        '{"query": "غزة", "match": "loose"}',
        '{"query": "a \\u200fAND\\u200f b\\nc"}',
    )
    found = read("\n".join(lines))
    assert [(line, watch) for line, watch in found.watches] == [
        (1, NewWatch("سد النهضة")),
        (3, NewWatch("~نفط", "الطاقة", WatchState.PAUSED)),
        (8, NewWatch("a \u200fAND\u200f b, c")),
    ]
    assert [(bad.line, bad.column, bad.reason) for bad in found.bad] == [
        (4, None, 'Its "query" is not a string.'),
        (5, None, 'It has no "query".'),
        (6, None, "It is not JSON: Expecting ',' delimiter at position 16."),
        (7, "match", "“loose” is no way to match."),
    ]


def test_a_json_array_is_refused_as_a_whole() -> None:
    with pytest.raises(RasidError, match="JSON array"):
        read('[\n {"query": "غزة"}]')


@pytest.mark.parametrize(
    ("row", "query"),
    [
        ("غزة,,", "غزة"),
        ("سد النهضة,exact,", "=سد =النهضة"),
        ("نفط OR =غاز,wide,", "~نفط OR =غاز"),
        ("غزة,,ar", "lang:ar AND غزة"),
        ("نفط OR غاز,~,EN", "lang:en AND (~نفط OR ~غاز)"),
        ("نفط -رياضة,wide,ar", "lang:ar AND ~نفط NOT ~رياضة"),
        ("كتب*,wide,", "كتب*"),
        ("outlet:الأفق,wide,", "outlet:الأفق"),
        ("غزة,,pt-BR", 'lang:"pt br" AND غزة'),
    ],
)
def test_the_form_and_the_language_of_a_row_become_part_of_its_query(row: str, query: str) -> None:
    (watch,) = queries(f"query,match,lang\n{row}\n")
    assert plan_of(parse(watch)) == plan_of(parse(query))


def test_a_row_that_says_no_more_than_its_query_is_kept_as_it_was_typed() -> None:
    assert queries("query,match,state\nنفط  OR   «غاز»,normal,active\n") == ["نفط OR «غاز»"]


def test_toml_is_read_with_line_numbers_and_comments_are_let_be() -> None:
    tables = ('query = "غزة" # there\n', 'query = "(نفط"', 'query = "ماء"\nstate="paused"')
    found = read("# mine\n" + "\n".join(f"[[watch]]\n{table}" for table in tables))
    assert found.watches == ((2, NewWatch("غزة")), (7, NewWatch("ماء", state=WatchState.PAUSED)))
    assert [bad.line for bad in found.bad] == [5]


@pytest.mark.parametrize(
    "text",
    [
        '[[watch]]\nquery = "غزة\n',
        "watch = 1",
        "[watch]\nquery = 'a'",
        f"[[{DEEP}a]]",
        DEEP.replace("a", '"a" ') + "a = 1",
        "x = {" + DEEP.replace("a", "'' ") + "a = 1}",
    ],
)
def test_what_is_no_toml_of_watches_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(RasidError, match="TOML"):
        read(text, FileFormat.TOML)


def test_what_is_endless_is_refused_for_its_length_without_being_cleaned_again_and_again() -> None:
    """A list is named once, for all lines below it: here for 4,000 of them, with two million characters."""
    endless, *others = read("غ " * 900_000 + "\n# watchlist: " + "ا" * 1_900_000 + "\n" + "نفط\n" * 4_000).bad
    assert endless.reason == "The query has 1799999 characters; 500 are allowed."
    assert {bad.reason for bad in others} == {"The watchlist's name has 1900000 characters; 100 are allowed."}
    assert [bad.column for bad in others] == ["watchlist"] * 4_000
    with pytest.raises(RasidError, match="query"):
        read("," * 1_900_000, FileFormat.CSV)


@pytest.mark.parametrize(
    "content",
    [
        "نفط\nغزة".encode(),
        "نفط\nغزة".encode("utf-8-sig"),
        "نفط\nغزة".encode("utf-16"),
        codecs.BOM_UTF16_BE + "نفط\nغزة".encode("utf-16-be"),
        "نفط\nغزة".encode("utf-16-le"),
        "نفط\nغزة".encode("utf-16-be"),
        "نفط\nغزة".encode("cp1256"),
    ],
)
def test_the_encodings_of_editors_and_spreadsheets_are_read(content: bytes) -> None:
    assert decoded(content) == "نفط\nغزة"


def test_a_broken_byte_spoils_its_line_alone() -> None:
    found = read_watches("سد النهضة\nنفط\n".encode() + b"\xff\n" + "غزة ورفح\n".encode(), None)
    assert [watch.query for _, watch in found.watches] == ["سد النهضة", "نفط", "غزة ورفح"]
    assert [(bad.line, bad.suggestion) for bad in found.bad] == [(3, "Save the file as UTF-8 and try again.")]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("[[watch]]\nquery='a'", FileFormat.TOML),
        ("\nlist;query\n", FileFormat.CSV),
        ("query\n", FileFormat.CSV),
        ("sep=;\nquery;list\n", FileFormat.CSV),
        ("الكلمة\tالقائمة\n", FileFormat.CSV),
        ("كلمة\n", FileFormat.TXT),
        ('{"query": "a"}\n', FileFormat.JSONL),
        ('\n{ "id" : 1,', FileFormat.JSONL),
        ('{"سد"|"نهر"}', FileFormat.TXT),
        ("{سد|نهر}", FileFormat.TXT),
        ("غزة, نفط\n", FileFormat.TXT),
        ("", FileFormat.TXT),
    ],
)
def test_what_a_text_is_shows_in_it(text: str, form: FileFormat) -> None:
    assert guess_format(text) is form


def test_lines_of_a_query_are_the_items_of_a_list() -> None:
    assert as_typed(" غزة \r\n\n رفح\u202e") == "غزة, رفح"


ONE_LINE = st.text(alphabet="ab ع،,;'\"#\\=+-@\t\n\r[]{}é\u200f😀\u2028\x85", max_size=12).map(one_line)


@pytest.mark.parametrize("form", FORMATS)
@given(rows=st.lists(st.tuples(ONE_LINE.filter(bool), ONE_LINE.filter(bool), st.sampled_from(["active", "paused"]))))
def test_rows_come_back_as_they_were_written(form: FileFormat, rows: list[tuple[str, str, str]]) -> None:
    written = write_rows([Row(0, query, name, state=state) for query, name, state in rows], form)
    back = [(row.query, row.watchlist, row.state) for row in read_rows(written, form)]
    assert sorted(back) == sorted(rows)


QUERIES = st.sampled_from(
    ["غزة", '"سد النهضة" AND مصر', "نفط, غاز", "#غزة", "# غزة", "نفط -رياضة", "'غزة'", "\\غزة", '«كلمة "و', "أو", "a;b"]
)
NAMES = st.sampled_from(["default", "الاقتصاد", "=sum", "# x", 'a "b"', "a, b"])


@pytest.mark.parametrize("form", FORMATS)
@given(
    kept=st.lists(
        st.tuples(QUERIES, NAMES, st.sampled_from([WatchState.ACTIVE, WatchState.PAUSED])),
        unique_by=lambda watch: watch[:2],
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    known=st.booleans(),
)
def test_what_is_exported_is_imported_as_the_same_watches_whatever_an_editor_made_of_it(
    form: FileFormat, kept: list[tuple[str, str, WatchState]], encoding: str, end: str, known: bool
) -> None:
    kept = [watch for watch in kept if not read(watch[0], FileFormat.TXT).bad]
    watches = [Watch(1, 1, name, query, NOW, state) for query, name, state in kept]
    written = re.sub("\r\n|\n", end, write_watches(watches, form))
    found = read_watches(written.encode(encoding), form if known else None)
    assert not found.bad
    back = [(watch.query, watch.watchlist, watch.state) for _, watch in found.watches]
    assert sorted(back) == sorted(kept)


def test_ten_thousand_rows_and_a_very_long_one_come_back() -> None:
    watches = [Watch(1, 1, "a, b", f"كلمة{number} AND مصر", NOW) for number in range(10_000)]
    for form in FORMATS:
        found = read_watches(write_watches(watches, form).encode(), None)
        assert [watch.query for _, watch in found.watches] == [watch.query for watch in watches]
    long = read(f"query,list\n{'س' * 1_000_000},x\nنفط,y\n")
    assert [(watch.query, watch.watchlist) for _, watch in long.watches] == [("نفط", "y")]
    assert [(bad.line, bad.column) for bad in long.bad] == [(2, "query")]


@given(
    st.binary(max_size=200) | st.text(alphabet='query,list;\t\n"=[watch]#é', max_size=60).map(str.encode),
    st.sampled_from([None, *FORMATS]),
)
def test_no_file_makes_reading_fail_in_any_other_way(content: bytes, form: FileFormat | None) -> None:
    with contextlib.suppress(RasidError):
        read_watches(content, form)


def test_of_many_refused_lines_only_those_that_are_shown_are_explained() -> None:
    found = read_watches(b"oil AND (gas\n" * 7, FileFormat.TXT, explained=2)
    assert [row.suggestion for row in found.bad[:2]] == ["oil AND (gas)"] * 2
    assert {row.reason for row in found.bad} == {found.bad[0].reason}
    assert all(row.suggestion == row.error.hint for row in found.bad[2:])
