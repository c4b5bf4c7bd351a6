"""Whether a word is probably a misspelt other one."""

from __future__ import annotations


def one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours changed places."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    typed, meant = typed[start:], meant[start:]
    swapped = typed[:2] == meant[1::-1] and typed[2:] == meant[2:]
    return typed[1:] == meant[1:] or typed[1:] == meant or typed == meant[1:] or swapped
