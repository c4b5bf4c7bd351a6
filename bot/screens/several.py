"""Lines that would be a watch each: what they would bring together is shown, and one tap saves them all.

What waits to be saved is the first `code` of the message itself, a line each, so nothing of it is lost by a restart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.screens.limited import add_limits
from bot.screens.saving import (
    QUESTION,
    add_kept,
    add_refusal,
    after_saving,
    ask_for_words,
    keep,
    preview,
    quoting,
    with_target,
)
from bot.screens.trying import Target, Trial, target_in, try_for
from bot.screens.watch_lists_sent import add_counts, admitted_of
from bot.visits import Answer, Glance, Visit, refusal, say
from bot.words.buttons import CANCEL, CHANGE, SAVE_ALL, button, ordered
from bot.words.files import MOST_ROWS, add_bad_rows, add_trial_of_many
from bot.words.messages import Button, Keyboard, Message
from bot.words.text import Foreign
from monitors.errors import QueryError, UsageError
from monitors.query.language.grammar import parse
from monitors.text.cleaning import clean, one_line
from monitors.trying import TrialOfMany, try_many
from monitors.watch_files import BadRow, WatchFile
from monitors.watchlists import DEFAULT_WATCHLIST, NewWatch, Watch

MAX_LINES = 100
MAX_LINE = 200
MAX_TEXT = 2000
"""Lines at once; code points of a line, and of all. A guess; a message has the room for them and what they bring."""

_FITTING = "fit"
"""What the button carries that saves no line which brings too much or nothing ever."""


def lines_of(text: str) -> list[str]:
    return [line for line in map(one_line, clean(text).split("\n")) if line]


def may_be_watches(lines: Sequence[str]) -> bool:
    """Whether these lines may be meant as a watch each."""
    return 1 < len(lines) <= MAX_LINES and max(map(len, lines)) <= MAX_LINE and sum(map(len, lines)) <= MAX_TEXT


def read_lines(lines: Sequence[str], watchlist: str) -> WatchFile:
    """Like a file of one watch on each line."""
    watches: list[tuple[int, NewWatch]] = []
    bad: list[BadRow] = []
    for number, line in enumerate(lines, 1):
        try:
            parse(line, suggesting=len(bad) < MOST_ROWS)
        except QueryError as error:
            bad.append(BadRow(number, None, line, error))
        else:
            watches.append((number, NewWatch(line, watchlist)))
    return WatchFile(tuple(watches), tuple(bad))


def look_at_lines(glance: Glance, lines: Sequence[str], target: str) -> TrialOfMany | None:
    """What they would have brought together."""
    where = target_in(glance.connection, glance.chat.id, target)
    watchlist = None if where is None else where.watchlist
    wanted = [(parse(watch.query), watchlist) for _, watch in read_lines(lines, DEFAULT_WATCHLIST).watches]
    return try_many(glance.connection, wanted, now=glance.now) if wanted else None


def several_screen(visit: Visit, target: Target, lines: Sequence[str]) -> Message:
    """What would be saved, and what it would have brought."""
    speech, builder = visit.voice, visit.builder()
    if not may_be_watches(lines):
        text = speech.say("That is too much at once: at most {lines} lines, and {letters} letters in all.")
        builder.line(text, lines=MAX_LINES, letters=MAX_TEXT)
        if visit.private:
            builder.line(speech.say("Send it in parts, or as a text file with a watch on each line."))
        return Message(builder.build(), (ordered(speech, _others(visit, target)),))
    builder.line(speech.say("Shall I watch all of these, each for itself?")).add("\n")
    builder.add("\n".join(lines), "code")
    if target.name != DEFAULT_WATCHLIST:
        builder.line(speech.say("In the watchlist {name}."), name=Foreign(target.name, ("bold",)))
    if target.watchlist is not None:
        add_limits(builder, visit, target.watchlist)
    file = read_lines(lines, target.name)
    add_counts(builder, admitted_of(visit.connection, visit.chat.id, file, visit), speech)
    add_bad_rows(builder, file.bad, speech)
    trial = visit.seen if isinstance(visit.seen, TrialOfMany) else None
    if trial is not None:
        add_trial_of_many(builder, trial, [watch.query for _, watch in file.watches], speech)
    return Message(builder.build(), _deciding(visit, target, file, trial))


def _deciding(visit: Visit, target: Target, file: WatchFile, trial: TrialOfMany | None) -> Keyboard:
    speech, rows = visit.voice, []
    odd = len({*trial.broad, *trial.never}) if trial is not None else 0
    if file.watches:
        label = speech.say("Save the others") if file.bad else speech.say("Save all")
        rows.append((button(label, SAVE_ALL, target.data),))
    if 0 < odd < len(file.watches):
        rows.append((button(speech.say("Save without ⚠️"), SAVE_ALL, f"{target.data}:{_FITTING}"),))
    return (*rows, ordered(speech, _others(visit, target)))


def _others(visit: Visit, target: Target) -> tuple[Button, ...]:
    speech = visit.voice
    return (button(speech.say("Change"), CHANGE, target.data), button(speech.say("Cancel"), CANCEL, target.data))


def save_lines(visit: Visit, target: Target, lines: Sequence[str], trial: TrialOfMany | None = None) -> Message:
    """Each line saved, and what became of it; what they would have brought, when that was not shown before."""
    builder = visit.builder()
    kept: list[Watch] = []
    for line in lines[:MAX_LINES]:
        try:
            watch, new = keep(visit, target, line)
        except UsageError as error:
            add_refusal(builder, line, error, visit)
            continue
        add_kept(builder, watch, visit, new=new)
        kept.append(watch)
    if len(lines) > MAX_LINES:
        left = len(lines) - MAX_LINES
        builder.line(visit.voice.count("{n} line was left out.", "{n} lines were left out.", left), n=left)
    if kept and trial is not None:
        add_trial_of_many(builder, trial, [watch.query for watch in kept], visit.voice)
    return Message(builder.build(), after_saving(visit, kept[-1]) if kept else ())


def _save_all(visit: Visit, target: Target, quoted: str, which: str) -> Message:
    lines = lines_of(quoted)
    if which == _FITTING and isinstance(visit.seen, TrialOfMany):
        odd = {*visit.seen.broad, *visit.seen.never}
        read = enumerate(read_lines(lines, target.name).watches)
        lines = [watch.query for place, (_, watch) in read if place not in odd]
    return save_lines(visit, target, lines)


def _look_at_saving(glance: Glance, argument: str) -> TrialOfMany | None:
    target, _, which = argument.partition(":")
    return look_at_lines(glance, lines_of(glance.quoted or ""), target) if which == _FITTING else None


def _answered(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    """One line is shown before it is saved, and several are together; a watch that is edited has one."""
    if (refused := refusal(visit)) is not None:
        return refused
    target = target_in(visit.connection, visit.chat.id, str(about.get("target", "")))
    if target is None:
        return say(Message(visit.builder().line(visit.voice.say("It is not there any more.")).build()))
    lines = lines_of(text)
    if not lines:
        return say(ask_for_words(visit, target))
    if target.watch is None and len(lines) > 1:
        return say(several_screen(visit, target, lines))
    return say(preview(visit, target, text))


def _look_at_answer(glance: Glance, given: str) -> Trial | TrialOfMany | None:
    target, lines = str(glance.about.get("target", "l0")), lines_of(given)
    if target.startswith("l") and len(lines) > 1:
        return look_at_lines(glance, lines, target) if may_be_watches(lines) else None
    return try_for(glance, given, target)


QUESTIONS = {QUESTION: _answered}
PRESSES = {SAVE_ALL: with_target(quoting(_save_all))}
LOOKS = {f"?{QUESTION}": _look_at_answer, SAVE_ALL: _look_at_saving}
