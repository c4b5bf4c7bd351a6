"""A tree → its lines of text, each with what is needed to tell prose from furniture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.documents.fragments import BLOCK_TAGS, SILENT_TAGS

_PASTED_BREAK = re.compile(r"""(?<=[.!?؟…"”»:])[ \t\r]*\n[ \t\r]*\n\s*(?=\S)""")
_CELLS = frozenset({"td", "th"})
_SENTENCE_END = re.compile(r"[.!?؟…:؛。！？۔][\"”»’')\]\s]*$|[”»]$")


@dataclass(frozen=True, slots=True)
class Block:
    """One line as a reader sees it: a paragraph, or what stands between two line breaks.

    `element` is the block element that directly holds it; `link_chars` how many of its characters are links.
    """

    text: str
    link_chars: int
    element: HtmlElement

    @property
    def link_share(self) -> float:
        return self.link_chars / len(self.text)

    @property
    def is_heading(self) -> bool:
        return self.element.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "legend", "dt")

    @property
    def is_subheading(self) -> bool:
        return self.is_heading and self.element.tag != "h1" and self.link_chars == 0

    @property
    def ends_a_sentence(self) -> bool:
        return _SENTENCE_END.search(self.text) is not None

    @property
    def is_prose(self) -> bool:
        """Long enough, or punctuated, and not mostly links. Guessed bounds: 80 characters are a dozen words."""
        return self.link_share < 0.5 and (len(self.text) >= 80 or (len(self.text) >= 25 and self.ends_a_sentence))


def read_blocks(root: HtmlElement, *, skip: Callable[[HtmlElement], bool]) -> list[Block]:
    """The blocks under `root` in reading order, without the elements `skip` names."""
    collector = _Collector(skip)
    collector.walk(root, root)
    collector.flush(root)
    return collector.blocks


def joined(blocks: Iterable[Block]) -> str:
    """The text of blocks: one paragraph each, blank lines between."""
    return "\n\n".join(block.text for block in blocks)


@dataclass(slots=True)
class _Collector:
    skip: Callable[[HtmlElement], bool]
    blocks: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    link_chars: int = 0
    link_depth: int = 0

    def walk(self, element: HtmlElement, owner: HtmlElement) -> None:
        """Depth is bounded by libxml2, which gives up below 256 nested elements."""
        self.add(element.text, owner)
        for child in element:
            self.enter(child, owner)
            self.add(child.tail, owner)

    def enter(self, child: HtmlElement, owner: HtmlElement) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in SILENT_TAGS or self.skip(child):
            if tag in BLOCK_TAGS:
                self.flush(owner)
        elif tag == "br":
            self.flush(owner)
        elif tag in BLOCK_TAGS:
            self.flush(owner)
            self.walk(child, child)
            self.flush(child)
        elif tag == "a":
            self.link_depth += 1
            self.walk(child, owner)
            self.link_depth -= 1
        else:
            if tag in _CELLS:
                self.add(" ", owner)
            self.walk(child, owner)

    def add(self, text: str | None, owner: HtmlElement) -> None:
        if not text:
            return
        # Text pasted without markup has blank lines for paragraphs; templates leave others within sentences.
        rest = text
        if "\n" in text and not text.isspace():
            *paragraphs, rest = _PASTED_BREAK.split(text)
            for paragraph in paragraphs:
                self.pieces.append(paragraph)
                self.flush(owner)
        self.pieces.append(rest)
        if self.link_depth:
            self.link_chars += len(rest.strip())

    def flush(self, owner: HtmlElement) -> None:
        if not self.pieces:
            return
        text = " ".join("".join(self.pieces).split())
        if text:
            self.blocks.append(Block(text, min(self.link_chars, len(text)), owner))
        self.pieces.clear()
        self.link_chars = 0
