"""A list of outlets somebody sent, as its one message shows it, from read to followed (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words.language import Voice
from bot.words.messages import Message
from bot.words.text import Foreign, TextBuilder, shorten
from bot.words.troubles import trouble_words
from monitors.requests import Discovery, DiscoveryState, Trouble

MAX_NAME = 80


def compose_list(look: Discovery, speech: Voice) -> Message:
    """What the list holds, as far as that is known. The buttons are those of any discovery."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    result = look.result or {}
    file = Foreign(shorten(str(result.get("file") or "OPML"), MAX_NAME), ("bold",))
    match look.state:
        case DiscoveryState.WAITING:
            builder.line(speech.say("📄 I am reading {file} …"), file=file)
        case DiscoveryState.FOUND:
            builder.line("{file}", file=file)
            _add_plan(builder, result, speech)
        case DiscoveryState.FOLLOWING:
            done = int(result.get("followed") or 0) + int(result.get("failed") or 0)
            text = speech.say("📄 {file}: {done} of {all} looked at …")
            builder.line(text, file=file, done=done, all=int(result.get("rows") or 0))
        case DiscoveryState.FOLLOWED:
            _add_results(builder, result, speech)
        case DiscoveryState.CANCELLED:
            builder.line(speech.say("All right. {address} is not followed."), address=file)
        case DiscoveryState.FAILED:
            builder.line(speech.say("❗ Nothing was found at {address}."), address=file)
            builder.line(trouble_words(look.error or Trouble.BROKEN, speech))
    return Message(builder.build())


def _add_plan(builder: TextBuilder, result: Mapping[str, Any], speech: Voice) -> None:
    rows, known, bad = (int(result.get(name) or 0) for name in ("rows", "known", "bad"))
    builder.line(speech.count("{n} source to follow", "{n} sources to follow", rows), n=rows)
    if known:
        builder.line(speech.count("{n} is followed already", "{n} are followed already", known), n=known)
    if bad:
        builder.line(speech.count("{n} line cannot be followed", "{n} lines cannot be followed", bad), n=bad)
    names = [str(name) for name in result.get("names", ())]
    for name in names:
        builder.line("• {name}", name=Foreign(shorten(name, MAX_NAME)))
    if (more := rows - len(names)) > 0:
        builder.line(speech.count("and {n} more", "and {n} more", more), n=more)
    if rows:
        builder.line(speech.say("Shall I follow them? What is there already will raise no alerts."))


def _add_results(builder: TextBuilder, result: Mapping[str, Any], speech: Voice) -> None:
    followed, failed, left = (int(result.get(name) or 0) for name in ("followed", "failed", "left"))
    builder.line(speech.count("✅ {n} source is followed now", "✅ {n} sources are followed now", followed), n=followed)
    if failed:
        builder.line(speech.count("{n} came to nothing", "{n} came to nothing", failed), n=failed)
    if left:
        builder.line(speech.count("for {n} there is no room", "for {n} there is no room", left), n=left)
