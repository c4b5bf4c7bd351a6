"""Sites whose navigation looks like articles, one function each."""

from __future__ import annotations

from itertools import islice

from tests.quality.section_pages.building import SectionPage, arabic, arabic_slug, latin_slug, menu


def numbers_in_queries_only() -> SectionPage:
    """WordPress without pretty addresses: posts, pages, sections, tags, authors and months are all numbers."""
    page = SectionPage("صحيفة السهل", "https://sahl.example/")
    posts = "".join(
        f'<div class="td-block"><a href="{link}" rel="bookmark" title="{title}"><img src="/{n}.jpg"></a>'
        f'<h3 class="td-title"><a href="{link}" rel="bookmark">{title}</a></h3>'
        f'<a class="td-cat" href="/?cat={n % 5 + 2}">محليات</a>'
        f'<span class="td-author"><a href="/?author={n % 3 + 1}">المحرر</a></span>'
        f'<a href="{link}#comments">2</a></div>'
        for n, title in enumerate(islice(arabic(6), 12))
        for link in [page.article(f"https://sahl.example/?p={10230 + n * 7}")]
    )
    sections = {f"/?cat={n}": name for n, name in enumerate(("أخبار المحافظات والمدن", "اقتصاد", "رأي", "ثقافة"), 2)}
    sections |= {"/?page_id=2": "من نحن وكيف نعمل في الصحيفة", "/": "الرئيسية"}
    months = "".join(f'<li><a href="/?m=20240{n}">مايو 2024</a></li>' for n in range(1, 6))
    tags = "".join(f'<a href="/?tag={arabic_slug(tag)}">{tag}</a>' for tag in ("سيول الوادي الكبير", "الخبز"))
    page.knows(*(f"https://sahl.example/?p={9000 + n * 13}" for n in range(15)))
    return page.wrote(
        f'<div class="td-header">{menu(sections, kind="div", classes="td-menu")}</div>'
        f'<div class="td-main">{posts}</div>'
        f'<div class="td-sidebar"><ul>{months}</ul>{tags}<a href="/?feed=rss2">RSS</a></div>'
    )


def slugs_at_the_root() -> SectionPage:
    """Articles and sections side by side at the root, both with long Arabic slugs."""
    page = SectionPage("جريدة المنار الجديد", "https://manar.example/")
    titles = arabic(12)

    def address(title: str) -> str:
        return f"/{arabic_slug(title)}/"

    posts = "".join(
        f'<article><header class="entry-header"><h2 class="entry-title"><a href="{link}">{title}</a></h2></header>'
        f'<div class="entry-meta"><time datetime="2024-05-05T12:0{n % 10}:00+00:00">5 مايو</time></div></article>'
        for n, title in enumerate(islice(titles, 14))
        for link in [page.article(address(title))]
    )
    names = ("مدارات وآراء كتاب الجريدة", "سياسة", "أخبار سوريا والعالم العربي", "ملف الأسبوع الثقافي والأدبي", "رياضة")
    sections = {address(name): name for name in names}
    page.knows(*(address(title) for title in islice(arabic(28), 14)))
    return page.wrote(
        f'<header class="site-header">{menu(sections)}</header><main>{posts}</main><footer class="site-footer">'
        f"<a href='{address('هيئة تحرير الجريدة وعناوين المراسلين')}'>هيئة تحرير الجريدة وعناوين المراسلين</a></footer>"
    )


def matches_and_prices() -> SectionPage:
    """A portal: match centre, prices and programmes have numbers and slugs as the articles do."""
    page = SectionPage("بوابة الخبر", "https://bawaba.example/news")
    titles = arabic(1)

    def address(title: str, number: int) -> str:
        return f"/news/news_local/details/2024/5/5/{2575000 + number}/{arabic_slug(title)}"

    posts = "".join(
        f'<li><a href="{link}"><div class="imageCntnr"><img data-original="/{n}.jpg"></div>'
        f'<div class="title">{title}</div><span class="time">12:{n + 10} م</span></a></li>'
        for n, title in enumerate(islice(titles, 16))
        for link in [page.article(address(title, n * 3))]
    )
    matches = "".join(
        f'<li><a href="/matches/details/{8100 + n}/{latin_slug(f"mina {n} sahel")}">الميناء {n} - 1 الساحل</a></li>'
        for n in range(6)
    )
    prices = "".join(
        f'<li><a href="/prices/{n}/{arabic_slug(gold)}-{n}">{gold} {n}</a></li>'
        for gold in ["سعر غرام الذهب اليوم عيار"]
        for n in (18, 21, 24)
    )
    shows = f'<a href="/programs/{arabic_slug("حديث المساء مع سليم")}/4512">حديث المساء مع سليم</a>'
    page.knows(*(address(title, -900 + n) for n, title in enumerate(islice(arabic(10), 20))))
    sections = {
        "/news": "أخبار",
        "/sports": "رياضة",
        "/cars/prices-of-new-cars-2024": "أسعار السيارات الجديدة في السوق",
    }
    return page.wrote(
        f"{menu(sections)}<section class='main'><ul class='posts'>{posts}</ul></section><section class='matches'>"
        f"<h3>مباريات اليوم</h3><ul>{matches}</ul></section><section class='gold'><ul>{prices}</ul></section>{shows}"
    )


def ticker_and_bare_headlines() -> SectionPage:
    """All in the header's ticker and in lists of short headlines; sections are full sentences."""
    page = SectionPage("راديو الضفة", "https://radio.example/ar/")
    short = ("جسر النهر مغلق", "وفاة شاعر", "عاصفة رملية غدا", "فوز الميناء", "إضراب المعلمين", "هدوء حذر شرقا")
    page.titles = short
    ticker = "".join(
        f'<li><a href="{page.article(f"/ar/news/{77120 + n}/{arabic_slug(title)}")}">{title}</a></li>'
        for n, title in enumerate(short)
    )
    items = "".join(
        f'<div class="item"><a href="{page.article(f"/ar/news/{77200 + n}/{arabic_slug(title)}")}">{title}</a></div>'
        for n, title in enumerate(islice(arabic(15), 10))
    )
    sections = {
        "/ar/live-radio": "استمع إلى البث المباشر للراديو الآن",
        "/ar/programs/12/morning": "برنامج صباح الخير يا بلادي كل يوم",
        "/ar/news": "كل ما يحدث الآن في مدن الضفة وقراها",
        "/ar/contact": "شاركنا رأيك أو أرسل خبرا من منطقتك",
    }
    page.knows(*(f"/ar/news/{76000 + n * 11}/{arabic_slug(title)}" for n, title in enumerate(islice(arabic(2), 16))))
    return page.wrote(
        f'<header><div class="ticker"><ul>{ticker}</ul></div>{menu(sections, kind="div", classes="big-links")}</header>'
        f"<div class='list'>{items}</div>"
    )


PAGES = (numbers_in_queries_only, slugs_at_the_root, matches_and_prices, ticker_and_bare_headlines)
