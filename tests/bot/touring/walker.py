"""Somebody who presses every button of every screen there is, and answers every question.

A screen is known by the actions of its buttons; of buttons that differ by numbers only, one is pressed. A button that
gave nothing but a notice is tried thrice, under other messages: it may stand in an old one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

from bot.words import buttons
from bot.words.language import voice
from tests.bot.touring.instance import Outcome
from tests.fakes.telegram_messages import SentMessage

TRIES = 3
MOST_STEPS = 2_000
MOST_HOPS = 6

_ENDING = frozenset(
    [
        *(buttons.REMOVE, buttons.DELETE_LIST, buttons.END, buttons.NO_PLACE, buttons.UNSHARE, buttons.LEAVE),
        *(buttons.BLOCK, buttons.FORGET, buttons.REVOKE, buttons.PAUSE, buttons.DECLINE),
        buttons.SET_ACCESS,
        *(buttons.SUBSCRIBE, buttons.COPY, buttons.RESTORE),
    ]
)
_FIRST = frozenset(
    [
        *(buttons.HAVE_LIST_BACK, buttons.HAVE_BACK, buttons.TELL_HERE, buttons.COPY_TAKEN),
        *(buttons.RESUME, buttons.TAKEN),
    ]
)
"""What is there for a moment only."""
_LAST = frozenset({buttons.DELETE_ALL})
"""After it there is nothing more to see."""
_GOES_ON = frozenset({buttons.FOLLOW})
"""Their screens become others by themselves."""
_NAMED = frozenset(
    {buttons.ZONE, buttons.COUNTRY, buttons.TAKE, buttons.TOPIC, buttons.SUBSCRIBE, buttons.COPY, buttons.SPEAK}
    | {buttons.OF_ENTRY}
)
"""What these carry is one of many names, or by chance: any of them stands for all."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A button, as one of its sort."""

    screen: frozenset[str]
    action: str
    shape: str

    def __str__(self) -> str:
        return f"{self.action}:{self.shape} of {' '.join(sorted(self.screen))}"


@dataclass(frozen=True, slots=True)
class Step:
    kind: Kind
    message: SentMessage
    data: str


class Phone(Protocol):
    """What the walker acts with: our instance in the same process, or a service behind a server."""

    @property
    def messages(self) -> Sequence[SentMessage]:
        """All that the bot has sent to this person's chat, in order, as it is now."""
        ...

    async def say(self, text: str) -> Outcome: ...

    async def press(self, data: str, message: SentMessage) -> Outcome: ...

    async def choose(self, chosen: int, *, channel: bool) -> Outcome:
        """Answers with one of one's groups or channels."""
        ...

    async def share(self, name: str, content: bytes) -> Outcome:
        """Sends a file."""
        ...


ANYTHING = ("((", "порт AND", "нефть")
"""What is answered where nothing in particular is: what cannot be read, what can almost, and a word."""

Reply = str | Callable[[], Awaitable[Outcome]]
"""What is answered to a question: words, or something that is done."""


@dataclass(slots=True)
class Record:
    """What was seen and done, by one or by several who share it: what was `tried` often enough is left alone."""

    tried: Counter[Kind] = field(default_factory=Counter)
    seen: dict[Kind, str] = field(default_factory=dict)
    leads: defaultdict[Kind, set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))

    @property
    def left(self) -> list[Kind]:
        """Buttons that were seen and could not be pressed before they went, nor their like anywhere."""
        pressed = {(kind.action, kind.shape) for kind in self.tried}
        return [one for one in self.seen if (one.action, one.shape) not in pressed and one.action not in _LAST]


@dataclass(slots=True)
class Walker:
    """`answers` are those to what a button asks, by its action; `behind` happens after each step, and gives what came
    of it; `look` is shown each message and notice, and says what is wrong with it."""

    phone: Phone
    language: str
    answers: Mapping[str, Sequence[Reply]]
    look: Callable[[SentMessage | str], list[str]]
    behind: Callable[[], Awaitable[Sequence[SentMessage]]]
    record: Record
    problems: list[str] = field(default_factory=list)
    _answered: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    async def walk(self, to_say: Sequence[Reply], times: int) -> None:
        """Says all, and after each presses every button until there is nothing new; then again, for what had gone."""
        for _ in range(times):
            for one in to_say:
                await self.say(one)
                await self.press_all()
            await self.go_back_for_the_rest()
            await self.press_all()  # what was met on the way

    async def leave(self) -> None:
        """The last thing to do."""
        await self.say("/deleteme")
        step = self._next(lambda kind: kind.action in _LAST)
        if step is not None:
            await self.press(step)

    async def say(self, what: Reply) -> None:
        said = what if isinstance(what, str) else "a file"
        changed = await self._reply(what)
        if not changed:
            self.problems.append(f"no answer to {said!r}")
        await self._see(changed, said)

    async def press_all(self) -> None:
        while (step := self._next(self._is_new)) is not None:
            await self.press(step)

    async def go_back_for_the_rest(self) -> None:
        """To buttons the like of which was pressed nowhere, and whose screens have gone: by buttons that led there."""
        for kind in self.record.left:
            for _ in range(MOST_HOPS):
                ways = self._ways_to(kind.screen) if kind in self.record.left else frozenset[Kind]()
                step = self._next(ways.__contains__)
                if step is None:
                    break
                await self.press(step)
                if (found := self._next(lambda one, wanted=kind: one == wanted)) is not None:  # type: ignore[misc]
                    await self.press(found)

    async def press(self, step: Step) -> None:
        self.steps += 1
        assert self.steps < MOST_STEPS, f"walks in circles, before {step.kind}"
        kind, before = step.kind, step.message.edits
        tries = self.record.tried[kind]
        self.record.tried[kind] = TRIES  # nobody else tries it meanwhile
        outcome = await self.phone.press(step.data, step.message)
        changed = [*outcome.changed, *await self.behind()]
        if outcome.notice is None:
            self.problems.append(f"no answer to {kind}")
        if not changed and outcome.notice:
            self.record.tried[kind] = tries + 1
        elif not changed:
            self.problems.append(f"nothing comes of {kind}")
        if step.message.edits > before and not step.message.buttons and kind.action not in _GOES_ON | _LAST:
            self.problems.append(f"no way on from {step.message.text[:60]!r}, after {kind}")
        if kind.action == buttons.SPEAK:
            await self._speak_again(step.message)
            return
        if outcome.notice:
            self._complain(outcome.notice, str(kind))
        await self._see(changed, str(kind), kind)

    async def _speak_again(self, message: SentMessage) -> None:
        """Another language is spoken for a moment."""
        if f":{self.language}" in str(list(carried(message))):
            back = next(one for one in carried(message) if one.startswith(f"v1:{buttons.SPEAK}:{self.language}"))
            await self.phone.press(back, message)
        else:
            self.problems.append(f"no way back to {self.language} from {message.text[:60]!r}")

    async def _see(self, changed: Sequence[SentMessage], why: str, kind: Kind | None = None) -> None:
        for message in changed:
            self._complain(message, why)
            screen = screen_of(message)
            if kind is not None and screen:
                self.record.leads[kind].add(screen)
            for data in carried(message):
                self.record.seen.setdefault(_kind(screen, data), data)
        question = next((one for one in changed if _asks(one)), None)
        if question is not None:
            await self._answer(kind.action if kind is not None else why)

    async def _answer(self, asked: str) -> None:
        """Answers what a button asked, each time another way; the button is not done with before all were tried."""
        replies = self.answers.get(asked, ANYTHING)
        reply = replies[self._answered[asked] % len(replies)]
        self._answered[asked] += 1
        if self._answered[asked] < len(replies):
            for kind in [kind for kind in self.record.tried if kind.action == asked]:
                self.record.tried[kind] = 0
        changed = await self._reply(reply)
        if not changed:
            self.problems.append(f"no answer to {reply!r}, asked by {asked}")
        await self._see(changed, f"{reply!r} to {asked}")

    async def _reply(self, what: Reply) -> list[SentMessage]:
        outcome = await (self.phone.say(what) if isinstance(what, str) else what())
        return [*outcome.changed, *await self.behind()]

    def _complain(self, shown: SentMessage | str, why: str) -> None:
        text = shown if isinstance(shown, str) else shown.text
        self.problems += [f"{wrong} in {text[:80]!r}, after {why}" for wrong in self.look(shown)]

    def _is_new(self, kind: Kind) -> bool:
        return self.record.tried[kind] < TRIES and kind.action not in _LAST

    def _next(self, wanted: Callable[[Kind], bool]) -> Step | None:
        """The newest button of what is wanted; those that end something after all others."""
        best: tuple[int, Step] | None = None
        for message in reversed(self.phone.messages):
            screen = screen_of(message)
            for data in carried(message, mirrored=voice(self.language).right_to_left):
                kind = _kind(screen, data)
                rank = -1 if kind.action in _FIRST else int(kind.action in _ENDING)
                if wanted(kind) and (best is None or rank < best[0]):
                    best = (rank, Step(kind, message, data))
                    if rank < 0:
                        return best[1]
        return best[1] if best is not None else None

    def _ways_to(self, screen: frozenset[str]) -> Set[Kind]:
        """The buttons that lead to the screen from where one is now, by the shortest way: its first steps."""
        here = {screen_of(message) for message in self.phone.messages}
        ahead, queue = {screen}, deque([screen])
        while queue:
            there = queue.popleft()
            leading = {kind for kind, screens in self.record.leads.items() if there in screens}
            if found := {kind for kind in leading if kind.screen in here}:
                return found
            for kind in leading:
                if kind.screen not in ahead:
                    ahead.add(kind.screen)
                    queue.append(kind.screen)
        return set()


def actions() -> set[str]:
    """All that buttons may do."""
    values = (value for name, value in vars(buttons).items() if name.isupper() and isinstance(value, str))
    return set(values) - {buttons.VERSION, buttons.APART}


def screen_of(message: SentMessage) -> frozenset[str]:
    return frozenset(read[0] for data in carried(message) if (read := buttons.read(data)) is not None)


def _kind(screen: frozenset[str], data: str) -> Kind:
    action, argument = buttons.read(data) or ("", "")
    return Kind(screen, action, "*" if action in _NAMED else re.sub(r"-?\d+", "#", argument))


def carried(message: SentMessage, *, mirrored: bool = False) -> Iterator[str]:
    """What its buttons carry, in reading order: rows are `mirrored` for readers from the right."""
    rows = (reversed(row) if mirrored else row for row in message.buttons)
    return (button["callback_data"] for row in rows for button in row if "callback_data" in button)


def _asks(message: SentMessage) -> bool:
    return bool(message.markup.get("force_reply") or message.markup.get("keyboard"))
