"""`/watch` and `/watches`: watches kept by those who like to type.

A typed order is carried out at once, with what it would have brought; one that would bring far too much, or nothing
ever, is shown first like everything that is chosen by buttons.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.screens.saving import MAX_SHOWN, add_kept, after_saving, keep, preview
from bot.screens.several import lines_of, look_at_lines, may_be_watches, save_lines, several_screen
from bot.screens.trying import Target, Trial, main_list, try_for
from bot.screens.watch import removed_screen
from bot.screens.watchlists import watches_screen
from bot.visits import Answer, Glance, Visit, refusal, say
from bot.words.messages import Message
from bot.words.text import Foreign, shorten
from bot.words.trials import add_trial
from bot.words.watchlists import example
from monitors.backtesting import Caution
from monitors.errors import UsageError
from monitors.storage.watches import list_watches, set_state
from monitors.text.cleaning import one_line
from monitors.trying import TrialOfMany
from monitors.watchlists import Watch, WatchState

_ASK_FIRST = frozenset({Caution.TOO_BROAD, Caution.CANNOT_BE_MET})

_ADD = ("add", "أضف", "اضف")
_REMOVE = ("remove", "delete", "del", "rm", "احذف", "حذف")
_LIST = ("", "list", "قائمة")


def watch_command(visit: Visit, arguments: str) -> Answer:
    """`/watch`, `/watch list`, `/watch add …`, `/watch remove …`; anything else after it is to be watched.

    Whatever the chat's language, the verbs are understood in both, and as people guess them.
    """
    verb, rest = _read(arguments)
    if verb in _REMOVE:
        return remove(visit, rest)
    return add(visit, rest) if verb in _ADD else say(watches_screen(visit))


def _read(arguments: str) -> tuple[str, str]:
    """(verb, what follows it); "add" where none is written."""
    verb, rest = (*arguments.split(maxsplit=1), "", "")[:2]
    verb = verb.lower()
    if verb in (*_ADD, *_REMOVE) or (verb in _LIST and not rest):
        return verb, rest
    return _ADD[0], arguments


def look_at_command(glance: Glance, arguments: str) -> Trial | TrialOfMany | None:
    verb, rest = _read(arguments)
    if verb not in _ADD:
        return None
    lines = lines_of(rest)
    return look_at_lines(glance, lines, "l0") if len(lines) > 1 else try_for(glance, rest, "l0")


def add(visit: Visit, text: str) -> Answer:
    """Adds a watch for each line; says for each that cannot be understood what is wrong with it."""
    if (refused := refusal(visit)) is not None:
        return refused
    lines = lines_of(text)
    target = main_list(visit.connection, visit.chat.id)
    if not lines:
        builder = visit.builder()
        builder.line(visit.voice.say("What shall I watch? Write it after the command, for example:"))
        builder.line("{example}", example=Foreign(example(visit.voice), ("code",)))
        return say(Message(builder.build()))
    return say((_add_several if len(lines) > 1 else _add_one)(visit, target, lines))


def _add_several(visit: Visit, target: Target, lines: list[str]) -> Message:
    tried = visit.seen if isinstance(visit.seen, TrialOfMany) else None
    if tried is not None and (tried.broad or tried.never) and may_be_watches(lines):
        return several_screen(visit, target, lines)
    return save_lines(visit, target, lines, tried)


def _add_one(visit: Visit, target: Target, lines: list[str]) -> Message:
    (query,) = lines
    tried = visit.seen if isinstance(visit.seen, Trial) else Trial(query)
    result = tried.result
    if tried.error is not None or (result and (result.meant or _ASK_FIRST.intersection(result.cautions))):
        return preview(visit, target, query)
    builder = visit.builder()
    try:
        watch, new = keep(visit, target, query)
    except UsageError:
        return save_lines(visit, target, [query])
    add_kept(builder, watch, visit, new=new)
    if new and result is not None:
        builder.line()
        add_trial(builder, result, tried.others, visit.voice)
    return Message(builder.build(), after_saving(visit, watch))


def remove(visit: Visit, wanted: str) -> Answer:
    """Removes the watch of this number in the list, or of these words."""
    if (refused := refusal(visit)) is not None:
        return refused
    wanted = one_line(wanted)
    watch = _wanted(list_watches(visit.connection, visit.chat.id), wanted)
    if watch is None:
        builder = visit.builder()
        if wanted:
            builder.line(
                visit.voice.say("There is no watch {wanted} here."),
                wanted=Foreign(shorten(wanted, MAX_SHOWN), ("bold",)),
            )
        builder.line(visit.voice.say("Choose by number what to remove:"))
        return say(Message(builder.build()), watches_screen(visit))
    set_state(visit.connection, watch, WatchState.REMOVED, now=visit.now)
    return say(removed_screen(visit, watch))


def _wanted(watches: Sequence[Watch], wanted: str) -> Watch | None:
    for watch in watches:
        if watch.query == wanted:
            return watch
    if wanted.isdecimal() and len(wanted) < 10 and 1 <= int(wanted) <= len(watches):
        return watches[int(wanted) - 1]
    folded = [watch for watch in watches if watch.query.casefold() == wanted.casefold()]
    return folded[0] if len(folded) == 1 else None


COMMANDS = {"watch": watch_command, "watches": lambda visit, _: say(watches_screen(visit))}
LOOKS = {"/watch": look_at_command}
