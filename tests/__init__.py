"""Tests. Processes that they start keep what Python compiled, as those of users do: half of a start's time. They hear
Ctrl-C, too, when the tests run in a shell's background, where it is ignored and that is inherited."""

from __future__ import annotations

import os
import signal

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
