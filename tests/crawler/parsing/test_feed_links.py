from __future__ import annotations

from crawler.pages.links import COMMON_FEED_PATHS, FeedLink, PageLinks, find_feed_links

HOME = "https://www.daily.example/"


def links(head: str = "", body: str = "<p>كلام</p>", *, url: str = HOME) -> PageLinks:
    return find_feed_links(
        f"<html lang='ar'><head>{head}</head><body>{body}</body></html>".encode(), url=url, content_type=None
    )


def addresses(page: PageLinks) -> list[str]:
    return [feed.url for feed in page.feeds]


def test_declared_feeds_come_in_the_order_of_the_page() -> None:
    page = links(
        '<link rel="alternate" type="application/rss+xml" title="يومية الوادي &raquo; الخلاصة" href="/feed/">'
        '<link rel="alternate" type="application/atom+xml" href="https://daily.example/atom">'
        '<link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" href="c/local/feed/">'
    )
    assert page.feeds == (
        FeedLink("https://www.daily.example/feed/", "يومية الوادي » الخلاصة"),
        FeedLink("https://daily.example/atom", None),
        FeedLink("https://www.daily.example/c/local/feed/", None),
    )


def test_json_feeds_are_feeds_and_other_json_is_not() -> None:
    page = links(
        '<link rel="alternate" type="application/feed+json" href="/latest.json">'
        '<link rel="alternate" type="application/json" href="/wp/v2/posts/1">',
        '<a href="/feed.json">JSON</a><a href="/prices.json">prices</a>',
    )
    assert addresses(page) == ["https://www.daily.example/latest.json", "https://www.daily.example/feed.json"]


def test_feeds_of_comments_and_other_alternates_are_left_out() -> None:
    page = links(
        '<link rel="alternate" type="application/rss+xml" title="يومية الوادي » خلاصة التعليقات" href="/x/">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" type="application/json" href="/wp/v2/posts/1">'
        '<link rel="alternate" hreflang="en" href="/en/">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">'
        '<link rel="stylesheet" type="text/xml" href="/feed/">'
    )
    assert page.feeds == ()


def test_links_a_reader_could_click_count_on_the_same_site_only() -> None:
    page = links(
        body='<a href="/rss.xml">RSS</a><a href="https://feeds.daily.example/feed/">كل الأخبار</a>'
        '<a href="https://other.example/feed/">غيرنا</a><a href="/feedback">رأيك</a><a href="/rss.xml">again</a>'
    )
    assert addresses(page) == ["https://www.daily.example/rss.xml", "https://feeds.daily.example/feed/"]


def test_a_wordpress_site_has_a_feed_even_if_it_does_not_say_so() -> None:
    page = links('<link rel="home" href="https://www.daily.example/ar/">', '<img src="/wp-content/uploads/a.jpg">')
    assert addresses(page) == ["https://www.daily.example/ar/feed/"]
    assert page.homepage == "https://www.daily.example/ar/"


def test_a_base_address_moves_relative_feeds() -> None:
    page = links('<base href="https://www.daily.example/v2/"><link rel=alternate type=application/rss+xml href=feed>')
    assert addresses(page) == ["https://www.daily.example/v2/feed"]


def test_the_site_is_named_by_what_it_says_of_itself() -> None:
    assert links('<meta property="og:site_name" content="يومية الوادي"><title>x</title>').site_name == "يومية الوادي"
    assert links("<title>يومية الوادي | أخبار حمص</title>").site_name == "يومية الوادي"
    story = links("<title>سد الرستن يستقبل أول واردات الشتاء - يومية الوادي</title>", url=f"{HOME}2024/story/")
    assert story.site_name == "يومية الوادي"
    assert story.homepage == HOME


def test_the_language_is_that_of_the_words() -> None:
    assert links(body="<p>" + "أعلنت وزارة الري أن السد امتلأ. " * 5 + "</p>").language == "ar"


def test_what_is_no_page_names_nothing() -> None:
    for body in (b"", b"\0", b"<p " + b"a=1 " * 30_000):
        page = find_feed_links(body, url=f"{HOME}a/b", content_type=None)
        assert page.feeds == ()
        assert page.homepage == HOME


def test_common_paths_begin_with_the_commonest() -> None:
    assert COMMON_FEED_PATHS[0] == "/feed/"
    assert all(path.startswith("/") for path in COMMON_FEED_PATHS)


def test_wordpress_says_where_its_api_is_and_what_the_page_shows_there() -> None:
    api = '<link rel="https://api.w.org/" href="https://www.daily.example/wp-json/">'
    json = '<link rel="alternate" title="JSON" type="application/json" href="/wp-json/wp/v2/{}">'
    section = links(api + json.format("categories/12"), url=f"{HOME}category/economy/")
    assert section.wordpress_api == "https://www.daily.example/wp-json/"
    assert section.wordpress_term == "https://www.daily.example/wp-json/wp/v2/categories/12"
    assert not section.is_article
    article = links(api + json.format("posts/4711"), url=f"{HOME}news/4711/")
    assert article.is_article
    assert article.wordpress_term is None


def test_an_article_is_told_by_its_date_and_never_by_its_type_alone() -> None:
    archive = '<meta property="og:type" content="article">'
    dated = '<meta property="article:published_time" content="2026-03-01T10:00:00Z">'
    told = '<script type="application/ld+json">{"@type": "Article", "headline": "x", "datePublished": "2026"}</script>'
    assert not links(archive, url=f"{HOME}economy/").is_article
    assert links(dated, url=f"{HOME}economy/1").is_article
    assert links(told, url=f"{HOME}economy/1").is_article
    assert not links(dated).is_article


def test_sitemaps_that_a_page_names_are_found() -> None:
    assert links('<link rel="sitemap" type="application/xml" href="/news-sitemap.xml">').sitemaps == (
        "https://www.daily.example/news-sitemap.xml",
    )
