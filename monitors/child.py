"""The start of a child role's process: `python -m monitors.child ROLE LINK_FD`."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys

from monitors import logs, settings
from monitors.errors import RasidError
from monitors.roles import IN_CHILD_PROCESS, find_roles

NICENESS = 10
_PR_SET_PDEATHSIG = 1  # prctl(2)


def main(role: str, link_fd: str) -> int:
    """Runs the role until it is told to end; its exit code."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:  # the parent died before we asked
        return 0
    os.nice(NICENESS)
    try:
        chosen = settings.load()
        logs.set_up(chosen, role)
        _, (entry,) = find_roles(frozenset([role]))
        code: int = entry.load()(chosen, socket.socket(fileno=int(link_fd)))
    except RasidError as error:
        sys.stderr.write(f"{IN_CHILD_PROCESS} {role}: {error}\n")
        return error.exit_code
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
