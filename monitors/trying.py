"""A query tried on the archive before it is a watch: what the shell and the bot say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection

from monitors.articles import Article
from monitors.backtesting import BROAD, EXAMPLES, BackTest, Caution, Example, Tried, back_test, everything_asked
from monitors.errors import QueryError
from monitors.query.implying import can_be_met
from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.needs import Needs
from monitors.query.plan import plan_of
from monitors.query.question import Question
from monitors.query.reading import read
from monitors.query.tree import Field, Query, both, negation
from monitors.respelling import meant_by
from monitors.searching import Scope, search
from monitors.storage.articles import newest_articles
from monitors.storage.outlets import names_and_hosts_of
from monitors.watchlists import Watch, Watchlist

USUAL = timedelta(days=7)

_OUTLET = Needs(frozenset({Field.OUTLET}))

MOST_MATCHES = 300
"""Matches of the archive that are read at most while somebody waits."""
MOST_WIDER = 100
"""And of what wider queries would find, the newest: each is asked some twenty of them."""
MOST_OTHERS = 50
"""Other watches of the chat they are asked of, the newest; one that asks just the same is found among all. All three:
so few that a try takes about a second of CPU at worst, measured."""


@dataclass(frozen=True, slots=True)
class TrialOfMany:
    """What several queries would have brought together: `told` articles in seven days, or when `cut` of the newest.
    `broad` are the places of those that alone would bring more than BROAD a day, `never` of those never met by any.
    `examples` are the newest, of different queries first."""

    told: int
    cut: bool
    broad: Sequence[int]
    never: Sequence[int]
    examples: Sequence[Example] = ()


def as_tried(article: Article) -> Tried:
    return Tried({**article.fields, **article.about}, article.dated, article.url, article.outlet_name)


def with_wider(ask: Callable[[Query, int], BackTest], query: Query, *, most: int, most_wider: int) -> BackTest:
    """The back-test of the query by `ask`, which tries it on so many articles, the newest, that meet another query.

    What the query itself finds must not suffer from what wider ones find: when there are too many of those, they are
    tried on fewer.
    """
    wide = ask(everything_asked(query), min(most, most_wider))
    if not wide.cut:
        return wide
    return replace(ask(query, most), gains=wide.gains, gains_since=wide.since)


def try_soon(
    connection: Connection,
    query: Query,
    watchlist: Watchlist | None,
    others: Mapping[int, Query],
    *,
    now: datetime,
    zone: tzinfo,
) -> BackTest:
    """The query tried on the last seven days within about a second, within the limits of the watchlist."""
    since = now - USUAL
    counts = counting(watchlist)

    def ask(asked: Query, most: int) -> BackTest:
        page = search(connection, asked, Scope(since=since), limit=most)
        articles = [as_tried(found.article) for found in page.items if counts(found.article)]
        if page.next is None:
            return back_test(articles, query, zone=zone, since=since, until=now, others=others)
        return replace(back_test(articles, query, zone=zone, until=now, others=others), cut=True)

    result = with_wider(ask, query, most=MOST_MATCHES, most_wider=MOST_WIDER)
    if result.matches:
        return result
    if not may_meet(connection, watchlist)(query):
        return replace(result, cautions=[Caution.CANNOT_BE_MET])
    return with_what_was_meant(connection, result, Scope(since=since), counts)


def with_what_was_meant(
    connection: Connection, result: BackTest, scope: Scope, counts: Callable[[Article], bool] = lambda _: True
) -> BackTest:
    """The same, and what was probably meant where neither the query nor a wider one finds anything that counts."""
    if result.matches or any(gain.more for gain in result.gains):
        return result
    return replace(result, meant=meant_by(connection, result.query, scope, counts))


def try_many(connection: Connection, wanted: Sequence[tuple[Query, Watchlist | None]], *, now: datetime) -> TrialOfMany:
    """The queries, each within the limits of its watchlist, tried together on the newest articles of seven days."""
    index = QueryIndex()
    for place, (query, _) in enumerate(wanted):
        index.add(place, query)
    since = now - USUAL
    newest = newest_articles(connection, limit=MOST_MATCHES)
    articles = [article for article in newest if article.dated >= since]
    cut = len(newest) == len(articles) == MOST_MATCHES
    days = max((now - min(article.dated for article in articles)) / timedelta(days=1), 1.0) if cut else USUAL.days
    lists = {id(watchlist): watchlist for _, watchlist in wanted}
    counts = {key: counting(watchlist) for key, watchlist in lists.items()}
    met: Counter[int] = Counter()
    first: dict[int, Article] = {}
    others: list[tuple[int, Article]] = []
    for article in articles:
        found = index.ask(index.read(article.fields | article.about)).watch_ids
        here = [place for place in found if counts[id(wanted[place][1])](article)]
        met.update(here)
        if new := [place for place in here if place not in first]:
            first[new[0]] = article
        elif here:
            others.append((here[0], article))
    broad = [place for place in range(len(wanted)) if met[place] / days > BROAD]
    may = {key: may_meet(connection, watchlist) for key, watchlist in lists.items()}
    never = [place for place, (query, watchlist) in enumerate(wanted) if not (met[place] or may[id(watchlist)](query))]
    examples = [
        Example(as_tried(article), Question(wanted[place][0]).spans(article.fields | article.about) or {})
        for place, article in [*first.items(), *others][:EXAMPLES]
    ]
    return TrialOfMany(len(first) + len(others), cut, broad, never, examples)


def those_to_compare(query: Query, watches: list[Watch]) -> dict[int, Query]:
    """Of a chat's watches those the query is compared with: what asks just the same, and the newest."""
    plan = plan_of(query)
    read = {watch.id: tree for watch in watches if (tree := _tree(watch)) is not None}
    newest = list(read)[-MOST_OTHERS:]
    return {watch_id: tree for watch_id, tree in read.items() if watch_id in newest or plan_of(tree) == plan}


def counting(watchlist: Watchlist | None) -> Callable[[Article], bool]:
    """Whether an article that meets a query counts for the watchlist: within its limits, without what it excludes."""
    unwanted = Question(parse(watchlist.excluding)) if watchlist is not None and watchlist.excluding else None

    def counts(article: Article) -> bool:
        return _is_within(watchlist, article) and not (unwanted and unwanted.meets(article.fields | article.about))

    return counts


def may_meet(connection: Connection, watchlist: Watchlist | None) -> Callable[[Query], bool]:
    """Whether some article may meet a query within the limits of the watchlist, by what they say alone."""
    if watchlist is None:
        return lambda query: can_be_met(plan_of(query))
    unwanted = [negation(parse(watchlist.excluding))] if watchlist.excluding else []
    named = None if watchlist.outlets is None else names_and_hosts_of(connection, watchlist.outlets)
    outlets = None if named is None else [read({Field.OUTLET: "\n".join(names)}, _OUTLET).meet for names in named]

    def may(query: Query) -> bool:
        return can_be_met(plan_of(both([query, *unwanted])), languages=watchlist.languages, outlets=outlets)

    return may


def _tree(watch: Watch) -> Query | None:
    """What the watch asks; None for one that an older Rasid understood and this one does not."""
    try:
        return parse(watch.query)
    except QueryError:
        return None


def _is_within(watchlist: Watchlist | None, article: Article) -> bool:
    if watchlist is None:
        return True
    language = (article.language or "").partition("-")[0].lower()
    return (watchlist.outlets is None or article.outlet_id in watchlist.outlets) and (
        watchlist.languages is None or language in watchlist.languages
    )
