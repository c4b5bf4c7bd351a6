"""Finding the article on a page: how right and how fast, beside other extractors, in one run.

    python -m benchmarks.extract [--pages DIR] [--rounds 2] [--worst 0]

Measures on the project's own pages (tests/quality/own_pages) and, if given, on a folder of labelled ones:
`ground-truth.json` ({key: {"articleBody", "url"}}) beside `html/{key}.html.gz`. Speed is CPU time on one core. Rasid's
figure includes the metadata; the others only find the text. Extractors that are not installed are left out; the one
that Rasid does not use itself comes with `uv pip install --group bench`. Goal: the best F1, at trafilatura's speed or
better.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import importlib.util
import json
import logging
import socket
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from crawler.pages.extraction import extract_article
from tests.quality.own_pages.collection import LAYOUTS, UNTOUCHED, own_pages
from tests.quality.own_pages.scoring import Score, mean, score


@dataclass(frozen=True, slots=True)
class LabelledPage:
    name: str
    url: str
    html: bytes
    truth: str


Extractor = Callable[[LabelledPage], str]


def by_rasid(page: LabelledPage) -> str:
    return extract_article(page.html, url=page.url, content_type="text/html").text


def by_trafilatura(**options: Any) -> Extractor:
    import trafilatura

    return lambda page: trafilatura.extract(page.html, include_comments=False, **options) or ""


def by_readability(page: LabelledPage) -> str:
    from lxml.html import document_fromstring
    from readability import Document

    summary = document_fromstring(Document(page.html.decode("utf-8", "replace")).summary())
    return "\n".join(str(text) for text in summary.itertext())


def by_resiliparse(page: LabelledPage) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    text: str = extract_plain_text(page.html.decode("utf-8", "replace"), main_content=True)
    return text


def by_newspaper(page: LabelledPage) -> str:
    import newspaper

    article = newspaper.Article(page.url, fetch_images=False)
    article.download(input_html=page.html.decode("utf-8", "replace"))
    article.parse()
    text: str = article.text
    return text


def extractors() -> dict[str, Extractor]:
    """By name; trafilatura's default, which the others are compared with, first."""
    found: dict[str, Extractor] = {
        "trafilatura default": by_trafilatura(),
        "trafilatura precision": by_trafilatura(favor_precision=True),
        "trafilatura fast": by_trafilatura(fast=True),
        "readability-lxml": by_readability,
        "resiliparse": by_resiliparse,
    }
    if importlib.util.find_spec("newspaper"):
        found["newspaper4k"] = by_newspaper
    else:
        print("newspaper4k is not installed and left out (uv pip install --group bench)")
    return found | {"rasid": by_rasid}


def labelled_pages(folder: Path) -> list[LabelledPage]:
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    return [
        LabelledPage(
            key, page["url"], gzip.decompress((folder / f"html/{key}.html.gz").read_bytes()), page["articleBody"]
        )
        for key, page in truth.items()
    ]


def measure(extract: Extractor, pages: Sequence[LabelledPage], rounds: int) -> tuple[list[Score], float]:
    """The score of each page, and CPU seconds per page: the best of several rounds, the first import apart."""
    scores: list[Score] = []
    spent: list[float] = []
    _text(extract, pages[0])
    for number in range(rounds):
        gc.collect()
        began = time.process_time()
        texts = [_text(extract, page) for page in pages]
        spent.append(time.process_time() - began)
        if number == 0:
            scores = [score(text, page.truth) for text, page in zip(texts, pages, strict=True)]
    return scores, min(spent) / len(pages)


def _text(extract: Extractor, page: LabelledPage) -> str:
    try:
        return extract(page)
    except Exception:  # an extractor that fails on a page has found nothing on it
        return ""


def compare(title: str, pages: Sequence[LabelledPage], *, rounds: int, worst: int) -> None:
    print(f"\n{title}: {len(pages)} pages, {sum(len(page.html) for page in pages) / len(pages) / 1000:.0f} kB each")
    print(f"{'':24}{'F1':>7}{'P':>7}{'R':>7}{'ms/page':>9}{'pages/s':>9}{'cost':>7}")
    standard = None
    for name, extract in extractors().items():
        scores, cost_s = measure(extract, pages, rounds)
        standard = standard or cost_s
        total = mean(scores)
        print(
            f"{name:24}{total.f1:7.3f}{total.precision:7.3f}{total.recall:7.3f}{cost_s * 1000:9.1f}{1 / cost_s:9.0f}"
            f"{cost_s / standard:7.2f}",
            flush=True,
        )
    ranked = sorted(zip(scores, pages, strict=True), key=lambda pair: pair[0].f1)
    for one, page in ranked[:worst]:
        print(f"  {one.precision:.2f} {one.recall:.2f}  {page.name[:60]}  {page.url}")


def stay_offline() -> None:
    """No look-ups from here on: some extractors fetch pictures or lists of domains on their way."""

    def refused(*_arguments: object, **_named: object) -> NoReturn:
        raise OSError("this benchmark is offline")

    socket.getaddrinfo = refused
    socket.socket.connect = refused  # type: ignore[method-assign]  # for whoever has an address already


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, help="a folder of labelled pages")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--worst", type=int, default=0, help="also list Rasid's worst pages")
    given = parser.parse_args()
    stay_offline()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for title, layouts in (("Own pages", LAYOUTS), ("Own pages no rule was made for", UNTOUCHED)):
        own = [LabelledPage(page.name, page.url, page.html, page.story.text) for page in own_pages(layouts)]
        compare(title, own, rounds=given.rounds, worst=given.worst)
    if given.pages:
        compare("Labelled pages", labelled_pages(given.pages), rounds=given.rounds, worst=given.worst)


if __name__ == "__main__":
    main()
