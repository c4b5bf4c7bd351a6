"""What the pages are built of: headlines, and a page that remembers which of its links lead to articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote, urljoin

ARABIC_LINES = """
سد الوادي يستقبل أول واردات الشتاء
إغلاق طريق الجبل بعد انهيارات صخرية
مجلس المدينة يقر موازنة العام المقبل
افتتاح مشفى الأطفال الجديد في حي الزيتون
ارتفاع أسعار الخبز في ثلاث محافظات
المنتخب يفوز في مباراته الودية الأولى
عودة ألف عائلة إلى قرى الساحل الشمالي
وزير الزراعة: موسم القمح أفضل من العام الماضي
حريق في سوق الأقمشة القديم ولا إصابات
طلاب الجامعة يبتكرون جهازا لتحلية المياه
انقطاع الكهرباء عن الأحياء الشرقية حتى المساء
بدء ترميم قلعة المدينة بتمويل محلي
الأرصاد تحذر من عاصفة رملية نهاية الأسبوع
نقابة المعلمين تعلن إضرابا ليوم واحد
لماذا تأخر مشروع القطار السريع عشر سنوات؟
مقتل صياد وفقدان اثنين قبالة الساحل
صادرات الزيتون تتجاوز التوقعات هذا الموسم
محكمة الاستئناف تبرئ رئيس البلدية السابق
معرض الكتاب يستضيف أربعين دار نشر عربية
تراجع الليرة أمام العملات الأجنبية
شهادات من قرية غمرتها السيول ليلا
المصرف المركزي يثبت سعر الفائدة للمرة الثالثة
فريق الميناء يتأهل إلى نصف النهائي
وفاة الشاعر الذي كتب عن البحر
حملة تلقيح واسعة تبدأ صباح الأحد في المدارس
اتفاق بين المزارعين والوزارة على سعر القطن
كيف غيرت الهجرة وجه القرى الجبلية
توقيف خمسة متهمين بسرقة الآثار
سوق الهال القديم يغلق أبوابه بعد سبعين عاما
زلزال خفيف يشعر به سكان العاصمة
جسر النهر
رحيل المخرج الكبير
هل يعود القطار؟
مطار جديد في الصحراء
"""
ENGLISH_LINES = """
Valley dam takes in the first water of winter
Mountain road closed after rockfall
City council passes next year's budget
New children's hospital opens in Olive Quarter
Bread prices rise in three provinces
National team wins its first friendly
A thousand families return to northern villages
Fire in the old cloth market, nobody hurt
Students build a machine that makes sea water sweet
Power cut in eastern districts until evening
Teachers' union calls a one-day strike
Why the fast train is ten years late
Fisherman dies, two missing off the coast
Olive exports beat expectations this season
Appeal court acquits former mayor
Book fair hosts forty publishers
Central bank holds rates for a third time
Port team reaches the semi-final
The poet who wrote about the sea has died
Small quake felt in the capital
The bridge
A train again?
"""
ARABIC = tuple(ARABIC_LINES.strip().splitlines())
ENGLISH = tuple(ENGLISH_LINES.strip().splitlines())


def arabic_slug(title: str) -> str:
    return quote("-".join(title.replace("؟", "").replace(":", "").split()))


def latin_slug(title: str) -> str:
    return "-".join(title.lower().replace("'", "").replace("?", "").replace(",", "").split())


@dataclass
class SectionPage:
    """`articles` must be found, `either` may be (galleries, special pages), every other link must not be.

    `known` are addresses of the site's articles that are not on the page, `titles` headlines of its own.
    """

    name: str
    url: str
    html: str = ""
    articles: set[str] = field(default_factory=set)
    either: set[str] = field(default_factory=set)
    known: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def article(self, path: str) -> str:
        """The address of an article, written as the page does, and remembered."""
        self.articles.add(urljoin(self.url, path))
        return path

    def maybe(self, path: str) -> str:
        self.either.add(urljoin(self.url, path))
        return path

    def wrote(self, body: str, *, head: str = "", lang: str = "ar") -> SectionPage:
        self.html = (
            f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{self.name}</title>{head}</head>'
            f'<body class="home blog has-sidebar">{body}</body></html>'
        )
        return self

    def knows(self, *paths: str) -> None:
        self.known = tuple(urljoin(self.url, path) for path in paths)


def arabic(start: int = 0) -> Iterator[str]:
    return cycle(ARABIC[start:] + ARABIC[:start])


def english(start: int = 0) -> Iterator[str]:
    return cycle(ENGLISH[start:] + ENGLISH[:start])


def menu(links: dict[str, str], *, kind: str = "nav", classes: str = "main-menu") -> str:
    items = "".join(f'<li class="menu-item"><a href="{href}">{name}</a></li>' for href, name in links.items())
    return f'<{kind} class="{classes}"><ul>{items}</ul></{kind}>'
