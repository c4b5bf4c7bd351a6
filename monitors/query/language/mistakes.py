"""What can be wrong with a query, in English. The bot has its own words for each (bot/words/query_errors.py)."""

from __future__ import annotations

from enum import StrEnum

from monitors.errors import QueryError
from monitors.query.language import limits


class Mistake(StrEnum):
    """The codes of QueryError."""

    TOO_LONG = "too_long"
    TOO_MANY_WORDS = "too_many_words"
    TOO_MANY_WIDE = "too_many_wide"
    TOO_MANY_PREFIXES = "too_many_prefixes"
    TOO_MANY_REGEXES = "too_many_regexes"
    TOO_MANY_ALTERNATIVES = "too_many_alternatives"
    TOO_DEEP = "too_deep"
    ONLY_NEGATIVE = "only_negative"
    EMPTY = "empty"
    MISSING_OPERATOR = "missing_operator"
    MISSING_WORDS = "missing_words"
    UNCLOSED_PARENTHESIS = "unclosed_parenthesis"
    UNEXPECTED_PARENTHESIS = "unexpected_parenthesis"
    UNCLOSED_QUOTE = "unclosed_quote"
    EMPTY_QUOTES = "empty_quotes"
    UNCLOSED_BRACE = "unclosed_brace"
    UNEXPECTED_BRACE = "unexpected_brace"
    BAD_ALIAS = "bad_alias"
    UNKNOWN_SIGN = "unknown_sign"
    FOREIGN_OPERATOR = "foreign_operator"
    BARE_ADDRESS = "bare_address"
    MISPLACED_STAR = "misplaced_star"
    SHORT_PREFIX = "short_prefix"
    FORM_AND_STAR = "form_and_star"
    BAD_FORM = "bad_form"
    EMPTY_FIELD = "empty_field"
    UNKNOWN_FIELD = "unknown_field"
    NESTED_FIELD = "nested_field"
    UNCLEAR_OUTLET = "unclear_outlet"
    UNKNOWN_LANGUAGE = "unknown_language"
    NEAR_NUMBER = "near_number"
    NEAR_DISTANCE = "near_distance"
    NEAR_OPERAND = "near_operand"
    MIXED_NEAR = "mixed_near"
    BAD_COUNT = "bad_count"
    BAD_REGEX = "bad_regex"
    LONG_REGEX = "long_regex"
    EMPTY_REGEX = "empty_regex"


_SEVERAL = "Add its parts as watches of their own."

_TEXTS = {
    Mistake.TOO_LONG: (f"The query has {{sign}} characters; {limits.MAX_LENGTH} are allowed.", _SEVERAL),
    Mistake.TOO_MANY_WORDS: (f"The query has more than {limits.MAX_WORDS} words.", _SEVERAL),
    Mistake.TOO_MANY_WIDE: (
        f"The query has more than {limits.MAX_WIDE} words in the wide form (~).",
        "Write some of them without ~, or as watches of their own.",
    ),
    Mistake.TOO_MANY_PREFIXES: (
        f"The query has more than {limits.MAX_PREFIXES} words with a star.",
        _SEVERAL,
    ),
    Mistake.TOO_MANY_REGEXES: (f"The query has more than {limits.MAX_REGEXES} regular expressions.", _SEVERAL),
    Mistake.TOO_MANY_ALTERNATIVES: (
        f"The phrase at position {{place}} stands for more than {limits.MAX_ALTERNATIVES} phrases.",
        "Give it fewer names in braces, or write AND between the parts.",
    ),
    Mistake.TOO_DEEP: (
        f"More than {limits.MAX_DEPTH} parentheses or NOTs stand within each other.",
        "Write it flatter, or as several watches.",
    ),
    Mistake.ONLY_NEGATIVE: (
        "The query only says what an article must not contain; nearly every article would match.",
        "Add what it must contain, for example: نفط NOT رياضة.",
    ),
    Mistake.EMPTY: ("There is no word in the query.", "Write a word, for example: غزة."),
    Mistake.MISSING_OPERATOR: (
        "It is not clear how what begins at position {place} belongs to what is before it.",
        "Write AND, OR or NOT between them, or put the whole phrase in one pair of quotation marks.",
    ),
    Mistake.MISSING_WORDS: (
        "A word is missing beside {sign} at position {place}.",
        "Write a word or a phrase there, or put {sign} in quotation marks if you look for this very word.",
    ),
    Mistake.UNCLOSED_PARENTHESIS: (
        "The parenthesis at position {place} is never closed.",
        "Put a ) where the group ends.",
    ),
    Mistake.UNEXPECTED_PARENTHESIS: (
        "The parenthesis at position {place} closes nothing.",
        "Leave it out, or open one before it.",
    ),
    Mistake.UNCLOSED_QUOTE: (
        "The quotation mark at position {place} is never closed.",
        'Put a second one where the phrase ends, for example "سد النهضة".',
    ),
    Mistake.EMPTY_QUOTES: (
        "There is no word in the quotation marks at position {place}.",
        "Write the phrase between them, or leave them out.",
    ),
    Mistake.UNCLOSED_BRACE: (
        "The brace at position {place} is never closed.",
        "Put a }} where the names end, for example {{القيارة|Qayyarah}}.",
    ),
    Mistake.UNEXPECTED_BRACE: ("The brace at position {place} closes nothing.", "Leave it out, or open one before it."),
    Mistake.BAD_ALIAS: (
        "{sign} at position {place} cannot stand in braces: they hold the names of one thing.",
        "Write words and phrases with | between them, for example {{القيارة|Qayyarah}}.",
    ),
    Mistake.UNKNOWN_SIGN: (
        "“{sign}” at position {place} means nothing in a watch; words are letters and digits.",
        "Leave it out, or look for the signs themselves with a regular expression such as /\\bC\\+\\+/.",
    ),
    Mistake.FOREIGN_OPERATOR: (
        "{sign} at position {place} is no operator of watches.",
        "The operators are AND, OR, NOT, NEAR/5 and ONEAR/5 with spaces around them; a word is looked for in quotation "
        "marks.",
    ),
    Mistake.BARE_ADDRESS: (
        "An address stands at position {place}; hardly any article spells one out.",
        "Write url: before it for the articles there, or put it in quotation marks to look for it in their text; "
        "to follow an outlet: rasid outlet add.",
    ),
    Mistake.MISPLACED_STAR: (
        "The star at position {place} does not end a word.",
        "A star stands for any ending of a word; for beginnings and middles write a regular expression, "
        "for example /\\bكهرو?باء/.",
    ),
    Mistake.SHORT_PREFIX: (
        "There are too few letters before the star at position {place}.",
        f"Write at least {limits.MIN_PREFIX} letters before it, {limits.MIN_ARABIC_PREFIX} in Arabic.",
    ),
    Mistake.FORM_AND_STAR: (
        "The word at position {place} has both {sign} and a star.",
        "A star finds all words that begin so; leave out one of the two.",
    ),
    Mistake.BAD_FORM: (
        "{sign} at position {place} does not stand before a word, quotation marks or parentheses.",
        "Write it directly before what it is for, for example =علي.",
    ),
    Mistake.EMPTY_FIELD: (
        "Nothing stands directly after {sign} at position {place}.",
        "Write a word, a phrase in quotation marks or a group in parentheses right after the colon.",
    ),
    Mistake.UNKNOWN_FIELD: (
        "There is no field {sign} (position {place}).",
        "The fields are title: text: author: tag: outlet: url: lang: – or put the words in quotation marks.",
    ),
    Mistake.NESTED_FIELD: (
        "{sign} at position {place} stands inside another field.",
        "Close the group of the first field before it.",
    ),
    Mistake.UNCLEAR_OUTLET: (
        "It is not clear where the name of the outlet ends, at position {place}.",
        'Put the name in quotation marks, or write AND after it, for example outlet:"العربي الجديد" AND غزة.',
    ),
    Mistake.UNKNOWN_LANGUAGE: (
        "“{sign}” at position {place} is no language.",
        "Write its code or name: lang:ar, lang:Arabic, lang:العربية.",
    ),
    Mistake.NEAR_NUMBER: (
        "The number of {sign} at position {place} is not written onto it.",
        "Write it with a slash and no spaces, for example NEAR/5.",
    ),
    Mistake.NEAR_DISTANCE: (
        f"{{sign}} at position {{place}} is not between 1 and {limits.MAX_DISTANCE} words.",
        "Write for example NEAR/5; words that are farther apart are better joined by AND.",
    ),
    Mistake.NEAR_OPERAND: (
        "What stands at position {place} cannot be near something.",
        "NEAR joins words, phrases and groups of them, such as (سد OR خزان) NEAR/5 النهضة.",
    ),
    Mistake.MIXED_NEAR: (
        "{sign} at position {place} differs from the NEAR before it.",
        "Write the same one in the whole chain, or write two chains and AND between them.",
    ),
    Mistake.BAD_COUNT: (
        "{sign} at position {place} asks for a number of things that are not there.",
        "Write at least as many, with commas between them, for example 2 of (سد, نهر, سفينة).",
    ),
    Mistake.BAD_REGEX: (
        "The regular expression at position {place} cannot be read: {sign}.",
        "Rasid reads RE2's syntax (no look-around, no back-references); a slash inside is written \\/.",
    ),
    Mistake.LONG_REGEX: (
        f"The regular expression at position {{place}} is too long or asks for too much; "
        f"{limits.MAX_REGEX_LENGTH} characters are allowed.",
        "Make it shorter, or its repetitions smaller.",
    ),
    Mistake.EMPTY_REGEX: (
        "The regular expression at position {place} would be found where there is nothing.",
        "Write at least one character that must be there, for example /س+د/.",
    ),
}


def refusal(mistake: Mistake, query: str, position: int, sign: object = "") -> QueryError:
    """The error to raise. `sign` is what stands there, or what else its sentence tells."""
    what, hint = (text.format(sign=sign, place=position + 1) for text in _TEXTS[mistake])
    return QueryError(what, query=query, position=position, code=mistake, hint=hint)
