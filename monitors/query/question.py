"""One query asked of many articles, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from monitors.alerts import Spans
from monitors.query.needs import needs
from monitors.query.occurrences import Occurrences
from monitors.query.plan import plan_of
from monitors.query.reading import read
from monitors.query.tree import Query


class Question:
    """Agrees with the index about every article. `fields` are texts by the names of `tree.Field`; any may lack.

    Who asks several questions of an article reads it once for all: `read(fields, one.needs | other.needs)`.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        self.plan = plan_of(query)
        self.needs = needs(self.plan)

    def meets(self, fields: Mapping[str, str]) -> bool:
        return self.met_by(read(fields, self.needs))

    def spans(self, fields: Mapping[str, str]) -> Spans | None:
        """What of the article meets the query, in code points of the fields; None when it does not meet it."""
        return self.spans_in(read(fields, self.needs))

    def met_by(self, article: Occurrences) -> bool:
        return article.meet(self.plan)

    def spans_in(self, article: Occurrences) -> Spans | None:
        return article.spans(self.plan) if article.meet(self.plan) else None
