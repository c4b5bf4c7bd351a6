"""How the signs of a query are spelled, and in which order they are tried."""

from __future__ import annotations

import re
from functools import cache

from monitors.query.language.elsewhere import ADDRESS, OPERATOR
from monitors.query.language.signs import QUOTES
from monitors.text.words import WORD

_LISTED = ",،;؛\n\r"
PARTING = frozenset("(){}|" + _LISTED + QUOTES)
_APART = rf"(?<![^\s(){{}}|{_LISTED}{QUOTES}])"
_BEGINNING = rf"(?<![^\s()}}|{_LISTED}{QUOTES}])"  # where a minus or plus is no dash
_THING = rf"[#@]?[^\W_]|[({{{QUOTES}]|/\S"
_OPERAND = rf"{_THING}|[=~](?:{_THING})"
_MINUS = "-−‐‑‒–!"  # editors make dashes of a minus, Lucene has the !

_WORD = rf"(?P<word>{WORD.pattern})"
_QUOTE = rf"(?P<quote>[{QUOTES}])"
_BEFORE_FORM = rf"(?<![^\s(){{}}|:+{_MINUS[1:]}\-=~{_LISTED}{QUOTES}])"
_FORM = rf"{_BEFORE_FORM}(?P<form>[=~])(?={_THING})"
_REGEX = (
    rf"(?<![^\s(){{|:+{_MINUS[1:]}\-{_LISTED}])(?P<regex>/(?!\s)(?:[^/\\\n\r]|\\[^\n\r])+/)"
    rf"(?=[\s(){{}}|{_LISTED}]|\Z)"
)
_STAR = r"(?P<star>\*)"
_NO_MEANING = r"(?<=[^\W_])(?:\++|\#(?![^\W_])|~\d*)"  # C++, Disney+, C#, word~2
_LETTER = "[A-Za-zÀ-ʯЀ-ӿء-ۓ]"
_NO_MEANING_OUTSIDE = (
    rf"{_BEGINNING}(?![{_MINUS}+]?[=~]?(?:{_THING}))[{_MINUS}+=~—¬]+(?={_THING})"  # more signs than a word can have
    rf"|(?:(?<=[^\W_])|(?<=[){QUOTES}]))\^[\d.]+"  # a weight
    rf"|(?<={_LETTER})\?(?={_LETTER})"
    r"|[\[\]]|&(?:[A-Za-z]{2,6}|#\d{1,6});"
)
IS_REGEX = re.compile(_REGEX)
VALUE = re.compile(rf"[^\s(){{}}|{_LISTED}{QUOTES}]+")
MAY_FOLLOW_FIELD = re.compile(_OPERAND)
SLOP = re.compile(r"~(\d+)(?![^\W_])")
NUMBER_APART = re.compile(r"\s*[/~:=]\s*\d|\s+\d|/")


@cache
def outside() -> re.Pattern[str]:
    """The signs outside quotes, in the order they are tried.

    A minus negates only what it is written onto («كرة -سلة»; «كوفيد-19» and « - » are not negations); & is no operator
    within a word (AT&T); a comma between digits belongs to the number. Compiled when the first query is read, for that
    takes 60 ms, and 40 ms for those in quotes, which most commands need not spend.
    """
    return re.compile(
        rf"{_QUOTE}"
        r"|(?P<list>[;؛\n\r]|[,،](?!(?<=\d.)\d))"
        rf"|(?P<reserved>{_NO_MEANING}|{_NO_MEANING_OUTSIDE})"
        r"|(?P<bracket>[(){}]|\|\|?|&&|(?<!\S)&|&(?!\S)|(?<!\S)\+(?!\S))"
        rf"|{_BEGINNING}(?:(?P<minus>[{_MINUS}])|(?P<plus>\+))(?={_OPERAND})"
        rf"|{_REGEX}"
        rf"|(?<![^\s(){{|:+{_MINUS[1:]}\-{_LISTED}])(?P<broken>/(?:[^\s/]+/[gimsux]{{1,3}}(?=\s|\Z)|(?=\S*[][\\^$])))"
        rf"|{_FORM}|{_BEFORE_FORM}(?P<lone>[=~])|{_STAR}"
        r"|(?<![\w.])(?P<count>\d+\s+(?:of|OF|Of|من)\s*(?=\())"
        rf"|{_APART}(?P<foreign>{OPERATOR})"
        rf"|{_APART}(?P<near>(?:O?NEAR|(?:(?i:o?near)|قرب|قبل)(?=/\s*\d))(?:/\d+)?)(?=[\s(){{}}|/~:={_LISTED}{QUOTES}]|\Z)"
        rf"|(?<![^\W_])(?P<address>{ADDRESS})"
        r"|(?<![^\W_])(?P<label>[^\W\d_]++(?:[ \t]*:(?!//)|=(?=\S)|[ \t]+=(?=[ \t]+\S)))"
        r"|(?<!\S)(?P<tag>[#@])(?=[^\W_])"
        rf"|{_WORD}"
    )


@cache
def in_quotes() -> re.Pattern[str]:
    return re.compile(
        rf"{_QUOTE}|(?P<reserved>{_NO_MEANING})|{_FORM}|{_STAR}|(?P<bracket>[{{}}])|(?P<inner>[|{_LISTED}])|{_WORD}"
    )
