"""What of a document is new to its outlet, and what else it says of articles that are known. Pure.

An entry is new only if its outlet has shown neither its guid nor its address. The exceptions are two: a guid that is
used again for another story, and a source that gives all its articles new identities at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.articles import Listed
from crawler.identity import title_fingerprint
from monitors.articles import SAME_INSTANT, Alias, KnownArticle, TextOrigin
from monitors.outlets import Source

MIGRATION_ENTRIES = 5
MIGRATION_SHARE = 0.8
"""So many entries, and this share of them under new identities with titles we know, are a redesign, not a busy hour."""

SAME_DAY = timedelta(hours=14)
"""How far apart two dates of one article may be whose words are the same: as far as a wrong zone takes them."""

EDITABLE = timedelta(days=7)
"""For how long an article is read again when its entry changes. Corrections follow within hours, as a rule; later most
changes are the site's (a new template, another separator), and would ask for many old pages at once."""

MOST_EDITS = 24
MOST_DATED_EDITS = 100
"""Versions an article may have: summaries that count comments change for ever. More where the source says itself when
it was edited, for live reports."""

MOST_ALIASES = 8
"""Identities an article may be given later: some sources give it another guid in every document."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An entry of an article we know, which says something else now."""

    item: Listed
    known: KnownArticle

    @property
    def reads_page(self) -> bool:
        """Not if the entry was all that was ever read, as on a first poll: then the page's whole text would seem to
        be what the edit added."""
        return not (self.known.text_origin is TextOrigin.ENTRY and self.known.text_note is None)


@dataclass(frozen=True, slots=True)
class NewListed:
    """An entry of a new article. `adopted` are identities it takes over from an older one."""

    item: Listed
    adopted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a document shows, in its order. `known` counts its entries the outlet has shown before."""

    new: tuple[NewListed, ...]
    aliases: tuple[Alias, ...]
    edited: tuple[Edited, ...]
    known: int


def recognise(
    items: Sequence[Listed], known: Mapping[int, KnownArticle | None], source: Source, *, seen_at: datetime
) -> Recognised:
    """Tells the new from the known. `known` has the fingerprints of `items` that the outlet has shown."""
    new: list[NewListed] = []
    aliases: list[Alias] = []
    edited: list[Edited] = []
    for item in items:
        if known.keys().isdisjoint(item.fingerprints):
            new.append(NewListed(item))
        elif _is_guid_reused(item, known, seen_at):
            assert item.guid_key is not None
            new.append(NewListed(item, adopted=(item.guid_key,)))
        elif (article := _article_of(item, known)) is not None:
            missing = [number for number in item.fingerprints if number not in known]
            if article.aliases < MOST_ALIASES:
                aliases += [Alias(article.id, number) for number in missing]
            if _is_edited(item, article, source, seen_at):
                edited.append(Edited(item, article))
    return Recognised(tuple(new), tuple(aliases), tuple(edited), known=len(items) - len(new))


def may_be_migration(recognised: Recognised) -> bool:
    """Whether so much is new that it is worth a look at the titles."""
    listed = len(recognised.new) + recognised.known
    return listed >= MIGRATION_ENTRIES and len(recognised.new) >= MIGRATION_SHARE * listed


def without_migrated(
    recognised: Recognised, by_title: Mapping[int, KnownArticle | None], *, seen_at: datetime
) -> Recognised:
    """The same, articles that only have new identities no longer among the new. `by_title` as `known`, by title keys.

    A title that stands in the document twice says nothing, and neither does one whose date is another: the weather has
    the same title every day.
    """
    titles = [new.item.title_key for new in recognised.new]
    moved: dict[int, KnownArticle] = {}
    for position, new in enumerate(recognised.new):
        key = new.item.title_key
        article = by_title.get(key) if key is not None and titles.count(key) == 1 else None
        if article is not None and not new.adopted and _is_same_story(new.item, article, seen_at):
            moved[position] = article
    if len(moved) < MIGRATION_SHARE * (len(recognised.new) + recognised.known):
        return recognised
    aliases = [
        Alias(article.id, number)
        for position, article in moved.items()
        for number in recognised.new[position].item.fingerprints
    ]
    return Recognised(
        new=tuple(new for position, new in enumerate(recognised.new) if position not in moved),
        aliases=(*recognised.aliases, *aliases),
        edited=recognised.edited,
        known=recognised.known + len(moved),
    )


def _article_of(item: Listed, known: Mapping[int, KnownArticle | None]) -> KnownArticle | None:
    """By its address first: that is what a reader sees."""
    keys = (item.url_key, item.guid_key)
    return next((article for key in keys if key is not None and (article := known.get(key)) is not None), None)


def _is_guid_reused(item: Listed, known: Mapping[int, KnownArticle | None], seen_at: datetime) -> bool:
    """Whether a guid we know stands for another story now: another address, another title, and a newer date."""
    if item.guid_key is None or item.url_key is None or item.url_key in known:
        return False
    article = known.get(item.guid_key)
    if article is None or item.title_key is None or item.title_key == title_fingerprint(article.title):
        return False
    published = min(item.entry.published_at or seen_at, seen_at)
    return published > (article.published_at or article.first_seen_at)


def _is_edited(item: Listed, article: KnownArticle, source: Source, seen_at: datetime) -> bool:
    """Whether its own source says something else of it: another source's summary is another summary.

    A date alone is no edit: many systems write the present time into it.
    """
    if article.source_id != source.id or item.entry_hash is None or article.entry_hash in (None, item.entry_hash):
        return False
    modified = item.entry.modified_at
    dated = modified is not None and (article.modified_at is None or modified > article.modified_at)
    versions = MOST_DATED_EDITS if dated else MOST_EDITS
    return seen_at - article.first_seen_at <= EDITABLE and article.version <= versions


def _is_same_story(item: Listed, article: KnownArticle, seen_at: datetime) -> bool:
    """Of two entries with one title: by their dates, or word for word where one has none, or one of the future."""
    same_words = item.entry_hash is not None and item.entry_hash == article.entry_hash
    published = item.entry.published_at
    if published is None or published > seen_at or article.published_at is None:
        return same_words
    apart = abs(published - article.published_at)
    return apart < SAME_INSTANT or (same_words and apart <= SAME_DAY)
