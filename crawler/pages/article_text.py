"""Which part of a page is the article: our own reading if it holds what a plain one finds, else the most agreed on."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from crawler.documents.spelling import letters
from crawler.pages.agreement import coverage, medoid, similarity
from crawler.pages.blocks import Block, joined, read_blocks
from crawler.pages.boilerplate import (
    Furniture,
    before_other_news,
    heads_another_section,
    is_noise_line,
    without_furniture,
)
from crawler.pages.page_tree import PageTree

MIN_TEXT = 200

# What WordPress, its themes, other systems and schema.org call the element that holds nothing but the text.
_CONTAINER_NAMES = """
    entry-content post-content single-content td-post-content the-content thecontent post-entry entry-body
    post_content single-post-content jeg_content content-inner elementor-widget-theme-post-content
    wp-block-post-content post-body article-content article-body article__body articlebody
"""
_CONTAINERS = frozenset(_CONTAINER_NAMES.split())

# Measured while developing, on 92 labelled pages that are not part of the project: F1 .971, in two thirds of the time
# of trafilatura's default mode (.951; its precision mode .964). Most pages never need trafilatura.
_ENOUGH_OF_PLAIN = 0.8
_ALIKE = 0.8
_ENOUGH_IN_CONTAINER = 0.5
# One sentence of breaking news.
_MIN_OWN = 60
# A paragraph counts for its parent and a little for its grandparent, since some themes wrap every few of them;
# .25 was best of 0 to .7.
_GRANDPARENT_SHARE = 0.25
# trafilatura and readability take 10 s and more on pages this large; resiliparse a tenth of a second.
_LARGE = 1_500_000


def article_text(page: PageTree, *, title: str) -> str:
    """The article's paragraphs, separated by blank lines; empty when there is none."""
    contained = joined(_contained(page.root, title))
    own = contained if len(contained) >= _MIN_OWN else joined(_clustered(page.root, title))
    plain = _by_resiliparse(page, title)
    held = coverage(own, of=before_other_news(plain, at_least=_MIN_OWN))
    # Around a short article the plain reading is mostly furniture, so a known container needs less of it.
    enough = _ENOUGH_IN_CONTAINER if own is contained else _ENOUGH_OF_PLAIN
    if len(own) >= _MIN_OWN and held >= enough:
        return own
    if len(page.html) > _LARGE:
        return own or plain
    careful = _by_trafilatura(page, title)
    if len(own) >= _MIN_OWN and similarity(own, careful) >= _ALIKE:
        return own
    texts = (own, careful, _by_readability(page, title), plain)
    return _without_headings(medoid([text for text in texts if text]))


def _contained(root: HtmlElement, title: str) -> list[Block]:
    """The text of the richest known container; of all its parts when the article comes in several."""
    outermost: list[HtmlElement] = []
    for element in root.iter("div", "section", "article", "main", "td"):
        if _is_container(element) and not any(parent in outermost for parent in element.iterancestors()):
            outermost.append(element)
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


def _clustered(root: HtmlElement, title: str) -> list[Block]:
    """The blocks of the element whose own paragraphs hold the most prose: what a page without any names has."""
    blocks = read_blocks(root, skip=Furniture(root))
    densest = _densest(_first_prose(blocks, title) or [block for block in blocks if block.is_prose])
    if densest is None:
        return []
    inside = set(densest.iter())
    return without_furniture([block for block in blocks if block.element in inside], title=title)


def _first_prose(blocks: Sequence[Block], title: str) -> list[Block]:
    """The prose between the title and the first heading of another section, which may well be longer."""
    prose: list[Block] = []
    for block in blocks[_after_title(blocks, title) :]:
        if prose and heads_another_section(block.text):
            break
        if block.is_prose:
            prose.append(block)
    return prose


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
