from __future__ import annotations

import pytest

from monitors.errors import QueryError
from monitors.query.language.grammar import parse
from monitors.query.language.limits import MAX_DEPTH, MAX_LENGTH, MAX_WORDS


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
