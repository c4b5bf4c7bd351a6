"""The file of a whole account: written as JSON that people can read, and read again as far as it can be (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from monitors.errors import UsageError
from monitors.limiting import exclusions
from monitors.query.language.grammar import parse
from monitors.query.language.language_names import language_named
from monitors.subscriptions import DIGEST_AT, MINUTES, Mode, MuteKind, Rules
from monitors.text.cleaning import clean
from monitors.watch_files import MAX_BYTES, as_typed, watchlist_name
from monitors.watchlists import NewWatch, WatchState

T = TypeVar("T")

FORMAT = 1
"""The version of the file's form."""

MOST = 5_000
"""Of each sort that is read, watches of all lists together; a guess at far more than anybody has."""


class UnreadableAccount(UsageError):
    """An account file of another `version`, or whose `part` is not as it was written."""

    def __init__(self, part: str, version: int | None = None) -> None:
        super().__init__(f"The part {part} of this account file is not as it was written.")
        self.part = part
        self.version = version


def write_account(belongings: Mapping[str, Any]) -> bytes:
    return json.dumps(belongings, ensure_ascii=False, indent=2).encode()


@dataclass(frozen=True, slots=True)
class KeptList:
    """A watchlist as it was: `outlets` are home pages, `rules` by which its own chat took it (None: not at all)."""

    name: str
    watches: tuple[NewWatch, ...]
    paused: bool = False
    excluding: str | None = None
    languages: tuple[str, ...] | None = None
    outlets: tuple[str, ...] | None = None
    rules: Rules | None = None
    resting: bool = False

    @property
    def as_begun(self) -> bool:
        """Whether it is as every list begins, but for its watches."""
        return self == KeptList(self.name, self.watches, rules=Rules())


@dataclass(frozen=True, slots=True)
class KeptSubscription:
    """What was taken of others: `what` is an outlet's home page, or what a link to a watchlist ends in (empty when it
    is not shared any more); `name` is the watchlist's."""

    what: str
    rules: Rules
    resting: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeptMute:
    """`name` is the outlet's home page, an address of the story, or the query of a watch in this `watchlist`."""

    kind: MuteKind
    name: str
    until: datetime | None
    watchlist: str = ""


@dataclass(frozen=True, slots=True)
class AccountFile:
    """What stands in an account file and can be had again. Outlets are home pages, articles addresses; `whole` are
    outlets that were taken whole, `taken` watchlists of others. `unread` counts watches that nobody understands (any
    more). `places` are what groups and channels were called that the lists were told in, or that were managed, and
    `history` says that alerts or searches stand in the file: these two cannot be had again.
    """

    language: str
    time_zone: str | None
    previews: bool
    lists: tuple[KeptList, ...]
    follows: tuple[str, ...]
    whole: tuple[KeptSubscription, ...]
    taken: tuple[KeptSubscription, ...]
    saved: tuple[tuple[str, datetime | None], ...]
    muted: tuple[KeptMute, ...]
    unread: int
    places: tuple[str, ...] = ()
    history: bool = False


def read_account(content: bytes) -> AccountFile:
    """Raises `UsageError` for a file that is no account file, and `UnreadableAccount` for one of another version or
    shape; single values that somebody wrote into it by hand are passed over."""
    try:
        written = json.loads(content) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict) or type(written.get("rasid")) is not int:
        raise UsageError("This is no account file of Rasid.", hint="Send one that /export wrote.")
    if written["rasid"] != FORMAT:
        raise UnreadableAccount("rasid", written["rasid"])
    _refuse_misshapen(written)
    chat = next(_mappings([written.get("chat")]), {})
    rows = list(_mappings(written.get("watchlists")))
    asked = [watch for row in rows for watch in _mappings(row.get("watches"))]
    taken = list(_mappings(written.get("subscriptions")))
    here = chat.get("telegram_id")
    told = [place for row in rows for place in _mappings(row.get("told_in")) if place.get("telegram_id") != here]
    lists = tuple(_each(_at_most(rows), lambda row: _list(row, here)))
    return AccountFile(
        language=_text(chat, "language"),
        time_zone=_zone(_text(chat, "time_zone")),
        previews=chat.get("previews") is not False,
        lists=lists,
        follows=_texts(_mappings(written.get("follows")), "homepage"),
        whole=tuple(_subscription(row, home) for row in taken if (home := _text(row, "outlet"))),
        taken=tuple(_subscription(row, _text(row, "link")) for row in taken if _text(row, "watchlist")),
        saved=tuple(_each(_mappings(written.get("saved")), _saved)),
        muted=tuple(_each(_mappings(written.get("muted")), _mute)),
        unread=len(asked) - sum(len(one.watches) for one in lists),
        places=_texts([*told, *_mappings(written.get("manages"))], "name"),
        history=bool(written.get("alerts") or written.get("searched")),
    )


def _refuse_misshapen(written: Mapping[str, Any]) -> None:
    if not isinstance(written.get("chat", {}), Mapping):
        raise UnreadableAccount("chat")
    for key in ("subscriptions", "follows", "saved", "muted", "watchlists"):
        _refuse_other_rows(written, key)
    for number, row in enumerate(written.get("watchlists", ()), 1):
        for key in ("watches", "told_in"):
            _refuse_other_rows(row, key, f"watchlists {number} › ")


def _refuse_other_rows(row: Mapping[str, Any], key: str, before: str = "") -> None:
    """Whatever is not a list of objects; its elements are counted from 1."""
    rows = row.get(key, [])
    if not isinstance(rows, list):
        raise UnreadableAccount(f"{before}{key}")
    for number, one in enumerate(rows, 1):
        if not isinstance(one, Mapping):
            raise UnreadableAccount(f"{before}{key} {number}")


def _at_most(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The watchlists without the watches that are beyond `MOST` of all of them."""
    left = MOST
    for row in rows:
        watches = list(_mappings(row.get("watches")))[:left]
        left -= len(watches)
        yield {**row, "watches": watches}


def _list(row: Mapping[str, Any], telegram_id: object) -> KeptList:
    name = watchlist_name(_text(row, "name"))
    told = [one for one in _mappings(row.get("told_in")) if one.get("telegram_id") == telegram_id]
    languages, outlets = _strings(row.get("languages")), _strings(row.get("outlets"))
    known = tuple(code for code in languages or () if language_named(code) == code)
    return KeptList(
        name=name,
        watches=tuple(_each(_mappings(row.get("watches")), lambda watch: _watch(watch, name))),
        paused=row.get("paused") is True,
        excluding=_excluding(_text(row, "excluding")),
        languages=known or None,
        outlets=outlets or None,
        rules=_rules(told[0]) if told else None if "told_in" in row else Rules(),
        resting=bool(told) and told[0].get("state") == "paused",
    )


def _subscription(row: Mapping[str, Any], what: str) -> KeptSubscription:
    return KeptSubscription(what, _rules(row), row.get("state") == "paused", _text(row, "watchlist"))


def _watch(row: Mapping[str, Any], watchlist: str) -> NewWatch:
    query = as_typed(_text(row, "query"))
    parse(query, suggesting=False)
    paused = row.get("state") == WatchState.PAUSED
    return NewWatch(query, watchlist, WatchState.PAUSED if paused else WatchState.ACTIVE)


def _excluding(written: str) -> str | None:
    try:
        return exclusions(written) if written else None
    except UsageError:
        return None


def _saved(row: Mapping[str, Any]) -> tuple[str, datetime | None]:
    if not (address := _text(row, "address")):
        raise ValueError("it has no address")
    return address, _moment(row.get("saved_at"))


def _mute(row: Mapping[str, Any]) -> KeptMute:
    until = _moment(row.get("until"))
    return KeptMute(MuteKind(_text(row, "what")), _text(row, "name"), until, _text(row, "watchlist"))


def _moment(written: object) -> datetime | None:
    moment = datetime.fromisoformat(written) if isinstance(written, str) else None
    if moment is None:
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _rules(row: Mapping[str, Any]) -> Rules:
    mode = _text(row, "mode")
    quiet = _text(row, "quiet").split("-")
    begin, end = (_minutes(quiet[0]), _minutes(quiet[1])) if len(quiet) == 2 else (None, None)
    limit = row.get("daily_limit")
    at = _minutes(_text(row, "digest_at"))
    return Rules(
        mode=Mode(mode) if mode in list(Mode) else Mode.INSTANT,
        digest_at=DIGEST_AT if at is None else at,
        quiet_from=begin if end is not None else None,
        quiet_to=end if begin is not None else None,
        daily_limit=limit if type(limit) is int and 0 < limit <= 1000 else None,
    )


def _minutes(clock: str) -> int | None:
    found = re.fullmatch(r"(\d\d):(\d\d)", clock, re.ASCII)
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if minutes < MINUTES else None


def _zone(name: str) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, KeyError, OSError):
        return None


def _each(rows: Iterable[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
    """Those that can be read."""
    for row in rows:
        try:
            yield read(row)
        except (UsageError, ValueError, OverflowError):
            continue


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return clean(value) if isinstance(value, str) else ""


def _texts(rows: Iterable[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for row in rows if (text := _text(row, key))))


def _strings(value: Any) -> tuple[str, ...] | None:
    return tuple(clean(one) for one in value if isinstance(one, str)) if isinstance(value, list) else None


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from [one for one in (value if isinstance(value, list) else ()) if isinstance(one, Mapping)][:MOST]
