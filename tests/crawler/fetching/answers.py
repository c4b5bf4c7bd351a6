"""What tests of the client share."""

from __future__ import annotations

from typing import Any

from crawler.web.answers import Fetched, FetchFailed, NotModified
from tests.fakes.outlet import Outlet

COLONLESS = (
    b"HTTP/1.1 200 OK\r\nServer: old\r\nthis line has no colon\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews"
)


def fetched(answer: Fetched | NotModified | FetchFailed) -> Fetched:
    assert isinstance(answer, Fetched), answer
    return answer


def failed(answer: Fetched | NotModified | FetchFailed) -> FetchFailed:
    assert isinstance(answer, FetchFailed), answer
    return answer


def an_outlet(**values: Any) -> Outlet:
    outlet = Outlet(**values)
    outlet.publish("افتتاح المعرض السنوي")
    return outlet
