"""A look at an address as its one message shows it, from asked for to followed (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.words.addresses import host_of, linkable
from bot.words.buttons import ABOUT, COUNTRIES, DECLINE, FOLLOW, LIMITS, OUTLETS, PAST, apart, button, home, ordered
from bot.words.language import Voice
from bot.words.lists import compose_list
from bot.words.messages import Keyboard, Message
from bot.words.naming import kind_name, language_name
from bot.words.text import Foreign, TextBuilder, shorten
from bot.words.troubles import trouble_words
from monitors.requests import Discovery, DiscoveryKind, DiscoveryState, Trouble

MAX_ADDRESS = 200
MAX_SOURCES = 6
MAX_TITLE = 150


def compose_discovery(look: Discovery, speech: Voice) -> Message:
    """What is at the address, as far as that is known, and the buttons that decide about it."""
    if look.kind is DiscoveryKind.OPML:
        return replace(compose_list(look, speech), keyboard=_keyboard(look, speech))
    builder = TextBuilder(right_to_left=speech.right_to_left)
    address = Foreign(shorten(look.address, MAX_ADDRESS), ("code",))
    result = look.result or {}
    match look.state:
        case DiscoveryState.WAITING:
            builder.line(speech.say("🔎 I am looking for articles at {address} …"), address=address)
        case DiscoveryState.FOUND:
            _add_preview(builder, result, speech)
        case DiscoveryState.FOLLOWING:
            builder.line(speech.say("{outlet}: one moment, I note what is there already …"), outlet=_name(look))
        case DiscoveryState.FOLLOWED:
            _add_followed(builder, look, speech)
        case DiscoveryState.CANCELLED:
            builder.line(speech.say("All right. {address} is not followed."), address=address)
        case DiscoveryState.FAILED:
            builder.line(speech.say("❗ Nothing was found at {address}."), address=address)
            builder.line(trouble_words(look.error or Trouble.BROKEN, speech))
            if look.error is Trouble.NOTHING_THERE and look.kind is DiscoveryKind.ADDRESS:
                builder.line(speech.say("Check the address, or give that of the outlet's feed, if it has one."))
    return Message(builder.build(), _keyboard(look, speech))


def _name(look: Discovery) -> Foreign:
    return Foreign(shorten(str((look.result or {}).get("name") or look.address), 100), ("bold",))


def _add_preview(builder: TextBuilder, result: Mapping[str, Any], speech: Voice) -> None:
    builder.start_line().add_foreign(shorten(str(result["name"]), 100), "bold").add(" · ")
    builder.add_foreign(host_of(str(result["homepage"])))
    if result.get("language"):
        builder.add(" · ").add(language_name(str(result["language"]), speech))
    chosen = [source for source in result.get("sources", ()) if source.get("chosen")]
    for source in chosen[:MAX_SOURCES]:
        _add_source(builder, source, speech)
    if (more := len(chosen) - MAX_SOURCES) > 0:
        builder.line(speech.count("and {n} more", "and {n} more", more), n=more)
    if result.get("preview"):
        builder.line()
        builder.line(speech.say("The newest articles:"))
    for article in result.get("preview", ()):
        _add_sample(builder, article, speech)
    builder.line()
    if result.get("followed_as") is not None:
        builder.line(speech.say("It is followed already. Shall I say so here if it fails?"))
    else:
        builder.line(speech.say("Shall I follow it? What is there already will raise no alerts."))


def _add_source(builder: TextBuilder, source: Mapping[str, Any], speech: Voice) -> None:
    builder.start_line().add("▫️ ").add(kind_name(str(source["kind"]), speech)).add(" · ")
    entries = int(source.get("entries") or 0)
    builder.fill(speech.count("{n} entry", "{n} entries", entries), n=entries)
    covered, of = int(source.get("covered") or 0), int(source.get("of") or 0)
    if of and covered == of:
        builder.add(" · ").fill(speech.say("has all of the site's newest articles ({all})"), all=of)
    elif of:
        builder.add(" · ").fill(
            speech.say("has {covered} of the site's newest articles ({all})"), covered=covered, all=of
        )


def _add_sample(builder: TextBuilder, article: Mapping[str, Any], speech: Voice) -> None:
    title = shorten(str(article.get("title") or "").strip() or speech.say("(no title)"), MAX_TITLE)
    builder.start_line().add("• ").add_foreign(title, url=linkable(str(article.get("url") or "")))
    builder.start_line().add("   ")
    if article.get("published_at"):
        at = datetime.fromisoformat(str(article["published_at"]))
        builder.add_time(at).add(" · ")
    characters = int(article.get("characters") or 0)
    builder.fill(speech.count("{n} character", "{n} characters", characters), n=characters)
    if article.get("language"):
        builder.add(" · ").add(language_name(str(article["language"]), speech))


def _add_followed(builder: TextBuilder, look: Discovery, speech: Voice) -> None:
    if look.added:
        builder.line(speech.say("✅ {outlet} is followed from now on."), outlet=_name(look))
        builder.line(speech.say("What appears there is compared with all watches from this moment."))
    else:
        builder.line(speech.say("✅ {outlet} was followed already; now it is followed here too."), outlet=_name(look))
    if look.watchlist_id is not None:
        builder.line(speech.say("The list for which you chose it looks at it."))


def _keyboard(look: Discovery, speech: Voice) -> Keyboard:
    cancel = button(speech.say("Cancel"), DECLINE, look.id)
    all_outlets = apart(button(speech.say("All outlets"), OUTLETS, 0))
    match look.state:
        case DiscoveryState.WAITING:
            return ((cancel,),)
        case DiscoveryState.FOUND if look.kind is DiscoveryKind.OPML and not (look.result or {}).get("rows"):
            return ((all_outlets,),)
        case DiscoveryState.FOUND:
            return (ordered(speech, (button(speech.say("Follow"), FOLLOW, look.id), cancel)),)
        case DiscoveryState.FOLLOWED if look.outlet_id is not None:
            row = (
                button(speech.say("About this outlet"), ABOUT, look.outlet_id),
                apart(button(speech.say("Read its archive"), PAST, look.outlet_id)),
            )
            if look.watchlist_id is not None:
                row = (apart(button(speech.say("Limits"), LIMITS, look.watchlist_id)), row[0])
            return (ordered(speech, row), ordered(speech, (all_outlets, apart(home(speech)))))
        case DiscoveryState.FOLLOWED:  # a list
            return ((all_outlets,),)
        case DiscoveryState.FOLLOWING:
            return ()
        case DiscoveryState.CANCELLED | DiscoveryState.FAILED:
            return (ordered(speech, (all_outlets, apart(button(speech.say("Catalogue"), COUNTRIES, 0)))),)
