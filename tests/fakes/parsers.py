"""Parsing children that do as they are told: what hangs a parser today is refused by it tomorrow."""

from __future__ import annotations

from pathlib import Path

import pytest

HANGING = b"<html><!-- hang -->"
SLOW = b"<html><!-- slow -->"
HUNGRY = b"<html><!-- eat -->"

_CUSTOMIZED = """
import time
from crawler.parsing import wire

def obeying(parse):
    def obey(document, **arguments):
        if b"<!-- hang -->" in document:
            while True:
                pass
        if b"<!-- slow -->" in document:
            while time.process_time() < 3:
                pass
        if b"<!-- eat -->" in document:
            return [bytes(1 << 20) for _ in range(1 << 20)]
        return parse(document, **arguments)
    return obey

for task in ("read_listing", "extract_article"):
    wire.PARSERS[task] = obeying(wire.PARSERS[task])
"""


@pytest.fixture
def obedient_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the children of this test import our orders before anything else (sitecustomize)."""
    (tmp_path / "sitecustomize.py").write_text(_CUSTOMIZED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
