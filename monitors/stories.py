"""What makes an article say what another outlet's article said before, word for word (pure).

News agencies' reports are printed by many outlets, under headlines of their own, shortened, and with a paragraph more.
What only looks alike is other news: tomorrow's rate, the quake in another town, a denial, a round-up that holds all of
it. Whoever is told too little loses more than whoever is told twice, so in doubt two articles are two reports.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from zlib import crc32

from monitors.text.clitics import contained
from monitors.text.folding import bare, fold
from monitors.text.steps import Steps
from monitors.text.words import WORD

RUN = 3
"""Words of a run."""
LEAST = 20
"""Runs of a text that can be compared; two short ones are alike by chance."""
SAID, KEPT = 0.85, 0.5
"""The part of an article's runs that were said before, and of those that it keeps of what was said."""
PASSAGE = 6
"""Words that may be left out or added in one piece. What is shorter changes what a sentence says."""
SIGNED = 4
"""Words at either end of a text that may say by whom it was written, and where."""
SHORT = 60
"""A text of fewer runs is told from others by its headline."""
BACKED = 0.5
"""The part of a headline's words that its own text has at least. Otherwise the text may be a notice that stands for
every article."""
LONGEST = 12_000
"""Code points. A longer text – a live report, a collection – is compared with none."""
SAMPLE = 16
"""The smallest runs of a text: a sample that is fair, and the same of the same text."""

_WORDS_AT_ONCE = 500
_SHORTEST = 3
"""Letters of a headline's word that is looked for; shorter ones stand in every text."""
_WORK = 500_000
"""Pairs of places with the same word, in two texts; a news article of 2,000 words has a tenth of that."""
_AGAINST = """
لم لن لا ما ليس ليست غير بلا دون عدم رفض يرفض ترفض
no not never without refuse refuses refused
"""
"""Words that turn a sentence round."""
_TAKING_BACK = """
نفى نفت ينفي تنفي نافيا نافية كذب كذبت يكذب تكذب تكذيب كاذب كاذبة شائعة شائعات إشاعة إشاعات مفبرك مفبركة
سحب سحبت يسحب تسحب ألغى ألغت يلغي تلغي إلغاء تصحيح تصويب استدراك
deny denies denied denying refute refutes refuted false untrue fake hoax debunk debunks debunked
retract retracts retracted retraction withdraw withdraws withdrew withdrawn correction corrects corrected
"""
"""Words that say of what was said before that it is not so, or not said any more."""
_SIGNING = """
سانا واع وام واس قنا كونا بترا شينخوا رويترز الاناضول سبوتنيك فرانس برس ا ف ب د وكالة وكالات المصدر
afp ap reuters upi xinhua dpa efe ansa tass sana anadolu agency agencies source
"""
"""Words of which one at least stands where a text says by whom it was written."""
_SHOUTED = frozenset(("عاجل", "breaking", "urgent"))


@dataclass(frozen=True)
class Gist:
    """What of an article is compared, as numbers of 32 bits: the headline's words; those of them that its text has as
    well, or that are numbers; those that turn it round; all words with what they contain; and the text, by word."""

    headline: frozenset[int]
    backed: frozenset[int]
    against: frozenset[int]
    words: frozenset[int]
    text: tuple[int, ...]

    @cached_property
    def runs(self) -> frozenset[int]:
        text = array("I", self.text).tobytes()
        return frozenset(crc32(text[start : start + 4 * RUN]) for start in range(0, len(text) - 4 * (RUN - 1), 4))

    @property
    def sample(self) -> list[int]:
        return sorted(self.runs)[:SAMPLE]

    @property
    def is_told_by_its_headline(self) -> bool:
        """What is short, or says something else than its headline, is another article under another headline."""
        return len(self.runs) < SHORT or len(self.backed) < BACKED * len(self.headline)

    def packed(self) -> bytes:
        parts: list[Sequence[int]] = [*map(sorted, (self.headline, self.backed, self.against, self.words)), self.text]
        return array("I", [*map(len, parts), *(number for part in parts for number in part)]).tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> Gist:
        numbers = array("I", packed)
        parts: list[array[int]] = []
        start = 5
        for length in numbers[:5]:
            parts.append(numbers[start : start + length])
            start += length
        headline, backed, against, words, text = parts
        return cls(frozenset(headline), frozenset(backed), frozenset(against), frozenset(words), tuple(text))


def gist_steps(fields: Mapping[str, str], outlet_name: str = "") -> Steps[Gist | None]:
    """The gist of an article's title and text; None for what cannot be compared. What the outlet is called says nothing
    at the ends of its headlines."""
    title, text = fields.get("title", ""), fields.get("text", "")
    if len(title) + len(text) > LONGEST:
        return None
    title_words = _plain(title)
    headline = [word for word in _unsigned(title_words, _plain(outlet_name)) if _is_said(word)]
    if not headline:
        return None
    told: list[str] = []
    words: set[int] = set()
    for some in _portions(WORD.findall(text)):
        for word in (folded for written in some for folded in _folded(written)):
            told.append(word)
            words.update(map(_number, contained(word)))
        yield
    meant = {_meant(word, words) for word in headline}
    backed = frozenset(meant & words) | {_number(word) for word in headline if word.isdecimal()}
    words.update(_number(part) for word in title_words for part in contained(word))
    against = _TURNS.intersection(map(_number, title_words))
    gist = Gist(frozenset(meant), backed, against, frozenset(words), tuple(map(_number, told)))
    return gist if len(gist.runs) >= LEAST else None


def says_again(new: Gist, told: Gist) -> bool:
    """Whether an article says what was told, and nothing else: most of its text was, and whole passages aside no word
    is another one; whatever its headline says of its text stands there as well, and the other way round. Words that
    only a headline has are its author's; but where it alone tells one article from another, all of it must stand there.
    """
    shared = len(new.runs & told.runs)
    if shared < SAID * len(new.runs) or shared < KEPT * len(told.runs) or new.against != told.against:
        return False
    whole = new.is_told_by_its_headline or told.is_told_by_its_headline
    here, there = (new.headline, told.headline) if whole else (new.backed, told.backed)
    return here <= told.words and there <= new.words and _differs_in_passages(told.text, new.text)


def _differs_in_passages(told: Sequence[int], new: Sequence[int]) -> bool:
    """Whether whole passages were left out or added, and nothing else is different. What was left out in one place and
    added in another was said by somebody else, or of something else."""
    often = Counter(told)
    if sum(often[word] for word in new) > _WORK:
        return False
    differences = list(_differences(told, new))
    left_out, added = _runs_of(one.left_out for one in differences), _runs_of(one.added for one in differences)
    return left_out.isdisjoint(added) and all(map(_may_differ, differences))


@dataclass(frozen=True, slots=True)
class _Difference:
    """Words that are left out, and words that are added in their place; whether both texts begin with it (`leads`), or
    begin or end with it (`at_an_end`)."""

    left_out: Sequence[int]
    added: Sequence[int]
    leads: bool
    at_an_end: bool


def _differences(told: Sequence[int], new: Sequence[int]) -> Iterator[_Difference]:
    """Between texts, in passages: fewer than `RUN` words that both have part none."""
    blocks = SequenceMatcher(None, told, new, autojunk=False).get_matching_blocks()
    same = [block for block in blocks if block.size >= RUN]
    ends = [(0, 0), *((block.a + block.size, block.b + block.size) for block in same)]
    starts = [*((block.a, block.b) for block in same), (len(told), len(new))]
    for (told_from, new_from), (told_to, new_to) in zip(ends, starts, strict=True):
        leads, ends_both = (told_from, new_from) == (0, 0), (told_to, new_to) == (len(told), len(new))
        if told_from < told_to or new_from < new_to:
            yield _Difference(told[told_from:told_to], new[new_from:new_to], leads, leads or ends_both)


def _may_differ(one: _Difference) -> bool:
    shorter, longer = sorted((one.left_out, one.added), key=len)
    if not shorter and len(longer) >= PASSAGE:
        return one.left_out is longer or not (one.leads or _takes_back(longer))
    return (
        one.at_an_end
        and len(longer) <= SIGNED
        and _is_signed(longer)
        and (not shorter or _is_signed(shorter))
        and (set(shorter) - _SIGNS <= set(longer))
    )


def _is_signed(words: Sequence[int]) -> bool:
    return not _SIGNS.isdisjoint(words) and _TURNS.isdisjoint(words)


def _takes_back(words: Sequence[int]) -> bool:
    return not _BACK.isdisjoint(words)


def _runs_of(passages: Iterable[Sequence[int]]) -> set[tuple[int, ...]]:
    return {tuple(words[start : start + RUN]) for words in passages for start in range(len(words) - RUN + 1)}


def _is_said(word: str) -> bool:
    return (len(word) >= _SHORTEST or word.isdecimal()) and word not in _SHOUTED


def _unsigned(headline: Sequence[str], name: Sequence[str]) -> Sequence[str]:
    """Without the outlet's name at its end or its beginning."""
    if name and list(headline[-len(name) :]) == name:
        return headline[: -len(name)]
    return headline[len(name) :] if name and list(headline[: len(name)]) == name else headline


def _portions(written: list[str]) -> Iterable[list[str]]:
    return (written[start : start + _WORDS_AT_ONCE] for start in range(0, len(written), _WORDS_AT_ONCE))


def _plain(text: str) -> list[str]:
    return [word for written in WORD.findall(text) for word in _folded(written)]


def _folded(written: str) -> list[str]:
    """Its words in their plain spelling; none for an apostrophe by itself."""
    return [folded for word in bare(written) if (folded := fold(word))]


def _meant(word: str, words: Set[int]) -> int:
    """The longest part of it that the text has: «الباخرة» of a headline is «باخرة» there. Else the word itself."""
    found = (number for number in map(_number, contained(word)) if number in words)
    return next(found, _number(word))


def _number(word: str) -> int:
    return crc32(word.encode())


def _numbers(words: str, *before: str) -> frozenset[int]:
    """Of these words, by themselves and with something written before them."""
    return frozenset(_number(f"{letter}{word}") for word in _plain(words) for letter in ("", *before))


_SIGNS = _numbers(_SIGNING)
_BACK = _numbers(_TAKING_BACK, "و", "ف")
_TURNS = _numbers(_AGAINST, "و", "ف") | _BACK
