"""Every example of docs/python.md, from top to bottom in one session, as a reader would run them."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import monitors

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))


def test_the_examples_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session = doctest.DocTestParser().get_doctest(EXAMPLES, {}, PAGE.name, str(PAGE), 0)
    assert len(session.examples) > 25
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(session, out=said.append)
    assert "".join(said) == ""


def test_no_example_is_left_out() -> None:
    assert TEXT.count(">>> ") == EXAMPLES.count(">>> ")


@pytest.mark.parametrize("name", [name for name in monitors.__all__ if name not in ("Query", "fields_of")])
def test_every_name_of_the_package_is_told_of(name: str) -> None:
    told = {"Match": "match", "Form": "form", "Reason": "reason", "Token": "token"}.get(name, name)
    assert re.search(rf"\b{told}\b", TEXT)
