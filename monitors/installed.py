"""What is installed, found through entry points, so that no package imports what it must not know.

Commands: functions `register(app)` that add to the Typer app. Roles in the main process: coroutine functions
`run(context)` that share its loop. Child roles: functions `main(settings, link) -> exit code` that own a process.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from monitors.errors import UsageError

COMMANDS = "rasid.commands"
ROLES = "rasid.roles"
CHILD_ROLES = "rasid.child_roles"


def find_commands() -> list[EntryPoint]:
    return sorted(entry_points(group=COMMANDS), key=lambda entry: entry.name)


def find_roles(wanted: frozenset[str] | None = None) -> tuple[list[EntryPoint], list[EntryPoint]]:
    """The installed roles, (in the main process, in children), all or the wanted ones. Raises `UsageError`."""
    here, children = (sorted(entry_points(group=group), key=lambda entry: entry.name) for group in (ROLES, CHILD_ROLES))
    names = [entry.name for entry in here + children]
    if wanted is None:
        return here, children
    for name in sorted(wanted):
        if name not in names:
            raise UsageError(f"There is no role “{name}”.", hint=f"The roles are: {', '.join(sorted(names))}.")
    return [entry for entry in here if entry.name in wanted], [entry for entry in children if entry.name in wanted]
