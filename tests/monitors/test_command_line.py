"""What holds for the command line as a whole."""

from __future__ import annotations

from importlib.metadata import version

from typer.testing import CliRunner

from monitors.cli import build


def test_the_version_is_told_without_a_command() -> None:
    told = CliRunner().invoke(build(), ["--version"])
    assert (told.exit_code, told.stdout) == (0, f"rasid {version('rasid')}\n")
