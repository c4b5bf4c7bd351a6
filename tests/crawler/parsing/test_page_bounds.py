"""Pages made to exhaust their reader are read in part, or refused; the article before the trap is found."""

from __future__ import annotations

import time

import pytest

from crawler.documents.bombs import Bomb
from crawler.pages.bounds import MAX_ATTRIBUTES, MAX_HTML, MAX_TAGS, bounded, flattened
from crawler.pages.extraction import extract_article

URL = "https://harbour.example/ferry"
LINE = "<p>Rain fell on the harbour all night and the ferries stayed in port until noon, officials said on Monday.</p>"
ARTICLE = f"<html><body><h1>Ferries stay in port</h1><div>{LINE * 6}</div>"

# Generous: each takes a tenth to half a second of CPU; unbounded, most took eight to sixty.
CPU_S = 4.0

TRAPS = {
    "20,000 nested divisions before the title": "<html><body>"
    + "<div>" * 20_000
    + f"<h1>Ferries stay in port</h1>{LINE * 6}",
    "200,000 nested divisions": ARTICLE + "<div>" * 200_000 + "x",
    "16,000 escaped scripts": ARTICLE + "&lt;script&gt;alert(1)&lt;/script&gt; " * 16_000,
    "100,000 open scripts": ARTICLE + "<script>" * 100_000,
    "8 MB of paragraphs": ARTICLE + LINE * 72_000,
    "300,000 divisions": ARTICLE + "<div>some words here</div>" * 300_000,
    "100,000 links": ARTICLE + "".join(f'<a href="/n/{number}">News {number}</a>' for number in range(100_000)),
    "100,000 open comments": ARTICLE + "<!--" * 100_000,
    "100,000 open bold tags": ARTICLE + "<b>" * 100_000 + "x",
    "60,000 misnested tags": ARTICLE + "<b><p>x</b></p>" * 60_000,
    "200,000 open paragraphs": ARTICLE + "<p>x" * 200_000,
    "a million line breaks": ARTICLE + "x<br>" * 1_000_000,
    "deep tables": ARTICLE + "<table><tr><td>" * 5_000 + "x" + "</td></tr></table>" * 5_000,
    "150,000 hidden elements": ARTICLE + '<div style="display:none">x</div>' * 150_000,
    "100,000 second titles": ARTICLE + "<h1>Ferries stay in port</h1>" * 100_000,
    "60,000 containers": ARTICLE + '<div class="entry-content">x</div>' * 60_000,
    "100,000 times": ARTICLE + '<time datetime="x">y</time>' * 100_000,
    "a million opening brackets": ARTICLE + "<" * 1_000_000,
    "3 million marks on a letter": ARTICLE + "<p>ا" + "ً" * 3_000_000,
    "many pasted blank lines": ARTICLE + "<pre>" + "x.\n\n  " * 800_000,
    "200 nested spans, 3,000 times": ARTICLE + ("<span>" * 200 + "x" + "</span>" * 200) * 3_000,
    "a title of a thousand parts": "<title>" + "a | " * 10_000 + "</title>" + ARTICLE + "<h2>a | b</h2>" * 50_000,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_behind_an_article_costs_little_and_hides_nothing(trap: str) -> None:
    body = TRAPS[trap].encode()
    began = time.process_time()
    page = extract_article(body, url=URL, content_type="text/html; charset=utf-8")
    assert time.process_time() - began < CPU_S
    assert "stayed in port until noon" in page.text


@pytest.mark.parametrize(
    "body",
    [
        b"<p " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b">x</p>",
        (b"<p " + b" ".join(b'a%d="1"' % number for number in range(5_000)) + b">x</p>") * 100,
        (b"<p " + b" ".join(b"a%d" % number for number in range(5_000)) + b">x</p>") * 100,
        b"<p " + b" ".join(b'a%d=">"' % number for number in range(80_000)) + b">x</p>",
    ],
)
def test_a_tag_with_thousands_of_attributes_is_refused(body: bytes) -> None:
    page = extract_article(body, url=URL, content_type=None)
    assert page.note
    assert "cannot be read safely" in page.note


def test_long_values_are_no_attributes() -> None:
    words = b"word=more " * 2 * MAX_ATTRIBUTES
    tag = b"<meta name=description content='" + words + b"'>"
    assert bounded(tag) == tag


def test_a_page_is_cut_between_tags() -> None:
    cut = bounded(b"<p>" + b"word " * 100 + (b"<b>w</b>" * MAX_TAGS))
    assert cut.count(b"<") == MAX_TAGS
    assert cut.endswith((b"w", b">"))
    long = bounded(b"<p>x</p>" * MAX_HTML)
    assert len(long) <= MAX_HTML


def test_an_honest_page_stays_as_it_is() -> None:
    assert bounded(ARTICLE.encode()) == ARTICLE.encode()


def test_flattening_keeps_the_words_and_their_order() -> None:
    deep = b"<div>" * 300 + b"one <p>two</p> <br> three" + b"</div>" * 300 + b"<p>four</p>"
    flat = flattened(deep)
    assert flat.count(b"<div>") == flat.count(b"</div>") == 200
    assert flat.index(b"one") < flat.index(b"two") < flat.index(b"three") < flat.index(b"four")


def test_a_bomb_says_what_it_is() -> None:
    with pytest.raises(Bomb, match="more than 400 attributes"):
        bounded(b"<p " + b"a " * 3_000 + b">")
