from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def test_the_wheel_holds_every_file_of_the_catalogue(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, timeout=100)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        installed = set(archive.namelist())
    files = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "crawler" / "outlets").glob("*.toml")}
    assert len(files) >= 22
    assert files <= installed
