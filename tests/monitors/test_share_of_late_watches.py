from __future__ import annotations

import pytest

from monitors.sharing import AT_ONCE_S, TENTH, Share


def test_when_nothing_waits_late_watches_have_the_time() -> None:
    share = Share()
    share.after(3.0, more_wait=True)
    share.took(9.0)
    assert share.after(0.1, more_wait=False) == AT_ONCE_S


def test_while_articles_wait_they_get_a_tenth_and_pay_back_what_they_took_too_much() -> None:
    share = Share()
    assert share.after(1.0, more_wait=True) == pytest.approx(0.1)
    share.took(0.35)  # one article, of an hour-long text
    assert [share.after(1.0, more_wait=True) > 0 for _ in range(4)] == [False, False, True, True]


def test_in_the_long_run_others_wait_a_tenth_longer_whatever_an_article_takes() -> None:
    share = Share()
    others_s = late_s = 0.0
    for _ in range(1_000):
        others_s += 0.4
        if share.after(0.4, more_wait=True):
            share.took(0.5)
            late_s += 0.5
    assert late_s / others_s == pytest.approx(TENTH, rel=0.02)


def test_what_is_saved_up_has_an_end() -> None:
    share = Share()
    for _ in range(1_000):
        saved_s = share.after(5.0, more_wait=True)
    assert saved_s == 1.0
