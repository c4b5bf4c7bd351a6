"""Arabic home and section pages, one function a site."""

from __future__ import annotations

from itertools import islice

from tests.quality.section_pages.building import SectionPage, arabic, arabic_slug, latin_slug, menu


def wordpress_magazine() -> SectionPage:
    page = SectionPage("يومية الوادي", "https://wadi.example/")
    titles = arabic()

    def address(title: str, day: int) -> str:
        return f"https://wadi.example/2024/05/{day:02}/{arabic_slug(title)}/"

    def post(title: str, day: int) -> str:
        link = page.article(address(title, day))
        return (
            f'<article class="post-item"><a class="post-thumb" href="{link}"><img '
            f'data-src="/wp-content/uploads/{day}.jpg">'
            f'</a><span class="cat"><a href="/category/{arabic_slug("أخبار محلية")}/" rel="category '
            'tag">أخبار محلية</a>'
            f'</span><h2 class="post-title"><a href="{link}">{title}</a></h2><div class="post-meta"><a class="author" '
            'href="/author/layla-haddad/">ليلى حداد</a><span class="date">منذ 3 ساعات</span><a '
            f'href="{link}#respond">0</a>'
            f'</div><p>استقبلت المدينة الخبر بهدوء.</p><a class="more-link" href="{link}">أكمل القراءة »</a></article>'
        )

    ticker = "".join(f'<li><a href="{page.article(address(t, 3))}">{t}</a></li>' for t in islice(titles, 5))
    main = "".join(post(title, day + 1) for day, title in enumerate(islice(titles, 10)))
    side = "".join(f'<li><a href="{page.article(address(t, 9))}">{t}</a></li>' for t in islice(titles, 4))
    tags = "".join(
        f'<a href="/tag/{arabic_slug(tag)}/" class="tag-cloud-link">{tag}</a>'
        for tag in ("سد الوادي", "أزمة الخبز في المحافظات الثلاث", "مياه الشرب", "الدوري الممتاز لكرة القدم")
    )
    days = "".join(f'<td><a href="/2024/05/{day:02}/">{day}</a></td>' for day in range(1, 15))
    sections = {f"/category/{arabic_slug(name)}/": name for name in ("محليات", "اقتصاد وأعمال", "ثقافة وفن", "رياضة")}
    sections |= {"/": "الرئيسية", "/about-us/": "من نحن", f"/{arabic_slug('اتصل بنا')}/": "اتصل بنا"}
    page.knows(*(address(title, 20) for title in islice(arabic(7), 20)))
    return page.wrote(
        f'<header id="theme-header"><div class="logo"><a href="/">يومية الوادي</a></div>{menu(sections)}'
        f'<div class="breaking-news"><span>عاجل</span><ul>{ticker}</ul></div></header><div id="content">'
        f'<div class="main-content">{main}<div class="pages-nav"><a href="/page/2/">2</a><a href="/page/3/">3</a></div>'
        f'</div><aside class="sidebar"><div class="widget"><h3>الأكثر قراءة</h3><ul>{side}</ul></div><div '
        'class="widget '
        f'tagcloud">{tags}</div><table id="wp-calendar">{days}</table></aside></div>'
        + menu(
            sections | {"/privacy-policy/": "سياسة الخصوصية وشروط استخدام الموقع"}, kind="footer", classes="site-footer"
        )
    )


def drupal_views() -> SectionPage:
    page = SectionPage("وكالة الجبل للأنباء", "https://jabal.example/ar/local")
    rows = "".join(
        f'<div class="views-row"><div class="views-field-field-image"><a href="{link}"><img src="/f/{n}.jpg"></a></div>'
        f'<div class="views-field-title"><span class="field-content"><a href="{link}">{title}</a></span></div>'
        f'<div class="views-field-created">2024-05-{n % 28 + 1:02} 10:2{n % 10}</div></div>'
        for n, title in enumerate(islice(arabic(4), 15))
        for link in [page.article(f"/ar/node/{48210 + n}")]
    )
    sections = {
        f"/ar/taxonomy/term/{n}": name for n, name in enumerate(("سياسة", "محليات", "أخبار العالم العربي والدولي"), 11)
    }
    sections |= {"/ar/user/login": "دخول", "/en/local": "English", "/ar/contact": "اتصل بنا"}
    pager = "".join(f'<li class="pager-item"><a href="/ar/local?page={n}">{n + 1}</a></li>' for n in range(1, 6))
    page.knows(*(f"/ar/node/{40000 + n * 7}" for n in range(20)))
    return page.wrote(
        f'<div id="header">{menu(sections, kind="div", classes="region region-navigation")}</div>'
        f'<div class="view-content">{rows}</div><ul class="pager">{pager}<li class="pager-next">'
        f'<a href="/ar/local?page=1">التالي ›</a></li></ul><div id="footer">'
        f'<a href="/ar/node/12">من نحن وما رسالتنا في الوكالة</a><a href="/ar/node/13">هيئة تحرير وكالة الجبل</a></div>'
    )


def joomla_blog() -> SectionPage:
    page = SectionPage(
        "صوت الساحل", "https://sahel.example/index.php?option=com_content&view=category&layout=blog&id=8"
    )
    base = "/index.php?option=com_content&amp;view="
    items = "".join(
        f'<div class="items-row"><h2 itemprop="name"><a href="{link}" itemprop="url">{title}</a></h2>'
        "<dl class='article-info'><dd class='published'><time "
        f"datetime='2024-05-0{n % 9 + 1}T10:00:00+03:00'>أيار</time>"
        f"</dd></dl><p>تفاصيل الخبر في السطور التالية.</p><p class='readmore'><a href='{link}'>اقرأ المزيد..."
        "</a></p></div>"
        for n, title in enumerate(islice(arabic(11), 9))
        for link in [
            page.article(f"{base}article&amp;id={3120 + n}:{latin_slug('khabar mahalli')}-{n}&amp;catid=8").replace(
                "&", "&"
            )
        ]
    )
    page.articles = {address.replace("&amp;", "&") for address in page.articles}
    sections = {
        f"{base}category&amp;layout=blog&amp;id={n}": name for n, name in ((8, "محليات"), (9, "اقتصاد"), (10, "رياضة"))
    }
    sections |= {"/index.php": "الرئيسية", "/index.php?option=com_contact&amp;view=contact&amp;id=1": "راسلنا"}
    pages = "".join(
        f'<a href="{base}category&amp;layout=blog&amp;id=8&amp;start={n}">{n // 9 + 1}</a>' for n in (9, 18, 27)
    )
    page.knows(*(f"/index.php?option=com_content&view=article&id={2800 + n}:khabar-{n}&catid=8" for n in range(15)))
    return page.wrote(
        f'<div class="moduletable_menu">{menu(sections, kind="div", classes="mod-menu")}</div><div class="blog">{items}'
        f'<div class="pagination">{pages}</div></div><a '
        f'href="{base}article&amp;id=3120&amp;tmpl=component&amp;print=1">طباعة</a>'
    )


def agency_with_numbers() -> SectionPage:
    """A state agency: numbers for articles and, shorter ones, for sections; everything in one table."""
    page = SectionPage("وكالة الأنباء", "https://agency.example/ar/")
    rows = "".join(
        f'<tr><td><img src="/i/{n}.jpg"></td><td><a href="{page.article(f"/ar/{2417300 + n}")}">{title}</a><br>'
        f"<small>05/05/2024 1{n % 10}:30</small></td></tr>"
        for n, title in enumerate(islice(arabic(2), 25))
    )
    sections = "".join(
        f'<td><a href="/ar/section/{n}">{name}</a></td>'
        for n, name in enumerate(
            ("سياسة", "محافظات", "ثقافة", "أخبار المجتمع والخدمات العامة", "منوعات من العالم"), 101
        )
    )
    page.knows(*(f"/ar/{2400000 + n * 31}" for n in range(30)))
    return page.wrote(
        f'<table class="top"><tr><td><a href="/ar/"><img src="/logo.png" alt="وكالة الأنباء الوطنية الرسمية"></a></td>'
        f"{sections}</tr></table><table>{rows}</table><table class='bottom'><tr><td><a "
        "href='/ar/page/7'>نبذة عن الوكالة "
        f"وتاريخها</a></td><td><a href='/ar/archive'>الأرشيف</a></td><td><a href='/ar/rss'>RSS</a></td></tr></table>"
    )


def large_network() -> SectionPage:
    """An international network: mega menu, live page, programmes, videos, whole cards in one link."""
    page = SectionPage("الشبكة", "https://network.example/")
    titles = arabic(5)

    def address(title: str, section: str, day: int) -> str:
        return f"/{section}/2024/5/{day}/{arabic_slug(title)}"

    def card(title: str, section: str, day: int) -> str:
        return (
            '<article class="gc u-clickable-card"><a class="u-clickable-card__link" '
            f'href="{page.article(address(title, section, day))}">'
            f'<h3 class="gc__title"><span>{title}</span></h3></a><div class="gc__excerpt"><p>تفاصيل من '
            "مراسلينا.</p></div>"
            f'<div class="gc__date"><span aria-hidden="true">{day} مايو 2024</span></div></article>'
        )

    cards = "".join(
        card(title, ("news", "ebusiness", "sport")[n % 3], n % 27 + 1) for n, title in enumerate(islice(titles, 18))
    )
    live = page.article("/news/liveblog/2024/5/27/متابعة-مباشرة-لليوم-الثالث-من-السيول")
    page.titles = ("متابعة مباشرة لليوم الثالث من السيول",)
    video = page.maybe("/video/newsfeed/2024/5/26/كاميرا-ترصد-لحظة-انهيار-الجسر")
    series = page.maybe("/programs/under-the-olive-tree-series")
    sections = {
        "/news": "أخبار",
        "/ebusiness": "اقتصاد",
        "/sport": "رياضة",
        "/opinions": "مقالات",
        "/programs": "البرامج",
    }
    deep = sections | {
        "/where/mideast/arab/the-valley-republic": "جمهورية الوادي",
        "/tag/human-rights-and-freedoms": "حقوق وحريات الإنسان في العالم",
        "/live": "البث الحي",
        "/news/coronavirus": "كورونا",
        "/where/mideast/arab": "الوطن العربي",
    }
    more = {
        "/aboutus": "من نحن",
        "/aboutus/terms-and-conditions-of-use": "شروط وأحكام استخدام الموقع",
        "/frequency-and-broadcast-channels": "ترددات البث وقنواتنا على الأقمار",
        "/careers": "وظائف شاغرة",
        "https://network-studies.example/": "مركز الدراسات",
    }
    page.knows(
        *(address(title, "news", 9) for title in islice(arabic(1), 12)),
        *(address(t, "sport", 3) for t in islice(arabic(20), 8)),
    )
    return page.wrote(
        f'<header class="site-header" role="banner">{menu(deep)}</header><div class="trending"><a '
        'class="trending__link" '
        'href="/tag/sayl-al-wadi">سيول الوادي</a><a class="trending__link" '
        'href="/where/mideast/arab/the-coast-emirate">'
        f'إمارة الساحل</a></div><main><div class="live"><a href="{live}"><h3>متابعة مباشرة لليوم الثالث من '
        "السيول</h3></a></div>"
        f'<section class="news-feed">{cards}<button>عرض المزيد</button></section><section><h2><a '
        'href="/programs">البرامج</a>'
        f'</h2><div class="card"><a href="{video}">كاميرا ترصد لحظة انهيار الجسر</a></div><div class="card">'
        f'<a href="{series}">'
        "تحت شجرة الزيتون: وثائقي من أربعة أجزاء</a></div></section>"
        f"</main>{menu(more, kind='footer', classes='site-footer')}"
    )


def opinion_section() -> SectionPage:
    """Every article with its author, whose page has a long name too; percent-encoded slugs."""
    page = SectionPage("مقالات الرأي", f"https://wadi.example/{arabic_slug('رأي')}/")
    items = "".join(
        f'<div class="opinion-box"><a href="/writers/{latin_slug(author)}"><img src="/w/{n}.png"></a><div '
        'class="writer">'
        f'<a href="/writers/{latin_slug(author)}">{name}</a></div><div class="headline"><a '
        f'href="{link}">{title}</a></div></div>'
        for n, (title, author, name) in enumerate(
            zip(
                islice(arabic(14), 8),
                ("layla haddad", "omar al khatib", "rima", "sami nasser abdullah") * 2,
                ("ليلى حداد", "عمر الخطيب", "ريما", "الدكتور سامي ناصر عبد الله") * 2,
                strict=True,
            )
        )
        for link in [page.article(f"/{arabic_slug('رأي')}/{arabic_slug(title)}")]
    )
    sections = {
        f"/{arabic_slug(name)}/": name for name in ("سياسة", "رأي", "اقتصاد", "مجتمع وحياة", "ثقافة وفنون وآداب")
    }
    page.knows(
        *(
            f"/{arabic_slug(section)}/{arabic_slug(title)}"
            for section in ("سياسة", "رأي")
            for title in islice(arabic(22), 10)
        )
    )
    return page.wrote(
        f"<div class='topbar'>{menu(sections, kind='div', classes='navbar-nav')}</div><div "
        f"class='container'>{items}</div>"
        f"<div class='newsletter'><a href='/newsletter/subscribe'>اشترك في نشرتنا البريدية اليومية الآن</a></div>"
        f"<div id='footer'><a href='/{arabic_slug('سياسة-الخصوصية')}'>سياسة الخصوصية</a>"
        f"<a href='/{arabic_slug('قواعد-النشر-والتعليق-في-الموقع')}'>قواعد النشر والتعليق في الموقع</a></div>"
    )


def query_numbers() -> SectionPage:
    """An old site in ASP: all by numbers in the query, of sections too; no classes anywhere."""
    page = SectionPage("الأخبار المحلية", "http://old.example/list.asp?cat=3")
    items = "".join(
        f'<tr><td><a href="{page.article(f"details.asp?id={90210 + n}")}"><font size=4>{title}</font></a></td></tr>'
        for n, title in enumerate(islice(arabic(9), 20))
    )
    sections = "".join(
        f'<a href="list.asp?cat={n}"><b>{name}</b></a> | '
        for n, name in enumerate(("سياسة", "محليات", "شؤون عربية ودولية", "أخبار الاقتصاد والمال والأعمال"), 1)
    )
    page.knows(*(f"details.asp?id={80000 + n * 3}" for n in range(12)))
    return page.wrote(
        f"<center>{sections}</center><table>{items}</table><a href='list.asp?cat=3&amp;page=2'>الصفحة التالية</a>"
        f"<a href='poll.asp?id=7'>نتائج استطلاع الرأي حول الخدمات</a><a href='contact.asp'>راسلنا</a>"
    )


PAGES = (
    wordpress_magazine,
    drupal_views,
    joomla_blog,
    agency_with_numbers,
    large_network,
    opinion_section,
    query_numbers,
)
