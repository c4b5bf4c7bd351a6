"""What is wrong with a watch, in the reader's language: the mistake, where it is, and what to do."""

from __future__ import annotations

from bot.words.language import Voice, message
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.errors import QueryError
from monitors.query.language import limits
from monitors.query.language.mistakes import Mistake

_MISTAKES = {
    Mistake.TOO_LONG: (
        message("It is too long: at most {limit} characters are allowed."),
        message("Split it into several watches."),
    ),
    Mistake.TOO_MANY_WORDS: (
        message("It has too many words: at most {limit} are allowed."),
        message("Split it into several watches."),
    ),
    Mistake.TOO_MANY_WIDE: (
        message("It has too many words with ~: at most {limit} are allowed."),
        message("Split it into several watches."),
    ),
    Mistake.TOO_MANY_PREFIXES: (
        message("It has too many words with a star: at most {limit} are allowed."),
        message("Split it into several watches."),
    ),
    Mistake.TOO_MANY_REGEXES: (
        message("It has too many regular expressions: at most {limit} are allowed."),
        message("Split it into several watches."),
    ),
    Mistake.TOO_MANY_ALTERNATIVES: (
        message("This phrase stands for too many phrases: at most {limit} are allowed."),
        message("Give it fewer names in braces, or write AND between its parts."),
    ),
    Mistake.TOO_DEEP: (
        message("Too many parentheses or NOTs stand within each other."),
        message("Write it flatter, or as several watches."),
    ),
    Mistake.ONLY_NEGATIVE: (
        message("It only says what an article must not contain."),
        message("Add what it must contain, for example: oil NOT sport."),
    ),
    Mistake.EMPTY: (
        message("There is no word in it."),
        message("Write a word, for example: Gaza."),
    ),
    Mistake.MISSING_OPERATOR: (
        message("It is not clear how this belongs to what is before it."),
        message("Write AND, OR or NOT between them, or put the whole phrase in one pair of quotation marks."),
    ),
    Mistake.MISSING_WORDS: (
        message("A word is missing here."),
        message("Write a word or a phrase there, or leave the operator out."),
    ),
    Mistake.UNCLOSED_PARENTHESIS: (
        message("This parenthesis is never closed."),
        message("Put a ) where the group ends."),
    ),
    Mistake.UNEXPECTED_PARENTHESIS: (
        message("This parenthesis closes nothing."),
        message("Leave it out, or open one before it."),
    ),
    Mistake.UNCLOSED_QUOTE: (
        message("This quotation mark is never closed."),
        message("Put a second one where the phrase ends."),
    ),
    Mistake.EMPTY_QUOTES: (
        message("There is no word in these quotation marks."),
        message("Write the phrase between them, or leave them out."),
    ),
    Mistake.UNCLOSED_BRACE: (
        message("This brace is never closed."),
        message("Put a brace where the names end."),
    ),
    Mistake.UNEXPECTED_BRACE: (
        message("This brace closes nothing."),
        message("Leave it out, or open one before it."),
    ),
    Mistake.BAD_ALIAS: (
        message("Braces hold only the names of one thing."),
        message("Write words and phrases with | between them."),
    ),
    Mistake.UNKNOWN_SIGN: (
        message("This sign means nothing in a watch."),
        message("Leave it out, or look for it with a regular expression between two slashes."),
    ),
    Mistake.FOREIGN_OPERATOR: (
        message("This is not an operator of watches."),
        message("The operators are AND, OR, NOT and NEAR/5; put a word that you look for in quotation marks."),
    ),
    Mistake.BARE_ADDRESS: (
        message("Hardly any article spells out an address."),
        message("To follow a site send me its address alone; articles under an address are found with url: before it."),
    ),
    Mistake.MISPLACED_STAR: (
        message("This star does not end a word."),
        message(
            "A star stands for any ending of a word; anything else takes a regular expression between two slashes."
        ),
    ),
    Mistake.SHORT_PREFIX: (
        message("There are too few letters before this star."),
        message("Write at least two letters before it, three in Arabic."),
    ),
    Mistake.FORM_AND_STAR: (
        message("This word has both a sign before it and a star."),
        message("Leave out one of the two."),
    ),
    Mistake.BAD_FORM: (
        message("This sign does not stand before a word."),
        message("Write it right before a word, a quotation mark or a parenthesis."),
    ),
    Mistake.EMPTY_FIELD: (
        message("Nothing stands right after this colon."),
        message("Write a word or a phrase in quotation marks right after it."),
    ),
    Mistake.UNKNOWN_FIELD: (
        message("There is no such field."),
        message("The fields are title: text: author: tag: outlet: url: lang:"),
    ),
    Mistake.NESTED_FIELD: (
        message("This field stands inside another one."),
        message("Close the group of the first field before it."),
    ),
    Mistake.UNCLEAR_OUTLET: (
        message("It is not clear where the name of the outlet ends."),
        message("Put the name in quotation marks, or write AND after it."),
    ),
    Mistake.UNKNOWN_LANGUAGE: (
        message("I do not know this language."),
        message("Write its code or its name, for example lang:ar."),
    ),
    Mistake.NEAR_NUMBER: (
        message("The number must be written onto the operator."),
        message("Write it with a slash and no spaces: NEAR/5."),
    ),
    Mistake.NEAR_DISTANCE: (
        message("The distance must be between 1 and {limit} words."),
        message("Write for example NEAR/5, or AND for words that are farther apart."),
    ),
    Mistake.NEAR_OPERAND: (
        message("This cannot be near something."),
        message("NEAR joins words, phrases and groups of them."),
    ),
    Mistake.MIXED_NEAR: (
        message("This NEAR differs from the one before it."),
        message("Write the same one, or put AND between two of them."),
    ),
    Mistake.BAD_COUNT: (
        message("There are fewer things than this number asks for."),
        message("Put at least as many between the parentheses, with commas between them."),
    ),
    Mistake.BAD_REGEX: (
        message("I cannot read this regular expression."),
        message("It must follow RE2; a slash inside it is written with a backslash before it."),
    ),
    Mistake.LONG_REGEX: (
        message("This regular expression is too long or asks for too much: at most {limit} characters are allowed."),
        message("Make it shorter, or its repetitions smaller."),
    ),
    Mistake.EMPTY_REGEX: (
        message("This regular expression would be found where there is nothing."),
        message("Write at least one character that must be there."),
    ),
}

_LIMITS = {
    Mistake.TOO_LONG: limits.MAX_LENGTH,
    Mistake.TOO_MANY_WORDS: limits.MAX_WORDS,
    Mistake.TOO_MANY_WIDE: limits.MAX_WIDE,
    Mistake.TOO_MANY_PREFIXES: limits.MAX_PREFIXES,
    Mistake.TOO_MANY_REGEXES: limits.MAX_REGEXES,
    Mistake.TOO_MANY_ALTERNATIVES: limits.MAX_ALTERNATIVES,
    Mistake.NEAR_DISTANCE: limits.MAX_DISTANCE,
    Mistake.LONG_REGEX: limits.MAX_REGEX_LENGTH,
}

_BEFORE, _AFTER = 30, 24
"""Code points of the query shown on either side of the mistake, at most."""


def add_query_error(builder: TextBuilder, error: QueryError, speech: Voice, *, suggesting: bool = True) -> None:
    """The mistake, the query with ▶ where reading stopped, the hint, what was understood and, unless it stands
    elsewhere, what was probably meant."""
    mistake = Mistake(error.code)
    what, hint = _MISTAKES[mistake]
    builder.line("❗ {what}", what=speech.say(what).replace("{limit}", str(_LIMITS.get(mistake, ""))))
    builder.line("{where}", where=Foreign(_around(error.query, error.position), ("code",)))
    builder.line("{hint}", hint=speech.say(hint))
    if error.understood and error.understood != error.suggestion:
        builder.line(speech.say("I understood {query}."), query=Foreign(error.understood, ("code",)))
    if error.suggestion and suggesting:
        builder.line(speech.say("Did you mean {query}?"), query=Foreign(error.suggestion, ("code",)))


def _around(query: str, position: int) -> str:
    """The words around the place, and ▶ there."""
    at = min(max(position, 0), len(query))
    before = query[max(at - _BEFORE, 0) : at]
    if at > _BEFORE:
        before = "…" + before[before.find(" ", 0, _BEFORE // 2) + 1 :]
    return f"{before}▶{shorten(query[at:], _AFTER)}"
