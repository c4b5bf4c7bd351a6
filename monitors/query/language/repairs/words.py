"""Signs, stars and forms of words put right, and regular expressions."""

from __future__ import annotations

import re
from html import unescape

from monitors.query.language.lexing import is_regex
from monitors.query.language.repairs.cutting import LABEL, drop_sign, is_quoted, without

_WITH_STARS = re.compile(r"[^\W_]+(?:\*+[^\W_]+)+")
_WITH_QUESTIONS = re.compile(r"[^\W_]+(?:\?[^\W_]+)+")
_WEIGHT = re.compile(r"\^[\d.]+")
_FUZZY = re.compile(r"(?<=[^\W_])~\d*")
_HEAP = re.compile(r"[-−‐‑‒–—¬!+=~]+")
_ROUND = str.maketrans("[]", "()")


def say_sign(query: str, at: int) -> str:
    """C++ and C# as expressions; a plus between two words is an AND; `word~` the wide form; of `--` one is enough."""
    if query[at] in "[]":
        return query.translate(_ROUND)
    if query[at] == "&":
        return unescape(query)
    if query[at] == "?":
        return _as_expression(_WITH_QUESTIONS, r"\?", r"\\pL", query, at)
    if weight := _WEIGHT.match(query, at):
        return without(query, at, weight.end())
    if fuzzy := _FUZZY.match(query, at):
        start = len(query[:at]) - len(re.findall(r"[^\W_]*\Z", query[:at])[0])
        sign = "" if is_quoted(query, at) else "~"
        return f"{query[:start]}{sign}{query[start:at]}{query[fuzzy.end() :]}"
    heap = _HEAP.match(query, at)
    if heap and not query[at - 1 : at].isalnum():
        return f"{query[:at]}{_one_of(heap[0], has_before=bool(query[:at].strip()))}{query[heap.end() :]}"
    return _said(query, at)


def _one_of(heap: str, *, has_before: bool) -> str:
    """What a heap of signs was meant as: one that joins, and the last form. A dash that begins a query says nothing."""
    form = next((sign for sign in reversed(heap) if sign in "=~"), "")
    if not heap.strip("+=~"):
        return f"{'+' * ('+' in heap)}{form}"
    return form if heap == "—" and not has_before else f"-{form}"


def _said(query: str, at: int) -> str:
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
        return _as_expression(_WITH_STARS, r"\*+", r"\\pL*", query, at)
    return drop_sign(query, at)


def _as_expression(words: re.Pattern[str], sign: str, letters: str, query: str, at: int) -> str:
    """The word with letters in place of its signs, as an expression; without the sign if it is in none."""
    for found in words.finditer(query):
        if found.start() < at < found.end():
            before = query[: found.start()].rstrip("=~")  # expressions have no forms
            edge = r"\b" if found[0].isascii() else ""  # in Arabic more may be written onto it
            pattern = re.sub(sign, letters, found[0])
            return f"{before}/{edge}{pattern}{edge}/{query[found.end() :].removeprefix('*')}"
    return _drop(query, at)


def _drop(query: str, at: int) -> str:
    """The query without a sign, and with one blank where it stood alone."""
    alone = not query[max(at - 1, 0) : at].strip() and not query[at + 1 : at + 2].strip()
    return without(query, at, at + 1) if alone else drop_sign(query, at)


def drop_form(query: str, at: int) -> str | None:
    """The sign goes behind the name of a field, onto its word, or is left out."""
    if query[at : at + 1] not in ("=", "~"):
        return None
    if not re.search(r"[^\W_]", query[:at]) and re.match(r"\s+[^\W_]", query[at + 1 :]):
        return query[: at + 1] + query[at + 1 :].lstrip()
    label = LABEL.match(query, at + 1)
    if label and label[0].endswith(":"):
        return f"{query[:at]}{label[0]}{query[at]}{query[label.end() :]}"
    return _drop(query, at)


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
