"""News that never happened, as the tests' own outlets have it: the truth that extractors are measured against."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

NEWS = Path(__file__).parent / "news"


@dataclass(frozen=True, slots=True)
class Words:
    """What an outlet of one language says around its articles."""

    language: str
    outlet: str
    menu: tuple[str, ...]
    related_heading: str
    related: tuple[str, ...]
    teasers: tuple[str, ...]
    read_also: str
    share: tuple[str, ...]
    comments_heading: str
    comments: tuple[str, ...]
    newsletter: tuple[str, ...]
    cookies: str
    follow: str
    copyright: str
    caption: str
    tags_heading: str
    about_author: str
    paywall: str
    source_prefix: str
    months: tuple[str, ...]

    @property
    def direction(self) -> str:
        return "rtl" if self.language in ("ar", "fa", "ur") else "ltr"


@dataclass(frozen=True, slots=True)
class Story:
    """`lines` are the paragraphs; "## " begins a heading, "- " a list item, "> " a quotation."""

    slug: str
    title: str
    section: str
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    published: datetime
    lines: tuple[str, ...]
    words: Words
    source: str | None = None

    @property
    def text(self) -> str:
        return "\n\n".join(
            line[3:] if line[:3] == "## " else line.removeprefix("- ").removeprefix("> ") for line in self.lines
        )

    @property
    def written_day(self) -> str:
        """The day as a reader of this outlet would write it."""
        month = self.words.months[self.published.month - 1]
        if self.words.language == "en":
            return f"{month} {self.published.day}, {self.published.year}"
        return f"{self.published.day} {month} {self.published.year}"

    def markup(self) -> list[str]:
        """The lines as elements; a run of list items is one list."""
        found: list[str] = []
        for line in self.lines:
            if line.startswith("- "):
                item = f"<li>{escape(line[2:])}</li>"
                if found and found[-1].startswith("<ul>"):
                    found[-1] = found[-1].replace("</ul>", f"{item}</ul>")
                else:
                    found.append(f"<ul>{item}</ul>")
            elif line.startswith("## "):
                found.append(f"<h3>{escape(line[3:])}</h3>")
            elif line.startswith("> "):
                found.append(f"<blockquote><p>{escape(line[2:])}</p></blockquote>")
            else:
                found.append(f"<p>{escape(line)}</p>")
        return found


def escape(text: str) -> str:
    return html.escape(text, quote=True)


def stories() -> Iterator[Story]:
    """Every story of every language, always in the same order."""
    for path in (NEWS / "ar.toml", NEWS / "en.toml", NEWS / "others.toml"):
        content = tomllib.loads(path.read_text("utf-8"))
        if "page" in content:
            content = {path.stem: content}
        for language, outlet in content.items():
            words = _words(language, outlet["page"])
            yield from (_story(article, words) for article in outlet["article"])


def _words(language: str, said: dict[str, Any]) -> Words:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}
    return Words(language, **fields)


def _story(article: dict[str, Any], words: Words) -> Story:
    return Story(
        slug=article["slug"],
        title=article["title"],
        section=article["section"],
        tags=tuple(article["tags"]),
        authors=tuple(article["authors"]),
        published=datetime.fromisoformat(article["published"]),
        lines=tuple(article["text"].strip().split("\n")),
        words=words,
        source=article.get("source"),
    )
