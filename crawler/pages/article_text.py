"""Which part of a page is the article: our own reading if it holds what a plain one finds, else the most agreed on."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.documents.spelling import letters
from crawler.pages.agreement import medoid, similarity
from crawler.pages.blocks import Block, joined, read_blocks
from crawler.pages.boilerplate import (
    Furniture,
    heads_another_section,
    is_noise_line,
    without_furniture,
)
from crawler.pages.page_tree import PageTree

# What WordPress, its themes, other systems and schema.org call the element that holds nothing but the text.
_CONTAINER_NAMES = """
    entry-content post-content single-content td-post-content the-content thecontent post-entry entry-body
    post_content single-post-content jeg_content content-inner elementor-widget-theme-post-content
    wp-block-post-content post-body article-content article-body article__body articlebody
"""
_CONTAINERS = frozenset(_CONTAINER_NAMES.split())

# Measured while developing, on 92 labelled pages that are not part of the project: F1 .974 in half the time of
# trafilatura's default mode (.955; its precision mode .964), and .99 on those of tests/quality (.91). Hardly any page
# needs trafilatura.
_ENOUGH_OF_PROSE = 0.5
_ALIKE = 0.8
# One sentence of breaking news.
_MIN_OWN = 60
# A paragraph counts for its parent and a little for its grandparent, since some themes wrap every few of them;
# .25 was best of 0 to .7.
_GRANDPARENT_SHARE = 0.25
# What is no prose, for each character of prose that a wider element brings.
_MAX_LOSS = 0.3
_SAME_SIZE = 0.5
_LONGEST_BOX = 12
# Characters. A teaser may precede the article as well.
_SHORTEST_BEFORE_OTHERS = 120
# trafilatura and readability take 10 s and more on pages this large; resiliparse a tenth of a second.
_LARGE, _MOST_LINES = 600_000, 3_000


def article_text(page: PageTree, blocks: Sequence[Block], *, title: str) -> str:
    """The article's paragraphs, separated by blank lines; empty when there is none.

    `blocks` are all the lines of the page, nothing left out.
    """
    contained = _contained(page.root, title)
    named = _length(contained) >= _MIN_OWN
    found = contained if named else _clustered(page.root, title)
    own = joined(found)
    if len(own) >= _MIN_OWN and _holds_enough(found, blocks, title, named=named):
        return own
    if len(page.html) > _LARGE or len(blocks) > _MOST_LINES:
        return own or _by_resiliparse(page, title)
    careful = _by_trafilatura(page, title)
    if len(own) >= _MIN_OWN and similarity(own, careful) >= _ALIKE:
        return own
    texts = (own, careful, _by_readability(page, title), _by_resiliparse(page, title))
    return _without_headings(medoid([text for text in texts if text]))


def _contained(root: HtmlElement, title: str) -> list[Block]:
    """The text of the richest known container; of all its parts when the article comes in several."""
    outermost: dict[HtmlElement, None] = {}
    for element in root.iter("div", "section", "article", "main", "td"):
        if _is_container(element) and not any(parent in outermost for parent in element.iterancestors()):
            outermost[element] = None
    articles: dict[HtmlElement, list[Block]] = defaultdict(list)
    for container in outermost:
        # Parts of one article share their <article>; on a listing every teaser has its own.
        whole = next(container.iterancestors("article"), container)
        articles[whole] += read_blocks(_innermost(container), skip=Furniture(container))
    texts = [without_furniture(blocks, title=title) for blocks in articles.values()]
    return max(texts, key=_length, default=[])


def _is_container(element: HtmlElement) -> bool:
    names = element.get("class", "").lower().split()
    return not _CONTAINERS.isdisjoint(names) or element.get("itemprop", "").lower() == "articlebody"


def _innermost(container: HtmlElement) -> HtmlElement:
    """The container in the container, as long as it holds nearly all the words."""
    inner = [element for element in container.iterdescendants("div", "section") if _is_container(element)]
    everything = len(container.text_content())
    nearly_all = [element for element in inner if len(element.text_content()) > 0.7 * everything]
    return nearly_all[-1] if nearly_all else container


def _holds_enough(found: Sequence[Block], blocks: Sequence[Block], title: str, *, named: bool) -> bool:
    """Whether a reading holds most of the prose between the title and the next section.

    That may be a wrong place, with the title once more beneath the article: a known container need not be in it.
    """
    prose = _first_prose(blocks, title)
    total = _length(prose)
    if named and _length(found) >= total:
        return True
    held = {block.text for block in found}
    return _length(block for block in prose if block.text in held) >= _ENOUGH_OF_PROSE * total


def _clustered(root: HtmlElement, title: str) -> list[Block]:
    """The blocks of the element whose own paragraphs hold the most prose: what a page without any names has."""
    blocks = read_blocks(root, skip=Furniture(root))
    first = _first_prose(blocks, title)
    densest = _densest(first or [block for block in blocks if block.is_prose])
    if densest is None:
        return []
    inside = set(densest.iter())
    if first:
        begin, end = blocks.index(first[0]), blocks.index(first[-1])
        around = set(_widened(densest, first, between=blocks[begin:end]).iter())
    else:
        begin = end = -1
        around = inside
    article = [
        block
        for place, block in enumerate(blocks)
        if block.element in inside or (begin <= place <= end and block.element in around)
    ]
    return without_furniture(article, title=title)


def _widened(densest: HtmlElement, first: Sequence[Block], *, between: Sequence[Block]) -> HtmlElement:
    """The ancestor that gains prose and hardly anything else: paragraphs may have wrappers, the lead its own place.

    What follows the densest element is believed only when it is of the same size: after an article come notes.
    """
    prose = _weights(first)
    other = _weights(block for block in between if not block.is_prose and not block.is_subheading)
    inside = set(densest.iter())
    begin = next((place for place, block in enumerate(first) if block.element in inside), 0)
    lead = _weights(first[:begin])
    widest = densest
    for above in densest.iterancestors():
        gain, loss = prose[above] - prose[widest], other[above] - other[widest]
        if loss > _MAX_LOSS * gain:
            break
        if gain and (gain == lead[above] or gain >= _SAME_SIZE * prose[widest]):
            widest = above
    return widest


def _weights(blocks: Iterable[Block]) -> Counter[HtmlElement]:
    """Characters in each element that holds any of the blocks."""
    weights: Counter[HtmlElement] = Counter()
    for block in blocks:
        weights[block.element] += len(block.text)
        for above in block.element.iterancestors():
            weights[above] += len(block.text)
    return weights


def _first_prose(blocks: Sequence[Block], title: str) -> list[Block]:
    """The prose between the title and the first sign of another section, which may well be longer."""
    prose: list[Block] = []
    seen: set[str] = set()
    length = 0
    following = iter(blocks[_after_title(blocks, title) :])
    for line in following:
        block: Block | None = line
        if prose and heads_another_section(line.text):
            block = _resumed(following, prose)
        elif length >= _SHORTEST_BEFORE_OTHERS and _begins_another(line, title, seen):
            block = None
        if block is None:
            break
        if block.is_prose:
            prose.append(block)
            length += len(block.text)
        elif block.link_share > 0.8:
            seen.add(block.text)
    return prose


def _resumed(following: Iterator[Block], prose: Sequence[Block]) -> Block | None:
    """The paragraph with which the text goes on behind a box within it: one like those before."""
    known = {_setting(block) for block in prose}
    for block in islice(following, _LONGEST_BOX):
        if block.is_prose:
            return block if _setting(block) in known else None
    return None


def _setting(block: Block) -> tuple[str, ...]:
    """Names by which paragraphs of one text are alike."""
    parent = block.element.getparent()
    around = (block.element, parent, parent.getparent() if parent is not None else None)
    return tuple(f"{one.tag}.{one.get('class', '')}" for one in around if one is not None)


def _begins_another(block: Block, title: str, seen: Collection[str]) -> bool:
    """Whether a line is a teaser's title, a second article's, or a bar of links that has come before.

    A share bar stands above an article and beneath it, or beneath each of many.
    """
    if block.is_heading:
        return block.link_share > 0.8 or (block.element.tag == "h1" and letters(block.text) not in letters(title))
    return block.link_share > 0.8 and block.text in seen


def _after_title(blocks: Sequence[Block], title: str) -> int:
    """The position behind the line that is, or ends with, the title; 0 when there is none."""
    key = letters(title)
    return next((at + 1 for at, block in enumerate(blocks) if key and letters(block.text).endswith(key)), 0)


def _densest(prose: Sequence[Block]) -> HtmlElement | None:
    lines_in = Counter(block.element for block in prose)
    score: dict[HtmlElement, float] = defaultdict(float)
    for block in prose:
        # Several lines in one element are separated by <br>: it is the container itself.
        parent = block.element.getparent()
        owner = block.element if lines_in[block.element] > 1 or parent is None else parent
        words = len(block.text) * (1 - block.link_share)
        score[owner] += words
        if (above := owner.getparent()) is not None:
            score[above] += _GRANDPARENT_SHARE * words
    return max(score, key=score.__getitem__, default=None)


def _length(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _by_resiliparse(page: PageTree, title: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        page.html.decode("utf-8"), main_content=True, comments=False, alt_texts=False, list_bullets=False
    )
    return _paragraphs(text, title)


def _by_trafilatura(page: PageTree, title: str) -> str:
    import trafilatura  # a third of a second, and only one page in six needs it

    _hush()
    return _paragraphs(trafilatura.extract(page.root, favor_precision=True, include_comments=False) or "", title)


def _by_readability(page: PageTree, title: str) -> str:
    from lxml.html import document_fromstring
    from readability import Document
    from readability.readability import Unparseable

    _hush()
    try:
        summary = document_fromstring(Document(page.html.decode("utf-8")).summary())
    except (Unparseable, ValueError):
        return ""
    return joined(without_furniture(read_blocks(summary, skip=Furniture(summary)), title=title))


def _paragraphs(text: str, title: str) -> str:
    """Extractors end paragraphs with one line break or two; here a blank line always does. The title is none."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    key = letters(title)
    return "\n\n".join(line for line in lines if line and letters(line) != key and not is_noise_line(line))


def _without_headings(text: str) -> str:
    return "\n\n".join(line for line in text.split("\n\n") if not heads_another_section(line))


def _hush() -> None:
    """Both libraries log an error for every page without an article, which is an everyday thing here."""
    for name in ("trafilatura", "readability", "readability.readability", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
