"""How the process that draws answers."""

from __future__ import annotations

import struct

ANSWER = struct.Struct(">?I")
"""What stands before the bytes of each answer: whether they are a picture or a complaint, and how many there are."""
