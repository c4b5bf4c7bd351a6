"""Limits of one's own: what an operator lets one person, or one group, have instead of what is usual (pure)."""

from __future__ import annotations

from enum import StrEnum

from monitors.settings import LimitSettings


class Size(StrEnum):
    """How much that is, measured by what is usual."""

    HALF = "half"
    USUAL = "usual"
    DOUBLE = "double"
    BOUNDLESS = "boundless"

    def of(self, number: int) -> int | None:
        """Of a usual number; something stays something. None: any number."""
        match self:
            case Size.HALF:
                return (number + 1) // 2
            case Size.USUAL:
                return number
            case Size.DOUBLE:
                return number * 2
            case Size.BOUNDLESS:
                return None


def sized(usual: LimitSettings, size: Size) -> LimitSettings | None:
    """All limits at that size; None for none."""
    if size is Size.BOUNDLESS:
        return None
    return usual.model_copy(update={name: size.of(number) for name, number in usual})
