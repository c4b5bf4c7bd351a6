"""Tests; processes that they start keep what Python compiled, as those of users do: half of a start's time."""

from __future__ import annotations

import os

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
