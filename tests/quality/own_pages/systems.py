"""Pages as the common publishing systems make them."""

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
    read_also,
    related,
    share,
    tags,
)
from tests.quality.own_pages.stories import Story, escape


def wordpress_magazine(story: Story) -> str:
    words, (first, *rest) = story.words, story.markup()
    middle = len(rest) // 2
    body = [first, *rest[:middle], read_also(words), *rest[middle:]]
    return (
        head(story, extra=open_graph(story))
        + f'<body class="single single-post postid-9 tag-news"><div id="wrapper"><header>{menu(words)}</header>'
        f'<div class="content"><article class="post type-post"><div class="entry-header"><span class="post-cat-wrap">'
        f'<a class="post-cat" href="/c">{escape(story.section)}</a></span><h1 class="post-title">{escape(story.title)}</h1>'
        f'<div class="post-meta"><span class="author"><a href="/author/1">{names(story)}</a></span> '
        f'<span class="date">{story.written_day}</span></div></div>{share(words, "share-buttons")}'
        f'{picture(story, "single-featured-image")}<div class="entry-content entry clearfix">{"".join(body)}'
        f"{share(words, 'sharedaddy sd-sharing')}{tags(story)}</div></article>{related(words, 'related-posts-list')}"
        f'<div class="about-author"><p>{escape(words.about_author)}</p></div>{comments(words)}</div>'
        f'<aside class="sidebar">{newsletter(words)}{related(words, "widget-posts", teasers=True)}</aside></div>'
        f"{footer(words)}</body></html>"
    )


def drupal(story: Story) -> str:
    words = story.words
    return (
        head(story, extra='<link rel="canonical" href="/node/77">')
        + f'<body class="path-node page-node-type-article"><div class="dialog-off-canvas-main-canvas">{menu(words, "div")}'
        f'<main role="main"><div class="layout-content"><div class="block block-core"><h1 class="page-header"><span>'
        f'{escape(story.title)}</span></h1></div><article class="node node--type-article node--view-mode-full">'
        f'<div class="node__meta"><span>{names(story)}</span> <time datetime="{story.published.isoformat()}">'
        f'{story.written_day}</time></div><div class="node__content"><div class="field field--name-field-image">'
        f'{picture(story)}</div><div class="field field--name-body field--type-text-with-summary field__item">'
        f'{"".join(story.markup())}</div><div class="field field--name-field-tags"><div class="field__label">'
        f"{escape(words.tags_heading)}</div>{''.join(f'<a href=/t>{escape(tag)}</a> ' for tag in story.tags)}</div></div>"
        f'</article><div class="views-element-container block"><h2>{escape(words.related_heading)}</h2>'
        + "".join(
            f'<div class="views-row"><a href="/node/{at}">{escape(title)}</a><div>{escape(words.teasers[0])}</div></div>'
            for at, title in enumerate(words.related)
        )
        + f"</div></div></main>{footer(words)}</div></body></html>"
    )


def joomla(story: Story) -> str:
    words = story.words
    return (
        head(story, outlet_in_title=False)
        + f'<body class="site com_content view-article"><div class="container">{menu(words)}<div class="item-page" '
        f'itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">'
        f'{escape(story.title)}</h2></div><dl class="article-info muted"><dt>Details</dt><dd class="createdby">'
        f'<span itemprop="author">{names(story)}</span></dd><dd class="published"><time itemprop="datePublished" datetime='
        f'"{story.published.isoformat()}">{story.written_day}</time></dd><dd class="hits">2031</dd></dl>'
        f'<div itemprop="articleBody">{"".join(story.markup())}</div><ul class="pager pagenav"><li><a href="/p">'
        f"{escape(words.related[0])}</a></li><li><a href='/n'>{escape(words.related[1])}</a></li></ul></div>"
        f'<div id="aside"><div class="moduletable"><h3>{escape(words.related_heading)}</h3><ul class="latestnews">'
        + "".join(f"<li><a href='/{at}'>{escape(title)}</a></li>" for at, title in enumerate(words.related))
        + f"</ul></div></div></div>{footer(words)}</body></html>"
    )


def blogger(story: Story) -> str:
    words = story.words
    lines = "<br /><br />".join(escape(line.lstrip("#>- ")) for line in story.lines)
    return (
        head(story)
        + f'<body><div class="content-outer"><div class="main-outer"><h2 class="date-header"><span>{story.written_day}</span>'
        f'</h2><div class="post hentry uncustomized-post-template"><h3 class="post-title entry-title"><a href="/p.html">'
        f'{escape(story.title)}</a></h3><div class="post-body entry-content" id="post-body-1"><div dir="{words.direction}">'
        f'<div class="separator"><a href="/i.jpg"><img src="/i.jpg"></a></div><span style="font-size: large;">{lines}</span>'
        f'</div><div style="clear: both;"></div></div><div class="post-footer"><span class="post-author vcard">'
        f'<span class="fn">{names(story)}</span></span><span class="post-labels">{escape(words.tags_heading)} '
        + "".join(f'<a rel="tag" href="/l">{escape(tag)}</a>' for tag in story.tags)
        + f"</span>{share(words, 'post-share-buttons')}</div></div>{comments(words, 'comments')}</div>"
        f'<div class="sidebar section"><div class="widget PopularPosts"><h2>{escape(words.related_heading)}</h2>'
        + "".join(
            f"<div class='item-title'><a href='/{at}'>{escape(t)}</a></div><div>{escape(words.teasers[0])}</div>"
            for at, t in enumerate(words.related)
        )
        + f"</div></div></div>{footer(words)}</body></html>"
    )


def elementor(story: Story) -> str:
    """The text in several widgets, the invitation to Telegram between them in one that looks the same."""
    words, paragraphs = story.words, story.markup()
    middle = max(1, len(paragraphs) // 2)

    def widget(content: str) -> str:
        return (
            '<div class="elementor-element elementor-widget elementor-widget-text-editor">'
            f'<div class="elementor-widget-container">{content}</div></div>'
        )

    return (
        head(story, extra=open_graph(story))
        + f'<body class="elementor-page"><div class="elementor-location-header">{menu(words)}</div><div class="elementor">'
        f'<div class="elementor-widget-theme-post-title"><h1>{escape(story.title)}</h1></div>'
        f'<div class="elementor-section">{widget("".join(paragraphs[:middle]))}'
        f"{widget(f'<p><a href=https://t.me/x>{escape(words.follow)}</a></p>')}{widget(''.join(paragraphs[middle:]))}</div>"
        f'<div class="elementor-widget-posts"><h2>{escape(words.related_heading)}</h2>'
        + "".join(
            f'<article class="elementor-post"><h3><a href="/{at}">{escape(title)}</a></h3><div class="elementor-post__excerpt">'
            f"<p>{escape(words.teasers[at % len(words.teasers)])}</p></div></article>"
            for at, title in enumerate(words.related)
        )
        + f"</div></div>{cookie_wall(words, 'cky-consent-bar')}{footer(words)}</body></html>"
    )


def spip(story: Story) -> str:
    """The first paragraph stands outside the body, as a lead."""
    words, (first, *rest) = story.words, story.markup()
    return (
        head(story)
        + f'<body class="page_article"><div id="page"><div class="nav">{menu(words, "div")}</div><div id="conteneur">'
        f'<div class="cartouche"><h1 class="crayon">{escape(story.title)}</h1><p class="info-publi">{story.written_day}, '
        f'{names(story)}</p></div><div class="chapo surlignable">{first}</div><div class="texte surlignable">{"".join(rest)}'
        f'</div><div class="rubrique-autres"><h2>{escape(words.related_heading)}</h2><ul>'
        + "".join(f"<li><a href='/a{at}'>{escape(title)}</a></li>" for at, title in enumerate(words.related))
        + f"</ul></div>{comments(words, 'forum-repondre')}</div>{footer(words)}</div></body></html>"
    )


def amp(story: Story) -> str:
    words = story.words
    body = story.markup()
    body.insert(1, '<amp-ad width="300" height="250" type="x"></amp-ad>')
    return (
        head(story, extra=json_ld(story)).replace("<html ", "<html amp ")
        + f'<body><amp-sidebar id="s">{menu(words, "div")}</amp-sidebar><amp-consent id="c"><div id="consent-ui"><p>'
        f'{escape(words.cookies)}</p></div></amp-consent><article class="amp-wp-article"><header class="amp-wp-article-header">'
        f'<h1 class="amp-wp-title">{escape(story.title)}</h1><div class="amp-wp-meta"><time>{story.written_day}</time></div>'
        f'</header><figure><amp-img src="/i.jpg"></amp-img><figcaption>{escape(words.caption)}</figcaption></figure>'
        f'<div class="amp-wp-article-content">{"".join(body)}</div><footer class="amp-wp-article-footer">{tags(story)}</footer>'
        f'</article><amp-social-share type="x"></amp-social-share><div class="amp-related"><p>{escape(words.related_heading)}'
        f"</p>"
        + "".join(f"<a href='/{at}'>{escape(title)}</a>" for at, title in enumerate(words.related))
        + f"</div>{footer(words)}</body></html>"
    )
