"""The demo outlet's documents: feed, home page and article pages, as a WordPress daily publishes them.

Everything that surrounds an article on such a page is here – category links run together before the title, share
buttons, related headlines, comments – because whatever of it leaked into the text would raise false alerts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as the outlet keeps it."""

    number: int
    title: str
    category: str
    author: str
    paragraphs: tuple[str, ...]
    published_at: datetime

    @property
    def path(self) -> str:
        return f"/{self.published_at:%Y/%m/%d}/{self.number}/"


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    tagline: str
    base_url: str


def feed(site: Site, pieces: Sequence[Piece]) -> str:
    """RSS 2.0, newest first, with excerpts only: Rasid has to read the pages."""
    items = "".join(
        f"""
    <item>
      <title>{escape(piece.title)}</title>
      <link>{site.base_url}{piece.path}</link>
      <dc:creator>{escape(piece.author)}</dc:creator>
      <pubDate>{format_datetime(piece.published_at)}</pubDate>
      <category>{escape(piece.category)}</category>
      <guid isPermaLink="false">{site.base_url}/?p={piece.number}</guid>
      <description><![CDATA[<p>{escape(piece.paragraphs[0][:90])} [&hellip;]</p>]]></description>
    </item>"""
        for piece in reversed(pieces)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>{escape(site.name)}</title>
    <atom:link href="{site.base_url}/feed/" rel="self" type="application/rss+xml"/>
    <link>{site.base_url}</link>
    <description>{escape(site.tagline)}</description>
    <language>ar</language>{items}
  </channel>
</rss>
"""


def home(site: Site, pieces: Sequence[Piece]) -> str:
    links = "".join(f'<li><h2><a href="{piece.path}">{escape(piece.title)}</a></h2></li>' for piece in reversed(pieces))
    return _page(site, title=f"{site.name} – {site.tagline}", head="", main=f'<ul class="posts">{links}</ul>')


def article(site: Site, piece: Piece, pieces: Sequence[Piece]) -> str:
    """The article with all that such a site puts around it, the other articles' headlines included."""
    others = [other for other in pieces if other.number != piece.number]
    related = "".join(f'<li><a href="{other.path}">{escape(other.title)}</a></li>' for other in others)
    paragraphs = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in piece.paragraphs)
    published = piece.published_at.isoformat()
    head = f"""<meta property="og:type" content="article"><meta property="og:title" content="{escape(piece.title)}">
<meta property="article:published_time" content="{published}">
<link rel="canonical" href="{site.base_url}{piece.path}">"""
    main = f"""<article class="post type-post">
<header class="entry-header">
<span class="post-cat-wrap"><a rel="category tag" href="#">{escape(piece.category)}</a><a rel="category tag"
 href="#">{escape(site.name)}</a></span>
<h1 class="entry-title">{escape(piece.title)}</h1>
<div class="entry-meta"><a rel="author" href="#">{escape(piece.author)}</a>
<time class="entry-date" datetime="{published}">{piece.published_at:%d/%m/%Y}</time></div>
</header>
<div class="share-buttons"><a href="#">شارك على فيسبوك</a><a href="#">تويتر</a><a href="#">طباعة</a></div>
<div class="entry-content">
{paragraphs}
</div>
<div class="share-buttons"><span>شاركها</span><a href="#">واتساب</a><a href="#">تيلغرام</a></div>
<div id="related-posts"><h3>مقالات ذات صلة</h3><ul>{related}</ul></div>
</article>
<section id="comments" class="comments-area"><h3>تعليقان</h3><ol class="comment-list">
<li><b>علي</b><p>وأين القوات من كل هذا؟ نريد أخباراً عن القيارة وما يجري وسط بغداد.</p></li>
<li><b>قارئة</b><p>شكراً على المتابعة.</p></li></ol>
<form><label>اترك تعليقاً</label><textarea></textarea></form></section>"""
    return _page(site, title=f"{piece.title} – {site.name}", head=head, main=main)


def _page(site: Site, *, title: str, head: str, main: str) -> str:
    return f"""<!DOCTYPE html>
<html dir="rtl" lang="ar">
<head><meta charset="UTF-8"><title>{escape(title)}</title>
<meta property="og:site_name" content="{escape(site.name)}">
<link rel="alternate" type="application/rss+xml" title="{escape(site.name)} &raquo; الخلاصة"
 href="{site.base_url}/feed/">
<link rel="alternate" type="application/rss+xml" title="{escape(site.name)} &raquo; التعليقات"
 href="{site.base_url}/comments/feed/">
{head}</head>
<body class="rtl">
<header id="masthead"><a href="{site.base_url}/">{escape(site.name)}</a><p>{escape(site.tagline)}</p>
<nav><a href="#">أخبار</a><a href="#">محليات</a><a href="#">اقتصاد</a><a href="#">ثقافة</a><a href="#">رياضة</a></nav>
</header>
<main>{main}</main>
<footer>جميع الحقوق محفوظة © {escape(site.name)}</footer>
</body></html>
"""
