from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import QueryError
from monitors.query.language.describing import describe
from monitors.query.language.grammar import parse
from monitors.query.language.limits import MAX_DEPTH, MAX_LENGTH, MAX_WORDS
from monitors.query.language.printing import show
from monitors.query.language.reading import read
from monitors.query.tree import (
    Alias,
    And,
    AtLeast,
    Field,
    Form,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
)

A, B, C, D = Word("سد"), Word("مصر"), Word("نهر"), Word("كرة")


def phrase(*words: str) -> Phrase:
    return Phrase(tuple(map(Word, words)))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("غزة", Word("غزة")),
        ("سد النهضة", phrase("سد", "النهضة")),
        ('"سد النهضة"', phrase("سد", "النهضة")),
        ("«سد النهضة»", phrase("سد", "النهضة")),
        ("“سد النهضة”", phrase("سد", "النهضة")),
        ("„سد النهضة“", phrase("سد", "النهضة")),
        ("»سد النهضة«", phrase("سد", "النهضة")),
        ('"غزة"', Word("غزة")),
        ("سد AND مصر", And((A, B))),
        ("سد & مصر", And((A, B))),
        ("سد OR مصر", Or((A, B))),
        ("سد أو مصر", Or((A, B))),
        ("سد|مصر", Or((A, B))),
        ("سد NOT مصر", And((A, Not(B)))),
        ("سد AND NOT مصر", And((A, Not(B)))),
        ("سد -مصر", And((A, Not(B)))),
        ("سد NOT NOT مصر", And((A, B))),
        ("سد OR مصر AND نهر", Or((A, And((B, C))))),
        ("(سد OR مصر) AND نهر", And((Or((A, B)), C))),
        ("سد AND NOT (مصر OR نهر)", And((A, Not(Or((B, C)))))),
        ("سد AND (مصر AND نهر)", And((A, B, C))),
        ("سد، مصر, نهر\nكرة", Or((A, B, C, D))),
        ("سد؛ مصر; نهر", Or((A, B, C))),
        ("سد AND مصر، نهر", Or((And((A, B)), C))),
        ("(سد، مصر) AND نهر", And((Or((A, B)), C))),
        (",سد,\r\n,مصر,", Or((A, B))),
        ("كوفيد-19", phrase("كوفيد", "19")),
        ("سد - مصر", phrase("سد", "مصر")),
        ("AT&T", phrase("AT", "T")),
        ("1,000 جندي", phrase("1", "000", "جندي")),
        ("#سد_النهضة!", phrase("سد", "النهضة")),
        ("عاجل: غزة", phrase("عاجل", "غزة")),
        ('"سد AND مصر"', phrase("سد", "AND", "مصر")),
        ("rock and roll", phrase("rock", "and", "roll")),
        ('"AND" OR not', Or((Word("AND"), Word("not")))),
        ("中国", phrase("中", "国")),
        ("مُحَمَّد", Word("مُحَمَّد")),
        ("سد ــــ مصر", phrase("سد", "مصر")),
        ("سد + مصر", And((A, B))),
        ("+سد +مصر", And((A, B))),
        ("سد +مصر -نهر", And((A, B, Not(C)))),
        ("سد −مصر", And((A, Not(B)))),
        ("سد و مصر", And((A, B))),
        ("سد و مصر و نهر", And((A, B, C))),
        ("سد بدون مصر", And((A, Not(B)))),
        ("سد ليس مصر", And((A, Not(B)))),
        ("سد وليس مصر", And((A, Not(B)))),
        ("سد و ليس مصر", And((A, Not(B)))),
        ("سد و (مصر أو نهر)", And((A, Or((B, C))))),
        ("بدون سد", phrase("بدون", "سد")),
        ("و سد", phrase("و", "سد")),
        ("سد و", phrase("سد", "و")),
        ('"سد و مصر"', phrase("سد", "و", "مصر")),
        ("سد-و-مصر", phrase("سد", "و", "مصر")),
        ("سد.OR.مصر", phrase("سد", "OR", "مصر")),
        ("سد\nAND مصر", And((A, B))),
        ("سد OR\nمصر", Or((A, B))),
        ("سد\nNOT مصر", And((A, Not(B)))),
        ("19\n20", Or((Word("19"), Word("20")))),
        ("سد NEAR/5 مصر", Near((A, B), 5)),
        ("سد near/5 مصر", Near((A, B), 5)),
        ("سد NEAR مصر", Near((A, B), 10)),
        ("ONEARً سد", phrase("ONEARً", "سد")),
        ("سد near مصر", phrase("سد", "near", "مصر")),
        ("سد قرب/٥ مصر قرب/5 نهر", Near((A, B, C), 5)),
        ("سد قرب مصر", phrase("سد", "قرب", "مصر")),
        ("سد ONEAR/۲ مصر", Near((A, B), 2, ordered=True)),
        ("سد قبل/٢ مصر", Near((A, B), 2, ordered=True)),
        ('"سد مصر نهر"~5', Near((A, B, C), 5)),
        ('"سد النهضة" NEAR/5 مصر', Near((phrase("سد", "النهضة"), B), 5)),
        ("(سد OR نهر النيل) NEAR/3 مصر", Near((Alias((A, phrase("نهر", "النيل"))), B), 3)),
        ("NOT سد NEAR/3 مصر AND نهر", And((Not(Near((A, B), 3)), C))),
        ("كهرب*", Word("كهرب", prefix=True)),
        ("سد كهرب*", Phrase((A, Word("كهرب", prefix=True)))),
        ("AND*", Word("AND", prefix=True)),
        ("=علي", Word("علي", Form.EXACT)),
        ("~أمريكا", Word("أمريكا", Form.WIDE)),
        ('="سد مصر"', Phrase((Word("سد", Form.EXACT), Word("مصر", Form.EXACT)))),
        ('"=سد مصر"', Phrase((Word("سد", Form.EXACT), B))),
        ("~(سد OR =مصر)", Or((Word("سد", Form.WIDE), Word("مصر", Form.EXACT)))),
        ("~{سد|مصر}", Alias((Word("سد", Form.WIDE), Word("مصر", Form.WIDE)))),
        ("title:سد", InField(Field.TITLE, A)),
        ("Title:سد", InField(Field.TITLE, A)),
        ("عنوان:سد النهضة", InField(Field.TITLE, phrase("سد", "النهضة"))),
        ("نص:(سد OR مصر)", InField(Field.TEXT, Or((A, B)))),
        ("كاتب:{سد|مصر}", InField(Field.AUTHOR, Alias((A, B)))),
        ("tag:#سد_النهضة", InField(Field.TAG, phrase("سد", "النهضة"))),
        ("title:(سد NEAR/5 مصر)", InField(Field.TITLE, Near((A, B), 5))),
        ("title:/س.د/", InField(Field.TITLE, Regex("س.د"))),
        ("title:=سد", InField(Field.TITLE, Word("سد", Form.EXACT))),
        ("سد title:مصر", And((A, InField(Field.TITLE, B)))),
        ("lang:ar سد", And((InField(Field.LANG, Word("ar")), A))),
        ("سد مصر lang:Arabic", And((phrase("سد", "مصر"), InField(Field.LANG, Word("ar"))))),
        ("لغة:العربية", InField(Field.LANG, Word("ar"))),
        ("lang:عربية", InField(Field.LANG, Word("ar"))),
        ("lang:ar-SY", InField(Field.LANG, Word("ar"))),
        ("lang:中文", InField(Field.LANG, Word("zh"))),
        ("lang:{ar|English}", InField(Field.LANG, Or((Word("ar"), Word("en"))))),
        ("source:sana.sy", InField(Field.OUTLET, phrase("sana", "sy"))),
        ("source:sana.sy سد", And((InField(Field.OUTLET, phrase("sana", "sy")), A))),
        ('مصدر:"العربي الجديد" سد', And((InField(Field.OUTLET, phrase("العربي", "الجديد")), A))),
        ("url:https://sana.sy/a?b=1 سد", And((InField(Field.URL, phrase("https", "sana", "sy", "a", "b", "1")), A))),
        ("url:/sport/news سد", And((InField(Field.URL, phrase("sport", "news")), A))),
        ("outlet:{a|b} سد", And((InField(Field.OUTLET, Alias((Word("a"), Word("b")))), A))),
        ("/sport/news", phrase("sport", "news")),
        ("https://sana.sy/a", phrase("https", "sana", "sy", "a")),
        ("عاجل:غزة", phrase("عاجل", "غزة")),
        ("{سد|نهر النيل} مصر", Phrase((Alias((A, phrase("نهر", "النيل"))), B))),
        ("{سد، مصر}", Alias((A, B))),
        ("{سد أو مصر}", Alias((A, B))),
        ("{سد}", A),
        ('{"AND"|سد}', Alias((Word("AND"), A))),
        ("2 of (سد, مصر, نهر)", AtLeast(2, (A, B, C))),
        ("٢ من (سد، مصر، نهر)", AtLeast(2, (A, B, C))),
        ("2 of (سد OR مصر OR نهر)", AtLeast(2, (A, B, C))),
        ("2 of (سد OR مصر, نهر)", AtLeast(2, (Or((A, B)), C))),
        ("/س.د/", Regex("س.د")),
        ("/a\\/b c/ AND سد", And((Regex("a/b c"), A))),
        ("سد / مصر", phrase("سد", "مصر")),
        ('צה"ל', Word('צה"ל')),
        ('"צה"ל סד"', phrase('צה"ל', "סד")),
        ("@sana_sy", phrase("sana", "sy")),
    ],
)
def test_a_query_says(query: str, tree: Query) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "code", "position"),
    [
        ("", "empty", 0),
        (" ،, \n", "empty", 1),
        ("...!", "empty", 4),
        ("ـــ", "empty", 3),
        ('سد "النهضة', "unclosed_quote", 3),
        ("«!» سد", "empty_quotes", 0),
        ("سد AND (مصر OR نهر", "unclosed_parenthesis", 7),
        ("سد) مصر", "unexpected_parenthesis", 2),
        (") سد", "unexpected_parenthesis", 0),
        ("سد AND ()", "missing_words", 8),
        ("AND سد", "missing_words", 0),
        ("سد AND", "missing_words", 3),
        ("سد OR OR مصر", "missing_words", 3),
        ("سد NOT", "missing_words", 3),
        ("سد AND , مصر", "missing_words", 3),
        ('سد "نهر النيل"', "missing_operator", 3),
        ("سد (مصر)", "missing_operator", 3),
        ("NOT سد", "only_negative", 0),
        ("سد OR NOT مصر", "only_negative", 0),
        ("C++", "unknown_sign", 1),
        ("C# code", "unknown_sign", 1),
        ("مصر+سوريا", "unknown_sign", 3),
        ('"C++"', "unknown_sign", 2),
        ("*سد", "misplaced_star", 0),
        ("س*د", "misplaced_star", 1),
        ("سد * مصر", "misplaced_star", 3),
        ("كهرب**", "misplaced_star", 4),
        ("a*", "short_prefix", 1),
        ("ال*", "short_prefix", 2),
        ("=كهرب*", "form_and_star", 0),
        ("~~سد", "bad_form", 0),
        ("=title:سد", "bad_form", 0),
        ("title:", "empty_field", 0),
        ("مصدر: مقتل خمسة", "empty_field", 0),
        ("title:-سد", "empty_field", 0),
        ("titel:سد", "unknown_field", 0),
        ("intitle:سد", "unknown_field", 0),
        ("title:(سد text:مصر)", "nested_field", 10),
        ("outlet:العربي الجديد", "unclear_outlet", 14),
        ("lang:xx", "unknown_language", 5),
        ("lang:(ar OR xx)", "unknown_language", 12),
        ("lang:(ar AND en)", "unknown_language", 5),
        ("سد NEAR 5 مصر", "near_number", 3),
        ("سد NEAR/ مصر", "near_number", 3),
        ("سد NEAR/0 مصر", "near_distance", 3),
        ('"سد مصر"~101', "near_distance", 8),
        ("سد NEAR/5 (مصر AND نهر)", "near_operand", 10),
        ("title:سد NEAR/5 مصر", "near_operand", 0),
        ('"سد"~5', "near_operand", 0),
        ("NEAR/5 سد", "near_operand", 0),
        ("سد NEAR/5 مصر NEAR/6 نهر", "mixed_near", 14),
        ("سد NEAR/5 مصر ONEAR/5 نهر", "mixed_near", 14),
        ("سد NEAR/5", "missing_words", 3),
        ("{سد|مصر", "unclosed_brace", 0),
        ("سد}", "unexpected_brace", 2),
        ("{سد AND مصر}", "bad_alias", 4),
        ("{سد مصر}", "bad_alias", 0),
        ("{}", "missing_words", 0),
        ("3 of (سد, مصر)", "bad_count", 0),
        ("0 of (سد, مصر)", "bad_count", 0),
        ("/[/", "bad_regex", 0),
        (r"/(a)\1/", "bad_regex", 0),
        ("سد /a/i", "bad_regex", 3),
        ("سد /a[bc]", "bad_regex", 3),
        ("word~2", "unknown_sign", 4),
        ("/x*/", "empty_regex", 0),
        (r"/\b/", "empty_regex", 0),
        ("/" + "a" * 201 + "/", "long_regex", 0),
        (r"/\pL{500}/", "long_regex", 0),
        ("/a/ /b/", "missing_operator", 4),
        ("/a/ OR /b/ OR /c/ OR /d/", "too_many_regexes", 21),
        (" ".join(["سدد*"] * 11), "too_many_prefixes", 50),
        ("~(" + "س " * 21 + ")", "too_many_wide", 0),
        ("{a|b|c|d} {a|b|c|d} {a|b|c|d} {a|b}", "too_many_alternatives", 0),
        ("(" * (MAX_DEPTH + 1) + "سد" + ")" * (MAX_DEPTH + 1), "too_deep", MAX_DEPTH),
        ("سد " + "NOT " * 60 + "مصر", "too_deep", 3 + 4 * MAX_DEPTH),
        ("س" * (MAX_LENGTH + 1), "too_long", MAX_LENGTH),
        ("س " * (MAX_WORDS + 1), "too_many_words", 2 * MAX_WORDS),
    ],
)
def test_a_broken_query_is_refused_where_it_breaks(query: str, code: str, position: int) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(query)
    assert (refusal.value.code, refusal.value.position) == (code, position)
    assert refusal.value.what.endswith(".")
    assert refusal.value.hint


def test_a_query_at_its_limits_is_read() -> None:
    parse("س" * MAX_LENGTH)
    parse("س " * MAX_WORDS)
    parse("(" * MAX_DEPTH + "سد" + ")" * MAX_DEPTH)


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


SIGNS = [
    *(
        "AND",
        "OR",
        "NOT",
        "أو",
        "و",
        "بدون",
        "(",
        ")",
        '"',
        "«",
        "”",
        ",",
        "،",
        "\n",
        "-",
        "+",
        "|",
        "&",
        "*",
        ":",
        "/",
    ),
    *("=", "~", "{", "}", " ", "title:", "lang:", "outlet:", "url:", "NEAR/5", "ONEAR", "2 of (", "/a.b/", "ar", "~5"),
]
ODDITIES = [
    "سد",
    "غزة",
    "title",
    "ـ",
    "\u064b",
    "ﷺ",
    "1",
    "\x00",
    "\ud800",
    "𐤀",
    "\u202e",
    "C++",
    "\\",
    "#",
    "https://",
]
QUERY_LIKE = st.lists(st.sampled_from([*SIGNS, *ODDITIES]), max_size=40).map("".join)
SPACED = st.lists(st.sampled_from([*SIGNS, *ODDITIES]), max_size=20).map(" ".join)


@given(st.text(st.characters()) | QUERY_LIKE | SPACED)
def test_any_text_is_either_read_or_refused(text: str) -> None:
    tree, refusal = None, None
    try:
        tree = parse(text)
    except QueryError as error:
        refusal = error
    if tree:
        assert parse(show(tree)) == tree
        assert describe(tree)
    else:
        assert refusal
        assert 0 <= refusal.position <= len(text)
        for readable in (refusal.suggestion, refusal.understood):
            if readable is not None:
                parse(readable)


@given(
    st.lists(
        st.sampled_from(["سد", "AND", "و", "NEAR", "of", "2", "title", "a", "not", "بدون"]), min_size=1, max_size=6
    )
)
def test_plain_words_are_read_the_short_way_as_the_long_way(words: list[str]) -> None:
    query = " ".join(words)
    try:
        tree = read(query)
    except QueryError as error:
        with pytest.raises(QueryError) as refusal:
            parse(query)
        assert refusal.value.code == error.code  # noqa: PT017  # compared, not expected
    else:
        assert parse(query) == tree


@pytest.mark.parametrize(
    "text",
    [
        *(
            "(",
            "NOT ",
            '"',
            "/a",
            "a-",
            "س\u0640",
            "\u064b",
            "a:",
            "«»",
            "& ",
            "(a OR ",
            "{a|",
            "~",
            "a* ",
            "*a",
            "title:",
        ),
        *(
            "NEAR/5 ",
            "a NEAR ",
            '"a"~5 ',
            "2 of (",
            "lang:",
            "/a/ ",
            "a'",
            "1,",
            "و ",
            'ש"',
            "C++ ",
            "\ud800",
            "{a b} ",
        ),
    ],
)
@pytest.mark.parametrize("length", [MAX_LENGTH, 100_000])
def test_no_repetition_takes_long_to_read(text: str, length: int) -> None:
    query = (text * length)[:length]
    start = time.process_time()
    try:
        parse(query)
    except QueryError:
        pass
    assert time.process_time() - start < 0.5  # a hundredth of this is usual; quadratic would take seconds
