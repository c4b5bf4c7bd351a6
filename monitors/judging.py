"""Judging: what each chat is told about a story – now, later, in a digest, or not at all – and why.

For now every matched chat is told at once. Quiet hours, limits, mutes and digests are decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitors.alerts import Judgement, Match, Verdict


def judge(matches: Iterable[Match], owners: Mapping[int, int]) -> list[Judgement]:
    """One judgement per chat that a match concerns, by chat id.

    `owners` is watch id → chat id; a match of a watch nobody owns any more concerns nobody.
    """
    chats = sorted({owners[match.watch_id] for match in matches if match.watch_id in owners})
    return [Judgement(chat_id, Verdict.NOW, "the chat takes its alerts at once") for chat_id in chats]
