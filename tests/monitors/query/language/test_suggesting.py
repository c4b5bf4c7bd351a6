from __future__ import annotations

import pytest

from monitors.errors import QueryError
from monitors.query.language.grammar import parse


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("(دمشق OR حلب", "(دمشق OR حلب)"),
        ("دمشق OR حلب)", "دمشق OR حلب"),
        ('سد "نهر النيل"', '"سد نهر النيل"'),
        ("سد (مصر OR نهر)", "سد AND (مصر OR نهر)"),
        ('سد "نهر النيل', '"سد نهر النيل"'),
        ('"سد النهضة OR مصر', '"سد النهضة" OR مصر'),
        ("«سد النهضة", "«سد النهضة»"),
        ("سد AND", "سد"),
        ("سد OR OR مصر", "سد OR مصر"),
        ("سد NEAR 5 مصر", "سد NEAR/5 مصر"),
        ("سد NEAR/500 مصر", "سد NEAR/100 مصر"),
        ("سد NEAR/5 (مصر AND نهر)", "سد AND (مصر AND نهر)"),
        ("سد NEAR/5 مصر NEAR/6 نهر", "سد NEAR/5 مصر NEAR/5 نهر"),
        ('"سد مصر" ~5', '"سد مصر"~5'),
        ("*سد", "سد"),
        ("كهر*ء", "/كهر\\pL*ء/"),
        ("~كهر*ء", "/كهر\\pL*ء/"),
        ("titel:سد", "title:سد"),
        ("intitle:سد", "title:سد"),
        ("title: سد", "title:سد"),
        ("نهر title:-سد", "نهر -title:سد"),
        ("~title:سد", "title:~سد"),
        ("lang:Arabik", "lang:arabic"),
        ("lang:(ar OR Persia)", "lang:(ar OR persian)"),
        ("سد NEAR/3مصر", "سد NEAR/3 مصر"),
        ('"سد{ مصر"', '"سد مصر"'),
        ("outlet:العربي الجديد", 'outlet:"العربي الجديد"'),
        ("C++", "/\\bC\\+\\+/"),
        ("C# developer", "/\\bC\\#/ AND developer"),
        ("مصر+سوريا", "مصر +سوريا"),
        ("{سد AND مصر}", "(سد AND مصر)"),
        ("{سد|مصر", "{سد|مصر}"),
        ("3 of (سد, مصر)", "2 of (سد, مصر)"),
        ("/[/", "/\\[/"),
        ("/x*/", "/x+/"),
        ("/a/i", "/a/"),
        ("/a[bc]", "/a[bc]/"),
        ("word~2 سد", "~word سد"),
        ("site:sana.sy سد", "outlet:sana.sy سد"),
        ("سد, -مصر", "سد -مصر"),
        ("سد OR NOT مصر", "سد NOT مصر"),
        ("-سد مصر", "مصر -سد"),
        ("NOT سد مصر", "مصر NOT سد"),
        ("-سد -كرة نهر النيل", "نهر النيل -سد -كرة"),
        ('NOT "سد مصر" نهر', 'نهر NOT "سد مصر"'),
        ("-سد مصر OR نهر", "(مصر OR نهر) -سد"),
        ("-title:سد مصر", "مصر -title:سد"),
        ("نهر -سد مصر", 'نهر -"سد مصر"'),
        ("سد --مصر", "سد -مصر"),
        ("--سد مصر", "مصر -سد"),
        ("سد —مصر", "سد -مصر"),
        ("سد +-مصر", "سد -مصر"),
        ("=~سد", "~سد"),
        ("~ سد", "~سد"),
        ("سد = مصر", "سد مصر"),
        ('"سد مصر"^4', '"سد مصر"'),
        ("colo?r", r"/\bcolo\pLr\b/"),
        ("[سد OR مصر] AND نهر", "(سد OR مصر) AND نهر"),
        ("سد &amp; مصر", "سد & مصر"),
        ("سد #مصر", "سد AND #مصر"),
        ('"سد"مصر', '"سد مصر"'),
        ("سد *", "سد"),
        ('title="سد"', 'title:"سد"'),
        ("title : سد", "title:سد"),
        ("lang=ar", "lang:ar"),
        ("inurl=sana", "url:sana"),
        ("سد W/5 مصر", "سد NEAR/5 مصر"),
        ("سد pre/5 مصر", "سد ONEAR/5 مصر"),
        ("سد ADJ مصر", "سد ONEAR/1 مصر"),
        ("سد ADJ/5 مصر", "سد NEAR/5 مصر"),
        ("سد NEAR5 مصر", "سد NEAR/5 مصر"),
        ("سد AROUND(5) مصر", "سد NEAR/5 مصر"),
        ("سد XOR مصر", "سد OR مصر"),
        ("سد ANDNOT مصر", "سد NOT مصر"),
        ("سد AND-NOT مصر", "سد NOT مصر"),
        ("سد OR/5 مصر", "سد OR مصر"),
        ("غزة or رفح", "غزة OR رفح"),
        ("oil AND not gas", "oil AND NOT gas"),
        ("lang:ar,en غزة", "lang:(ar,en) غزة"),
        ("outlet:a.com|b.com غزة", "outlet:(a.com|b.com) غزة"),
        ("url:https://a.com/x,y", 'url:"https://a.com/x,y"'),
        ("سد after:2024-01-01", "سد"),
        ("العنوان:غزة", "title:غزة"),
        ("https://sana.sy/a,b سد", 'url:"https://sana.sy/a,b" سد'),
        ("www.sana.sy", "url:www.sana.sy"),
        ("NOT سد", None),
        ("", None),
    ],
)
def test_a_mistake_is_answered_with_what_was_probably_meant(query: str, suggestion: str | None) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(query)
    assert refusal.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("دمشق OR حلب)", "دمشق OR حلب"),
        ("(دمشق OR حلب", "دمشق OR حلب"),
        ('(سد AND مصر) AND NOT "', "سد AND مصر"),
        ("سد, مصر AND (نهر OR AND", "سد OR مصر AND نهر"),
        ("titel:سد", None),
    ],
)
def test_a_mistake_is_answered_with_what_was_understood(query: str, understood: str | None) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(query)
    assert refusal.value.understood == understood
