"""What a page says besides its text: when, who, where it is filed, and when it is not there at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.pages.extraction import Page, extract_article
from crawler.pages.recurring import recurring_lines, without_recurring
from crawler.pages.site_rules import Calendar, SiteRules
from monitors.articles import DateConfidence, DateOrigin

URL = "https://harbour.example/ferry"
SEEN = datetime(2024, 5, 14, 18, 30, tzinfo=UTC)
LINE = "<p>Rain fell on the harbour all night and the ferries stayed in port until noon, officials said.</p>"


def page_of(
    body: str = "",
    head: str = "",
    *,
    url: str = URL,
    rules: SiteRules | None = None,
    time_zone: str | None = None,
    recurring: frozenset[int] = frozenset(),
) -> Page:
    html = (
        f"<html><head><title>Ferries stay</title>{head}</head><body><h1>Ferries stay</h1>{body}<main>{LINE * 4}</main>"
    )
    return extract_article(
        html.encode(),
        url=url,
        content_type="text/html; charset=utf-8",
        rules=rules,
        time_zone=time_zone,
        seen_at=SEEN,
        recurring=recurring,
    )


def json_ld(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Ferries stay",{fields}}}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


@pytest.mark.parametrize(
    ("body", "head", "at", "origin", "confidence"),
    [
        ("", json_ld('"datePublished":"2024-05-14T10:00:00+03:00"'), "2024-05-14 07:00", "structured", "high"),
        ("", json_ld('"datePublished":"2024-05-14T10:00:00"'), "2024-05-14 07:00", "structured", "medium"),
        ("", json_ld('"datePublished":"2024-05-13"'), "2024-05-12 21:00", "structured", "medium"),
        ("", json_ld('"datePublished":"2024-05-13T00:00:00Z"'), "2024-05-13 00:00", "structured", "medium"),
        ("", meta("article:published_time", "2024-05-14T10:00:00Z"), "2024-05-14 10:00", "meta", "high"),
        ('<time datetime="2024-05-14T10:00:00Z">today</time>', "", "2024-05-14 10:00", "markup", "high"),
        ("<p>14 أيار 2024</p>", "", "2024-05-13 21:00", "text", "low"),
        ("<p>قبل ساعتين</p>", "", "2024-05-14 16:30", "text", "low"),
        ("<p>5 ذو القعدة 1445</p>", "", "2024-05-12 21:00", "text", "low"),
    ],
)
def test_a_time_has_its_origin_and_how_far_it_can_be_relied_on(
    body: str, head: str, at: str, origin: str, confidence: str
) -> None:
    page = page_of(body, head, time_zone="Asia/Damascus")
    assert page.published_at
    found = f"{page.published_at:%Y-%m-%d %H:%M}", page.published_origin, page.published_confidence
    assert found == (at, DateOrigin(origin), DateConfidence(confidence))


def test_a_day_gets_its_time_from_the_next_place_that_names_the_same_day() -> None:
    head = json_ld('"datePublished":"2024-05-13"') + meta("article:published_time", "2024-05-13T09:20:00Z")
    page = page_of(head=head)
    assert (page.published_at, page.published_origin) == (
        datetime(2024, 5, 13, 9, 20, tzinfo=UTC),
        DateOrigin.STRUCTURED,
    )
    assert page.published_confidence is DateConfidence.MEDIUM


def test_a_day_in_words_that_the_address_confirms_is_believed_more() -> None:
    page = page_of("<p>13 May 2024, 09:20</p>", url="https://harbour.example/2024/05/13/ferry/")
    assert page.published_at == datetime(2024, 5, 13, 9, 20, tzinfo=UTC)
    assert page.published_confidence is DateConfidence.MEDIUM


def test_a_day_in_words_that_the_address_denies_is_another_article_s() -> None:
    page = page_of("<p>2 March 2021</p>", url="https://harbour.example/2024/05/13/ferry/")
    assert page.published_at == datetime(2024, 5, 13, tzinfo=UTC)


def test_nothing_is_published_in_the_future() -> None:
    hours = page_of(head=json_ld('"datePublished":"2024-05-14T21:00:00Z"'))
    assert (hours.published_at, hours.published_confidence) == (SEEN, DateConfidence.LOW)
    days = page_of("<p>14 May 2024</p>", json_ld('"datePublished":"2031-01-01T21:00:00Z"'))
    assert days.published_at == datetime(2024, 5, 14, tzinfo=UTC)


def test_the_year_of_the_footer_is_no_date() -> None:
    assert page_of("<p>© 2016 Harbour Post</p>").published_at is None


def test_a_later_change_is_told_apart() -> None:
    head = json_ld('"datePublished":"2024-05-13T10:00:00Z","dateModified":"2024-05-14T11:00:00Z"')
    page = page_of(head=head)
    assert page.modified_at == datetime(2024, 5, 14, 11, tzinfo=UTC)
    assert (page.modified_origin, page.modified_confidence) == (DateOrigin.STRUCTURED, DateConfidence.HIGH)
    same = json_ld('"datePublished":"2024-05-13T10:00:00Z","dateModified":"2024-05-13T10:00:00Z"')
    assert page_of(head=same).modified_at is None


def test_a_time_of_change_in_the_markup_is_no_time_of_publication() -> None:
    page = page_of('<time class="updated" datetime="2024-05-14T10:00:00Z">x</time>')
    assert page.published_confidence is DateConfidence.LOW


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("By Tom Reed, Ana Silva and Jo Bell", ("Tom Reed", "Ana Silva", "Jo Bell")),
        ("بقلم: هالة مرعي، سليم الدروبي", ("هالة مرعي", "سليم الدروبي")),
        ("وائل قصاب", ("وائل قصاب",)),
        ("admin", ()),
        ("Harbour", ()),
        ("https://facebook.com/harbour", ()),
    ],
)
def test_authors_are_people(written: str, names: tuple[str, ...]) -> None:
    assert page_of(head=f'<meta name="author" content="{written}">').authors == names


def test_a_page_names_its_section_picture_and_tags() -> None:
    head = meta("article:section", "Local") + meta("article:tag", "ferry") + meta("og:image", "/f.jpg")
    page = page_of(head=head)
    assert (page.section, page.image_url) == ("Local", "https://harbour.example/f.jpg")
    assert page.tags == ("Local", "ferry")


def test_the_outlet_s_rules_come_first() -> None:
    body = (
        '<b class="t">Ferries and rain</b><i class="a">Ana Silva</i><u class="d">03/05/2024</u>'
        '<section class="s"><p>Only this counts.</p><div class="ad">Buy a boat.</div></section>'
    )
    rules = SiteRules(title=".t", text=".s", author=".a", date=".d", remove=(".ad",), day_first=False)
    page = page_of(body, rules=rules)
    assert (page.title, page.text, page.authors) == ("Ferries and rain", "Only this counts.", ("Ana Silva",))
    assert page.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert page.note == "No article text was found on the page."


def test_a_rule_that_finds_nothing_is_named_and_done_without() -> None:
    page = page_of(rules=SiteRules(text=".gone", date=".away"))
    assert page.complete
    assert page.text.startswith("Rain fell")
    assert page.note == "The outlet's rules for text, date find nothing on this page any more."


def test_an_outlet_s_time_zone_and_calendar_are_its_rules() -> None:
    rules = SiteRules(date=".d", time_zone="Asia/Riyadh", calendar=Calendar.HIJRI)
    page = page_of('<u class="d">1445/11/05 10:00</u>', rules=rules)
    assert page.published_at
    assert abs((page.published_at - datetime(2024, 5, 13, 7, tzinfo=UTC)).days) <= 1
    assert page.published_at.hour == 7


@pytest.mark.parametrize(
    ("title", "body", "note"),
    [
        ("الصفحة غير موجودة", "<p>عذراً، هذه الصفحة غير موجودة.</p>", "no such page"),
        ("404 - Page not found", "<p>Try the search or go back to the home page.</p>", "no such page"),
        ("Harbour Post", "<p>The page you requested</p><p>Sorry, the page cannot be found</p>", "no such page"),
        ("تسجيل الدخول", "<form><input type=password></form>", "a login"),
        ("Harbour Post", "<form>Members <input type='password'></form><p>Welcome back, dear reader!</p>", "a login"),
        ("Just a moment...", "<p>Enable JavaScript and cookies to continue</p>", "check for robots"),
        ("Harbour Post", "<p>Verify you are human by completing the action below.</p>", "check for robots"),
        ("Ferries stay", LINE * 3 + "<p>Subscribe to continue reading</p>", "for subscribers"),
        ("العبّارات", LINE * 3 + "<div>هذا المحتوى للمشتركين فقط</div>", "for subscribers"),
        ("Ferries stay", "<div id=app></div><script src=a.js></script>", "filled in by scripts"),
        ("Ferries stay", "<p>Menu</p>", "No article text"),
    ],
)
def test_a_page_without_its_article_says_why(title: str, body: str, note: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{body}</div></body></html>"
    page = extract_article(html.encode(), url=URL, content_type="text/html; charset=utf-8")
    assert not page.complete
    assert page.note
    assert note in page.note


@pytest.mark.parametrize("title", ["404 days at sea", "Login failures at the bank", "Access denied to inspectors"])
def test_an_article_about_errors_is_an_article(title: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{LINE * 12}</div></body></html>"
    page = extract_article(html.encode(), url=URL, content_type="text/html")
    assert page.complete


def test_lines_of_three_articles_are_no_news() -> None:
    texts = [
        f"Story number {number} is about something else.\n\nFollow the Post on every network!" for number in range(4)
    ]
    recurring = recurring_lines(texts)
    assert without_recurring(texts[0], recurring) == "Story number 0 is about something else."
    assert without_recurring("Follow the Post on every network!", recurring) == "Follow the Post on every network!"
    assert recurring_lines(texts[:2]) == frozenset()


def test_recurring_lines_leave_the_page_s_text() -> None:
    notice = "The Harbour Post has been printed since 1911 in the old customs house."
    page = page_of(recurring=recurring_lines([notice] * 3), body="")
    assert notice not in page.text
    html = f"<h1>Ferries stay</h1><div>{LINE * 4}<p>{notice}</p></div>"
    kept = extract_article(html.encode(), url=URL, content_type=None)
    dropped = extract_article(html.encode(), url=URL, content_type=None, recurring=recurring_lines([notice] * 3))
    assert (notice in kept.text, notice in dropped.text) == (True, False)
