"""One poll of one source: ask → read → recognise → pages → articles → save.

Articles are saved as their pages come in (T1), so a slow page delays no other; what the poll learnt about the source
(validators, body hash, next due time) is written with the last of them. A crash in between polls again, and the
fingerprints know what is saved already.
"""

from __future__ import annotations

from crawler.polling.asking import hash_of
from crawler.polling.poller import Poller
from crawler.polling.reports import Counts, PollReport, Progress
from crawler.polling.retrying import PageRetries

__all__ = ["Counts", "PageRetries", "PollReport", "Poller", "Progress", "hash_of"]
