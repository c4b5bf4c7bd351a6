"""Pages as outlets' own programmers made them: tables, line breaks, names that mean nothing."""

from __future__ import annotations

from tests.quality.own_pages.furniture import (
    comments,
    cookie_wall,
    footer,
    head,
    json_ld,
    menu,
    names,
    newsletter,
    open_graph,
    picture,
    related,
    share,
)
from tests.quality.own_pages.stories import Story, escape


def table_with_line_breaks(story: Story) -> str:
    words = story.words
    lines = "<br><br>\n".join(escape(line.lstrip("#>- ")) for line in story.lines)
    headlines = "".join(
        f"<tr><td><a href='n.asp?id={at}'>{escape(title)}</a></td></tr>" for at, title in enumerate(words.related)
    )
    return (
        head(story)
        + f"<body><table width=100%><tr><td colspan=3>{menu(words, 'div')}</td></tr><tr><td width=20%><table>{headlines}</table>"
        f"</td><td><table><tr><td><b><font size=5>{escape(story.title)}</font></b></td></tr><tr><td><i>{names(story)}</i> "
        f"{story.written_day}</td></tr><tr><td><img src=i.jpg><font size=3>{lines}</font></td></tr><tr><td>"
        f"{share(words, 'x')}</td></tr></table></td><td><table><tr><td>{escape(words.newsletter[1])}</td></tr></table></td></tr>"
        f"<tr><td colspan=3>{escape(words.copyright)}</td></tr></table></body></html>"
    )


def agency(story: Story) -> str:
    """A news agency's: gallery, numbered page, the source and the channels as last lines of the text."""
    words = story.words
    source = story.source or words.outlet
    return (
        head(story, extra=open_graph(story))
        + f'<body><div id="top-bar">{story.words.outlet}</div>{menu(words)}<div id="news-details"><div class="d-title">'
        f'<h2>{escape(story.title)}</h2></div><div class="d-info"><span>{story.published:%Y-%m-%d %H:%M}</span><span>'
        f'{escape(story.section)}</span></div><div class="d-gallery"><img src="1.jpg"><p class="desc">{escape(words.caption)}</p>'
        f'</div><div class="d-text">{"".join(story.markup())}<p>{escape(words.source_prefix)} {escape(source)}</p>'
        f"<p>{escape(words.follow)}</p><p>https://t.me/example_channel</p></div>{share(words, 'd-soc')}</div>"
        f'<div class="others"><div class="o-head">{escape(words.related_heading)}</div>'
        + "".join(
            f"<div class='o-item'><a href='/{at}'><span>{escape(title)}</span></a></div>"
            for at, title in enumerate(words.related)
        )
        + f"</div>{footer(words)}</body></html>"
    )


def meaningless_names(story: Story) -> str:
    """Names a build tool made up; the text sits with everything else in one column."""
    words, body = story.words, story.markup()
    pieces = [f'<div class="_3kL9"><div class="_1qP">{piece}</div></div>' for piece in body]
    box = (
        f'<div class="_3kL9"><div class="_8uJ"><div class="_t">{escape(words.related_heading)}</div><a href="/1">'
        f'{escape(words.related[0])}</a><a href="/2">{escape(words.related[1])}</a></div></div>'
    )
    pieces.insert(min(2, len(pieces)), box)
    return (
        head(story, extra=json_ld(story))
        + f'<body><div id="__next"><div class="_0a">{menu(words, "div")}</div><div class="_9x"><div class="_7h"><h1 class="_4t">'
        f'{escape(story.title)}</h1><div class="_by">{names(story)} · {story.written_day}</div></div>{"".join(pieces)}'
        f'<div class="_2w">{share(words, "_55")}<div class="_nl"><span>{escape(words.newsletter[0])}</span><span>'
        f'{escape(words.newsletter[1])}</span></div></div><div class="_6r">'
        + "".join(
            f'<div class="_6c"><a href="/{at}"><div class="_6t">{escape(title)}</div></a><div class="_6d">'
            f"{escape(words.teasers[at % len(words.teasers)])}</div></div>"
            for at, title in enumerate(words.related)
        )
        + f'</div></div><div class="_ft">{escape(words.copyright)}</div></div><script id="__NEXT_DATA__" type="application/json">'
        '{"props":{"pageProps":{}}}</script></body></html>'
    )


def components(story: Story) -> str:
    """Every paragraph in a wrapper of its own, pictures with captions and a list of links among them."""
    words, body = story.words, story.markup()
    blocks = [f'<div data-component="text-block" class="ssrcss-1a RichText"><div>{piece}</div></div>' for piece in body]
    blocks.insert(1, f'<div data-component="image-block">{picture(story)}</div>')
    links = "".join(f"<li><a href='/{at}'>{escape(title)}</a></li>" for at, title in enumerate(words.related[:3]))
    blocks.insert(3, f'<div data-component="unordered-list-block"><ul>{links}</ul></div>')
    return (
        head(story, extra=open_graph(story))
        + f'<body><div id="root"><header>{menu(words)}</header><main id="main-content"><article><header><h1 id="main-heading">'
        f'{escape(story.title)}</h1></header><div data-component="byline-block"><p>{names(story)}</p><time datetime="'
        f'{story.published.isoformat()}">{story.written_day}</time></div>{"".join(blocks)}<section data-component="tag-list">'
        f"<h2>{escape(words.tags_heading)}</h2><ul>"
        + "".join(f"<li><a href='/t'>{escape(tag)}</a></li>" for tag in story.tags)
        + f'</ul></section><section data-component="related-internet-links"><h2>{escape(words.related_heading)}</h2>{links}'
        f"</section></article></main>{footer(words)}</div></body></html>"
    )


def cookie_wall_first(story: Story) -> str:
    """A long wall before, longer comments behind; neither by a name we know."""
    words = story.words
    wall = "".join(f"<p>{escape(words.cookies)}</p>" for _ in range(5))
    said = "".join(f'<li class="r"><p>{escape(text)}</p></li>' for text in words.comments * 6)
    return (
        head(story, extra=open_graph(story))
        + f'<body><div id="sp_message_container_1" class="message-overlay">{wall}<button>OK</button></div>'
        f'<div class="site"><div class="bar">{menu(words)}</div><div class="story"><h1>{escape(story.title)}</h1>'
        f'<p class="standfirst-meta">{names(story)} {story.written_day}</p>{"".join(story.markup())}</div>'
        f'<div class="reactions"><h2>{escape(words.comments_heading)}</h2><ol>{said}</ol></div></div>{footer(words)}</body></html>'
    )


def boxes_within(story: Story) -> str:
    """Semantic markup with a newsletter, a quotation of another article and a gallery in the midst of the text."""
    words, body = story.words, story.markup()
    box = (
        f'<aside class="inline-box"><h4>{escape(words.related_heading)}</h4><p><a href="/1">{escape(words.related[2])}</a></p>'
        f"<p>{escape(words.teasers[0])}</p></aside>"
    )
    body[2:2] = [newsletter(words, "c-inline-signup"), box]
    return (
        head(story, extra=json_ld(story))
        + f"<body>{menu(words)}<main><article><header><h1>{escape(story.title)}</h1><address>{names(story)}</address></header>"
        f'{picture(story)}<section class="body-copy">{"".join(body)}</section><footer><p>{escape(words.about_author)}</p>'
        f'</footer></article><section class="recirculation">{related(words, "rail", teasers=True)}</section></main>'
        f"{cookie_wall(words, 'gdpr-banner')}{footer(words)}</body></html>"
    )


def next_story_below(story: Story) -> str:
    """An endless page: another whole article has been loaded beneath."""
    words = story.words
    other = "".join(f"<p>{escape(text)}</p>" for text in (words.teasers * 3)[:4])
    return (
        head(story, extra=open_graph(story))
        + f'<body><div class="feed-wrap">{menu(words)}<article class="story-unit" data-url="/a"><h1>{escape(story.title)}</h1>'
        f'<div class="story-info">{story.written_day}</div><div class="story-text">{"".join(story.markup())}</div>'
        f'{share(words, "tools")}</article><article class="story-unit" data-url="/b"><h1>{escape(words.related[0])}</h1>'
        f'<div class="story-info">{story.written_day}</div><div class="story-text">{other}</div></article></div>'
        f"{footer(words)}</body></html>"
    )


def much_around_little(story: Story) -> str:
    """A short text among long teasers in boxes that look like it."""
    words = story.words
    boxes = "".join(
        f'<div class="box"><h2><a href="/{at}">{escape(title)}</a></h2><p>{escape(words.teasers[at % len(words.teasers)])}'
        f" {escape(words.teasers[(at + 1) % len(words.teasers)])}</p></div>"
        for at, title in enumerate(words.related)
    )
    return (
        head(story)
        + f'<body><div class="page">{menu(words, "div")}<div class="box main-box"><h1>{escape(story.title)}</h1><span>'
        f"{story.written_day}</span>{''.join(story.markup())}</div>{boxes}{comments(words, 'box')}"
        f"{escape(words.copyright)}</div></body></html>"
    )


def nested_divs(story: Story) -> str:
    """No paragraphs at all: every line a <div>, the first of them bold outside the rest."""
    words = story.words
    first, *rest = (escape(line.lstrip("#>- ")) for line in story.lines)
    lines = "".join(f'<div dir="auto">{line}</div><div><br></div>' for line in rest)
    return (
        head(story)
        + f'<body><div class="header">{menu(words, "div")}</div><div class="wrap"><div class="col-8"><div class="ttl"><h1>'
        f'{escape(story.title)}</h1></div><div class="dt">{story.written_day}</div><div class="intro"><strong>{first}</strong>'
        f'</div><div class="txt"><div><div>{lines}</div></div></div>{share(words, "soc")}</div><div class="col-4">'
        f"{related(words, 'side', teasers=True)}</div></div>{footer(words)}</body></html>"
    )
