"""What stands around an article on the tests' own pages, as systems and themes write it."""

from __future__ import annotations

import json

from tests.quality.own_pages.stories import Story, Words, escape


def head(story: Story, *, extra: str = "", outlet_in_title: bool = True) -> str:
    title = f"{story.title} - {story.words.outlet}" if outlet_in_title else story.title
    return (
        f'<!DOCTYPE html>\n<html lang="{story.words.language}" dir="{story.words.direction}">\n<head>\n'
        f'<meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>.a{{color:red}} .b > .c{{margin:0}}</style>{extra}\n</head>\n"
    )


def open_graph(story: Story) -> str:
    tags = "".join(f'<meta property="article:tag" content="{escape(tag)}">' for tag in story.tags)
    return (
        f'<meta property="og:title" content="{escape(story.title)}"><meta property="og:type" content="article">'
        f'<meta property="og:site_name" content="{escape(story.words.outlet)}">'
        f'<meta property="og:image" content="/media/{story.slug}.jpg">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">'
        f'<meta property="article:section" content="{escape(story.section)}">{tags}'
    )


def json_ld(story: Story) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "Organization", "name": story.words.outlet},
        "articleSection": story.section,
        "keywords": list(story.tags),
        "image": {"@type": "ImageObject", "url": f"/media/{story.slug}.jpg"},
    }
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def menu(words: Words, tag: str = "nav") -> str:
    items = "".join(f'<li><a href="/section/{at}">{escape(name)}</a></li>' for at, name in enumerate(words.menu))
    return f"<{tag}><ul>{items}</ul></{tag}>"


def share(words: Words, cls: str = "social-share") -> str:
    return f'<div class="{cls}">' + "".join(f'<a href="#s">{escape(name)}</a> ' for name in words.share) + "</div>"


def related(words: Words, cls: str = "related-posts", tag: str = "h3", *, teasers: bool = False) -> str:
    items = []
    for at, title in enumerate(words.related):
        teaser = f"<p>{escape(words.teasers[at % len(words.teasers)])}</p>" if teasers else ""
        picture = f'<figure><img src="/m/{at}.jpg"><figcaption>{escape(words.caption)}</figcaption></figure>'
        items.append(f'<div class="item">{picture}<a href="/n/{at}">{escape(title)}</a>{teaser}</div>')
    return f'<div class="{cls}"><{tag}>{escape(words.related_heading)}</{tag}>{"".join(items)}</div>'


def comments(words: Words, cls: str = "comments-area") -> str:
    said = "".join(
        f'<div class="c-item"><b>Reader {at}</b><p>{escape(text)}</p></div>' for at, text in enumerate(words.comments)
    )
    return f'<div class="{cls}" id="comments"><h3>{escape(words.comments_heading)}</h3>{said}</div>'


def newsletter(words: Words, cls: str = "newsletter-box") -> str:
    title, text = words.newsletter
    return f'<div class="{cls}"><h4>{escape(title)}</h4><p>{escape(text)}</p><input type="email"></div>'


def cookie_wall(words: Words, cls: str = "cookie-consent") -> str:
    button = "<button>OK</button>"
    return (
        f'<div class="{cls}" role="dialog"><p>{escape(words.cookies)}</p><p>{escape(words.cookies)}</p>{button}</div>'
    )


def footer(words: Words) -> str:
    return f"<footer><p>{escape(words.copyright)}</p>{menu(words, 'div')}</footer>"


def tags(story: Story, cls: str = "post-tags") -> str:
    links = " ".join(f'<a rel="tag" href="/tag/{at}">{escape(tag)}</a>' for at, tag in enumerate(story.tags))
    return f'<div class="{cls}"><span>{escape(story.words.tags_heading)}</span> {links}</div>'


def picture(story: Story, cls: str = "") -> str:
    return f'<figure class="{cls}"><img src="/media/{story.slug}.jpg"><figcaption>{escape(story.words.caption)}</figcaption></figure>'


def read_also(words: Words, at: int = 0, tag: str = "p") -> str:
    return f'<{tag}>{escape(words.read_also)} <a href="/n/{at}">{escape(words.related[at])}</a></{tag}>'


def names(story: Story) -> str:
    return escape((" و" if story.words.language == "ar" else ", ").join(story.authors))
