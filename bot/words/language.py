"""The languages the bot speaks: gettext catalogues, read from their .po files as they are.

Message ids are the English sentences. A language more is one folder more under `locale/`, with a file for each subject.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parents[1] / "locale"

LANGUAGES = {
    folder.name: Locale.parse(folder.name).get_display_name() or folder.name for folder in sorted(LOCALE.glob("*/"))
}
"""Code → its own name (Unicode's CLDR), of every catalogue there is, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One language. `say` and `count` take English and give this language's words."""

    language: str
    right_to_left: bool
    _catalogue: gettext.NullTranslations

    def say(self, message: str) -> str:
        return self._catalogue.gettext(message)

    def count(self, singular: str, plural: str, number: int) -> str:
        """The form for this number, with `{n}` still to be filled in."""
        return self._catalogue.ngettext(singular, plural, number)


@cache
def voice(language: str) -> Voice:
    """The voice of a language; English for one that has no catalogue."""
    code = language if language in LANGUAGES else "en"
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    right_to_left = Locale.parse(code).text_direction == "rtl"
    return Voice(code, right_to_left, gettext.GNUTranslations(compiled))


def catalogue(language: str) -> Catalog:
    """All texts of a language that has a folder: of each subject there is a file. How it counts, `rasid.po` says."""
    folder = LOCALE / language / "LC_MESSAGES"
    whole = _read(folder / "rasid.po", language)
    for path in sorted(folder.glob("*.po")):
        for one in _read(path, language):
            if one.id:
                whole[one.id] = one
    return whole


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def message(text: str) -> str:
    """Marks a text for the catalogues where it stands; it is translated where it is said."""
    return text


def language_of(code: str | None, default: str) -> str:
    """The language to begin with, from Telegram's `language_code` (IETF tag, such as "ar-SA")."""
    primary = (code or "").partition("-")[0].lower()
    return primary if primary in LANGUAGES else default
