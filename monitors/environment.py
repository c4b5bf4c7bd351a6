"""The environment variables that hold settings: names only, so that a command can start before it reads any."""

from __future__ import annotations

PREFIX = "RASID_"
CONFIG_VARIABLE = "RASID_CONFIG"
"""Names the settings file, where it is not `rasid.toml` in the current folder."""


def variable_of(key: str) -> str:
    """The environment variable of "section.key"."""
    return PREFIX + key.replace(".", "_").upper()
