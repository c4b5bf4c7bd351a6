"""The names of the fields as people type them."""

from __future__ import annotations

from monitors.query.language.slips import one_slip
from monitors.query.tree import Field

FIELDS = {
    "title": Field.TITLE,
    "عنوان": Field.TITLE,
    "text": Field.TEXT,
    "نص": Field.TEXT,
    "author": Field.AUTHOR,
    "كاتب": Field.AUTHOR,
    "tag": Field.TAG,
    "وسم": Field.TAG,
    "outlet": Field.OUTLET,
    "source": Field.OUTLET,
    "مصدر": Field.OUTLET,
    "url": Field.URL,
    "رابط": Field.URL,
    "lang": Field.LANG,
    "لغة": Field.LANG,
}

ONE_VALUE = frozenset({Field.OUTLET, Field.URL, Field.LANG})
"""Fields that take what follows up to the next blank; the others take the words side by side, as a phrase."""

_ELSEWHERE = {
    **dict.fromkeys(("intitle", "allintitle", "headline", "subject", "العنوان"), Field.TITLE),
    **dict.fromkeys(("intext", "body", "content", "النص"), Field.TEXT),
    **dict.fromkeys(("by", "inauthor", "الكاتب", "المؤلف"), Field.AUTHOR),
    **dict.fromkeys(("tags", "hashtag", "keyword", "الوسم", "هاشتاغ"), Field.TAG),
    **dict.fromkeys(("site", "domain", "publisher", "المصدر", "موقع", "الموقع"), Field.OUTLET),
    **dict.fromkeys(("inurl", "allinurl", "link", "الرابط"), Field.URL),
    **dict.fromkeys(("language", "languages", "lng", "اللغة"), Field.LANG),
}
"""What other search engines, and people, call them."""

_NOT_HERE = (
    "date daterange before after since until filetype ext related cache info from to mention country location region "
    "near sentiment reach inanchor is has type category"
)
NOT_HERE = frozenset(_NOT_HERE.split())
"""Fields of other search engines that there is nothing like here."""

_SHORTEST_MISTYPED = 4  # of shorter names too many words are near


def nearest_field(name: str) -> str | None:
    """The field that was probably meant by a name that is none; None when it is a word like any other."""
    name = name.lower()
    if name in _ELSEWHERE:
        return _ELSEWHERE[name].value
    if len(name) >= _SHORTEST_MISTYPED:
        for field in FIELDS:
            if len(field) >= _SHORTEST_MISTYPED and one_slip(name, field):
                return field
    return None
