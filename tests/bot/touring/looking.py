"""What is wrong with what people see: words of another language than theirs, and labels that are cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.telegram_messages import SentMessage

MAX_LABEL = 20


@dataclass(frozen=True, slots=True)
class Eye:
    """`strays` gives what of a text is in a wrong language; `ours` what of it is the bot's own, not somebody else's."""

    strays: Callable[[str], list[str]]
    ours: Callable[[str], str]

    def __call__(self, shown: SentMessage | str) -> list[str]:
        if isinstance(shown, str):
            return self._strays(shown)
        labels = _labels_of(shown)
        hint = [shown.markup["input_field_placeholder"]] if shown.markup.get("force_reply") else []
        visible = [shown.text, *labels, *(key["text"] for key in shown.keys), *hint]
        long = [f"long label {label!r}" for label in labels if len(self.ours(label)) > MAX_LABEL]
        return [*(stray for text in visible for stray in self._strays(text)), *long]

    def _strays(self, text: str) -> list[str]:
        return [f"stray {stray}" for stray in self.strays(text)]


def _labels_of(message: SentMessage) -> list[str]:
    """The words on its buttons, but for cities: of some Unicode's tables have no name in every language."""
    every = (button for row in message.buttons for button in row)
    return [button["text"] for button in every if not button.get("callback_data", "").startswith("v1:zone:")]
