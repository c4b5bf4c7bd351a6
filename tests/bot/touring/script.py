"""What the person of the tour says, and answers when they are asked."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.routing import _COMMANDS
from bot.words import buttons
from tests.bot.touring.instance import Outcome
from tests.bot.touring.scenery import CHANNEL, GROUP, NEWCOMER, OPERATOR, PERSON, STRANGE_GROUP
from tests.bot.touring.walker import Phone, Reply, carried

COMMANDS = {
    "watch": ("/watch", "/watch list", "/watch add сахар", "/watch add ((", "/watch remove", "/watch remove 1"),
    "search": ("/search", "/search порт", "/search (("),
    "crawl": ("/crawl", "/crawl Горизонт", "/crawl Никто"),
    "add": ("/add", "/add mayak.example", "/add http://a:b@c.example/"),
    "catalogue": ("/catalogue", "/catalogue Волна", "/catalogue Никто"),
    "why": ("/why", "/why https://nowhere.example/1"),
}
"""What is tried of commands that take something; of the others, the command."""


WORDS = "гречка\nрис\n((".encode()
"""One that is watched nowhere else, whatever was pressed before; one that may be; and none."""
ACCOUNT = json.dumps({"rasid": 1, "watchlists": [{"name": "Пятые", "watches": [{"query": "соль"}]}]}).encode()


FOUND_IF_WIDER = '"нефть порт"'
"""No article has it; some have both words apart."""

MISSPELLED = "нефтть"

TO_ITS_END_HERE = (buttons.LIST, buttons.TOLD, buttons.DESTINATION, buttons.END)
"""The buttons by which a list is told no more where it belongs: that is the first of its places."""

OF_OPERATORS = ("/broadcast", "/invitations", "/operate", "/status", "/users")


def commands() -> list[Reply]:
    """What is answered in groups, too."""
    everybody = sorted(_COMMANDS.keys() - {command[1:] for command in OF_OPERATORS})
    return ["/start", *(one for name in everybody for one in COMMANDS.get(name, (f"/{name}",)))]


def things_to_say(phone: Phone, shared: str) -> list[Reply]:
    """Commands, words and files; `shared` is what the link to somebody's watchlist says."""
    found = [one for name in sorted(_COMMANDS) for one in COMMANDS.get(name, (f"/{name}",))]
    words = [
        "сахар",
        "порт AND сахар",
        "мука\nрис",
        "node.example",
        "https://node.example/",
        "/nonsense",
        shared,
    ]
    ending = partial(press_in_turn, phone, "/watches", TO_ITS_END_HERE)
    files = [("слова.txt", WORDS), ("счёт.json", ACCOUNT), ("вид.bin", b"\0")]
    return ["/start", *found, *words, ending, *(partial(phone.share, name, content) for name, content in files)]


async def press_in_turn(phone: Phone, text: str, actions: Sequence[str]) -> Outcome:
    """Says the text, and presses the first button of each action on what was shown last, if there is one."""
    outcome = await phone.say(text)
    for action in actions:
        shown = outcome.changed[-1]
        data = next((data for data in carried(shown) if (read := buttons.read(data)) and read[0] == action), None)
        if data is not None:
            outcome = await phone.press(data, shown)
    return outcome


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody in a chat, and what they say there so many times, given their phone and what the link to somebody's
    watchlist says."""

    name: str
    user_id: int
    chat_id: int
    says: Callable[[Phone, str], list[Reply]]
    times: int = 1


PERSONS = Part("person", PERSON, PERSON, things_to_say, times=2)
ADMINISTRATORS = Part("administrator", PERSON, GROUP, lambda _, __: commands())
OPERATORS = Part("operator", OPERATOR, OPERATOR, lambda _, __: list(OF_OPERATORS), times=2)
NEWCOMERS = Part("newcomer", NEWCOMER, NEWCOMER, lambda _, shared: ["/start", shared, FOUND_IF_WIDER, MISSPELLED])


def answers(phone: Phone) -> dict[str, tuple[Reply, ...]]:
    pick: Callable[..., Callable[[], Awaitable[Outcome]]] = partial(partial, phone.choose)
    return {
        buttons.NEW_LIST: ("x" * 101, "Третьи"),
        buttons.NAME_LIST: ("x" * 101, "Четвёртые"),
        buttons.FIND_OUTLETS: ("никто", "Волна"),
        buttons.ZONE: ("Нигде", "Asia/Baghdad"),
        buttons.NAME_PERSON: ("никто", "8"),
        buttons.WRITE_BROADCAST: ("Привет",),
        buttons.ADD_PLACE: (
            "Нет",
            pick(STRANGE_GROUP, channel=False),
            pick(GROUP, channel=False),
            pick(CHANNEL, channel=True),
        ),
        "/why": ("ничего", "https://nowhere.example/2"),
    }
