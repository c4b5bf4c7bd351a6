"""An operator chooses in the chat who is let in: what is said before, what counts afterwards, and the way back."""

from __future__ import annotations

import pytest

from bot.words.buttons import ACCESS, SET_ACCESS
from monitors.people import Access
from monitors.storage.doors import access_of, chosen_access
from monitors.storage.engine import Database
from monitors.storage.people import find_person
from monitors.storage.statistics import read_status
from tests.bot.touring.instance import Instance, an_instance
from tests.fakes.telegram_messages import SentMessage
from tests.rows import NOW

OPERATOR, SARA, OMAR = 1, 7, 8


@pytest.fixture
async def instance(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Instance:
    """Sara uses the bot, which is open; an operator has looked at who may."""
    made = await an_instance(sqlite_database, monkeypatch, telegram={"admins": (OPERATOR,)})
    await made.said("/watch oil", chat_id=SARA, user_id=SARA, language_code="en")
    return made


async def at_the_doors(instance: Instance) -> SentMessage:
    (shown,) = (await instance.said("/users", chat_id=OPERATOR, user_id=OPERATOR, language_code="en")).changed
    return (await press(instance, shown, "Who is let in"))[1]


async def press(instance: Instance, shown: SentMessage, label: str) -> tuple[str | None, SentMessage]:
    data = next(one["callback_data"] for row in shown.buttons for one in row if one["text"] == label)
    done = await instance.pressed(data, shown, user_id=OPERATOR, chat_id=OPERATOR)
    return done.notice, done.changed[-1]


async def hears(instance: Instance, person: int) -> bool:
    (told,) = (await instance.said("/watch", chat_id=person, user_id=person, language_code="en")).changed
    return "This bot is private." not in told.text


async def test_the_screen_says_what_counts_and_each_change_what_it_does(instance: Instance) -> None:
    database, telegram = instance.database, instance.context.settings.telegram
    shown = await at_the_doors(instance)
    assert "Access is open" in shown.text
    assert 'So says rasid.toml: \u2068access = "open"\u2069.' in shown.text
    _, asked = await press(instance, shown, "By list alone")
    assert "1 person uses the bot whom no operator let in." in asked.text
    assert database.read_now(chosen_access) is None, "it only asks"
    _, shown = await press(instance, asked, "Leave it as it is")
    assert "Access is open" in shown.text
    _, asked = await press(instance, shown, "By list alone")
    notice, shown = await press(instance, asked, "Leave them out")
    assert notice == "Changed."
    assert "Access is by list" in shown.text
    assert "An operator chose that here." in shown.text
    assert "1 person who was here is not let in" in shown.text
    assert database.read_now(access_of, telegram) is Access.LIST
    status = database.read_now(read_status, now=NOW)
    assert any(line.startswith("access    list, as an operator chose") for line in status.lines())
    assert status.to_json()["access_chosen"] == "list"
    assert not await hears(instance, SARA)
    _, asked = await press(instance, shown, "As rasid.toml says")
    assert "1 person who is not let in now is told everything again." in asked.text
    _, shown = await press(instance, asked, "Change it")
    assert "So says rasid.toml" in shown.text
    assert await hears(instance, SARA)
    assert database.read_now(read_status, now=NOW).to_json()["access_chosen"] is None


async def test_whoever_is_in_can_stay(instance: Instance) -> None:
    shown = await at_the_doors(instance)
    _, asked = await press(instance, shown, "By invitation")
    _, shown = await press(instance, asked, "Let them in")
    assert "not let in" not in shown.text
    person = instance.database.read_now(find_person, SARA)
    assert person is not None
    assert person.by_id == OPERATOR
    assert await hears(instance, SARA)
    assert not await hears(instance, OMAR)
    _, asked = await press(instance, shown, "By list alone")
    assert "Nobody who is in now is left out." in asked.text


async def test_invitations_count_as_an_operator_chose(instance: Instance) -> None:
    shown = await at_the_doors(instance)
    _, asked = await press(instance, shown, "By invitation")
    await press(instance, asked, "Leave them out")
    (invited,) = (await instance.said("/invitations", chat_id=OPERATOR, user_id=OPERATOR)).changed
    _, shown = await press(instance, invited, "For one person")
    link = shown.spans("code")[0].partition("start=")[2]
    assert "⚠" not in shown.text
    _, asked = await press(instance, await at_the_doors(instance), "By list alone")
    assert "Invitations that let nobody in from then on: 1" in asked.text
    await press(instance, asked, "Leave it as it is")
    (welcome,) = (await instance.said(f"/start {link}", chat_id=OMAR, user_id=OMAR, language_code="en")).changed
    assert welcome.text.startswith("Welcome!")


async def test_only_operators_change_it_and_only_to_what_there_is(instance: Instance) -> None:
    shown = await at_the_doors(instance)
    theirs = next(one for one in instance.fake.sent if one.chat_id == SARA)
    for action in (ACCESS, SET_ACCESS):
        for argument in ("list", "list:keep", "settings"):
            done = await instance.pressed(f"v1:{action}:{argument}", theirs, user_id=SARA, chat_id=SARA)
            assert done.notice == "This button is from an older version."
    for argument in ("", "closed", "list:x", "list:keep:keep"):
        done = await instance.pressed(f"v1:{SET_ACCESS}:{argument}", shown, user_id=OPERATOR, chat_id=OPERATOR)
    assert instance.database.read_now(chosen_access) is None
    assert instance.database.read_now(find_person, SARA) is None
