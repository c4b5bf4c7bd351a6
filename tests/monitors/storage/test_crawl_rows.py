from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, update

from monitors.alerts import Cause, DeliveryKind, DeliveryState, Judgement, Match, Verdict
from monitors.chats import Transport
from monitors.requests import (
    COOL_DOWN,
    LONGEST_BACKFILL,
    LONGEST_VISIT,
    Crawl,
    CrawlState,
    CrawlView,
    NewCrawl,
    Trouble,
)
from monitors.storage import crawls
from monitors.storage.articles import save
from monitors.storage.crawls import Reception
from monitors.storage.decisions import record_decision
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.settlements import settle_sent
from monitors.storage.subjects import subject_of
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet


def asked(connection: Connection, *, person_id: int = 7, at: timedelta = timedelta(), days: int = 0) -> crawls.Received:
    """Chat 7 wants the outlet visited, or its last days filled in."""
    outlet, _ = an_outlet(connection)
    chat = a_telegram_chat(connection, person_id)
    now = NOW + at
    wish = NewCrawl(outlet.id, chat.id, person_id, since=now - timedelta(days=days) if days else None)
    return crawls.ask(connection, wish, now=now, per_hour=2)


def begun(database: Database, **how: object) -> Crawl:
    crawl = database.write_now(asked, **how).crawl  # type: ignore[arg-type]  # as `asked` takes them
    assert crawl is not None
    return crawl


def now_of(database: Database, crawl: Crawl) -> Crawl:
    found = database.read_now(crawls.get_crawl, crawl.id)
    assert found is not None
    return found


def told(connection: Connection, at: timedelta = timedelta()) -> list[object]:
    """Everything on its way out to Telegram is sent; what it is about."""
    sent: list[object] = []
    for delivery in claim(connection, Transport.TELEGRAM, now=NOW + at, limit=99):
        sent.append(subject_of(connection, delivery))
        settle_sent(connection, delivery.id, delivery.message_id or 100 + delivery.id, now=NOW + at)
    return sent


def test_a_crawl_is_shown_at_once_and_waits_for_the_crawler(database: Database) -> None:
    crawl = begun(database)
    assert crawl.state is CrawlState.WAITING
    assert [one.id for one in database.read_now(crawls.open_crawls)] == [crawl.id]
    (view,) = database.write_now(told)
    assert view == CrawlView(crawl, matched=0, undecided=0, articles=(), own=True)


def test_one_message_shows_how_a_crawl_goes_on(database: Database) -> None:
    crawl = begun(database)
    database.write_now(told)
    database.write_now(crawls.begin_crawl, crawl.id, now=NOW)
    database.write_now(crawls.record_progress, crawl.id, found=9, failed=1, now=NOW)
    assert database.write_now(crawls.say_how_far, crawl.id)
    assert not database.write_now(crawls.say_how_far, crawl.id)  # it is on its way: two changes are one edit
    (view,) = database.write_now(told)
    assert isinstance(view, CrawlView)
    assert (view.crawl.found, view.crawl.failed) == (9, 1)
    rows = database.read_now(lambda connection: connection.execute(select(deliveries)).all())
    assert len(rows) == 1


def test_progress_waits_behind_everything_else(database: Database) -> None:
    crawl = begun(database)
    database.write_now(told)
    database.write_now(crawls.say_how_far, crawl.id, DeliveryKind.PROGRESS)
    row = database.read_now(lambda connection: connection.execute(select(deliveries)).one())
    assert (row.priority, row.state) == (3, DeliveryState.PENDING)


def test_the_same_outlet_is_not_crawled_twice_at_once(database: Database) -> None:
    first = begun(database)
    again = database.write_now(asked, person_id=8, at=10 * SECOND)
    assert (again.reception, again.crawl) == (Reception.UNDER_WAY, first)
    assert database.write_now(asked, days=7).reception is Reception.BEGUN  # the past is another matter


def test_a_visit_a_moment_ago_answers_the_next_wish(database: Database) -> None:
    crawl = begun(database)
    database.write_now(crawls.end_crawl, crawl.id, CrawlState.FINISHED, now=NOW)
    assert database.write_now(asked, at=COOL_DOWN / 2).reception is Reception.RECENT
    assert database.write_now(asked, at=COOL_DOWN).reception is Reception.BEGUN


def test_a_back_fill_answers_only_those_that_go_no_farther_back(database: Database) -> None:
    crawl = begun(database, days=7)
    database.write_now(crawls.end_crawl, crawl.id, CrawlState.FINISHED, now=NOW)
    assert database.write_now(asked, days=1).reception is Reception.RECENT
    assert database.write_now(asked, days=30).reception is Reception.BEGUN


def test_a_crawl_that_was_withdrawn_stands_in_nobodys_way(database: Database) -> None:
    crawl = begun(database)
    assert not database.write_now(crawls.cancel_crawl, crawl.id, 99, now=NOW)  # another chat's button
    assert crawl.chat_id is not None
    assert database.write_now(crawls.cancel_crawl, crawl.id, crawl.chat_id, now=NOW)
    assert not database.write_now(crawls.cancel_crawl, crawl.id, crawl.chat_id, now=NOW)
    assert not database.write_now(crawls.begin_crawl, crawl.id, now=NOW)
    assert database.write_now(asked).reception is Reception.BEGUN


def test_a_person_has_so_many_crawls_an_hour_wherever_they_ask(database: Database) -> None:
    for minute in (0, 10):
        crawl = begun(database, at=timedelta(minutes=minute))
        database.write_now(crawls.end_crawl, crawl.id, CrawlState.CANCELLED, now=NOW)
    refused = database.write_now(asked, at=timedelta(minutes=20))
    assert refused.reception is Reception.TOO_MANY
    assert refused.again_at == NOW + timedelta(hours=1)
    assert database.write_now(asked, person_id=8, at=timedelta(minutes=20)).reception is Reception.BEGUN


def test_what_a_crawl_found_and_whom_it_concerns(database: Database) -> None:
    crawl = begun(database)

    def find(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        assert crawl.chat_id is not None
        watch, _ = add_watch(connection, crawl.chat_id, "خبر", now=NOW)
        ids = save(connection, [a_new_article(outlet, number) for number in range(1, 13)], now=NOW, crawl_id=crawl.id)
        crawls.record_progress(connection, crawl.id, found=20, failed=0, now=NOW)
        matched = [Match(watch.id, {"title": ((0, 3),)})]
        judged = [Judgement(crawl.chat_id, Verdict.NOW, Cause.TAKEN)]
        record_decision(connection, ids[0], matched, judged, now=NOW)

    database.write_now(find)
    view = database.read_now(crawls.view_crawl, crawl.id, crawl.chat_id)
    assert view is not None
    assert (view.crawl.new, view.matched, view.undecided, len(view.articles)) == (12, 1, 11, 10)
    other = database.read_now(crawls.view_crawl, crawl.id, 99)
    assert other is not None
    assert (other.matched, other.own) == (0, False)


def test_a_crawl_taken_up_again_keeps_what_it_saved_and_counts_the_rest_anew(database: Database) -> None:
    crawl = begun(database)

    def halfway(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        crawls.begin_crawl(connection, crawl.id, now=NOW)
        save(connection, [a_new_article(outlet)], now=NOW, crawl_id=crawl.id)
        crawls.record_progress(connection, crawl.id, found=20, failed=3, now=NOW)
        crawls.begin_crawl(connection, crawl.id, now=NOW)
        crawls.record_progress(connection, crawl.id, found=5, failed=0, now=NOW)

    database.write_now(halfway)
    after = now_of(database, crawl)
    assert (after.found, after.new, after.failed) == (5, 1, 0)


@pytest.mark.parametrize(("days", "longest"), [(0, LONGEST_VISIT), (30, LONGEST_BACKFILL)])
def test_nothing_runs_for_ever(database: Database, days: int, longest: timedelta) -> None:
    crawl = begun(database, days=days)
    assert database.write_now(crawls.end_overdue, now=NOW + longest) == 0
    assert database.write_now(crawls.end_overdue, now=NOW + longest + SECOND) == 1
    assert now_of(database, crawl).error is Trouble.OVERDUE


def test_a_crawl_of_a_shell_that_died_ends_by_itself(database: Database) -> None:
    def from_a_shell(connection: Connection) -> Crawl:
        outlet, _ = an_outlet(connection)
        return crawls.add_crawl(connection, NewCrawl(outlet.id), now=NOW, state=CrawlState.RUNNING)

    crawl = database.write_now(from_a_shell)
    assert database.read_now(crawls.open_crawls) == []
    assert database.write_now(crawls.end_overdue, now=NOW + crawls.SHELL_SILENCE) == 0
    assert database.write_now(crawls.end_overdue, now=NOW + crawls.SHELL_SILENCE + SECOND) == 1
    assert now_of(database, crawl).state is CrawlState.FAILED


def test_a_crawl_of_an_outlet_that_is_removed_meanwhile_ends_and_says_so(database: Database) -> None:
    crawl = begun(database)
    database.write_now(told)
    database.write_now(crawls.stop_following, crawl.outlet_id, now=NOW)
    assert now_of(database, crawl).error is Trouble.REMOVED
    assert len(database.write_now(told)) == 1
    assert database.write_now(asked).reception is not Reception.NOT_FOLLOWED  # `an_outlet` brought it back
    database.write_now(crawls.stop_following, crawl.outlet_id, now=NOW)
    wish = NewCrawl(crawl.outlet_id)
    assert database.write_now(crawls.ask, wish, now=NOW, per_hour=None).reception is Reception.NOT_FOLLOWED


def test_nobody_is_told_of_a_crawl_who_cannot_be_reached(database: Database) -> None:
    crawl = begun(database)
    database.write_now(told)

    def blocked(connection: Connection) -> bool:
        from monitors.storage.chats import set_unreachable

        set_unreachable(connection, 7, "blocked")
        return crawls.say_how_far(connection, crawl.id)

    assert not database.write_now(blocked)
    assert database.read_now(lambda c: c.scalar(select(deliveries.c.state))) == DeliveryState.SENT


def test_a_message_that_never_arrived_is_sent_when_there_is_something_to_say(database: Database) -> None:
    crawl = begun(database)
    undeliverable = update(deliveries).values(state=DeliveryState.UNDELIVERABLE, error="refused")
    database.write_now(lambda connection: connection.execute(undeliverable))
    assert database.write_now(crawls.say_how_far, crawl.id)
