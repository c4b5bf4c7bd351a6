"""Makes the pictures of docs/telegram.md anew: what the bot says as JSON, and its drawing beside it."""

from __future__ import annotations

import argparse
import asyncio
import io
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops

from tests.screens.page import page
from tests.screens.told import PICTURES, Told, tell, written

SCALE = 1.5
ROOM = 2600
"""Pixels of height that every picture is drawn in before it is cut to what is on it."""


def draw(browser: str, told: Told, name: str, folder: Path) -> bytes:
    """A picture of this name, as PNG."""
    source, drawn = folder / "page.html", folder / "page.png"
    pictures = {language: drawings[name] for language, drawings in told.drawings.items() if name in drawings}
    seen_at = {language: at[name] for language, at in told.at.items()}
    source.write_text(page(told.columns(name), pictures, seen_at), encoding="utf-8")
    options = "--headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run --disable-background-networking"
    subprocess.run(
        [
            browser,
            *options.split(),
            f"--user-data-dir={folder / 'profile'}",
            f"--force-device-scale-factor={SCALE}",
            f"--window-size=800,{ROOM}",
            f"--screenshot={drawn}",
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
    )
    return _small(Image.open(drawn).convert("RGB"))


def _small(image: Image.Image) -> bytes:
    """Cut to what is on it, in as few colours as it needs."""
    empty = Image.new("RGB", image.size, (255, 255, 255))
    box = ImageChops.difference(image, empty).getbbox()
    content = io.BytesIO()
    image.crop(box).quantize(128, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
    return content.getvalue()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", default="chromium", help="a Chromium that draws without a window")
    parser.add_argument("--only", action="append", help="names of pictures; all of them without it")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        told = asyncio.run(tell(Path(place)))
        for name in told.names:
            if given.only and name not in given.only:
                continue
            (PICTURES / f"{name}.json").write_text(written(told.columns(name)), encoding="utf-8")
            (PICTURES / f"{name}.png").write_bytes(draw(given.browser, told, name, Path(place)))


if __name__ == "__main__":
    main()
