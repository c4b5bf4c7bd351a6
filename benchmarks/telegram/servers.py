"""Bot API servers that fail to order: our fake in a process of its own, or a strict one with a control address.

Both know the faults of tests/fakes/telegram_faults.py by their names; `SLOW_DOWN` is a 429 besides.
"""

from __future__ import annotations

import subprocess
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from benchmarks.telegram.fates import Told
from tests.fakes.telegram import TOKEN as FAKE_TOKEN

SLOW_DOWN = "slow_down"
_TOO_MANY = "Too Many Requests"


class Server(ABC):
    """A Bot API at `url`, and who controls it."""

    def __init__(self, url: str, control: str, token: str) -> None:
        self.url = url
        self.token = token
        self._control = httpx.Client(base_url=control, timeout=90, trust_env=False)

    @abstractmethod
    def open_groups(self, chat_ids: Sequence[int]) -> None:
        """The bot is a member of these groups; private chats need nothing."""

    @abstractmethod
    def fail(self, method: str, how: str, times: int = -1) -> None:
        """The next calls (-1: all) of the method, which may end in a star, fail this way."""

    @abstractmethod
    def heal(self) -> None: ...

    @abstractmethod
    def struck(self) -> Counter[str]:
        """How often each fault has."""

    @abstractmethod
    def sent(self) -> list[Told]:
        """What was accepted, in order, as it reads now."""

    @abstractmethod
    def floods(self) -> int:
        """How often the bot was too fast, faults aside."""

    def _post(self, path: str, body: Any) -> Any:
        return self._control.post(path, json=body).raise_for_status().json()

    def _get(self, path: str) -> Any:
        return self._control.get(path).raise_for_status().json()


class _Fake(Server):
    def __init__(self, url: str) -> None:
        super().__init__(url, f"{url}/control", FAKE_TOKEN)

    def open_groups(self, chat_ids: Sequence[int]) -> None:
        """It knows all groups."""

    def fail(self, method: str, how: str, times: int = -1) -> None:
        refusal = {"code": 429, "description": f"{_TOO_MANY}: retry after 1", "retry_after": 1}
        fault = {"how": "refuse", **refusal} if how == SLOW_DOWN else {"how": how}
        self._post("fail", {"method": method, "times": times, **fault})

    def heal(self) -> None:
        self._post("heal", {})

    def struck(self) -> Counter[str]:
        return Counter({SLOW_DOWN if how == "refuse" else how: times for how, times in self._get("struck").items()})

    def sent(self) -> list[Told]:
        return [Told(one["chat_id"], one["text"]) for one in self._get("sent")]

    def floods(self) -> int:
        return sum(_TOO_MANY in description for _, description in self._get("refused"))


_STRICT: dict[str, dict[str, Any]] = {
    "hang_before": {"action": "hang_before"},
    "hang_after": {"action": "hang_after"},
    "reset_before": {"action": "reset_before"},
    "reset_after": {"action": "reset_after"},
    "bad_gateway": {"action": "http_error", "status": 502},
    "bad_gateway_after": {"action": "http_error_after", "status": 502},
    "garbage_after": {"action": "malformed_json"},
    SLOW_DOWN: {"action": "retry_after", "retry_after": 1},
}


class _Strict(Server):
    def __init__(self, url: str, control: str, token: str) -> None:
        super().__init__(url, control, token)
        self._struck: Counter[str] = Counter()

    def open_groups(self, chat_ids: Sequence[int]) -> None:
        for chat_id in chat_ids:
            group = {"id": chat_id, "type": "supergroup", "title": "G", "bot_status": "administrator"}
            self._post("chat", {**group, "announce": False})

    def fail(self, method: str, how: str, times: int = -1) -> None:
        self._post("faults", {"method": method, "count": times, **_STRICT[how]})

    def heal(self) -> None:
        self._struck = self.struck()
        self._control.delete("faults").raise_for_status()

    def struck(self) -> Counter[str]:
        now = Counter(dict.fromkeys(_STRICT, 0))
        for fault in self._get("faults")["result"]:
            now[next(how for how, rule in _STRICT.items() if rule["action"] == fault["action"])] += fault["hits"]
        return self._struck + now

    def sent(self) -> list[Told]:
        edits = self._get("events?kinds=edit&limit=1000000")["result"]
        changed = {(one["chat_id"], one["message_id"]): one["text"] for one in edits}
        sent = self._get("sent?limit=1000000")["result"]
        texts = [changed.get((one["chat_id"], one["message_id"]), one["text"]) for one in sent]
        return [Told(one["chat_id"], text or "") for one, text in zip(sent, texts, strict=True)]

    def floods(self) -> int:
        return int(self._get("stats")["flood"]["provoked_429"])


@contextmanager
def server(url: str | None = None, control: str | None = None, token: str | None = None) -> Iterator[Server]:
    """The strict server at these addresses; our fake without them. Raises `SystemExit` when only some are given."""
    if url is not None and control is not None and token is not None:
        yield _Strict(url, control, token)
        return
    if (url, control, token) != (None, None, None):
        raise SystemExit("A strict server is --telegram, --control and --token; without all of them our fake answers.")
    process = subprocess.Popen([sys.executable, "-m", "tests.fakes.telegram"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield _Fake(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait()
