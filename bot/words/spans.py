"""Lengths of time, as people say them (pure)."""

from __future__ import annotations

from bot.words.language import Voice


def span_words(seconds: float, speech: Voice) -> str:
    """ "45 seconds", "12 minutes", "3 hours", "4 days"."""
    if seconds < 90:
        number = round(seconds)
        return _filled(speech.count("{n} second", "{n} seconds", number), number)
    if seconds < 90 * 60:
        number = round(seconds / 60)
        return _filled(speech.count("{n} minute", "{n} minutes", number), number)
    if seconds < 36 * 3600:
        number = round(seconds / 3600)
        return _filled(speech.count("{n} hour", "{n} hours", number), number)
    number = round(seconds / 86_400)
    return _filled(speech.count("{n} day", "{n} days", number), number)


def _filled(form: str, number: int) -> str:
    return form.replace("{n}", str(number))
