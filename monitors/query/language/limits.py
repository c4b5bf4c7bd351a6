"""How much one query may ask for. Whoever needs more adds several watches; the rest of the matching relies on it."""

from __future__ import annotations

MAX_LENGTH = 500
"""Longest query, in code points."""

MAX_WORDS = 100
"""Words of a query; a regular expression counts as one."""

MAX_DEPTH = 20
"""How many parentheses and NOTs may stand within each other."""

MAX_WIDE = 20
"""Words in the wide form: each asks for up to hundreds of keys."""

MAX_PREFIXES = 10

MAX_REGEXES = 3

MAX_REGEX_LENGTH = 200
"""Longest regular expression, in code points; how much it may ask for is in patterns.py."""

MAX_ALTERNATIVES = 64
"""Phrases that one with aliases in it stands for: their numbers of names, multiplied."""

MAX_DISTANCE = 100
"""Farthest NEAR, in words."""

DEFAULT_DISTANCE = 10
"""What NEAR means without a number."""

MIN_PREFIX = 2
"""Letters before the star of `word*`."""

MIN_ARABIC_PREFIX = 3
"""As an Arabic word has fewer letters: «ال*» would be every definite noun."""
