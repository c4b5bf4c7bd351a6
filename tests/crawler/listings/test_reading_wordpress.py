from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.entries import Listing, NotAListing
from crawler.listings.wordpress import api_root_of, collection_url, read_collection

URL = "https://daily.example/wp-json/wp/v2/posts?per_page=2&_embed=author"
PARAGRAPH = "استقبل سد الرستن أول واردات الموسم من مياه نهر العاصي بعد أيام من المطر الغزير في ريف حمص الشمالي. "
CONTENT = f"<p>{PARAGRAPH * 2}</p>\n<p>وقال المهندس المسؤول إن المخزون يكفي&nbsp;&#8220;الموسم كله&#8221;.</p>"


def post(**changes: Any) -> dict[str, Any]:
    return {
        "id": 17,
        "date_gmt": "2024-05-01T10:20:30",
        "modified_gmt": "2024-05-01T11:00:00",
        "guid": {"rendered": "https://daily.example/?p=17"},
        "link": "https://daily.example/2024/05/01/dam/",
        "title": {"rendered": "سدّ الرستن &#8211; <em>أول</em> الواردات"},
        "excerpt": {"rendered": "<p>استقبل سد الرستن أول واردات الموسم [&hellip;]</p>"},
        "content": {"rendered": CONTENT, "protected": False},
        **changes,
    }


def read(*posts: Any, url: str = URL) -> Listing:
    return read_collection(json.dumps(posts).encode(), url=url, content_type="application/json")


def test_a_post_is_a_whole_article() -> None:
    (entry,) = read(post()).entries
    assert entry.guid == "https://daily.example/?p=17"
    assert entry.url == "https://daily.example/2024/05/01/dam/"
    assert entry.title == "سدّ الرستن – أول الواردات"
    assert entry.published_at == datetime(2024, 5, 1, 10, 20, 30, tzinfo=UTC)
    assert entry.modified_at == datetime(2024, 5, 1, 11, tzinfo=UTC)
    assert entry.summary == "استقبل سد الرستن أول واردات الموسم"
    assert entry.text.split("\n\n")[1] == "وقال المهندس المسؤول إن المخزون يكفي “الموسم كله”."
    assert entry.complete


def test_embedded_names_are_author_and_tags() -> None:
    embedded = {
        "author": [{"name": "ليلى حداد"}],
        "wp:term": [[{"name": "محليات", "taxonomy": "category"}], [{"name": "مياه"}, {"name": "حمص"}]],
    }
    (entry,) = read(post(_embedded=embedded)).entries
    assert entry.author == "ليلى حداد"
    assert entry.tags == ("محليات", "مياه", "حمص")


def test_the_picture_is_the_featured_one_or_the_first() -> None:
    pictured = {"rendered": f'<img class="a" src="https://daily.example/a.jpg?x=1&amp;y=2">{CONTENT}'}
    assert read(post(content=pictured)).entries[0].image_url == "https://daily.example/a.jpg?x=1&y=2"
    featured = post(content=pictured, jetpack_featured_media_url="https://daily.example/f.jpg")
    assert read(featured).entries[0].image_url == "https://daily.example/f.jpg"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"rendered": CONTENT, "protected": True}, id="needs a password"),
        pytest.param({"rendered": "", "protected": True}, id="protected and empty"),
        pytest.param({"rendered": f"{CONTENT}<p>قال المسؤول [&hellip;]</p>"}, id="cut"),
        pytest.param({"rendered": f'{CONTENT}<a class="more-link" href="/x">المزيد</a>'}, id="more link"),
        pytest.param({"rendered": f"{CONTENT}<p><a href='/x'>اقرأ المزيد &raquo;</a></p>"}, id="read more"),
        pytest.param({"rendered": f"<p>{PARAGRAPH}</p>"}, id="short"),
        pytest.param({"rendered": "[vc_row][vc_column width='1/2'][/vc_column][/vc_row]"}, id="page builder"),
        pytest.param(None, id="none"),
    ],
)
def test_a_post_that_may_not_be_whole_needs_its_page(content: object) -> None:
    (entry,) = read(post(content=content)).entries
    assert not entry.complete
    assert entry.text
    assert "[" not in entry.text


def test_a_post_shorter_than_its_excerpt_is_not_whole() -> None:
    assert not read(post(excerpt={"rendered": CONTENT * 2})).entries[0].complete


def test_times_that_do_not_name_utc_are_left_to_the_page() -> None:
    (entry,) = read(post(date_gmt=None, date="2024-05-01T13:20:30", modified_gmt="0000-00-00T00:00:00")).entries
    assert (entry.published_at, entry.modified_at) == (None, None)


def test_odd_fields_do_no_harm() -> None:
    odd = {"guid": 17, "link": ["x"], "title": "بلا كائن", "content": "نص", "excerpt": {"rendered": 5}, "date_gmt": 4}
    (entry,) = read(
        post(**odd, _embedded={"author": "x", "wp:term": [None, [{"name": 3}], {"name": "محليات"}]})
    ).entries
    assert (entry.guid, entry.url, entry.title, entry.text, entry.tags) == (None, None, "بلا كائن", "نص", ("محليات",))


def test_a_full_page_leads_to_the_next() -> None:
    assert read(post(), post()).older == f"{URL}&page=2"
    assert read(post()).older is None
    assert read(url=URL.replace("per_page=2", "per_page=0")).older is None
    third = read(post(), post(), url=f"{URL}&page=3")
    assert third.older == f"{URL}&page=4"
    assert read(post(), post(), url=f"{URL}&page=100").older is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"<!doctype html><p>{}", "web page"),
        (b"not json", "no JSON"),
        (b'{"code":"rest_forbidden","message":"Sorry, you are <b>not</b> allowed to do that."}', "you are not allowed"),
        (b'{"code":"rest_no_route"}', "rest_no_route"),
        (b'{"posts": []}', "not the posts"),
        (b"[1, 2]", "not the posts"),
        (b'[{"a": 1}]', "not the posts"),
        (b"[" * 100_000, "no JSON"),
        (b"17", "not the posts"),
    ],
)
def test_what_is_no_collection_is_named(body: bytes, said: str) -> None:
    with pytest.raises(NotAListing, match=said):
        read_collection(body, url=URL, content_type=None)


def test_warnings_before_the_answer_are_skipped() -> None:
    body = b"<br />\nWarning: Undefined variable $x in /a.php on line 3\n" + json.dumps([post()]).encode()
    assert len(read_collection(body, url=URL, content_type=None).entries) == 1


def test_an_empty_collection_is_one() -> None:
    assert read().entries == ()


def test_collections_are_asked_for_with_or_without_pretty_addresses() -> None:
    pretty = collection_url("https://daily.example/ar/wp-json/")
    assert pretty.startswith("https://daily.example/ar/wp-json/wp/v2/posts?per_page=20&_fields=id,date_gmt,")
    plain = collection_url("https://daily.example/?rest_route=/")
    assert plain.startswith("https://daily.example/?rest_route=/wp/v2/posts&per_page=20&_fields=")


@pytest.mark.parametrize(
    "html",
    [
        "<link rel='https://api.w.org/' href='https://daily.example/wp-json/' />",
        '<link href="/wp-json/" rel="https://api.w.org/">',
        "<LINK REL=https://api.w.org/ HREF=/wp-json/>",
    ],
)
def test_a_page_says_where_its_api_is(html: str) -> None:
    page = f"<html><head><link rel=stylesheet href=/a.css>{html}</head>".encode()
    assert api_root_of(page, url="https://daily.example/2024/") == "https://daily.example/wp-json/"


def test_the_server_may_say_where_the_api_is() -> None:
    header = '<https://daily.example/x>; rel=shortlink, <https://daily.example/?rest_route=/>; rel="https://api.w.org/"'
    assert api_root_of(b"", url="https://daily.example/", link_header=header) == "https://daily.example/?rest_route=/"
    assert api_root_of(b"<p>https://api.w.org/", url="https://daily.example/") is None
