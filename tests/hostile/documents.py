"""Documents made to hang, crash or fill their parsers."""

from __future__ import annotations

import json

from tests.hostile.web import EITHER, PRIVATE, READ, Collection, Exchange, rss

documents = Collection()
case = documents.case

MANY = 100_000
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@case(EITHER)
async def billion_laughs(x: Exchange) -> None:
    entities = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    await x.feed(
        f"<item><title>&l9;</title><link>{x.base}/1</link></item>", head=f'<!DOCTYPE r [<!ENTITY l0 "ها">{entities}]>'
    )


@case(EITHER)
async def quadratic_entities(x: Exchange) -> None:
    head = f'<!DOCTYPE r [<!ENTITY a "{"ا" * 100_000}">]>'
    await x.feed(f"<item><title>{'&a;' * 1000}</title><link>{x.base}/1</link></item>", head=head)


@case(EITHER)
async def an_entity_that_is_a_file(x: Exchange) -> None:
    head = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    await x.feed(f"<item><title>خبر &f;</title><link>{x.base}/1</link></item>", head=head)


@case(EITHER)
async def an_entity_on_a_private_host(x: Exchange) -> None:
    private = f"http://{PRIVATE}:{x.web.port}"
    head = f'<!DOCTYPE r SYSTEM "{private}/x.dtd" [<!ENTITY % p SYSTEM "{private}/p"> %p;]>'
    await x.feed(x.item(1), head=head)


@case(EITHER)
async def an_inclusion_of_a_private_document(x: Exchange) -> None:
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="http://{PRIVATE}:{x.web.port}/x"/>'
    await x.feed(x.item(1, more=include))


@case(READ)
async def a_hundred_thousand_items(x: Exchange) -> None:
    await x.feed(*(f"<item><title>خبر {n}</title><link>{x.base}/{n}</link></item>" for n in range(60_000)))


@case(EITHER)
async def a_hundred_thousand_attributes(x: Exchange) -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(MANY))
    await x.feed(f"<item {attributes}><title>خبر</title><link>{x.base}/1</link></item>")


@case(EITHER)
async def a_hundred_thousand_namespaces(x: Exchange) -> None:
    names = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(MANY))
    await x.feed(f"<item {names}><title>خبر</title><link>{x.base}/1</link></item>")


@case(EITHER)
async def a_hundred_thousand_elements_deep(x: Exchange) -> None:
    await x.feed(x.item(1, more="<a>" * MANY + "</a>" * MANY))


@case(EITHER)
async def a_hundred_thousand_comments_in_a_description(x: Exchange) -> None:
    await x.feed(f"<item><title>خبر</title><link>{x.base}/1</link><description>{'&lt;!--' * MANY}</description></item>")


@case(EITHER)
async def a_title_of_seven_megabytes(x: Exchange) -> None:
    await x.feed(f"<item><title>{'&lt;b&gt;خبر ' * 400_000}</title><link>{x.base}/1</link></item>")


@case(EITHER)
async def twenty_thousand_enclosures(x: Exchange) -> None:
    more = f'<enclosure url="{x.base}/a.mp3" length="1" type="audio/mpeg"/><category>باب</category>' * 20_000
    await x.feed(x.item(1, more=more))


@case(EITHER)
async def unclosed_elements(x: Exchange) -> None:
    await x.answer(b"<rss><channel>" + b"<item><title>x<link>" * 50_000, headers="Content-Type: text/xml\n")


@case(EITHER)
async def a_document_cut_in_the_middle(x: Exchange) -> None:
    await x.answer(rss(*(x.item(number) for number in range(50)))[:-3000], headers="Content-Type: text/xml\n")


@case()
async def a_web_page(x: Exchange) -> None:
    await x.answer(b"<!doctype html><html><body><h1>404</h1></body></html>", headers="Content-Type: text/xml\n")


@case(EITHER)
async def json_a_hundred_thousand_deep(x: Exchange) -> None:
    await x.answer(b"[" * MANY + b"]" * MANY, headers="Content-Type: application/feed+json\n")


@case(EITHER)
async def json_of_the_wrong_types(x: Exchange) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": [1], "items": [None, 7, {"id": {}, "url": 5}]}
    await x.answer(json.dumps(feed).encode(), headers="Content-Type: application/feed+json\n")


@case(READ)
async def times_out_of_this_world(x: Exchange) -> None:
    dates = (
        "Fri, 32 Foo 99999 99:99:99 +9999",
        "9999-12-31T23:59:59-23:59",
        "0000-00-00",
        "-1",
        "1" * 5000,
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "2026-02-30T25:61:61+99:99",
        "٣١/٢/٢٠٢٦",
        "Mon, 01 Jan 0001 00:00:00 +1400",
    )
    await x.feed(*(x.item(n, more=f"<pubDate>{date}</pubDate>") for n, date in enumerate(dates)))


@case(READ)
async def one_guid_for_everything(x: Exchange) -> None:
    await x.feed(
        *(
            f"<item><title>خبر {n}</title><link>{x.base}/{n}</link><guid>same</guid></item>"
            for n in range(x.count, x.count + 5)
        )
    )


@case(READ)
async def another_guid_at_every_poll(x: Exchange) -> None:
    await x.feed(f"<item><title>خبر</title><link>{x.base}/1</link><guid>{x.count}-{x.base}</guid></item>")


@case(READ)
async def entries_without_anything(x: Exchange) -> None:
    await x.feed("<item/><item><title/></item><item><link>javascript:alert(1)</link></item>", x.item(1))


@case(READ)
async def addresses_of_every_forbidden_kind(x: Exchange) -> None:
    links = ("file:///etc/passwd", "ftp://x/", "data:text/html,x", "tg://resolve?domain=x", f"http://{PRIVATE}/", "//")
    await x.feed(x.item(99), *(x.item(n, link=link) for n, link in enumerate(links)))


@case(EITHER, kind="sitemap", url="{base}/sitemap.xml")
async def an_index_of_itself(x: Exchange) -> None:
    child = f"<sitemap><loc>{x.base}/sitemap.xml</loc></sitemap><sitemap><loc>{x.base}/b.xml</loc></sitemap>"
    await x.answer(
        f'<sitemapindex xmlns="{SITEMAPS}">{child}</sitemapindex>'.encode(),
        headers="Content-Type: text/xml\n",
    )


@case(EITHER, kind="sitemap", url="{base}/sitemap.xml")
async def an_index_of_private_sitemaps(x: Exchange) -> None:
    children = "".join(f"<sitemap><loc>http://{PRIVATE}:{x.web.port}/{n}.xml</loc></sitemap>" for n in range(1000))
    await x.answer(
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>'.encode()
    )


@case(EITHER, kind="sitemap", url="{base}/sitemap.xml")
async def a_sitemap_of_fifty_thousand(x: Exchange) -> None:
    urls = "".join(f"<url><loc>{x.base}/news/{n}-a-story-of-the-day</loc></url>" for n in range(50_000))
    await x.answer(f'<urlset xmlns="{SITEMAPS}">{urls}</urlset>'.encode())


@case(EITHER, kind="section", url="{base}/local/")
async def a_section_of_a_hundred_thousand_links(x: Exchange) -> None:
    links = "".join(f'<a href="/news/{n}">خبر طويل من أخبار اليوم {n}</a>' for n in range(MANY))
    await x.answer(f"<html><body>{links}</body></html>".encode(), headers="Content-Type: text/html\n")


@case(EITHER, kind="wordpress", url="{base}/wp-json/wp/v2/posts")
async def a_collection_of_nonsense(x: Exchange) -> None:
    await x.answer(json.dumps([{"id": [], "title": 3, "link": {}}, "x", None] * 100).encode())


@case(EITHER, kind="channel", url="{base}/s/name")
async def a_channel_of_deep_nesting(x: Exchange) -> None:
    await x.answer(b"<div class='tgme_widget_message_text'>" * 30_000, headers="Content-Type: text/html\n")
