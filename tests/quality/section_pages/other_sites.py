"""More sites, among them English and mixed ones, one function each."""

from __future__ import annotations

from itertools import islice

from tests.quality.section_pages.building import SectionPage, arabic, arabic_slug, english, latin_slug, menu


def english_broadsheet() -> SectionPage:
    page = SectionPage("The Valley Times", "https://times.example/world")
    titles = english()

    def address(title: str) -> str:
        return f"/world/2024/may/05/{latin_slug(title)}"

    fronts = "".join(
        f'<li class="fc-slice__item"><div class="fc-item__container"><a href="{link}" class="fc-item__link" '
        f'data-link-name="article" aria-label="{title}"></a><h3 class="fc-item__title"><a '
        f'href="{link}">{title}</a></h3>'
        f'<time datetime="2024-05-05T10:2{n % 10}:00Z">2h ago</time></div></li>'
        for n, title in enumerate(islice(titles, 14))
        for link in [page.article(address(title))]
    )
    most = "".join(f'<li><a href="{page.article(address(t))}">{t}</a></li>' for t in islice(titles, 5))
    gallery = page.maybe("/world/gallery/2024/may/04/the-flood-in-pictures")
    sections = {"/world": "World", "/uk": "UK", "/business/economics": "Economics", "/tone/editorials": "Editorials"}
    deep = sections | {"/profile/editorial": "The Times view", "/world/middle-east": "Middle East and North Africa"}
    legal = {
        "/help/privacy-policy": "Privacy policy",
        "/info/2020/complaints-and-corrections": "Complaints & corrections",
        "/index/subjects/a": "All topics",
    }
    page.knows(
        *(
            f"/{section}/2024/apr/1{n}/{latin_slug(t)}"
            for section in ("world", "business")
            for n, t in enumerate(islice(english(9), 10))
        )
    )
    return page.wrote(
        f'<header>{menu(deep)}<a href="/subscribe?from=12345">Support the Times with a subscription</a></header>'
        f'<main><ul>{fronts}</ul><a href="{gallery}">The flood in pictures – gallery</a></main>'
        f"<aside><h2>Most viewed</h2><ol>{most}</ol></aside>{menu(legal, kind='footer', classes='l-footer')}",
        lang="en",
    )


def broadcaster_with_codes() -> SectionPage:
    """Short codes for articles and for topics; whole cards in one link, hashed class names."""
    page = SectionPage("Broadcaster – Middle East", "https://broadcaster.example/news/world/middle_east")
    codes = (
        "cp81l0e1eg5o",
        "c4nn2kz3v7yo",
        "crg2e9d4x8mo",
        "cx2w0p7yq1jo",
        "c0jp8kn3lq9o",
        "ce8l2vv5m6go",
        "c51yx7g9wndo",
        "cz9ez4kq0r2o",
    )
    cards = "".join(
        f'<div data-testid="dundee-card" class="sc-{n}f"><a href="{page.article(f"/news/articles/{code}")}" '
        'class="sc-x1">'
        f'<div><div class="sc-p"><img src="/i/{n}.webp"></div><div class="sc-8ea"><h2 '
        'data-testid="card-headline" class="sc-9d">'
        f"{title}</h2><p data-testid='card-description'>What we know so far.</p><span "
        "data-testid='card-metadata-lastupdated'>"
        f"{n + 1} hrs ago</span></div></div></a></div>"
        for n, (code, title) in enumerate(zip(codes, english(3), strict=False))
    )
    live = page.article("/news/live/c75ew0kxg1lt")
    page.titles = ("Live: third day of floods in the valley",)
    topics = {
        "/news/topics/cx1m7zg01xyt": "Valley flood",
        "/news/topics/c302m85q5ljt": "Coast Emirate",
        "/sport": "Sport",
        "/weather": "Weather",
        "/news/in_pictures": "In Pictures",
        "/audio": "Audio",
    }
    page.knows(*(f"/news/articles/c{n:03}k0w{n % 9}xq{n % 7}do" for n in range(16)))
    return page.wrote(
        f'<div class="header"><nav>{menu(topics, kind="div", classes="sc-nav")}</nav></div><main id="main-content">'
        f'<a href="{live}"><h2>Live: third day of floods in the valley</h2></a>{cards}</main><footer>'
        "<a href='/usingthebroadcaster/terms'>Terms of Use</a><a "
        "href='/contact/questions/help-with-receiving-our-programmes'>Contact</a></footer>",
        lang="en",
    )


def french_regional() -> SectionPage:
    page = SectionPage("Le Courrier du Val", "https://courrier.example/actualites/")
    titles = (
        "Premières eaux d'hiver au barrage du Val",
        "La route de la montagne est fermée",
        "Le conseil vote son budget",
        "Un hôpital pour enfants ouvre ses portes",
        "Le pain augmente dans trois régions",
        "Pas de train",
    )
    page.titles = titles
    items = "".join(
        f'<div class="article-item"><a href="{link}" title="{title}"><img class="lazy" data-src="/{n}.jpg" '
        f'alt="{title}"></a>'
        f'<a href="{link}" class="article-title">{title}</a><span class="article-date">05/05/2024</span></div>'
        for n, title in enumerate(titles)
        for link in [page.article(f"/actualites/article_{90120 + n}-{latin_slug(title)}.html")]
    )
    sections = {
        "/actualites/": "Actualités",
        "/culture/": "Culture",
        "/culture/livres-et-bandes-dessinees/": "Livres et BD",
        "/abonnement/offre-decouverte-2024.html": "Abonnez-vous à l'offre découverte",
    }
    page.knows(*(f"/actualites/article_{80000 + n}-titre-de-l-article-{n}.html" for n in range(9)))
    return page.wrote(
        f"{menu(sections)}<section class='listing'>{items}</section><ul class='pagination'><li><a "
        "href='/actualites/?page=2'>Suivant</a></li></ul>"
        "<div class='footer'><a href='/mentions-legales.html'>Mentions légales</a><a "
        "href='/conditions-generales-de-vente.html'>Conditions générales de vente</a></div>",
        lang="fr",
    )


def short_latin_slugs() -> SectionPage:
    """Articles and sections of the same depth, articles by short words: only headlines and place tell them apart."""
    page = SectionPage("Small Paper", "https://small.example/")
    titles = (
        "Valley dam takes in the first water of winter",
        "Mountain road closed after rockfall",
        "City council passes next year's budget",
        "Bread prices rise in three provinces",
        "Teachers' union calls a one-day strike",
        "Olive exports beat expectations this season",
    )
    slugs = ("dam-water", "rockfall", "city-budget", "bread", "teachers-strike", "olives")
    items = "".join(
        f'<div class="story"><h2><a href="{page.article(f"/stories/{slug}")}">{title}</a></h2><span '
        'class="date">5 May 2024</span>'
        f'<p>The whole story in a few words.</p><a href="/stories/{slug}">Read more</a></div>'
        for slug, title in zip(slugs, titles, strict=True)
    )
    sections = {
        "/": "Home",
        "/sections/politics": "Politics",
        "/sections/arts-and-letters": "Arts & Letters",
        "/about": "About",
        "/stories": "All stories",
    }
    page.knows(
        *(f"/stories/{slug}" for slug in ("snow", "school-lunch", "trains", "wheat-price", "harbour", "night-bus"))
    )
    return page.wrote(
        f'<div class="masthead">{menu(sections)}</div><div class="content">{items}</div><div '
        'class="colophon"><a href="/imprint">Imprint</a></div>',
        lang="en",
    )


def telegram_like_list() -> SectionPage:
    """A list of nothing but links, as mobile pages have it; section names as long as headlines."""
    page = SectionPage("آخر الأخبار", "https://m.coast.example/latest")
    items = "".join(
        f'<a href="{page.article(address)}" class="list-group-item">{title}<span class="badge">1{n % 10}:05</span></a>'
        for n, title in enumerate(islice(arabic(17), 22))
        for section in [("syria", "world", "economy")[n % 3]]
        for address in [f"https://www.coast.example/{section}/{20240500 + n}{n:03}/{arabic_slug(title)}"]
    )
    sections = {
        "https://www.coast.example/syria": "أخبار سوريا والعالم العربي",
        "https://www.coast.example/world": "العالم",
        "https://www.coast.example/special/elections-of-the-valley-2024": "انتخابات الوادي 2024: تغطية خاصة",
        "https://www.coast.example/multimedia/infographics": "إنفوغراف",
    }
    page.knows(
        *(
            f"https://www.coast.example/syria/{20240400 + n}{n:03}/{arabic_slug(t)}"
            for n, t in enumerate(islice(arabic(3), 12))
        )
    )
    links = "".join(f"<a href={href!r} class=nav-link>{name}</a>" for href, name in sections.items())
    return page.wrote(f"<div class='list-group sections'>{links}</div><div class='list-group'>{items}</div>")


def custom_engine() -> SectionPage:
    """A pan-Arab daily: home page by blocks, each with a heading that links to its section; ids at the end of slugs."""
    page = SectionPage("الأوسط", "https://awsat.example/")
    titles = arabic(8)
    blocks = ""
    for section, name in (
        ("arab-world", "العالم العربي"),
        ("economy", "الاقتصاد"),
        ("culture", "ثقافة وفنون"),
        ("sport", "رياضة عربية وعالمية"),
    ):
        items = "".join(
            f'<div class="article-item-content"><div class="article-title"><a href="{link}">{title}</a></div>'
            f'<div class="article-author">«الأوسط» (العاصمة)</div></div>'
            for n, title in enumerate(islice(titles, 5))
            for link in [page.article(f"/{arabic_slug(name)}/{49800 + n}{len(section)}-{arabic_slug(title)}")]
        )
        topic = f"<a class='topic' href='/topics/{arabic_slug('سيول الوادي وتداعياتها')}'>سيول الوادي وتداعياتها</a>"
        blocks += (
            f'<section><h2 class="block-title"><a href="/{arabic_slug(name)}">{name}</a></h2>{items}{topic}</section>'
        )
    page.knows(
        *(f"/{arabic_slug('الاقتصاد')}/{48000 + n}-{arabic_slug(t)}" for n, t in enumerate(islice(arabic(), 18)))
    )
    sections = {
        f"/{arabic_slug(name)}": name for name in ("العالم العربي", "الاقتصاد", "يوميات الشرق", "آراء الكتاب والمحللين")
    }
    return page.wrote(
        f"<div class='main-header'>{menu(sections, kind='div', classes='menu-main')}</div>{blocks}<div "
        "class='pre-footer'>"
        "<a href='/files/pdf/issue16500/index.html'>عدد اليوم بصيغة PDF للقراءة والتحميل</a><a "
        f"href='/{arabic_slug('خريطة-الموقع')}'>خريطة الموقع</a></div>"
    )


def tabs_and_galleries() -> SectionPage:
    """Blogger-like: year and month in the address, labels, archive by month, links on pictures only."""
    page = SectionPage("مدونة أخبار الريف", "https://reef.example/")
    posts = "".join(
        f'<div class="post hentry"><div class="thumb"><a href="{link}"><img src="{n}.jpg"></a></div><h3 '
        'class="post-title entry-title">'
        f'<a href="{link}">{title}</a></h3><a class="timestamp-link" href="{link}"><abbr class="published" '
        f'title="2024-05-0{n + 1}">5 مايو</abbr></a></div>'
        for n, title in enumerate(islice(arabic(20), 7))
        for link in [page.article(f"https://reef.example/2024/05/blog-post_{n * 11 + 3}.html")]
    )
    labels = "".join(
        f'<a href="/search/label/{arabic_slug(label)}">{label}</a>'
        for label in ("زراعة", "مواسم القطاف في الريف", "طقس")
    )
    months = "".join(f'<a href="/2024/{n:02}/">شهر {n} من عام 2024</a>' for n in range(1, 6))
    largest = page.article("https://reef.example/2024/05/blog-post_99.html")
    picture = f'<a href="{largest}"><img src="big.jpg" alt="بداية الحصاد"></a>'
    sections = {"/": "الرئيسية", "/p/about.html": "عن المدونة", "/p/blog-page_5.html": "أرسل خبرا إلى المدونة"}
    page.titles = ("بداية الحصاد",)
    page.knows(*(f"https://reef.example/2024/04/blog-post_{n}.html" for n in range(10, 20)))
    return page.wrote(
        f"{menu(sections)}<div class='featured'>{picture}</div>{posts}"
        f"<div class='sidebar section'><div class='Label'>{labels}</div><div class='BlogArchive'>{months}</div></div>"
        "<a class='blog-pager-older-link' "
        "href='/search?updated-max=2024-05-01T00:00:00%2B03:00&amp;max-results=7'>رسائل أقدم</a>"
    )


PAGES = (
    english_broadsheet,
    broadcaster_with_codes,
    french_regional,
    short_latin_slugs,
    telegram_like_list,
    custom_engine,
    tabs_and_galleries,
)
