from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.listings.shapes import ArticleShape

SITE = "https://www.daily.example"

# The ways in which Arab and world outlets write addresses, the words our own.
ARTICLES = """
/2024/05/01/dam-takes-in-water/
/محليات/سد-الرستن-يستقبل-أول-واردات-الشتاء
/?p=790787
/news/482716
/news/482716/dam
/482716-dam-takes-in-water.html
/news/dam-takes-in-water-482716
/article.php?id=4827
/index.php?option=com_content&view=article&id=48:dam&catid=5
/ar/node/4827
/soccer/dam-workers-win-the-national-cup-again/live/
/news/news_view.html?idx=8576&page=1
/en-us/health/how-this-medical-mystery-was-solved/ar-bbwxwnx
/news/articles/cp81l0e1eg5o
/economy/2024/5/1/dam-takes-in-water-of-winter
/a/0b9c1f6e-1f0a-4c55-9a52-0d7c5b1f0a11
/sport/liveblog/2024/5/1/final-live-all-goals
/?p=2045678
/2023/07/03/سد-الوادي-يستقبل/
/694512/سد-الوادي-يستقبل-أول-واردات-الشتاء/
/العالم-العربي/المشرق-العربي/5012345-سد-الوادي-يستقبل
/arab-and-world/syria/2024/05/01/سد-الوادي-يستقبل-أول-واردات
/middle-east/1712345-سد-الوادي-يستقبل-أول-واردات
/middle_east/1567890-سد-الوادي/
/arabic/articles/c0jqz2xk8w9o
/ar/سد-الوادي-يستقبل-أول-واردات-الشتاء/a-69123456
/ar/الشرق-الأوسط/20240501-سد-الوادي-يستقبل-أول-واردات
/syria/2024/05/01/سد-الوادي
/ar/سد-الوادي-يستقبل-واردات/3212345
/news/details/3123456
/story/2024/5/1/سد-الوادي-يستقبل/6565656
/News/131/2/1234567/العرب/سد-الوادي-يستقبل.aspx
/news/news_egypt/details/2024/5/1/2575757/سد-الوادي-يستقبل
/news/view.aspx?cdate=01052024&id=0b9c1f6e-1f0a-4c55-9a52-0d7c5b1f0a11
/سد-الوادي-يستقبل-أول-واردات-الشتاء/
/Politics/380123/سد-الوادي-يستقبل
/arabic/section/76-سياسة/01052024034523123
/news/show/1654321/سد-الوادي-يستقبل
/سد-الوادي-يستقبل-أول-واردات-1364720.html
/siyasa/X3KQ7ABZ2MVG5DTPLW4O/
/ar/اخبار/1234567/سد-الوادي-يستقبل
/news/local/2158765
/saudia/m2k8x1p0qz
/article/5934567-سد-الوادي
/ar/article/b3xk2p9-سد-الوادي-يستقبل
/ArticleDetails.aspx?id=3146789&language=ar
/Include/InnerPage.jsp?ID=267654&lang=ar&name=news
/article/846543
/ar/news3321234.htm
/post/251234/سد-الوادي-يستقبل
/208765--.html
/arabic/kurdistan/010520241
/ar/سياسة/سد-الوادي-يستقبل-أول-واردات-الشتاء
/portal/article/سد-الوادي-يستقبل-أول-الواردات
/news.php?action=show&id=48271
/index.php?page=article&id=48271
/Article/48271/سد-الوادي
/details/48271
/blogs/2024/5/1/سد-الوادي
/ar/detail/48271/سد
/articles/view/سد-الوادي-يستقبل-واردات
/ar/contents/48271
/modules.php?name=News&file=article&sid=48271
/newsdetails/48271/ar
/?page_id=12&news=48271
/a/482716.html
/ar/48271
/arabic/world-48271650
/content/سد-الوادي-يستقبل-أول-واردات
/node/48271
/2024/05/01/48271/
/n/48271
/ar/2024/05/01/feature-01
/arabic/2024-05/01/c_1310765432.htm
/story/0/482716
/syr/482716.html
"""
OTHERS = """
/
/?
/politics
/politics/syria/
/tag/water
/author/layla-haddad-of-the-daily
/category/local/page/2/
/2024/05/
/archive/18-11-2019/
/news/2024/5/1
/ar/section/104
/special/elections-2024/
/news_list.asp?bc=03&mc=12
/2024/05/01/
/?s=dam
/index.php?option=com_content&view=category&id=48
/privacy-policy
/من-نحن
/wp-content/uploads/2024/05/dam-takes-in-water.jpg
/wp-login.php?redirect_to=12345
/reports/annual-report-of-the-daily-2024.pdf
/?cat=12
/ar/سياسة
/العالم-العربي
/arab-and-world/syria
/sections/12
/category/اخبار-محلية
/ar/tag/سد-الوادي-الكبير
/tags/12345/سد-الوادي
/author/layla-haddad
/writer/123/ليلى-حداد
/ar/news/section/3
/arabic/section/76-سياسة
/list.aspx?cat=12
/news.php?cat=12
/category.php?id=12
/section.php?id=4
/index.php?page=category&id=12
/ar/page/about
/سياسة-الخصوصية
/privacy
/ar/contact-us
/video
/videos/12
/programs/ما-وراء-الخبر
/live
/rss
/2024/05
/ar/archive?date=2024-05-01
/search?q=12345
/login?return=/news/482716
/weather/damascus
/prayer-times
/currency-prices
/opinion
/opinion/writers/ليلى-حداد
/sports/football/results
/ar/اقتصاد/أسواق-المال
/economy/markets/stocks
/topics/gaza
/trends/سد-الوادي-الكبير-والسيول
/ar/keywords/12345
/pages/terms-and-conditions-of-use
/files/2024/report-of-the-year.pdf
/subscribe
/print/482716
/modules.php?name=News&new_topic=12
/newsletter
/rss.php?cat=5
/issue/16500
/editions/2024-05-01
/pdf/2024/05/01
/epaper/16500
/ar/gallery
/photo/albums
/poll/12
/polls.aspx?id=12
/jobs/12345
/tv/schedule/2024-05-01
/frequencies
"""


@pytest.mark.parametrize("path", ARTICLES.split())
def test_these_look_like_articles_on_any_site(path: str) -> None:
    assert ArticleShape().fits(SITE + path)
    assert ArticleShape().fits(SITE + quote(path, safe="/?=&%:"))


@pytest.mark.parametrize("path", ["", *OTHERS.split()])
def test_these_look_like_anything_but_articles(path: str) -> None:
    assert not ArticleShape().fits(SITE + path)
    assert not ArticleShape().fits(SITE + quote(path, safe="/?=&%:"))


def test_what_is_no_address_is_no_article() -> None:
    assert not ArticleShape().fits("http://[")
    assert not ArticleShape().fits(f"{SITE}/2024/05/01/{'a-' * 2_000}")


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


def test_articles_known_from_elsewhere_teach_nothing() -> None:
    elsewhere = [f"https://t.me/wadidaily/{number}" for number in range(100, 200)]
    assert ArticleShape.learned(elsewhere, site=SITE) == ArticleShape()
    known = [
        *elsewhere,
        *(f"http://m.daily.example/r/{name}" for name in ("dam", "olives", "school", "snow", "trains")),
    ]
    assert ArticleShape.learned(known, site=SITE).fits(f"{SITE}/r/wheat")


def test_one_known_article_hardly_weighs() -> None:
    shape = ArticleShape.learned([f"{SITE}/news/482716"])
    assert shape.fits(f"{SITE}/2024/05/01/dam-takes-in-water/")


@given(st.lists(st.text(max_size=200), max_size=5), st.text(max_size=300))
def test_any_text_has_a_score(known: list[str], url: str) -> None:
    shape = ArticleShape.learned([*known, url])
    assert shape.fits(url) == (shape.score(url) > 0)
