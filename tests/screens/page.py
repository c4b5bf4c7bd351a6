"""Messages as a reader sees them, as a page for a browser: our own drawing, near to what Telegram's apps show.

Each paragraph has the direction of its first strong letter, as the apps have it; keyboards are not mirrored; a quote
that is folded shows three lines; a moment is told in the reader's language as time that has gone by.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from babel.dates import format_timedelta

Item = Mapping[str, Any]

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "text_link": "a",
    "spoiler": "mark",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "date_time": "time",
}

_JUST_NOW = {"en": "just now", "ar": "الآن"}

_STYLE = """
body { margin: 0; background: #fff; display: flex; gap: 20px; align-items: flex-start; width: max-content;
  font: 15px/1.36 "Noto Sans", "Noto Sans Arabic", "Noto Color Emoji", sans-serif; color: #10171d; }
section { width: 390px; background: #c9d9c3; padding: 12px 10px; box-sizing: border-box; border-radius: 14px; }
.bot, .person { margin: 0 0 10px; width: max-content; max-width: 340px; }
.person { margin-inline-start: auto; }
.wide { width: 340px; }
.bubble { background: #fff; border-radius: 14px; padding: 7px 11px 8px; box-shadow: 0 1px 1px #0002;
  overflow: hidden; }
.person .bubble { background: #e3fbc6; }
.words { white-space: pre-wrap; unicode-bidi: plaintext; text-align: start; overflow-wrap: anywhere; }
.bubble img { display: block; width: calc(100% + 22px); margin: -7px -11px 6px; }
blockquote { margin: 3px 0; padding: 4px 9px; background: #e8f2fb; border-inline-start: 3px solid #3a8fd0;
  border-radius: 5px; font-size: 14px; line-height: 1.55; unicode-bidi: plaintext; text-align: start; }
blockquote.folded > span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
  overflow: hidden; unicode-bidi: plaintext; text-align: start; }
a, time, .command { color: #2378b5; text-decoration: none; }
code { font: 13.5px "Noto Sans Mono", "DejaVu Sans Mono", "Noto Sans Arabic", monospace; color: #1f6fa8; }
mark { background: #aab2b9; color: transparent; border-radius: 3px; }
.file { display: flex; gap: 10px; align-items: center; margin-bottom: 6px; }
.file::before { content: "↓"; background: #3a8fd0; color: #fff; border-radius: 50%; width: 38px; height: 38px;
  display: grid; place-items: center; font-size: 20px; }
.row { display: flex; gap: 4px; margin-top: 4px; }
.row span { flex: 1 1 0; min-width: 0; text-align: center; background: #5f7c62c9; color: #fff; border-radius: 9px;
  padding: 8px 5px; font-size: 14px; font-weight: 500; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; unicode-bidi: plaintext; }
.keys { background: #eef1f4; border-radius: 10px; padding: 4px 8px 8px; margin-bottom: 10px; }
.offered { background: #fff; border-radius: 10px; margin-bottom: 4px; overflow: hidden; }
.offered div { display: flex; gap: 10px; padding: 8px 10px; border-bottom: 1px solid #e6eaee; align-items: center; }
.offered span { flex: 1; }
.offered i { flex: none; width: 40px; height: 40px; border-radius: 6px; background: #6fa8d6; color: #fff;
  display: grid; place-items: center; font-style: normal; font-size: 19px; }
.offered b, .offered small { display: block; unicode-bidi: plaintext; text-align: start; }
.offered b { font-weight: 500; }
.offered small, .typed { color: #70808d; }
.typed { background: #fff; border-radius: 18px; padding: 8px 14px; margin-bottom: 16px; unicode-bidi: plaintext;
  color: #10171d; }
.via { color: #2378b5; font-size: 14px; }
.keys .row span { background: #fff; color: #10171d; box-shadow: 0 1px 1px #0003; }
"""


def page(columns: Mapping[str, Sequence[Item]], pictures: Mapping[str, bytes], now: Mapping[str, datetime]) -> str:
    """One column for each language: its items, one below the other."""
    drawn = {
        language: [_drawn(item, language, pictures.get(language), now[language]) for item in items]
        for language, items in columns.items()
    }
    sections = (f'<section lang="{language}">{"".join(items)}</section>' for language, items in drawn.items())
    return f'<!doctype html><meta charset="utf-8"><style>{_STYLE}</style>{"".join(sections)}'


def _drawn(item: Item, language: str, picture: bytes | None, now: datetime) -> str:
    if "person" in item:
        words = html.escape(item["person"])
        return f'<div class="person"><div class="bubble"><div class="words">{words}</div></div></div>'
    if "typed" in item:
        return _offered(item)
    above = ""
    if "via" in item:
        above = f'<div class="via">via @{html.escape(item["via"])}</div>'
    if item.get("kind") == "photo" and picture is not None:
        above = f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
    elif item.get("kind") == "document":
        above = f'<div class="file"><b>{html.escape(item["file"])}</b></div>'
    words = marked_up(item["text"], item.get("entities", ()), language, now)
    keys = f'<div class="keys">{_rows([[key] for key in item["keys"]])}</div>' if "keys" in item else ""
    wide = " wide" if item.get("buttons") or above else ""
    bubble = f'<div class="bubble">{above}<div class="words">{words}</div></div>'
    whose = "person" if "via" in item else "bot"
    return f'<div class="{whose}{wide}">{bubble}{_rows(item.get("buttons", ()))}</div>{keys}'


def _offered(item: Item) -> str:
    """What stands above the field in which somebody types, and what they typed."""
    found = "".join(
        f"<div><i>{html.escape(one['title'][:1])}</i><span><b>{html.escape(one['title'])}</b>"
        f"<small>{html.escape(one['about'])}</small></span></div>"
        for one in item["offered"]
    )
    return f'<div class="offered">{found}</div><div class="typed">{html.escape(item["typed"])}</div>'


def _rows(rows: Sequence[Sequence[str]]) -> str:
    return "".join(
        f'<div class="row">{"".join(f"<span>{html.escape(label)}</span>" for label in row)}</div>' for row in rows
    )


def marked_up(text: str, entities: Sequence[Mapping[str, Any]], language: str, now: datetime) -> str:
    """The text with its entities as HTML: they nest, and are counted in UTF-16 units."""
    units = text.encode("utf-16-le")
    words = [units[at : at + 2] for at in range(0, len(units), 2)]
    opening: dict[int, str] = {}
    closing: dict[int, str] = {}
    for one in sorted(entities, key=lambda one: (one["offset"], -one["length"])):
        begin, end, tag = one["offset"], one["offset"] + one["length"], _TAGS[one["type"]]
        folded = one["type"] == "expandable_blockquote"
        opening[begin] = opening.get(begin, "") + (f'<{tag} class="folded"><span>' if folded else f"<{tag}>")
        closing[end] = ("</span>" if folded else "") + f"</{tag}>" + closing.get(end, "")
        if tag == "time":
            words[begin:end] = [_ago(one["unix_time"], language, now).encode("utf-16-le"), *[b""] * (end - begin - 1)]
        if tag == "blockquote":  # a block of its own: the line breaks around it are its edges
            words[begin - 1] = b"" if begin and words[begin - 1] == "\n".encode("utf-16-le") else words[begin - 1]
            if end < len(words):
                words[end] = b""
    pieces = []
    for at in range(len(words) + 1):
        pieces.append(closing.get(at, "") + opening.get(at, ""))
        if at < len(words):
            pieces.append(html.escape(_whole(words, at)))
    return "".join(pieces)


def _whole(words: list[bytes], at: int) -> str:
    """What stands there; a letter of two units stands where its first one does."""
    if len(words[at]) == 2 and 0xDC <= words[at][1] <= 0xDF:
        return ""
    if len(words[at]) == 2 and 0xD8 <= words[at][1] <= 0xDB:
        return (words[at] + words[at + 1]).decode("utf-16-le")
    return words[at].decode("utf-16-le")


def _ago(unix_time: int, language: str, now: datetime) -> str:
    told = datetime.fromtimestamp(unix_time, UTC)
    if abs(told - now) < timedelta(minutes=1):
        return _JUST_NOW[language]
    return format_timedelta(told - now, add_direction=True, locale=language)
