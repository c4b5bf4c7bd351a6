"""Names of countries (pure), by ISO 3166-1 alpha-2."""

from __future__ import annotations

from functools import cache

from babel import Locale

_SHORT = {
    "AE": {"ar": "الإمارات"},
    "HK": {"ar": "هونغ كونغ", "en": "Hong Kong"},
    "MO": {"ar": "ماكاو", "en": "Macao"},
    "PS": {"ar": "فلسطين", "en": "Palestine"},
    "SA": {"ar": "السعودية"},
}
"""As newspapers call them, where Unicode's names are those of treaties."""


def country_name(code: str, language: str) -> str:
    """The shortest name there is; the code itself where there is none."""
    return _SHORT.get(code, {}).get(language) or _long_name(code, language)


def country_names(code: str, language: str) -> tuple[str, ...]:
    """All that it is called, or nothing."""
    names = (country_name(code, language), _long_name(code, language))
    return tuple(name for name in dict.fromkeys(names) if name != code)


@cache
def _long_name(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, code))
