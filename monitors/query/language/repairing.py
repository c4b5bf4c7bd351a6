"""One mistake in a query put right, as it was probably meant. The result may have further mistakes."""

from __future__ import annotations

from collections.abc import Callable

from monitors.errors import QueryError
from monitors.query.language.mistakes import Mistake
from monitors.query.language.repairs import brackets, cutting, foreign, labels, operators, words


def repaired(error: QueryError) -> str | None:
    """The error's query without this mistake; None when there is no good guess."""
    repair = _REPAIRS.get(error.code)
    return repair(error.query, error.position) if repair else None


_REPAIRS: dict[str, Callable[[str, int], str | None]] = {
    Mistake.ONLY_NEGATIVE: operators.join_negations,
    Mistake.MISSING_OPERATOR: operators.join,
    Mistake.MISSING_WORDS: brackets.drop_token,
    Mistake.UNCLOSED_PARENTHESIS: brackets.close_parenthesis,
    Mistake.UNEXPECTED_PARENTHESIS: cutting.drop_sign,
    Mistake.UNCLOSED_QUOTE: brackets.close_quote,
    Mistake.EMPTY_QUOTES: brackets.drop_quotes,
    Mistake.UNCLOSED_BRACE: brackets.close_brace,
    Mistake.UNEXPECTED_BRACE: cutting.drop_sign,
    Mistake.BAD_ALIAS: brackets.names_to_group,
    Mistake.UNKNOWN_SIGN: words.say_sign,
    Mistake.FOREIGN_OPERATOR: foreign.say_operator,
    Mistake.BARE_ADDRESS: foreign.say_address,
    Mistake.MISPLACED_STAR: words.drop_star,
    Mistake.SHORT_PREFIX: cutting.drop_sign,
    Mistake.FORM_AND_STAR: words.drop_form,
    Mistake.BAD_FORM: words.drop_form,
    Mistake.TOO_MANY_WIDE: words.drop_form,
    Mistake.EMPTY_FIELD: labels.fill_field,
    Mistake.UNKNOWN_FIELD: labels.rename_field,
    Mistake.NESTED_FIELD: labels.drop_label,
    Mistake.UNCLEAR_OUTLET: labels.quote_outlet,
    Mistake.UNKNOWN_LANGUAGE: labels.rename_language,
    Mistake.NEAR_NUMBER: operators.attach_number,
    Mistake.NEAR_DISTANCE: operators.bring_into_range,
    Mistake.NEAR_OPERAND: operators.near_to_and,
    Mistake.MIXED_NEAR: operators.repeat_near,
    Mistake.BAD_COUNT: operators.count_fewer,
    Mistake.BAD_REGEX: words.escape_regex,
    Mistake.EMPTY_REGEX: words.ask_for_one,
}
