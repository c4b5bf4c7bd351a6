from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitors.cli import build
from monitors.settings import Settings
from monitors.settings_file import known_keys

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "configure.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| (.+?) \|", text, re.MULTILINE))
    assert sorted(rows) == sorted(known_keys())
    defaults = Settings()
    for key, shown in rows.items():
        section, name = key.split(".")
        value = getattr(getattr(defaults, section), name)
        written = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        expected = "none" if value in (None, ()) else f"`{written.lower() if isinstance(value, bool) else written}`"
        assert shown == expected.replace("300.0", "300"), key


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def commands() -> set[str]:
    """Every command as it is typed, such as "outlet add"."""
    app = build()
    found = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    for group in app.registered_groups:
        assert group.typer_instance is not None
        found |= {f"{group.name} {command.name}" for command in group.typer_instance.registered_commands}
    return found


def test_every_command_the_pages_name_exists() -> None:
    known = commands()
    groups = {name.split()[0] for name in known if " " in name}
    for page in PAGES:
        if "decisions" in page.parts:
            continue
        for line in re.findall(r"(?:^|[`/(])rasid ([a-z][^`\n]*)", page.read_text(encoding="utf-8"), re.MULTILINE):
            words = line.split()
            name = " ".join(words[:2]) if words[0] in groups and len(words) > 1 else words[0]
            assert name in known | groups, f"{page.name}: rasid {line}"


def test_every_command_is_in_the_readme_or_explained_where_it_belongs() -> None:
    text = " ".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in commands():
        assert name.split()[0] in text
        assert name.split()[-1] in text, name


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(build(), [*command.split(), "--help"])
    assert shown.exit_code == 0
    assert "Usage" in shown.stdout


@pytest.mark.parametrize("command", ["", "run"])
def test_a_process_explains_itself(command: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "monitors", *command.split(), "--help"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0
    assert "Usage" in shown.stdout
