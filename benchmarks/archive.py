"""An archive to search: generated articles of many outlets in five languages, 250 to 400 words each, over 120 days.

The texts are those of `standing/corpus.py`; what is not Arabic is the same words in other letters, so that the
languages share no word and each has the frequencies of a language.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.standing.corpus import Corpus
from crawler.identity import canonicalise, url_fingerprint
from monitors.articles import NewArticle, TextOrigin

DAYS = 120
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
OUTLETS = 40
SHORTEST, LONGEST = 250, 400
SHARES = {"ar": 70, "en": 10, "fr": 8, "fa": 6, "ru": 6}

_WORDS_IN_A_PARAGRAPH = 60
_ARABIC = "اأإآبتثجحخدذرزسشصضطظعغفقكلمنهويىة"
_LETTERS = {
    "en": "aaaabtecioudrzsyxwjvngfqklmnhoypm",
    "fr": "éèàâbtecioudrzsyxwjvngfqklmnhouia",
    "fa": "اااابتثجحخدذرزسشپچگژعغفقکلمنهویاه",
    "ru": "аяыабтецйхдёрзсшщжюэвгфпклмнчоиуь",
}
_TABLES = {language: str.maketrans(_ARABIC, letters) for language, letters in _LETTERS.items()}


def articles(corpus: Corpus, outlets: Sequence[int], count: int, *, seed: int) -> Iterator[NewArticle]:
    """Articles of these outlets, the first of them the busiest; oldest first."""
    chance = random.Random(seed)
    for number in range(count):
        outlet = outlets[int(len(outlets) * chance.random() ** 2)]
        (language,) = chance.choices(list(SHARES), list(SHARES.values()))
        text = corpus.article(clitics=True).translate(_TABLES.get(language, {}))
        words = text.split()[: chance.randint(SHORTEST, LONGEST)]
        at = NOW - timedelta(days=DAYS) * (1 - number / count)
        url = f"https://outlet{outlet}.example/{at:%Y/%m/%d}/{number}-{'-'.join(words[:4])}"
        yield NewArticle(
            outlet_id=outlet,
            source_id=None,
            url=url,
            canonical_url=canonicalise(url),
            guid=None,
            fingerprints=(url_fingerprint(canonicalise(url)),),
            title=" ".join(words[:8]),
            summary="",
            text=_paragraphs(words[8:]),
            text_origin=TextOrigin.PAGE,
            first_seen_at=at + timedelta(minutes=2),
            published_at=at,
            language=language,
            authors=(f"{words[3]} {words[5]}",),
            tags=("سياسة" if number % 3 else "رياضة",),
        )


def _paragraphs(words: Sequence[str]) -> str:
    starts = range(0, len(words), _WORDS_IN_A_PARAGRAPH)
    return "\n\n".join(" ".join(words[start : start + _WORDS_IN_A_PARAGRAPH]) + "." for start in starts)
