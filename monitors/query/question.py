"""One query asked of many articles, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from monitors.alerts import Spans
from monitors.query.occurrences import Occurrences
from monitors.query.plan import plan_of
from monitors.query.tree import READ, Query
from monitors.text.analysis import analyse_fields


class Question:
    """Agrees with the index about every article. `fields` are texts by the names of `tree.Field`; any may lack."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.plan = plan_of(query)

    def meets(self, fields: Mapping[str, str]) -> bool:
        return self._read(fields).meet(self.plan)

    def spans(self, fields: Mapping[str, str]) -> Spans | None:
        """What of the article meets the query, in code points of the fields; None when it does not meet it."""
        article = self._read(fields)
        return article.spans(self.plan) if article.meet(self.plan) else None

    def _read(self, fields: Mapping[str, str]) -> Occurrences:
        return Occurrences(analyse_fields({name: text for name, text in fields.items() if name in READ}))
