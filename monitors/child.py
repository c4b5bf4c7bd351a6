"""The start of a child role's process: `python -m monitors.child ROLE LINK_FD`."""

from __future__ import annotations

import os
import socket
import sys

from monitors.children import BEGIN
from monitors.errors import RasidError
from monitors.installed import find_roles
from monitors.orphans import die_with_parent

NICENESS = 10


def main(role: str, link_fd: str) -> int:
    """Imports the role, waits for the word to begin, and runs it until it is told to end; its exit code."""
    die_with_parent()
    link = socket.socket(fileno=int(link_fd))
    _, (entry,) = find_roles(frozenset([role]))
    run = entry.load()
    if not _told_to_begin(link):
        return 0
    os.nice(NICENESS)
    from monitors import logs
    from monitors.settings_file import load

    try:
        chosen = load()
        logs.set_up(chosen, role)
        code: int = run(chosen, link)
    except RasidError as error:
        sys.stderr.write(f"rasid: role {role}: {error}\n")
        return error.exit_code
    return code


def _told_to_begin(link: socket.socket) -> bool:
    """Blocks until the parent says so; False when it is gone instead."""
    heard = b""
    while len(heard) < len(BEGIN):
        piece = link.recv(len(BEGIN) - len(heard))
        if not piece:
            return False
        heard += piece
    return heard == BEGIN


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
