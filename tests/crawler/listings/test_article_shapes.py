from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.listings.shapes import ArticleShape

SITE = "https://www.daily.example"


@pytest.mark.parametrize(
    "path",
    [
        "/2024/05/01/dam-takes-in-water/",
        f"/{quote('محليات')}/{quote('سد-الرستن-يستقبل-أول-واردات-الشتاء')}",
        "/محليات/سد-الرستن-يستقبل-أول-واردات-الشتاء",
        "/?p=790787",
        "/news/482716",
        "/news/482716/dam",
        "/482716-dam-takes-in-water.html",
        "/news/dam-takes-in-water-482716",
        "/article.php?id=4827",
        "/index.php?option=com_content&view=article&id=48:dam&catid=5",
        "/ar/node/4827",
        "/soccer/dam-workers-win-the-national-cup-again/live/",
        "/news/news_view.html?idx=8576&page=1",
        "/en-us/health/how-this-medical-mystery-was-solved/ar-bbwxwnx",
        "/news/articles/cp81l0e1eg5o",
        "/economy/2024/5/1/dam-takes-in-water-of-winter",
        "/a/0b9c1f6e-1f0a-4c55-9a52-0d7c5b1f0a11",
        "/sport/liveblog/2024/5/1/final-live-all-goals",
    ],
)
def test_these_look_like_articles_on_any_site(path: str) -> None:
    assert ArticleShape().fits(SITE + path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/?",
        "/politics",
        "/politics/syria/",
        "/tag/water",
        f"/tag/{quote('سد-الرستن-وموارد-المياه')}",
        "/author/layla-haddad-of-the-daily",
        "/category/local/page/2/",
        "/2024/05/",
        "/archive/18-11-2019/",
        "/news/2024/5/1",
        "/ar/section/104",
        "/special/elections-2024/",
        "/news_list.asp?bc=03&mc=12",
        "/2024/05/01/",
        "/?s=dam",
        "/index.php?option=com_content&view=category&id=48",
        "/privacy-policy",
        "/من-نحن",
        "/wp-content/uploads/2024/05/dam-takes-in-water.jpg",
        "/wp-login.php?redirect_to=12345",
        "/reports/annual-report-of-the-daily-2024.pdf",
        "/?cat=12",
        "http://[",
    ],
)
def test_these_do_not(path: str) -> None:
    assert not ArticleShape().fits(path if path.startswith("http") else SITE + path)


def test_a_site_teaches_its_own_shape() -> None:
    known = [f"{SITE}/r/{name}" for name in ("dam", "olives", "school", "snow", "trains", "bread")]
    shape = ArticleShape.learned(known)
    assert shape.fits(f"{SITE}/r/wheat")
    assert not shape.fits(f"{SITE}/wheat")
    assert not ArticleShape().fits(f"{SITE}/r/wheat")


def test_shapes_unlike_all_known_articles_lose() -> None:
    known = [f"{SITE}/news/2024/5/{day}/dam-takes-in-water-{day}" for day in range(1, 29)]
    shape = ArticleShape.learned(known)
    assert shape.score(known[0]) > ArticleShape().score(known[0])
    special = f"{SITE}/special/the-long-story-of-our-dam"
    assert ArticleShape().fits(special)
    assert not shape.fits(special)


def test_one_known_article_hardly_weighs() -> None:
    shape = ArticleShape.learned([f"{SITE}/news/482716"])
    assert shape.fits(f"{SITE}/2024/05/01/dam-takes-in-water/")


@given(st.lists(st.text(max_size=200), max_size=5), st.text(max_size=300))
def test_any_text_has_a_score(known: list[str], url: str) -> None:
    shape = ArticleShape.learned([*known, url])
    assert shape.fits(url) == (shape.score(url) > 0)
