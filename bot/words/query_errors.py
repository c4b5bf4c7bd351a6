"""What is wrong with a watch, in the reader's language: the mistake, where it is, and what to do."""

from __future__ import annotations

from bot.words.language import Voice, message
from bot.words.text import Foreign, TextBuilder
from monitors.errors import QueryError
from monitors.query.limits import MAX_LENGTH, MAX_WORDS

_MISTAKES = {
    "too_long": (
        message("It is too long: at most {limit} characters are allowed."),
        message("Split it into several watches."),
    ),
    "too_many_words": (
        message("It has too many words: at most {limit} are allowed."),
        message("Split it into several watches."),
    ),
    "only_negative": (
        message("It only says what an article must not contain."),
        message("Add what it must contain, for example: oil NOT sport."),
    ),
    "empty": (
        message("There is no word in it."),
        message("Write a word, for example: Gaza."),
    ),
    "missing_operator": (
        message("It is not clear how this belongs to what is before it."),
        message("Write AND, OR or NOT between them, or put the whole phrase in one pair of quotation marks."),
    ),
    "missing_words": (
        message("A word is missing here."),
        message("Write a word or a phrase there, or leave the operator out."),
    ),
    "unclosed_parenthesis": (
        message("This parenthesis is never closed."),
        message("Put a ) where the group ends."),
    ),
    "unexpected_parenthesis": (
        message("This parenthesis closes nothing."),
        message("Leave it out, or open one before it."),
    ),
    "too_deep": (
        message("Too many parentheses or NOTs stand within each other."),
        message("Write it flatter, or as several watches."),
    ),
    "unclosed_quote": (
        message("This quotation mark is never closed."),
        message("Put a second one where the phrase ends."),
    ),
    "empty_quotes": (
        message("There is no word in these quotation marks."),
        message("Write the phrase between them, or leave them out."),
    ),
    "unknown_sign": (
        message("This sign means nothing in a watch."),
        message("Leave it out, or put the words in quotation marks."),
    ),
}

_LIMITS = {"too_long": MAX_LENGTH, "too_many_words": MAX_WORDS}

_BEFORE, _AFTER = 30, 12
"""Code points of the query shown on either side of the mistake."""


def add_query_error(builder: TextBuilder, error: QueryError, speech: Voice) -> None:
    """Three lines: the mistake, the query with ▶ where reading stopped, the hint. Unknown codes stay in English."""
    what, hint = _MISTAKES.get(error.code, (error.what, error.hint or ""))
    limit = str(_LIMITS.get(error.code, ""))
    builder.line("❗ {what}", what=speech.say(what).replace("{limit}", limit))
    at = min(max(error.position, 0), len(error.query))
    before, after = error.query[max(at - _BEFORE, 0) : at], error.query[at : at + _AFTER]
    cut = ("…" if at > _BEFORE else "", "…" if at + _AFTER < len(error.query) else "")
    builder.line("{where}", where=Foreign(f"{cut[0]}{before}▶{after}{cut[1]}", ("code",)))
    if hint:
        builder.line("{hint}", hint=speech.say(hint))


def known_codes() -> frozenset[str]:
    """The mistakes that have words in every language."""
    return frozenset(_MISTAKES)
