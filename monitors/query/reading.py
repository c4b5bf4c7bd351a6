"""An article read as far as queries need it: analysed, its tokens numbered and its keys gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitors.query.needs import Needs
from monitors.query.numbering import numbering_steps
from monitors.query.occurrences import Occurrences
from monitors.query.tree import READ, Field
from monitors.text.analysis import Keys, analysis_steps
from monitors.text.steps import Steps, finish

_LONGEST_ABOUT = 10_000  # code points of a field other than title and text; no list of authors or tags is longer
_TOKENS_IN_A_GROUP = 2_500


def read(fields: Mapping[str, str], needed: Needs) -> Occurrences:
    """The article analysed, as far as title and text go and what else is needed. Its fields by `tree.Field`'s names."""
    return finish(reading_steps(fields, needed))


def reading_steps(fields: Mapping[str, str], needed: Needs) -> Steps[Occurrences]:
    """`read` in steps, for those who must not be kept from other work."""
    language = fields.get(Field.LANG) or None
    texts = {name: text for name, text in fields.items() if name in READ}
    analysed = yield from analysis_steps(texts, language=language, stemmed=needed.languages)
    for name, text in fields.items():  # one by one: what is asked of others must not change how a text is read
        if name in needed.fields:
            about = {name: text[:_LONGEST_ABOUT]}
            analysed |= yield from analysis_steps(about, language=language, stemmed=needed.languages)
    tokens, numbered = yield from numbering_steps(analysed)
    keys, groups = yield from _grouped(tokens)
    return Occurrences(analysed, tokens, numbered, keys, groups)


def _grouped(tokens: Sequence[Keys]) -> Steps[tuple[set[str], list[set[str]]]]:
    """The keys of the tokens, and the same in groups of some thousand, each in one; one group for most articles."""
    keys: set[str] = set()
    groups: list[set[str]] = []
    for start in range(0, len(tokens), _TOKENS_IN_A_GROUP):
        groups.append(set().union(*tokens[start : start + _TOKENS_IN_A_GROUP]) - keys)
        keys |= groups[-1]
        if len(tokens) > _TOKENS_IN_A_GROUP:
            yield
    return keys, groups
