"""What polls make of the pages of articles, when they are new, edited, or not to be had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitors.articles import TextOrigin
from monitors.storage.copies import kept_page
from tests.crawler.fetching.desk import PARAGRAPH, Desk, Play, article_page, rss


def test_an_edited_article_is_read_again_and_keeps_what_it_said(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        await desk.follow_feed()
        await desk.publish(2, 1)
        site.documents["/news/2/"] = article_page(
            "خبر 2", "ووصل الوفد إلى دمشق مساء اليوم في زيارة تستمر يومين كاملين. "
        )
        site.documents["/feed/"] = rss(site.item(2, "خبر 2 معدّل"), site.item(1, "خبر 1 معدّل"))
        report = await desk.poll()
        assert (report.counts.new, report.counts.edited) == (0, 2)
        second, first = sorted(desk.articles(), key=lambda each: each.url, reverse=True)
        assert (second.title, second.version) == ("خبر 2 معدّل", 2)
        assert "دمشق" in second.text
        # Of what was there before us the page was never read: its whole text is not what the edit added.
        assert (first.title, first.text) == ("خبر 1 معدّل", "ملخص الخبر رقم 1")
        assert site.statuses_of("/news/1/") == []

    at_desk(act)


def test_an_edit_whose_page_is_gone_keeps_the_text(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        await desk.follow_feed()
        await desk.publish(2, 1)
        del site.documents["/news/2/"]
        site.documents["/feed/"] = rss(site.item(2, "خبر 2 معدّل"), site.item(1))
        await desk.poll()
        (article,) = desk.articles()
        assert (article.title, article.text_origin) == ("خبر 2 معدّل", TextOrigin.PAGE)
        assert PARAGRAPH.strip() in article.text

    at_desk(act)


def test_a_page_that_failed_is_asked_for_again_and_then_no_more(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        await desk.follow_feed()
        site.statuses |= {"/news/2/": 502, "/news/3/": 404, "/news/4/": 502}
        site.documents["/feed/"] = rss(site.item(4), site.item(3), site.item(2), site.item(1))
        await desk.poll()
        assert [each.text_origin for each in desk.articles()] == [TextOrigin.ENTRY] * 3
        assert await desk.ask_for_pages_again() == 0
        del site.statuses["/news/2/"]
        site.pages(2)
        desk.later = timedelta(minutes=6)
        assert await desk.ask_for_pages_again() == 2  # what is not there will not be there in five minutes
        texts = {each.title: each.text_origin for each in desk.articles()}
        assert texts == {"خبر 2": TextOrigin.PAGE, "خبر 3": TextOrigin.ENTRY, "خبر 4": TextOrigin.ENTRY}
        desk.later = timedelta(minutes=31)
        assert await desk.ask_for_pages_again() == 1
        desk.later = timedelta(days=1)
        assert await desk.ask_for_pages_again() == 0

    at_desk(act)


def test_pages_are_kept_as_they_came(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        await desk.follow_feed()
        await desk.publish(2, 1)
        (article,) = desk.articles()
        kept = desk.database.read_now(kept_page, article.id)
        assert kept is not None
        assert kept.body == site.documents["/news/2/"].encode()
        assert kept.url == article.url
        assert kept.content_type == "text/html; charset=utf-8"

    at_desk(act)


def test_what_comes_back_on_page_after_page_is_no_news(at_desk: Play) -> None:
    notice = "تابعوا صحيفة الميناء التي تصدر من مبنى الجمارك القديم منذ مئة عام."

    async def act(desk: Desk) -> None:
        await desk.follow_feed()
        for number in range(2, 7):
            own = f"وصلت السفينة رقم {number} إلى المرفأ محملة بالقمح بعد رحلة طويلة في البحر. "
            desk.site.documents[f"/news/{number}/"] = article_page(f"خبر {number}", own, more=f"<p>{notice}</p>")
            await desk.publish(number, 1)
        assert [notice in each.text for each in desk.articles()] == [True, True, True, False, False]
        assert all("محملة بالقمح" in each.text for each in desk.articles())

    at_desk(act)


def test_times_without_a_zone_are_the_outlet_s(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        await desk.follow_feed(time_zone="Asia/Damascus")
        time = '<time datetime="2026-03-01 10:30">1 آذار</time>'
        desk.site.documents["/news/2/"] = article_page("خبر 2", more=time)
        await desk.publish(2, 1)
        (article,) = desk.articles()
        assert article.published_at == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)

    at_desk(act)
