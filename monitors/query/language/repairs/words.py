"""Signs, stars and forms of words put right, and regular expressions."""

from __future__ import annotations

import re

from monitors.query.language.lexing import is_regex
from monitors.query.language.repairs.cutting import LABEL, drop_sign, is_quoted

_WITH_STARS = re.compile(r"[^\W_]+(?:\*+[^\W_]+)+")


def say_sign(query: str, at: int) -> str:
    """C++ and C# as expressions; a plus between two words is an AND; `word~` the wide form."""
    fuzzy = re.compile(r"~\d*").match(query, at)
    if fuzzy:
        start = len(query[:at]) - len(re.findall(r"[^\W_]*\Z", query[:at])[0])
        sign = "" if is_quoted(query, at) else "~"
        return f"{query[:start]}{sign}{query[start:at]}{query[fuzzy.end() :]}"
    signs = re.compile(r"[+#]+").match(query, at)
    end = signs.end() if signs else at + 1
    word = re.search(r"[^\W_]+\Z", query[:at])
    if query[end : end + 1].isalnum():
        return f"{query[:at]} +{query[end:]}"
    if not word or not word[0].isascii() or is_quoted(query, at):
        return query[:at] + query[end:]
    return f"{query[: word.start()]}/\\b{re.escape(word[0] + query[at:end])}/{query[end:]}"


def drop_star(query: str, at: int) -> str:
    """A star within a word becomes an expression; elsewhere it is left out."""
    if not is_quoted(query, at):
        for found in _WITH_STARS.finditer(query):
            if found.start() < at < found.end():
                pattern = re.sub(r"\*+", r"\\pL*", found[0])
                before = query[: found.start()].rstrip("=~")  # expressions have no forms
                return f"{before}/{pattern}/{query[found.end() :].removeprefix('*')}"
    return drop_sign(query, at)


def drop_form(query: str, at: int) -> str | None:
    """The sign goes behind the name of a field, or is left out."""
    if query[at : at + 1] not in ("=", "~"):
        return None
    label = LABEL.match(query, at + 1)
    if label and label[0].endswith(":"):
        return f"{query[:at]}{label[0]}{query[at]}{query[label.end() :]}"
    return drop_sign(query, at)


def escape_regex(query: str, at: int) -> str | None:
    """Without the flags behind it, with a slash at its end, or as the signs themselves that it consists of."""
    ended = re.compile(r"(/[^\s/]+/)[gimsux]{1,3}(?=\s|\Z)").match(query, at)
    if ended:
        return query[:at] + ended[1] + query[ended.end() :]
    if not is_regex(query, at):
        end = re.compile(r"\S+").match(query, at)
        return f"{query[: end.end()]}/{query[end.end() :]}" if end else None
    found = re.compile(r"/((?:[^/\\\n\r]|\\[^\n\r])+)/").match(query, at)
    return f"{query[:at]}/{re.escape(found[1])}/{query[found.end() :]}".replace("\\ ", " ") if found else None


def ask_for_one(query: str, at: int) -> str | None:
    found = re.compile(r"/((?:[^/\\\n\r]|\\[^\n\r])+)/").match(query, at)
    if not found:
        return None
    return f"{query[:at]}/{found[1].replace('*', '+').replace('?', '')}/{query[found.end() :]}"
