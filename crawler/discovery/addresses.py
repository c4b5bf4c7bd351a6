"""What somebody typed → the addresses it may mean."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from monitors.errors import UsageError

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(
    r"^[^\s/?#@]+\.[^\s/?#@.]{2,}(?::\d+)?$|^\[[0-9a-f:.]+\](?::\d+)?$|^localhost(?::\d+)?$", re.IGNORECASE
)
# Up to the last "@": of a secret that itself holds an "@", nothing may be left to repeat.
_CREDENTIALS = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*@|^[^/?#]*:[^/?#]*@", re.IGNORECASE)
_AROUND = "<>«»“”\"'"


def possible_addresses(typed: str) -> list[str]:
    """The addresses a person may mean, likeliest first: one without a scheme is tried with https, then http.

    Raises `UsageError` for what is no address.
    """
    text = typed.strip().strip(_AROUND)
    refuse_credentials(text)
    candidates = [text] if _SCHEME.match(text) else [f"https://{text}", f"http://{text}"]
    try:
        parts = urlsplit(candidates[0])
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    is_literal = re.fullmatch(r"[0-9.]+(?::\d+)?", parts.netloc) is not None
    if parts.scheme.lower() not in ("http", "https") or not (_HOST.match(parts.netloc) or is_literal):
        shown = "This" if "@" in text else f"“{text[:200]}”"  # part of it may be a password
        raise UsageError(
            f"{shown} is not a web address.",
            hint="Give one such as https://example.com/, the address of a feed, or a Telegram channel (@NAME).",
        )
    return [_with_path(candidate) for candidate in candidates]


def refuse_credentials(address: str) -> None:
    """`UsageError`, which does not repeat them, when a user name or password is part of the address."""
    if _CREDENTIALS.match(address.strip()):
        raise UsageError(
            "Addresses with a user name or a password in them are not supported.",
            hint="Give the address without them. What only subscribers can read is not followed.",
        )


def refuse_relative(address: str) -> None:
    """`UsageError` when it is not the whole http(s) address of something on the web."""
    refuse_credentials(address)
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"“{address[:200]}” is not the whole address of a page.",
            hint="Give one that begins with https:// or http://, such as https://example.com/news/1.",
        )


def root_of(url: str) -> str:
    return urljoin(url, "/")


def is_root(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def same_host(one: str, other: str) -> bool:
    return bare_host(one) == bare_host(other)


def bare_host(url: str) -> str:
    """The host with its port, without the names sites give their front doors."""
    return re.sub(r"^(?:www|m|amp)\.", "", urlsplit(url).netloc.lower())


def _with_path(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path or "/", parts.query, ""))
