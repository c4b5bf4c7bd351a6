from __future__ import annotations

import pytest

from crawler.documents.link_header import linked

BASE = "https://daily.example/feed"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, {}),
        ("", {}),
        ("<https://hub.example/>; rel=hub", {"hub": "https://hub.example/"}),
        ('<https://hub.example/>; rel="hub"', {"hub": "https://hub.example/"}),
        (
            '<https://hub.example/?a=1,2;b>; title="x, <y>; rel=z"; REL="Hub self", </feed>; rel=self',
            {"hub": "https://hub.example/?a=1,2;b", "self": "https://hub.example/?a=1,2;b"},
        ),
        ("</a>; rel=hub, </b>; rel=hub", {"hub": "https://daily.example/a"}),
        ("<javascript:x>; rel=hub, <>; rel=self, <https://x/>, nonsense", {}),
        ("<" * 100_000, {}),
        ("<a>;" * 50_000, {}),
        ('<a>; rel="' * 50_000, {}),
    ],
)
def test_links_are_found_by_their_relation(header: str | None, found: dict[str, str]) -> None:
    assert linked(header, BASE) == found
