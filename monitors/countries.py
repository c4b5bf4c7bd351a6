"""Names of countries (pure), by ISO 3166-1 alpha-2."""

from __future__ import annotations

from functools import cache

from babel import Locale

_SHORT = {
    "HK": {"ar": "هونغ كونغ", "en": "Hong Kong"},
    "MO": {"ar": "ماكاو", "en": "Macao"},
    "PS": {"ar": "فلسطين", "en": "Palestine"},
}
"""Unicode's own short names where its long ones are those of files and forms; Babel has only the long ones."""


@cache
def country_name(code: str, language: str) -> str:
    """As a newspaper calls it; the code itself where it has no name."""
    return _SHORT.get(code, {}).get(language) or str(Locale.parse(language).territories.get(code, code))
