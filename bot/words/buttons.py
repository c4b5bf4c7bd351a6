"""What buttons carry: `v1:action:argument`, at most 64 bytes.

Anybody can send any data, so it holds ids and choices only, and every press is authorised anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.words.language import LANGUAGES, Voice
from bot.words.messages import Button, Keyboard
from bot.words.text import shorten

MAX_BYTES = 64
WHOLE_ROW, HALF_ROW = 35, 20
"""Letters of a label that phones show on a button that has a row of its own, and on one of two in a row."""
VERSION = "v1"
APART = "+"
"""Stands before the action where the screen does not take the place of the button's message, which stays."""

SPEAK = "lang"  # language code, then ":" and the screen to show in it unless it is the first (WATCH with its id)
HOME = "home"
TOPIC = "topic"  # its key: a first watch
WATCHES = "list"  # page
LISTS = "wls"  # page
LIST = "wl"  # watchlist id, ":" and the page
LIST_MORE = "wlm"  # watchlist id
NEW_LIST = "wln"
NAME_LIST = "wlr"  # watchlist id
COPY_LIST = "wlc"  # watchlist id
REST_LIST = "wlp"  # watchlist id, ":" and 1, or 0 to resume it
DELETE_LIST = "wlx"  # watchlist id
HAVE_LIST_BACK = "wlu"  # watchlist id
LIMITS = "lims"  # watchlist id
OF_OUTLETS = "lo"  # watchlist id, ":" and the page
OF_OUTLET = "lot"  # watchlist id, ":" and the outlet id, or "any", ":" and the page: looked at, or not any more
OF_ENTRY = "loe"  # watchlist id, ":" and the key of an entry of the catalogue: followed, and looked at
FIND_OUTLETS = "lof"  # watchlist id: the name is asked for
IN_LANGUAGES = "ll"  # watchlist id
IN_LANGUAGE = "llt"  # watchlist id, ":" and the language, or "any", or nothing to ask for it
EXPORT_LIST = "wle"  # watchlist id, ":" and the form of the file
NEVER_WITH = "lim"  # watchlist id: words that its watches exclude are asked for
WITH_ALL = "lxx"  # watchlist id
ADD_TO = "wa"  # watchlist id; 0: the main one, even if there is none yet
ADD_FILE = "doc"  # number of the update with a file of watches, ":" and where they go: documents.py
WATCH = "w"  # watch id
EDIT_WATCH = "we"  # watch id
TRY_WATCH = "wt"  # watch id
WITHOUT = "wn"  # watch id
IN_FORM = "wf"  # watch id, ":" and the form
REST_WATCH = "wp"  # watch id, ":" and 1, or 0 to resume it
MOVE = "wm"  # watch id, and ":" and the watchlist id unless it is still to be chosen
REMOVE = "rm"  # watch id
HAVE_BACK = "wu"  # watch id, ":" and the state it had
WATCH_THIS = "add"  # nothing: the words stand in the message
SAVE = "ws"  # "l" and a watchlist id (0: the main one), or "w" and the id of the watch that is edited
CHANGE = "wc"  # as above
CANCEL = "wx"  # as above
MEANT = "wy"  # as above: the query that was probably meant stands in the message
SPELLED = "wsp"  # as above: as its words are probably spelled
SAVE_ALL = "wsa"  # as above, and perhaps ":fit"; the words stand in the message, a line each
WIDER = "ww"  # as above, ":" and the place of the wider query
OUTLETS = "outlets"  # page
EXPORT_OUTLETS = "opml"  # nothing
OUTLET = "outlet"  # outlet id; the screen takes the place of the button's
ABOUT = "about"  # outlet id; the screen is a message of its own
CRAWL = "crawl"  # outlet id
STOP = "stop"  # crawl id
PAST = "past"  # outlet id, then ":" and the days to go back unless they are still to be chosen
FOLLOW = "follow"  # discovery id
DECLINE = "decline"  # discovery id
JOIN = "join"  # outlet id: the chat follows what is followed already
LEAVE = "leave"  # outlet id
ALL_NEWS = "allnews"  # outlet id: the chat is told all that the outlet publishes
ONLY_MATCHES = "matches"  # outlet id: and not any more
PAUSE = "pause"  # outlet id
RESUME = "resume"  # outlet id
COUNTRIES = "countries"  # page
COUNTRY = "country"  # its code, ":", a language or nothing, ":" and the page
CATALOGUE_FIND = "cfind"  # nothing: the name is asked for
CATALOGUE_FOUND = "cfound"  # a language or nothing, ":" and the page; the name stands in the message
TAKE = "take"  # key in the catalogue
LOOK = "look"  # nothing: the address stands in the message
SEARCH = "search"  # nothing: the words are asked for
SEARCH_THIS = "find"  # nothing: the words stand in the message
FOUND = "found"  # search id, ":" and the page
WITHIN = "within"  # search id, ":" and the days to look back; 0: everything
WATCH_SEARCH = "wfind"  # search id: what was searched is to be watched
STATISTICS = "stats"  # watchlist id, ":" and the days; nothing: all watchlists of the chat
RULES = "rules"  # subscription id: when and how its alerts are told
TIMES = "times"  # page: the rules of everything the chat takes
MODE = "mode"  # subscription id, ":" and the mode
DIGEST_AT = "at"  # subscription id, then ":" and the minutes after midnight unless they are still to be chosen
QUIET = "quiet"  # subscription id, then ":" and where it begins, ":" and where it ends; or ":off"
LIMIT = "limit"  # subscription id, then ":" and the alerts a day, 0 for any number
ZONES = "zones"  # subscription id (0: the chat's own settings), then ":" and the continent, ":" and the page
ZONE = "zone"  # subscription id or 0, ":" and the time zone (IANA); without one it is asked for
REST = "rest"  # subscription id, ":" and 1 to pause it, 0 to resume it
DIGEST_PAGE = "digest"  # delivery id, ":" and the page
DIGEST_ALERTS = "each"  # the same: the page's alerts, each with a button
HELP = "help"

# Settings and the account
SETTINGS = "set"
PREVIEWS = "pv"  # 1 or 0
RESTORE = "exr"  # number of the update with the file of an account
NOT_NOW = "exn"  # nothing
EXPORT_ACCOUNT = "exp"
PRIVACY = "priv"
DELETE_ME = "del"  # asks
DELETE_ALL = "delx"  # does it

# Operators
OPERATE = "op"
STATUS = "ops"
TROUBLED = "opt"  # state of deliveries, ":" and the page
TROUBLE = "opto"  # delivery id
RESEND = "opr"  # delivery id
GIVE_UP = "opg"  # delivery id; or "all:" and a state, which asks, and "yes:" and the state
FAILING = "opf"  # page
TELLING = "opz"  # 1 to let alerts be told, 0 to hold them back
POLLING = "opv"  # 1 to let sources be visited, 0 to let all of them rest
PEOPLE = "opp"  # page; "out:" before it for those who are shut out
PERSON = "opq"  # Telegram's number
ALLOW = "opa"  # Telegram's number
BLOCK = "opx"  # Telegram's number
FORGET = "opn"  # Telegram's number
RESIZE = "opl"  # how much they may have, ":" and Telegram's number
NAME_PERSON = "opw"  # asks for a number
ACCESS = "opd"  # nothing; or how people are to come in, or "settings", which asks
SET_ACCESS = "opdx"  # the same, and ":keep" if whoever is in is to be let in
INVITATIONS = "opi"  # page
INVITE = "opiv"  # how many it lets in, 0 for any number
REVOKE = "opir"  # token
BROADCAST = "opb"
WRITE_BROADCAST = "opbw"  # asks for the words
SEND_BROADCAST = "opbs"  # broadcast id
STOP_BROADCAST = "opbx"  # broadcast id

# Alerts
ALERT = "alert"  # alert id; takes the place of the button's message
OPEN_ALERT = "open"  # alert id; a message of its own
ALERT_MENU = "menu"  # alert id; in place
MORE_LIKE = "more"  # alert id
MUTE = "mute"  # alert id, ":" and what: hour, today, story, outlet, or watch with ":" and its id; in place
UNMUTE = "unmute"  # the same
MUTED = "muted"  # page
HEAR = "hear"  # mute id
UNLIKE = "unlike"  # alert id: a message of its own; then ":" and a watch id: in place
EXCLUDE = "without"  # alert id, ":", watch id, ":" and the number of the word in the article; asks, in place
EXCLUDED = "excl"  # the same; does it, in place
INCLUDE = "incl"  # the same; takes it back, in place
KEEP = "keep"  # alert id; in place
UNKEEP = "unkeep"  # alert id; in place
SAVED = "saved"  # page
LET_GO = "letgo"  # article id
WHY = "why"  # alert id

# Places
TOLD = "to"  # watchlist id: where it is told
TELL_HERE = "here"  # watchlist id
ADD_PLACE = "addto"  # watchlist id
DESTINATION = "dest"  # subscription id
HOLD = "hold"  # subscription id: paused, or resumed
END = "end"  # subscription id; with ":yes" what was taken from others is left, and without it that is asked
PLACES = "places"  # page
PLACE = "place"  # chat id, and ":" and the page unless it is the first
SEND = "send"  # chat id, ":" and the watchlist id: told there from now on, or no longer
TRY_AGAIN = "again"  # chat id
GENERAL = "general"  # chat id of a topic: its group's General instead
NO_PLACE = "drop"  # chat id
SHARE = "share"  # watchlist id
UNSHARE = "unshare"  # watchlist id
SUBSCRIBE = "sub"  # token of a shared watchlist
COPY = "copy"  # token of a shared watchlist
NO_THANKS = "nothanks"  # nothing
TAKEN = "taken"  # page: watchlists of others that are taken here
SUBSCRIPTION = "taking"  # subscription id
COPY_TAKEN = "copyof"  # subscription id


def button(label: str, action: str, argument: str | int = "") -> Button:
    data = f"{VERSION}:{action}:{argument}"
    assert len(data.encode()) <= MAX_BYTES
    return Button(label, data=data)


def apart(one: Button) -> Button:
    """The button under what the bot told, which is not to be lost: its screen comes as a message of its own."""
    version, _, rest = (one.data or "").partition(":")
    data = f"{version}:{APART}{rest}"
    assert len(data.encode()) <= MAX_BYTES
    return replace(one, data=data)


def comes_apart(data: str) -> bool:
    """Whether a pressed button leaves its message alone."""
    return data.startswith(f"{VERSION}:{APART}")


def label_of(text: str, before: str = "", *, within: int = WHOLE_ROW) -> str:
    """Somebody's words, after some of ours, as far as a phone shows them on a button."""
    return before + shorten(text, within - len(before))


def watches_button(speech: Voice, *, private: bool) -> Button:
    """The way to all that is watched in a chat."""
    return button(watches_title(speech, private=private), WATCHES, 0)


def watches_title(speech: Voice, *, private: bool) -> str:
    return speech.say("My watches") if private else speech.say("Watches")


def home(speech: Voice) -> Button:
    """The way to the first screen."""
    return button(f"🏠 {speech.say('Home')}", HOME)


def read(data: str) -> tuple[str, str] | None:
    """(action, argument) of a pressed button; None for one that is not of this version."""
    version, _, rest = data.partition(":")
    action, _, argument = rest.partition(":")
    return (action.removeprefix(APART), argument) if version == VERSION else None


def number(argument: str, default: int = -1) -> int:
    """The argument as a number that a row id may be; `default` for anything else."""
    if not (argument.isascii() and argument.isdecimal() and len(argument) < 20):
        return default
    found = int(argument)
    return found if found < 1 << 63 else default


def ordered(speech: Voice, row: Sequence[Button]) -> tuple[Button, ...]:
    """A row in reading order: the first button where reading begins. Telegram does not mirror keyboards, so for
    right-to-left readers we do."""
    return tuple(reversed(row)) if speech.right_to_left else tuple(row)


def in_rows(speech: Voice, buttons: Sequence[Button], width: int = 2) -> Keyboard:
    return tuple(ordered(speech, buttons[at : at + width]) for at in range(0, len(buttons), width))


def in_fitting_rows(speech: Voice, buttons: Sequence[Button]) -> Keyboard:
    """Two in a row where that cuts none of their labels, or else each in its own."""
    fit = all(len(one.label) <= HALF_ROW for one in buttons)
    return in_rows(speech, buttons, 2 if fit else 1)


def turning(speech: Voice, action: str, page: int, *, last: int, of: str = "") -> Keyboard:
    """A row to the pages before and after; none when there is one page. `of` stands before the page in the data."""
    row = []
    if page > 0:
        row.append(button(speech.say("Previous"), action, f"{of}{page - 1}"))
    if page < last:
        row.append(button(speech.say("Next"), action, f"{of}{page + 1}"))
    return in_rows(speech, row)


def other_languages(speech: Voice, screen: str = "") -> tuple[Button, ...]:
    """One tap to each language that is not spoken now, named in itself; `screen` stays, the first one if empty."""
    suffix = f":{screen}" if screen else ""
    return tuple(
        button(f"🌐 {name}", SPEAK, f"{code}{suffix}") for code, name in LANGUAGES.items() if code != speech.language
    )
