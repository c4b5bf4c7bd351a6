"""The text builder: whatever comes in, what goes out is text Telegram takes as it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.messages import Message, entity_to_json, from_json, marked, to_json
from bot.words.text import (
    LRM,
    MAX_POINTS,
    RLM,
    Foreign,
    RichText,
    Styled,
    TextBuilder,
    defuse,
    direction_mark,
    shorten,
    utf16_length,
)
from tests.fakes.telegram_rules import check_entities, check_message

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=ZoneInfo("Asia/Damascus"))
KINDS = st.sampled_from(["bold", "italic", "underline", "code"])
PIECES = st.tuples(st.text(max_size=80), st.lists(KINDS, max_size=2, unique=True), st.sampled_from("afqt"))


def spans(text: RichText, kind: str) -> list[str]:
    units = text.text.encode("utf-16-le")
    return [
        units[entity.offset * 2 : entity.end * 2].decode("utf-16-le") for entity in text.entities if entity.type == kind
    ]


@given(st.lists(PIECES, max_size=40), st.booleans(), st.integers(10, MAX_POINTS))
def test_any_input_gives_text_and_entities_that_are_valid(
    pieces: list[tuple[str, list[str], str]], right_to_left: bool, limit: int
) -> None:
    builder = TextBuilder(right_to_left=right_to_left).add("·")
    for text, styles, how in pieces:
        kinds = styles if how == "f" else [style for style in styles if style != "code"]  # as we use it
        match how:
            case "a":
                builder.add(text, *kinds)
            case "f":
                builder.add_foreign(text, *kinds)
            case "q":
                builder.start_line().add_quoted(text, *kinds)
            case _:
                builder.line("{value} – {value}", value=Styled(text, tuple(kinds)))
    built = builder.add("·").build(limit)
    assert len(built.text) <= limit
    check_entities(built.text, [entity_to_json(entity) for entity in built.entities])
    check_message("sendMessage", {"text": built.text})


def test_offsets_are_utf16_units() -> None:
    built = TextBuilder().add("😀 ").add("غزة", "bold").build()
    assert built.entities[0].offset == 3
    assert spans(built, "bold") == ["غزة"]


def test_neighbours_of_one_kind_become_one_entity() -> None:
    built = TextBuilder().add("a", "bold").add("b", "bold", "underline").add("c", "bold").build()
    assert spans(built, "bold") == ["abc"]
    assert spans(built, "underline") == ["b"]


def test_a_cut_falls_between_words_and_clips_entities() -> None:
    built = TextBuilder().add("one two three", "bold").build(10)
    assert built.text == "one two…"
    assert spans(built, "bold") == ["one two…"]


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [("abc", 3, "abc"), ("abc def", 6, "abc…"), ("abcdefgh", 4, "abc…"), ("a bcdefghijk", 6, "a bcd…")],
)
def test_shortening_keeps_whole_words_unless_little_would_be_left(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


def test_values_are_never_read_as_templates() -> None:
    built = TextBuilder().fill("{name}!", name=Foreign("{0.__class__} {name}")).build()
    assert built.text == "\u2068{0.__class__} {name}\u2069!"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("/stop now", "/\u2060stop now"),
        ("(@admin)", "(@\u2060admin)"),
        ("a/b me@example.com", "a/b me@example.com"),
        ("tg://join", "tg:\u2060//join"),
        ("https://t.me/x", "https://t.\u2060me/x"),
        ("https://telegram.me/x or Telegram.Dog/x", "https://telegram.\u2060me/x or Telegram.\u2060Dog/x"),
        ("@", "@\u2060"),  # its name may follow in the next piece
    ],
)
def test_foreign_words_cannot_act(text: str, safe: str) -> None:
    assert defuse(text) == safe


def test_a_line_runs_the_way_most_of_its_letters_run() -> None:
    assert direction_mark("BBC: انفجار وسط بغداد") == RLM
    assert direction_mark("غزة: what we know so far") == LRM
    assert direction_mark("2026 – 100%") == ""


def test_a_command_begins_with_its_slash_for_readers_of_arabic() -> None:
    said = TextBuilder(right_to_left=True).line("يعطيك {name} ملفًا، ويحذفه /deleteme.", name="/export").build()
    assert said.text == f"{RLM}يعطيك {LRM}/export ملفًا، ويحذفه {LRM}/deleteme."
    assert TextBuilder().line("{name} and/or /help", name="/export").build().text == "/export and/or /help"


def test_a_moment_is_in_utc_and_says_so_where_an_app_does_not_show_it_in_the_reader_s_zone() -> None:
    body = TextBuilder().add_time(NOON).build()
    assert body.text == "2026-03-01 09:00 UTC"
    assert [(each.type, each.length, each.unix_time) for each in body.entities] == [("date_time", 20, 1772355600)]


def test_a_message_survives_storage() -> None:
    body = TextBuilder().add("غزة", "bold").add(" x", url="https://a.example/").add_time(NOON).build()
    message = Message(body, preview_url="https://a.example/", edits=5)
    assert from_json(to_json(message)) == message


@given(st.text(min_size=1, max_size=50))
def test_a_marked_message_keeps_its_entities_in_place(text: str) -> None:
    body = TextBuilder().add("·").add(text, "bold").add("·").build()
    twice = marked(Message(body), "↻ possible repeat").body
    assert twice.text == f"↻ possible repeat\n{body.text}"
    assert spans(twice, "bold") == spans(body, "bold")
    assert spans(twice, "italic") == ["↻ possible repeat"]
    assert utf16_length(twice.text) == utf16_length(body.text) + 18
