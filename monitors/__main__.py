"""`python -m monitors` is the `rasid` command."""

from __future__ import annotations

from monitors.cli import main

if __name__ == "__main__":
    main()
