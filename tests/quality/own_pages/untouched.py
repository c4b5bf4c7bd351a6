"""Layouts written after the rules, which were not changed for them: how a page fares that nobody has looked at."""

from __future__ import annotations

from tests.quality.own_pages.furniture import footer, head, json_ld, menu, names, newsletter, open_graph, picture, share
from tests.quality.own_pages.stories import Story, escape


def portal(story: Story) -> str:
    """Three columns, the text in spans with line breaks, headlines of other sections right behind it."""
    words = story.words
    lines = "".join(f'<span class="ln">{escape(line.lstrip("#>- "))}</span><br/>' for line in story.lines)
    others = "".join(f'<dd><a href="/{at}">{escape(title)}</a></dd>' for at, title in enumerate(words.related))
    return (
        head(story, extra=open_graph(story))
        + f'<body id="portal"><div id="hd">{menu(words, "div")}</div><div id="c1"><dl><dt>{escape(words.menu[1])}</dt>{others}</dl>'
        f'</div><div id="c2"><div id="hl">{escape(story.title)}</div><div id="inf">{story.written_day} | {names(story)}</div>'
        f'<div id="bd"><img src="/a.jpg">{lines}</div><div id="pr"><a href="/print">{escape(words.share[-1])}</a></div><dl>'
        f"<dt>{escape(words.menu[2])}</dt>{others}</dl></div><div id='c3'><p>{escape(words.teasers[0])}</p></div>{footer(words)}</body></html>"
    )


def numbered_blocks(story: Story) -> str:
    """Blocks of an editor, quotations of other outlets' posts and a box on the author among them."""
    words, body = story.words, story.markup()
    body.insert(
        1, f'<div class="block-embed"><blockquote class="tweet"><p>{escape(words.comments[0])}</p></blockquote></div>'
    )
    body.insert(
        3,
        f'<div class="block-related"><span>{escape(words.read_also)}</span> <a href="/2">{escape(words.related[1])}</a></div>',
    )
    blocks = "".join(f'<section class="b b-{at}">{piece}</section>' for at, piece in enumerate(body))
    return (
        head(story, extra=json_ld(story))
        + f'<body><nav>{menu(words, "div")}</nav><div class="page-grid"><div class="top"><h1>{escape(story.title)}</h1>'
        f'<div class="who">{names(story)}</div></div>{picture(story)}<div class="blocks">{blocks}</div><div class="bio"><b>'
        f'{names(story)}</b><p>{escape(words.about_author)}</p></div>{newsletter(words, "nl-box")}<div class="grid-more">'
        + "".join(
            f'<a class="card" href="/{at}"><h4>{escape(t)}</h4><p>{escape(words.teasers[0])}</p></a>'
            for at, t in enumerate(words.related)
        )
        + f"</div></div>{footer(words)}</body></html>"
    )


def frames_of_old(story: Story) -> str:
    """Centred fonts and paragraphs that are never closed."""
    words = story.words
    lines = "\n".join(f"<p align=justify><font face=Tahoma>{escape(line.lstrip('#>- '))}" for line in story.lines)
    links = "<br>".join(f"<a href={at}.htm>{escape(title)}</a>" for at, title in enumerate(words.related))
    return (
        head(story)
        + f"<body bgcolor=white><center><h2>{escape(words.outlet)}</h2>{menu(words, 'div')}</center><hr><center><h3><font color=red>"
        f"{escape(story.title)}</font></h3></center><p align=center>{names(story)}<br>{story.written_day}{lines}<hr>{links}<hr>"
        f"<center><small>{escape(words.copyright)}</small></center></body></html>"
    )


def two_bodies(story: Story) -> str:
    """A body for readers and a shorter one for sharing; a poll and the weather beside it."""
    words = story.words
    teaser = escape(story.lines[0][:90])
    return (
        head(story, extra=open_graph(story))
        + f'<body><div class="l-wrap"><div class="l-head">{menu(words, "div")}</div><div class="l-main"><div class="art" id="a1">'
        f'<h1 class="art-t">{escape(story.title)}</h1><div class="art-m"><i>{story.published:%d/%m/%Y %H:%M}</i></div>'
        f'<div class="art-share-text" style="display:none">{teaser}…</div><div class="art-x" dir="{words.direction}">'
        f'{"".join(story.markup())}</div>{share(words, "art-s")}</div><div class="poll"><h4>?</h4><p>{escape(words.comments[0])}</p>'
        f"</div><div class='wide'>"
        + "".join(f"<div class='w'><h3>{escape(t)}</h3></div>" for t in words.related)
        + f"</div></div></div>{footer(words)}</body></html>"
    )
