"""`rasid explain`: why an article did or did not alert, from the rows of both databases."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from monitors.alerts import DeliveryKind, OnUncertain
from monitors.articles import ArticleState, Edit, NewArticle
from monitors.chats import Chat, Transport
from monitors.cli import build
from monitors.environment import variable_of
from monitors.errors import NotFound
from monitors.outlets import Outlet, Source
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.spellings import spellings_of
from monitors.storage import tables
from monitors.storage.articles import save
from monitors.storage.deliveries import claim, say_again
from monitors.storage.edits import save_edits
from monitors.storage.engine import Database, open_database
from monitors.storage.outlets import pause_outlet
from monitors.storage.settlements import (
    chat_gone,
    give_up_old,
    put_back,
    settle_sent,
    settle_uncertain,
    settle_undeliverable,
)
from monitors.storage.subscriptions import set_rules, subscriptions_of
from monitors.storage.watches import add_watch, add_watches, edit_watch, find_watch, set_state
from monitors.subscriptions import Mode, Rules
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from monitors.watchlists import NewWatch, WatchState
from tests.databases import BACKENDS, current_database
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet, remove_watch, the_console

TITLE = "مباحثات حول سد النهضة"
TEXT = "وصلت شحنات القمح إلى القاهرة، وتحدث الوزير عن أسعار الشعير"


@dataclass(slots=True)
class Scene:
    """An outlet, the console and a chat on Telegram; `say` runs the command."""

    database: Database
    outlet: Outlet
    source: Source
    console: Chat
    chat: Chat
    number: int = 0

    def watch(self, query: str, *, chat: Chat | None = None, **when: Any) -> int:
        owner = chat or self.console
        return self.database.write_now(add_watch, owner.id, query, **{"now": NOW, **when})[0].id

    def article(self, **changes: object) -> NewArticle:
        self.number += 1
        values = {"title": TITLE, "text": TEXT, "source_id": self.source.id} | changes
        return a_new_article(self.outlet, self.number, **values)

    def publish(self, state: ArticleState = ArticleState.PENDING, **changes: object) -> str:
        """An article's address."""
        article = self.article(**changes)
        self.database.write_now(save, [article], now=NOW, state=state)
        return article.url

    def decide(self) -> None:
        context = RoleContext(Settings(), self.database, Wakeups(), asyncio.Event())
        asyncio.run(decide_pending(context, StandingWatches()))

    def say(self, *arguments: str) -> str:
        result = run(*arguments)
        if result.exception is not None:
            raise result.exception
        return result.stdout

    def tell(self, *arguments: str) -> Any:
        return json.loads(self.say(*arguments, "--json"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build(), ["explain", *arguments])


@contextmanager
def standing(backend: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with current_database(backend, folder) as url:
        monkeypatch.setenv(variable_of("storage.url"), url.render_as_string(hide_password=False))
        with open_database(url) as database:
            outlet, source = database.write_now(an_outlet)
            console, chat = database.write_now(the_console), database.write_now(a_telegram_chat)
            yield Scene(database, outlet, source, console, chat)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with standing("sqlite", tmp_path, monkeypatch) as scene:
        yield scene


@pytest.fixture(params=BACKENDS)
def scene_on_both(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with standing(request.param, tmp_path, monkeypatch) as scene:
        yield scene


def test_an_alert_is_explained_from_the_feed_to_the_terminal(scene_on_both: Scene) -> None:
    scene = scene_on_both
    watch = scene.watch("سد النهضة")
    near = scene.watch("القمح AND الفضة")
    scene.watch("الطقس")
    url = scene.publish()
    scene.decide()
    (delivery,) = scene.database.write_now(claim, Transport.CONSOLE, now=NOW, limit=9)
    scene.database.write_now(settle_sent, delivery.id, None, now=NOW + 2 * SECOND)
    said = scene.say(url)
    assert f"seen      2026-03-20 12:00:00 UTC in the feed {scene.source.url}" in said
    assert "alert     sent 2026-03-20 12:00:02 UTC, 2.0 s after it was seen" in said
    assert f"Matched:\n  no. {watch}: سد النهضة\n       by “سد النهضة” in version 1\n" in said
    missed = said.partition("Missed, the nearest first:\n")[2]
    assert missed.startswith(f"  no. {near}: القمح AND الفضة\n")
    assert "yes القمح: “القمح” in text" in missed
    assert "no  الفضة: not in the article" in missed
    assert missed.endswith("  and 1 more watch, farther from it (--json)\n")


def test_json_has_all_of_it(scene_on_both: Scene) -> None:
    scene = scene_on_both
    scene.watch("سد النهضة")
    scene.watch("القمح AND الفضة")
    url = scene.publish()
    scene.decide()
    told = scene.tell(url)
    assert told["article"]["state"] == "decided"
    assert (told["alert"]["state"], told["alert"]["ahead"], told["chats_alerted"]) == ("pending", 0, 1)
    matched, missed = told["watches"]
    assert (matched["fate"], matched["words"], matched["met_now"]) == ("matched", ["سد النهضة"], True)
    assert (missed["fate"], missed["distance"], missed["met_now"]) == ("missed", 0.5, False)
    assert len(missed["reasons"]) == 3


def test_an_article_is_found_by_any_of_its_addresses(scene_on_both: Scene) -> None:
    scene = scene_on_both
    home = "https://www.news.example"
    scene.publish(url=f"{home}/أخبار/1/?utm_source=rss", canonical_url=f"{home}/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1")
    asked = (
        f"{home}/أخبار/1/?utm_source=rss",
        "http://news.example/أخبار/1",
        "news.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1/",
        "https://m.news.example/%d8%a3%d8%ae%d8%a8%d8%a7%d8%b1/1?fbclid=x&utm_medium=social#comments",
        "1",
    )
    assert [scene.tell(each)["article"]["id"] for each in asked] == [1] * len(asked)
    assert scene.say("1").startswith(f"article 1: {TITLE}\n")


def test_an_address_may_be_longer_than_an_entry_of_an_index(scene_on_both: Scene) -> None:
    url = scene_on_both.publish(
        url=f"https://news.example/{'خبر-' * 3_000}", canonical_url=f"https://n.example/{'1' * 9_000}"
    )
    canonical = f"https://www.n.example/{'1' * 9_000}"
    assert [scene_on_both.tell(each)["article"]["id"] for each in (url, canonical)] == [1, 1]


def test_the_query_of_an_address_counts() -> None:
    assert "https://a.example/?p=1" in spellings_of("http://www.a.example/?p=1&utm_source=x")
    assert "https://a.example/" not in spellings_of("http://a.example/?p=1")
    assert spellings_of("http://[") == ["http://["]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda scene: None, "not yet; if this lasts, the service (its role decide) is not running"),
        (lambda scene: scene.decide(), "waits to be sent since"),
    ],
)
def test_what_is_still_to_come_is_said(scene: Scene, change: Callable[[Scene], None], said: str) -> None:
    scene.watch("القمح")
    url = scene.publish()
    change(scene)
    assert said in scene.say(url)


def test_a_match_to_come_is_said_to_come(scene: Scene) -> None:
    scene.watch("القمح")
    said = scene.say(scene.publish(title="القمح"))
    assert "alert     none yet: the article is not decided" in said
    assert "Will match, once the article is decided:\n  no. 1: القمح\n       by “القمح”\n" in said, "each word once"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "it was there before its outlet was followed, or while it was paused"),
        ({"silent": True}, "a section page links to it, and it is no article, or an old one"),
    ],
)
def test_an_article_recorded_in_silence_alerts_nobody(scene: Scene, changes: dict[str, object], why: str) -> None:
    scene.watch("القمح")
    said = scene.say(scene.publish(ArticleState.ARCHIVED, **changes))
    assert f"decided   recorded in silence, so it alerts nobody: {why}" in said
    assert "alert     none: the article was recorded in silence" in said
    assert "Would have matched, had the article not been recorded in silence:\n  no. 1: القمح" in said


def test_watches_that_came_later_or_rest_are_told_apart(scene: Scene) -> None:
    rests = scene.watch("الشعير")
    watch = scene.database.read_now(find_watch, scene.console.id, str(rests))
    scene.database.write_now(set_state, watch, WatchState.PAUSED, now=NOW)
    url = scene.publish()
    scene.decide()
    later = scene.watch("القمح", now=NOW.replace(year=2100))
    said = scene.say(url)
    assert "alert     none: it met no watch when it was decided" in said
    rested = f"no. {rests} (paused since 2026-03-20 12:00:00 UTC): الشعير"
    assert f"Match it, but rested when it was decided:\n  {rested}\n       paused 2026-03-20 12:00:00 UTC and" in said
    assert f"after the article was decided:\n  no. {later}: القمح\n" in said


def test_a_removed_watch_is_remembered_by_what_it_found(scene: Scene) -> None:
    scene.watch("القمح")
    url = scene.publish()
    scene.decide()
    scene.database.write_now(remove_watch, scene.console.id, "القمح", now=NOW)
    assert "no. 1 (removed since 2026-03-20 12:00:00 UTC): القمح\n       by “القمح” in version 1" in scene.say(url)


def test_a_match_of_a_watch_that_was_changed_since_is_not_told_of_its_new_words(scene: Scene) -> None:
    number = scene.watch("القمح")
    url = scene.publish()
    scene.decide()

    def edit(query: str, hours: int) -> str:
        watch = scene.database.read_now(find_watch, scene.console.id, str(number))
        scene.database.write_now(edit_watch, watch, now=NOW + timedelta(hours=hours), query=query)
        return scene.say(url)

    others = "by “القمح” in version 1\n       its words were others then: it was changed 2026-03-20"
    assert f"no. 1: الفضة\n       {others} 13:00:00 UTC" in edit("الفضة", 1)
    assert f"no. 1: الشعير\n       {others} 14:00:00 UTC" in edit("الشعير", 2)
    assert scene.tell(url)["watches"][0]["reworded"] is True
    assert "others then" not in edit("القمح OR الفضة", 3), "it still is by this word"


def test_what_an_earlier_version_said_is_told_as_such(scene: Scene) -> None:
    scene.watch("القمح")
    new = scene.article()
    scene.database.write_now(save, [new], now=NOW)
    scene.decide()
    edit = scene.article(url=new.url, text="لا شيء", first_seen_at=NOW + timedelta(hours=1))
    scene.database.write_now(save_edits, [Edit(1, edit)])
    said = scene.say(new.url)
    assert "edited    it is in its version 2, seen 2026-03-20 13:00:00 UTC" in said
    assert "decided   not yet again, for what was edited" in said
    assert "by “القمح” in version 1\n       it is not met any more" in said


def test_what_holds_an_alert_back_is_said(scene: Scene) -> None:
    scene.watch("القمح", chat=scene.chat)
    first, second = scene.publish(), scene.publish()
    scene.decide()
    (delivery,) = scene.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    until = NOW.replace(year=2100)
    scene.database.write_now(put_back, delivery.id, "429 Too Many Requests", again_at=until)
    chat = ("--chat", str(scene.chat.address.chat_id))
    assert "the chat rests until 2100-03-20 12:00:00 UTC; 1 attempt failed: 429" in scene.say(first, *chat)
    assert "1 message before it; the chat rests until 2100-03-20" in scene.say(second, *chat)
    assert "1 other chat had an alert about it" in scene.say(first)
    scene.database.write_now(settle_uncertain, delivery.id, "cut off", now=NOW, again_at=until)
    assert "nobody knows whether it arrived (cut off); it is sent again, marked ↻, 2100-" in scene.say(first, *chat)
    scene.database.write_now(chat_gone, delivery.id, scene.chat.address.chat_id, "blocked by the person", now=NOW)
    assert "1 attempt failed: blocked by the person; the chat cannot be reached" in scene.say(first, *chat)
    scene.database.write_now(give_up_old, before=NOW.replace(year=2099), now=NOW)
    assert "undeliverable since 2026-03-20 12:00:00 UTC: blocked by the person" in scene.say(first, *chat)


def test_what_was_told_stays_told_whatever_becomes_of_a_change_of_its_message(scene: Scene) -> None:
    scene.watch("القمح", chat=scene.chat)
    url = scene.publish()
    scene.decide()
    (delivery,) = scene.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    chat = ("--chat", str(scene.chat.address.chat_id))
    scene.database.write_now(settle_sent, delivery.id, 5, now=NOW)
    scene.database.write_now(say_again, delivery.id, DeliveryKind.PROGRESS)
    assert "sent 2026-03-20 12:00:00 UTC" in scene.say(url, *chat)
    assert "; it is being told again, with more" in scene.say(url, *chat)
    later = NOW + timedelta(hours=3)
    scene.database.write_now(settle_undeliverable, delivery.id, "Bad Request", now=later)
    assert "sent 2026-03-20 12:00:00 UTC" in scene.say(url, *chat)
    assert "; its message could not be changed: Bad Request" in scene.say(url, *chat)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (Rules(Mode.DAILY), r"in the digest of [-\d]+ 05:00:00 UTC\n"),
        (Rules(daily_limit=0), r"in the digest of [-\d]+ 05:00:00 UTC: daily limit\n"),
    ],
)
def test_what_waits_for_a_digest_says_why_unless_that_is_what_its_list_wants(
    scene: Scene, rules: Rules, said: str
) -> None:
    scene.watch("القمح", chat=scene.chat)
    (taken,) = scene.database.read_now(subscriptions_of, scene.chat.id)
    scene.database.write_now(set_rules, taken.id, rules)
    url = scene.publish()
    scene.decide()
    assert re.search(said, scene.say(url, "--chat", str(scene.chat.address.chat_id)))


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (
            OnUncertain.HOLD,
            "sent 1 time and never confirmed (cut off); not sent again by itself since 2026-03-20 12:00:00 UTC: "
            "rasid outbox list",
        ),
        (OnUncertain.ASSUME_SENT, "; assumed to be sent: cut off"),
    ],
)
def test_what_is_not_sent_again_by_itself_is_said(scene: Scene, then: OnUncertain, said: str) -> None:
    scene.watch("القمح", chat=scene.chat)
    url = scene.publish()
    scene.decide()
    (delivery,) = scene.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    scene.database.write_now(settle_uncertain, delivery.id, "cut off", now=NOW, again_at=NOW, then=then)
    assert said in scene.say(url, "--chat", str(scene.chat.address.chat_id))


def test_an_unknown_address_is_answered_with_its_outlet(scene: Scene) -> None:
    url = f"{scene.outlet.homepage}unknown"
    refused = run(url)
    assert refused.exit_code == 1
    assert "No article with this address has been seen.\nIts outlet is followed: " in refused.stdout
    assert f"feed {scene.source.url}\n    has never been read yet" in refused.stdout
    failing = {"failures": 3, "last_error": "The site answered 500.", "failing_since": NOW, "last_polled_at": NOW}
    scene.database.write_now(lambda connection: connection.execute(update(tables.sources).values(failing)))
    assert "fails since 2026-03-20 12:00:00 UTC, 3 times in a row: The site answered 500." in run(url).stdout
    (outlet,) = json.loads(run(url, "--json").stdout)["outlets"]
    assert (outlet["name"], outlet["sources"][0]["failures"]) == (scene.outlet.name, 3)
    well = {"failures": 0, "failing_since": None}
    scene.database.write_now(lambda connection: connection.execute(update(tables.sources).values(well)))
    assert "was read 2026-03-20 12:00:00 UTC and did not list it" in run(url).stdout
    scene.database.write_now(pause_outlet, scene.outlet.id)
    assert "Its outlet is paused, so nothing of it is read" in run(url).stdout


def test_an_address_of_nobody_says_how_to_follow_it(scene: Scene) -> None:
    said = run("https://elsewhere.example/news/1").stdout
    assert "No outlet at elsewhere.example is followed.\nTo follow it: rasid outlet add ADDRESS" in said
    for nonsense in ("http://[", "not an address", "سد النهضة", "\udcff", "https://elsewhere.example/\udcff", ""):
        assert repr(run(nonsense).exception) == "SystemExit(1)"


def test_who_and_what_is_not_there_is_said(scene: Scene) -> None:
    with pytest.raises(NotFound, match="There is no chat 99"):
        scene.say(scene.publish(), "--chat", "99")
    for number in ("4711", "9" * 30):
        with pytest.raises(NotFound, match=f"There is no article {number}"):
            scene.say(number)
    assert "none: it has no watches. Add one with rasid watch add" in scene.say("1")


def test_a_thousand_watches_are_answered_in_a_few_lines(scene: Scene) -> None:
    many = [NewWatch(f"كلمة{number} AND القمح") for number in range(1_000)]
    scene.database.write_now(add_watches, scene.console.id, many, now=NOW)
    url = scene.publish()
    scene.decide()
    said = scene.say(url)
    assert len(said.splitlines()) < 60
    assert "and 995 more watches" in said
    assert len(scene.tell(url)["watches"]) == 1_000


def test_a_watch_that_comes_after_all_others_is_not_said_to_have_missed(scene_on_both: Scene) -> None:
    scene = scene_on_both
    scene.watch("/القم[ح]/")
    url = scene.publish()
    scene.decide()
    said = scene.say(url)
    assert "; watches that come after all others are still to be asked\n" in said
    assert "alert     none yet: the article is being decided, and its watches come after all others\n" in said
    assert "Will match, once the article is decided:\n  no. 1: /القم[ح]/\n" in said
    assert scene.tell(url)["article"]["owed"] is True
