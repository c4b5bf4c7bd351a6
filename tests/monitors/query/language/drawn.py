"""Queries of every shape, for properties that all have."""

from __future__ import annotations

from hypothesis import strategies as st

from monitors.query.tree import (
    Alias,
    AtLeast,
    Field,
    Form,
    InField,
    Near,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
    both,
    either,
    negation,
)

ODD_WORDS = [
    *("سد", "AND", "OR", "NOT", "NEAR", "ONEAR", "أو", "و", "بدون", "ليس", "وليس", "قرب", "من", "of", "not", "title"),
    *("نص", "lang", "مُحَمَّد", "Café", "ﷺ", "می\u200cخواهد", "19", "٢", "中", 'צה"ל', "l'eau", "عبدالله", "𐤀𐤁"),
]


def queries() -> st.SearchStrategy[Query]:
    """Queries as the parser makes them: nested groups opened, nothing doubly negated, no field in another."""
    plain = st.builds(Word, st.sampled_from(ODD_WORDS), st.sampled_from(Form))
    words = plain | st.builds(Word, st.sampled_from(["كهرب", "OR", "Caf", "19"]), prefix=st.just(True))
    spoken = st.lists(words, min_size=2, max_size=3).map(tuple)
    names = words | st.builds(Phrase, spoken)
    aliases = st.builds(Alias, st.lists(names, min_size=2, max_size=3).map(tuple))
    phrases = st.builds(Phrase, st.lists(words | aliases, min_size=2, max_size=3).map(tuple))
    things = words | phrases | aliases
    nears = st.builds(Near, st.lists(things, min_size=2, max_size=3).map(tuple), st.integers(1, 100), st.booleans())
    patterns = st.builds(Regex, st.sampled_from(["س.د", "a/b", "\\bC\\+\\+", '"[^"]+"', "a b", "x{2,3}|y", "\\\\/a"]))
    leaves: st.SearchStrategy[Query] = st.one_of(things, nears, patterns)
    inner = _grown(leaves, 4)
    fields = st.sampled_from([field for field in Field if field is not Field.LANG])
    languages = st.sampled_from(["ar", "en", "ckb"]).map(Word)
    limits = st.builds(InField, st.just(Field.LANG), languages | st.just(Or((Word("ar"), Word("fa")))))
    return _grown(st.one_of(leaves, st.builds(InField, fields, inner), limits), 6)


def _grown(leaves: st.SearchStrategy[Query], most: int) -> st.SearchStrategy[Query]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(both),
            st.lists(inner, min_size=2, max_size=3).map(either),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: AtLeast(min(2, len(parts)), tuple(parts))),
            inner.map(negation),
        ),
        max_leaves=most,
    )
