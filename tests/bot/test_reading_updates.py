"""Raw updates read: what we understand, and that nothing else can hurt."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing import command_of
from bot.telegram.reading import ALLOWED, chat_id_of, read_update
from bot.updates import Membership, Moved, Person, Pressed, Said

GROUP = {"id": -500, "type": "supergroup", "title": "غرفة"}


def a_message(**changes: Any) -> dict[str, Any]:
    return {"message": {"message_id": 1, "chat": GROUP, "from": {"id": 7}, "text": "/help"} | changes}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "chat", "from", "type", "text", "message", "data", "entities", "offset", "length", "message_id",
             "new_chat_member", "status", "date", "sender_chat"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["message", "callback_query", "my_chat_member", "poll"]), JSON))
def test_no_update_can_raise(raw: dict[str, Any]) -> None:
    read_update(raw)
    chat_id_of(raw)


def test_who_speaks_as_the_group_is_its_admin_and_nobody_else_is() -> None:
    anonymous = {"from": {"id": 1087968824}, "sender_chat": {"id": -500}}
    update = read_update(a_message(**anonymous))
    assert isinstance(update, Said)
    assert update.person == Person(None, None, speaks_as_chat=True)
    channel = read_update(a_message(**anonymous | {"sender_chat": {"id": -100777}}))
    assert isinstance(channel, Said)
    assert channel.person == Person(None, None)


@pytest.mark.parametrize("user_id", [777000, 1087968824])
def test_telegrams_own_numbers_are_nobody(user_id: int) -> None:
    update = read_update(a_message(**{"from": {"id": user_id}}))
    assert isinstance(update, Said)
    assert update.person.user_id is None


def test_a_thread_counts_only_in_a_forum() -> None:
    reply = read_update(a_message(message_thread_id=5))
    topic = read_update(a_message(message_thread_id=5, is_topic_message=True))
    assert isinstance(reply, Said)
    assert isinstance(topic, Said)
    assert (reply.place.thread_id, topic.place.thread_id) == (0, 5)


def test_the_words_to_watch_are_read_from_our_own_message() -> None:
    shown = {"message_id": 9, "chat": {"id": 7, "type": "private"}, "date": 1, "text": "😀 غزة"}
    shown["entities"] = [{"type": "code", "offset": 3, "length": 3}]
    press = {"callback_query": {"id": "q", "from": {"id": 7}, "data": "v1:add", "message": shown}}
    update = read_update(press)
    assert isinstance(update, Pressed)
    assert update.quoted == "غزة"
    old = read_update({"callback_query": press["callback_query"] | {"message": shown | {"date": 0}}})
    assert isinstance(old, Pressed)
    assert (old.quoted, old.message_id) == (None, None)


@pytest.mark.parametrize(
    ("status", "there"),
    [
        ({"status": "member"}, True),
        ({"status": "administrator"}, True),
        ({"status": "restricted", "is_member": True}, True),
        ({"status": "restricted", "is_member": False}, False),
        ({"status": "kicked"}, False),
        ({"status": "left"}, False),
    ],
)
def test_membership_is_read_from_the_new_status(status: dict[str, Any], there: bool) -> None:
    update = read_update({"my_chat_member": {"chat": GROUP, "from": {"id": 7}, "new_chat_member": status}})
    assert isinstance(update, Membership)
    assert update.member is there


def test_a_migration_is_announced_from_both_sides() -> None:
    new = {"chat": {"id": -100500, "type": "supergroup"}}
    assert read_update(a_message(migrate_to_chat_id=-100500)) == Moved(-500, -100500)
    assert read_update(a_message(migrate_from_chat_id=-500, **new)) == Moved(-500, -100500)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/watch", ("watch", "")),
        ("/Watch  add غزة\nنفط", ("watch", "add غزة\nنفط")),
        ("/watch@Our_Bot x", ("watch", "x")),
        ("/watch@other_bot x", None),
        ("/watch\nغزة", ("watch", "غزة")),
        ("watch x", None),
        ("/", None),
        ("/مراقبة x", None),
    ],
)
def test_commands_are_told_from_other_text(text: str, command: tuple[str, str] | None) -> None:
    assert command_of(text, "our_bot") == command


PRIVATE = {"id": 7, "type": "private"}
POSTED = {"forward_origin": {"type": "channel", "date": 1}, "chat": PRIVATE}


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "text_link", "offset": 3, "length": 4, "url": "https://daily.example/1"},
        {"type": "url", "offset": 10, "length": 23},
    ],
)
@pytest.mark.parametrize("kind", ["text", "caption"])
def test_a_forwarded_post_leads_to_its_first_link_also_under_a_picture(kind: str, entity: dict[str, Any]) -> None:
    raw = a_message(**POSTED)["message"]
    del raw["text"]
    raw |= {kind: "😀 خبر في https://daily.example/1", "entities" if kind == "text" else "caption_entities": [entity]}
    update = read_update({"message": raw})
    assert isinstance(update, Said)
    assert update.link == "https://daily.example/1"


def test_a_link_without_a_scheme_is_no_address() -> None:
    entity = {"type": "url", "offset": 0, "length": 13}
    update = read_update(a_message(text="daily.example", entities=[entity], **POSTED))
    assert isinstance(update, Said)
    assert update.link is None


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "edited_channel_post", "poll"])
def test_what_was_not_asked_for_has_no_effect(kind: str) -> None:
    assert kind not in ALLOWED
    assert read_update({kind: a_message()["message"]}) is None


@pytest.mark.parametrize(("kind", "text"), [("sticker", ""), ("voice", ""), ("pinned_message", None)])
def test_what_has_no_words_is_heard_in_private_unless_it_is_a_notice(kind: str, text: str | None) -> None:
    raw = a_message(**{"chat": PRIVATE, kind: {"file_id": "1"}})["message"]
    del raw["text"]
    update = read_update({"message": raw})
    assert (update.text if isinstance(update, Said) else None) == text
    assert read_update({"message": raw | {"chat": GROUP}}) is None


def test_an_article_shared_by_inline_mode_leads_to_its_address() -> None:
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": "https://daily.example/1"}
    update = read_update(a_message(chat=PRIVATE, via_bot={"id": 1}, entities=[entity], text="news"))
    assert isinstance(update, Said)
    assert update.link == "https://daily.example/1"


@pytest.mark.parametrize("changes", [{"chat": PRIVATE | {"id": 2**63}}, {"from": {"id": -(2**63) - 1}}])
def test_numbers_that_no_database_keeps_are_not_understood(changes: dict[str, Any]) -> None:
    assert read_update(a_message(**changes)) is None
