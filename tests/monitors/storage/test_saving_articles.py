from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection

from monitors.articles import ArticleState
from monitors.outlets import Poll, Validators
from monitors.storage.articles import count_by_state, pending_articles, save
from monitors.storage.engine import Database
from monitors.storage.identities import owners_of
from monitors.storage.outlets import sources_of
from monitors.storage.polls import due_sources
from tests.rows import NOW, SECOND, a_new_article, an_outlet


def test_an_article_is_saved_with_all_it_has_and_waits_to_be_decided(database: Database) -> None:
    outlet, source = database.write_now(an_outlet)
    new = a_new_article(outlet, source_id=source.id, authors=("سلمى الحاج",), tags=("محليات",), published_at=NOW)
    (article_id,) = database.write_now(save, [new], now=NOW)
    (article,) = database.read_now(pending_articles, limit=10)
    assert article.id == article_id
    assert (article.title, article.authors, article.tags) == (new.title, new.authors, new.tags)
    assert article.published_at == NOW
    assert article.first_seen_at == NOW
    assert article.outlet_name == outlet.name


def test_the_same_article_is_new_only_once(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    assert len(database.write_now(save, [a_new_article(outlet), a_new_article(outlet)], now=NOW)) == 1
    assert database.write_now(save, [a_new_article(outlet)], now=NOW) == []


def test_an_article_is_known_by_either_identity(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet, fingerprints=(1, 2))], now=NOW)
    assert database.write_now(save, [a_new_article(outlet, fingerprints=(1, 9))], now=NOW) == []
    assert database.read_now(owners_of, outlet.id, [1, 2, 3, 9]).keys() == {1, 2, 9}


def test_identities_belong_to_their_outlet(database: Database) -> None:
    first, _ = database.write_now(an_outlet, "الأول")
    second, _ = database.write_now(an_outlet, "الثاني")
    database.write_now(save, [a_new_article(first, fingerprints=(1, 2))], now=NOW)
    assert len(database.write_now(save, [a_new_article(second, fingerprints=(1, 2))], now=NOW)) == 1


def test_fingerprints_span_the_whole_of_64_bits(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    edges = (-(2**63), 2**63 - 1)
    database.write_now(save, [a_new_article(outlet, fingerprints=edges)], now=NOW)
    assert database.read_now(owners_of, outlet.id, edges).keys() == set(edges)


def test_two_polls_that_find_an_article_at_once_save_it_once(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    batch = [a_new_article(outlet, number) for number in range(20)]

    def poll(_: int) -> int:
        return len(database.write_now(save, batch, now=NOW))

    if database.is_sqlite:
        saved = sum(map(poll, range(4)))
    else:
        with ThreadPoolExecutor(4) as pollers:
            saved = sum(pollers.map(poll, range(4)))
    assert saved == len(batch)
    assert len(database.read_now(pending_articles, limit=100)) == len(batch)


def test_validators_are_saved_with_the_articles_or_not_at_all(database: Database) -> None:
    outlet, source = database.write_now(an_outlet)
    poll = Poll(source.id, NOW, NOW + 300 * SECOND, validators=Validators('W/"1"', "Fri, 20 Mar 2026 12:00:00 GMT"))

    def crash(connection: Connection) -> None:
        save(connection, [a_new_article(outlet)], now=NOW, poll=poll)
        raise KeyboardInterrupt

    try:
        database.write_now(crash)
    except KeyboardInterrupt:
        pass
    (untouched,) = database.read_now(sources_of, outlet.id)
    assert untouched.validators == Validators()
    assert database.read_now(count_by_state) == {}
    database.write_now(save, [a_new_article(outlet)], now=NOW, poll=poll)
    (polled,) = database.read_now(sources_of, outlet.id)
    assert polled.validators == poll.validators
    assert polled.first_polled_at == NOW


def test_a_failure_keeps_the_validators_and_is_counted(database: Database) -> None:
    outlet, source = database.write_now(an_outlet)
    good = Poll(source.id, NOW, NOW, validators=Validators('"1"', None), body_hash="b")
    bad = Poll(source.id, NOW, NOW + SECOND, succeeded=False, error="the server did not answer in time")
    for poll in (good, bad, bad):
        database.write_now(save, [], now=NOW, poll=poll)
    (source,) = database.read_now(sources_of, outlet.id)
    assert (source.validators.etag, source.body_hash, source.failures) == ('"1"', "b", 2)
    assert source.last_error == "the server did not answer in time"
    database.write_now(save, [], now=NOW, poll=good)
    (source,) = database.read_now(sources_of, outlet.id)
    assert (source.failures, source.last_error) == (0, None)


def test_a_source_is_due_when_its_time_has_come_and_never_once_gone(database: Database) -> None:
    _, source = database.write_now(an_outlet)
    later = NOW + 60 * SECOND
    database.write_now(save, [], now=NOW, poll=Poll(source.id, NOW, later))
    assert database.read_now(due_sources, now=later - SECOND, limit=5) == []
    assert [due.id for due in database.read_now(due_sources, now=later, limit=5)] == [source.id]
    database.write_now(save, [], now=NOW, poll=Poll(source.id, NOW, later, succeeded=False, gone=True))
    assert database.read_now(due_sources, now=later, limit=5) == []


def test_the_first_poll_can_be_recorded_in_silence(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet)], now=NOW, state=ArticleState.ARCHIVED)
    assert database.read_now(pending_articles, limit=5) == []
    assert database.write_now(save, [a_new_article(outlet)], now=NOW) == []
