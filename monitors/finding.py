"""What an article meets: every version of it that was not judged yet, asked of an index of standing watches."""

from __future__ import annotations

import logging
from collections.abc import Collection, Container, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace

from monitors.alerts import Match
from monitors.articles import Article, Version
from monitors.indexing import STEMS, words_steps
from monitors.query.index import QueryIndex
from monitors.query.meeting import Meeting
from monitors.query.needs import NOTHING_MORE
from monitors.query.occurrences import Occurrences
from monitors.storage.stories import Retelling
from monitors.storage.words import IndexedWords
from monitors.text.steps import Steps
from monitors.watching import taking_turns

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Findings:
    """The standing watches an article meets, each with the newest version it meets, and what each version meets.

    Watches in `met_before` are no news: they met what was judged before. `words` is what the archive is searched by;
    None when the article could not be read. `telling` is what others said before; nobody compares what nobody is told.
    """

    met: Mapping[int, int] = field(default_factory=dict)
    meetings: Mapping[int, Meeting] = field(default_factory=dict)
    met_before: Container[int] = ()
    words: IndexedWords | None = None
    telling: Retelling = field(default_factory=Retelling)

    def matches(self, wanted: Container[int]) -> list[Match]:
        """The matches of the wanted watches, by watch, with their places in the article."""
        found: list[Match] = []
        for version, meeting in self.meetings.items():
            matches = _with_places(meeting, self._told(version, wanted))
            found += [replace(match, version=version) for match in matches]
        return sorted(found, key=lambda match: match.watch_id)

    def placing_steps(self, wanted: Container[int]) -> Steps[None]:
        """Works out in steps what `matches` would in one go, before a transaction in which everybody waits for it."""
        for version, meeting in self.meetings.items():
            with suppress(Exception):  # `matches` meets it again, says so and goes on without the places
                yield from meeting.placing_steps(self._told(version, wanted))

    def _told(self, version: int, wanted: Container[int]) -> Set[int]:
        """Of the watches that this version meets, the wanted ones that meet no newer."""
        return {watch for watch in self.meetings[version].watch_ids if self.met[watch] == version and watch in wanted}


async def find(
    article: Article, earlier: Sequence[Version], index: QueryIndex, *, for_archive: bool = True
) -> Findings:
    """The watches that any version meets which was not judged yet, each with the newest version it meets.

    An article that is edited before it was decided loses nothing by it: what it said first was published too.
    """
    texts = {version.number: version.fields for version in earlier} | {article.version: article.fields}
    judged = texts.pop(article.judged_version, None)
    met: dict[int, int] = {}
    meetings: dict[int, Meeting] = {}
    words = None
    for number in sorted(texts):
        meeting, reading = await meet(article, texts[number], index, for_archive=for_archive)
        if meeting is not None:
            meetings[number] = meeting
            met |= dict.fromkeys(meeting.watch_ids, number)
        if for_archive and number == article.version and reading is not None:
            words = await taking_turns(words_steps(article, reading))
    if judged is None or not met:
        return Findings(met, meetings, words=words)
    before, _ = await meet(article, judged, index, for_archive=False)
    return Findings(met, meetings, frozenset(before.watch_ids if before else ()), words)


async def meet(
    article: Article, fields: Mapping[str, str], index: QueryIndex, *, for_archive: bool
) -> tuple[Meeting | None, Occurrences | None]:
    """What a text of the article meets, and how it was read.

    One that breaks the matcher meets nothing, loudly.
    """
    try:
        besides = STEMS if for_archive else NOTHING_MORE
        reading = await taking_turns(index.reading_steps({**fields, **article.about}, besides))
        return await taking_turns(index.asking_steps(reading)), reading
    except Exception:
        logger.exception("article %d (%s) could not be matched", article.id, article.url)
        return None, None


def _with_places(meeting: Meeting, wanted: Collection[int]) -> Sequence[Match]:
    try:
        return meeting.matches(wanted)
    except Exception:  # better an alert that marks no words than none
        logger.exception("what matched cannot be shown")
        return [Match(watch, {}) for watch in wanted]
