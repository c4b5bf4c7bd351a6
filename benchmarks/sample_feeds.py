"""Made-up feeds that look like those of news outlets: sizes, formats, markup and habits, in Arabic and Latin script.

Twenty-eight feeds, the same for the same seed: median about 28 kB, mean about 150 kB. As among the real ones, most
list titles and excerpts, a few the whole articles as HTML (in CDATA or escaped), some carry several pictures with
captions per entry, some are in windows-1256 or pretty-printed, and one is not well-formed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

_ARABIC_WORDS = (
    "الحكومة الوزير المدينة الجديدة أعلنت مصادر محلية أن المشروع سيبدأ خلال الأسبوع المقبل بعد موافقة اللجنة على خطة "
    "تأهيل الطريق الواصل بين القريتين وقال المتحدث إن العمل مستمر في محطات المياه والكهرباء رغم الصعوبات التي تواجه "
    "الورشات وأضاف في تصريح للصحفيين مساء أمس أسعار الخضار ارتفعت مجددا الأسواق المزارعون موسم الزيتون هذا العام "
    "المنتخب الوطني يستعد لمباراة الذهاب أمام ضيفه جامعة تفتتح معرضا للكتاب مجلس المحافظة يناقش ملف النقل الداخلي"
)
_LATIN_WORDS = (
    "the minister said on Tuesday that a new bridge across river would open before winter after months of delay and "
    "residents of both villages have waited for repairs since floods damaged roads two years ago officials added that "
    "water stations will receive additional funding while farmers reported rising prices for olives this season "
    "national team prepares its first leg match against visitors at home university opens book fair council debates"
)
_ARABIC, _LATIN = _ARABIC_WORDS.split(), _LATIN_WORDS.split()
_CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
_ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
_WORDPRESS = (
    f'{_CONTENT} xmlns:wfw="http://wellformedweb.org/CommentAPI/" {_DC} {_ATOM} '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A feed as a server gives it."""

    name: str
    url: str
    body: bytes
    content_type: str


class Writer:
    """Words, sentences and addresses of one outlet."""

    def __init__(self, seed: str, *, arabic: bool) -> None:
        self.random = random.Random(seed)
        self.arabic = arabic
        self.language = "ar" if arabic else "en"
        self.home = f"https://{seed}.example"
        self._words = _ARABIC if arabic else _LATIN
        self._time = datetime(2026, 3, 14, 9, 41, 7, tzinfo=UTC)

    def words(self, low: int, high: int) -> str:
        return " ".join(self.random.choices(self._words, k=self.random.randint(low, high)))

    def title(self) -> str:
        title = self.words(6, 12)
        chance = self.random.random()
        if chance < 0.1:
            return f"{title}: «{self.words(2, 4)}»" if self.arabic else f"{title}: ‘{self.words(2, 4)}’"
        return f"{title} & {self.words(2, 3)}" if chance < 0.15 else title

    def sentence(self) -> str:
        text = self.words(9, 22)
        if self.random.random() < 0.15:
            text += f"، «{self.words(4, 9)}»" if self.arabic else f", “{self.words(4, 9)}”"
        return f"{text}."

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.random.randint(1, 3)))

    def article(self, paragraphs: int) -> str:
        """The HTML of an article as a content management system keeps it."""
        return "\n".join(self._block(number) for number in range(paragraphs))

    def time(self) -> datetime:
        self._time -= timedelta(seconds=self.random.randint(300, 9000))
        return self._time

    def address(self, number: int) -> str:
        slug = "-".join(self.random.choices(_LATIN, k=5)).lower()
        return f"{self.home}/news/{2026000 + number}/{slug}"

    def picture(self, number: int, width: int = 1024) -> str:
        return f"{self.home}/wp-content/uploads/2026/03/photo-{number}-{width}x{width * 9 // 16}.jpg"

    def _block(self, number: int) -> str:
        paragraph = self.paragraph()
        if number % 7 == 3:
            picture = self.picture(self.random.randint(1, 9999))
            small = picture.replace("1024", "300")
            return (
                f'<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="1024" '
                f'height="576" src="{picture}" alt="{self.words(4, 8)}" class="wp-image-{number}" '
                f'srcset="{picture} 1024w, {small} 300w, {small} 768w, {picture} 1536w, {picture} 2048w" '
                f'sizes="(max-width: 1024px) 100vw, 1024px" />'
                f'<figcaption class="wp-element-caption">{self.words(5, 10)}</figcaption></figure>'
            )
        if number % 9 == 5:
            return f'<h2 class="wp-block-heading">{self.words(3, 6)}</h2>\n<ul>{self._points()}</ul>'
        if self.random.random() < 0.5:
            words = paragraph.split()
            at = len(words) // 2
            words[at] = f'<a href="{self.address(number)}" target="_blank" rel="noopener">{words[at]}</a>'
            words[at + 2] = f"<strong>{words[at + 2]}</strong>"
            paragraph = " ".join(words)
        # As WordPress writes quotation marks and other people's editors spaces.
        paragraph = paragraph.replace("“", "&#8220;").replace("”", "&#8221;").replace(" and ", " &amp; ", 1)
        return f"<p>{paragraph}&nbsp;</p>"

    def _points(self) -> str:
        return "".join(f"<li>{self.words(5, 9)}</li>" for _ in range(4))


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def _rss(writer: Writer, namespaces: str, head: str, items: list[str], *, encoding: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0" {namespaces}>\n<channel>\n'
        f"<title>{writer.words(2, 3)}</title>\n<link>{writer.home}/</link>\n<description>{writer.words(5, 9)}"
        f"</description>\n<language>{writer.language}</language>\n"
        f"<lastBuildDate>{format_datetime(writer.time())}</lastBuildDate>\n{head}\n{''.join(items)}</channel>\n"
        f"</rss>\n"
    )


def broadcaster(writer: Writer, count: int, _size: int) -> str:
    """CDATA everywhere, one thumbnail, guids with a revision."""
    items = []
    for number in range(count):
        url = writer.address(number)
        items.append(
            f"<item><title>{_cdata(writer.title())}</title><description>{_cdata(writer.sentence())}</description>"
            f'<link>{url}?at_medium=RSS&amp;at_campaign=rss</link><guid isPermaLink="false">{url}#{number % 3}</guid>'
            f"<pubDate>{format_datetime(writer.time(), usegmt=True)}</pubDate>"
            f'<media:thumbnail width="240" height="135" url="{writer.picture(number, 240)}"/></item>'
        )
    image = (
        f"<image><url>{writer.home}/logo.gif</url><title>{writer.words(2, 2)}</title><link>{writer.home}</link></image>"
    )
    head = f'{image}<atom:link href="{writer.home}/rss.xml" rel="self" type="application/rss+xml"/><ttl>15</ttl>'
    return _rss(writer, f"{_DC} {_CONTENT} {_ATOM} {_MEDIA}", head, items)


def broadsheet(writer: Writer, count: int, size: int) -> str:
    """Escaped HTML in descriptions, many categories, four sizes of every picture with its credit."""
    items = []
    for number in range(count):
        url = writer.address(number)
        paragraphs = "".join(f"<p>{writer.paragraph()}</p>" for _ in range(size))
        body = f'{paragraphs}<a href="{url}">{writer.words(2, 2)}…</a>'
        categories = "".join(
            f'<category domain="{writer.home}/{tag}">{writer.words(1, 2)}</category>'
            for tag in range(writer.random.randint(3, 9))
        )
        pictures = "".join(
            f'<media:content width="{width}" url="{writer.picture(number, width)}?quality=85&amp;auto=format">'
            f'<media:credit scheme="urn:ebu">{writer.words(2, 4)}</media:credit></media:content>'
            for width in (140, 460, 700, 1200)
        )
        when = writer.time()
        items.append(
            f"<item><title>{escape(writer.title(), quote=False)}</title><link>{url}</link>"
            f"<description>{escape(body, quote=False)}</description>{categories}"
            f"<pubDate>{format_datetime(when, usegmt=True)}</pubDate><guid>{url}</guid>{pictures}"
            f"<dc:creator>{writer.words(2, 2)}</dc:creator><dc:date>"
            f"{when.isoformat().replace('+00:00', 'Z')}</dc:date></item>"
        )
    return _rss(writer, f"{_MEDIA} {_DC}", "", items)


def gazette(writer: Writer, count: int, _size: int) -> str:
    """One picture with caption and credit, categories by domain, a guid that is the address."""
    items = []
    for number in range(count):
        url = writer.address(number)
        tags = "".join(f'<category domain="{writer.home}/des">{writer.words(1, 2)}</category>' for _ in range(5))
        items.append(
            f"<item>\n<title>{escape(writer.title(), quote=False)}</title>\n<link>{url}</link>\n"
            f'<guid isPermaLink="true">{url}</guid>\n'
            f'<atom:link href="{url}" rel="standout"/>\n<description>{writer.sentence()}</description>\n'
            f"<dc:creator>{writer.words(2, 3)}</dc:creator>\n<pubDate>{format_datetime(writer.time())}</pubDate>\n"
            f"{tags}\n"
            f'<media:content height="151" medium="image" url="{writer.picture(number, 151)}" width="151"/>\n'
            f"<media:credit>{writer.words(3, 5)}</media:credit>\n<media:description>"
            f"{writer.sentence()}</media:description>\n</item>\n"
        )
    return _rss(writer, f"{_DC} {_MEDIA} {_ATOM}", "<ttl>5</ttl>", items)


def wordpress(writer: Writer, count: int, size: int) -> str:
    """Whole articles in content:encoded, the footer that names the outlet, comments and their feeds."""
    items = []
    footer = "ظهرت المقالة {} أولاً على {}." if writer.arabic else "The post {} appeared first on {}."
    for number in range(count):
        url, title = writer.address(number), writer.title()
        end = footer.format(f'<a href="{url}">{title}</a>', f'<a href="{writer.home}">{writer.words(2, 2)}</a>')
        end = f"<p>{end.replace('&', '&#038;')}</p>"
        tags = "".join(f"<category>{_cdata(writer.words(1, 2))}</category>" for _ in range(4))
        items.append(
            f"\t<item>\n\t\t<title>{title.replace('&', '&#038;').replace('’', '&#8217;')}</title>\n\t\t<link>"
            f"{url}/</link>\n"
            f"\t\t<comments>{url}/#respond</comments>\n\t\t<dc:creator>{_cdata(writer.words(2, 2))}</dc:creator>\n"
            f"\t\t<pubDate>{format_datetime(writer.time())}</pubDate>\n\t\t{tags}\n"
            f'\t\t<guid isPermaLink="false">{writer.home}/?p={number + 51200}</guid>\n'
            f"\t\t<description>{_cdata(f'<p>{writer.paragraph()} [&#8230;]</p>{chr(10)}{end}')}</description>\n"
            f"\t\t<content:encoded>"
            f"{_cdata(f'{chr(10)}{writer.article(size)}{chr(10)}{end}{chr(10)}')}</content:encoded>\n"
            f"\t\t<wfw:commentRss>{url}/feed/</wfw:commentRss>\n\t\t<slash:comments>0</slash:comments>\n\t</item>\n"
        )
    head = (
        f'<atom:link href="{writer.home}/feed/" rel="self" type="application/rss+xml" />\n'
        "<sy:updatePeriod>hourly</sy:updatePeriod>\n<sy:updateFrequency>1</sy:updateFrequency>"
    )
    return _rss(writer, _WORDPRESS, head, items)


def _picture_first(writer: Writer, number: int) -> str:
    return f'<img src="{writer.picture(number, 200)}" align="right"><br>{writer.paragraph()}'


def portal(writer: Writer, count: int, _size: int) -> str:
    """The least there is, written by hand, in the code page of the nineties."""
    items = [
        f"<item>\r\n  <title>{escape(writer.title(), quote=False)}</title>\r\n  <link>"
        f"{writer.home}/?id={number}&amp;page=1</link>\r\n"
        f"  <description>"
        f"{_cdata(_picture_first(writer, number))}"
        f"</description>\r\n  <pubDate>{writer.time():%a, %d %b %Y %H:%M:%S} GMT</pubDate>\r\n</item>\r\n"
        for number in range(count)
    ]
    return _rss(writer, "", "", items, encoding="windows-1256")


def channel_one(writer: Writer, count: int, _size: int) -> str:
    """RDF with Dublin Core."""
    urls = [writer.address(number) for number in range(count)]
    listed = "".join(f'<rdf:li rdf:resource="{url}"/>' for url in urls)
    items = "".join(
        f'<item rdf:about="{url}"><dc:date>{writer.time().isoformat().replace("+00:00", "Z")}</dc:date>'
        f"<title>{escape(writer.title(), quote=False)}</title><link>{url}?maca=rdf</link>"
        f"<description>{writer.sentence()}</description><dc:subject>{writer.words(1, 1)}</dc:subject>"
        f"<dc:language>{writer.language}</dc:language></item>\n"
        for url in urls
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" {_DC} xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\n'
        f'<channel rdf:about="{writer.home}/"><title>{writer.words(2, 3)}</title><link>{writer.home}/</link>'
        f"<description>{writer.words(4, 6)}</description><dc:language>{writer.language}</dc:language>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def magazine(writer: Writer, count: int, size: int) -> str:
    """Atom with whole articles, escaped."""
    entries = []
    for number in range(count):
        url, when = writer.address(number), writer.time()
        entries.append(
            f"<entry>\n<published>{when.isoformat()}</published>\n<updated>"
            f"{(when + timedelta(hours=1)).isoformat()}</updated>\n"
            f'<title type="html">{escape(escape(writer.title(), quote=False), quote=False)}</title>\n'
            f'<content type="html">{escape(writer.article(size), quote=False)}</content>\n'
            f'<link rel="alternate" type="text/html" href="{url}"/>\n<id>{url}</id>\n'
            f"<author><name>{writer.words(2, 2)}</name></author>\n"
            f'<category term="{writer.words(1, 1)}"/>\n</entry>\n'
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{writer.language}">\n'
        f'<title>{writer.words(2, 3)}</title>\n<link rel="alternate" href="{writer.home}/"/>\n<id>'
        f"{writer.home}/feed</id>\n"
        f"<updated>{writer.time().isoformat()}</updated>\n{''.join(entries)}</feed>\n"
    )


def videos(writer: Writer, count: int, _size: int) -> str:
    """A channel of videos: all the words are captions."""
    entries = "".join(
        f"<entry><id>yt:video:{number:011d}</id><title>{escape(writer.title(), quote=False)}</title>"
        f'<link rel="alternate" href="https://video.example/watch?v={number:011d}"/>'
        f"<author><name>"
        f"{writer.words(2, 2)}</name>"
        f"<uri>https://video.example/c</uri></author><published>{writer.time().isoformat()}</published>"
        f"<updated>{writer.time().isoformat()}</updated><media:group><media:title>{writer.words(5, 8)}</media:title>"
        f'<media:content url="https://video.example/v/{number}?version=3" type="application/x-shockwave-flash" '
        f'width="640" height="390"/>'
        f'<media:thumbnail url="https://video.example/vi/{number}/hq.jpg" width="480" height="360"/>'
        f"<media:description>{writer.paragraph()}\n\n{writer.paragraph()}</media:description>"
        f'<media:community><media:starRating count="{number}" average="5.00" min="1" max="5"/>'
        f'<media:statistics views="{number * 97}"/></media:community></media:group></entry>\n'
        for number in range(count)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed {_MEDIA} xmlns="http://www.w3.org/2005/Atom">\n'
        f'<link rel="self" href="{writer.home}/videos.xml"/><id>yt:channel:x</id><title>{writer.words(2, 2)}</title>'
        f'<link rel="alternate" href="{writer.home}/"/>{entries}</feed>\n'
    )


def careless(writer: Writer, count: int, size: int) -> str:
    """Not well-formed: bare ampersands, entities of HTML."""
    item = f"<item><title>A & B &nbsp;</title><link>{writer.home}/last</link></item>"
    return broadcaster(writer, count, size).replace("</channel>", f"{item}</channel>")


_Shape = Callable[[Writer, int, int], str]
_FEEDS: tuple[tuple[_Shape, bool, int, int], ...] = (
    (broadcaster, True, 30, 0),
    (broadcaster, False, 32, 0),
    (broadcaster, True, 24, 0),
    (broadcaster, False, 12, 0),
    (broadcaster, True, 60, 0),
    (broadsheet, False, 45, 2),
    (broadsheet, False, 120, 3),
    (broadsheet, True, 20, 1),
    (gazette, False, 25, 0),
    (gazette, False, 50, 0),
    (gazette, True, 20, 0),
    (wordpress, True, 10, 6),
    (wordpress, True, 10, 14),
    (wordpress, False, 10, 9),
    (wordpress, True, 25, 16),
    (wordpress, False, 50, 36),
    (wordpress, True, 50, 28),
    (portal, True, 20, 0),
    (portal, True, 10, 0),
    (portal, True, 40, 0),
    (channel_one, False, 32, 0),
    (channel_one, True, 20, 0),
    (magazine, False, 10, 14),
    (magazine, True, 40, 18),
    (videos, True, 15, 0),
    (videos, False, 15, 0),
    (careless, True, 30, 0),
    (broadcaster, False, 20, 0),
)


def sample_feeds() -> list[Sample]:
    """All of them, always the same."""
    samples = []
    for position, (shape, arabic, count, size) in enumerate(_FEEDS):
        name = f"{shape.__name__.replace('_', '-')}-{position}"
        writer = Writer(name, arabic=arabic)
        text = shape(writer, count, size)
        codec = "cp1256" if shape is portal else "utf-8"
        samples.append(Sample(name, f"{writer.home}/feed", text.encode(codec), "application/rss+xml"))
    return samples
