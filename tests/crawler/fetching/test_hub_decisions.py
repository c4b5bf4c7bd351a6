"""What is decided about hubs, without any."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands.showing import pushes_in_words
from crawler.hubs.intent import Confirm, Denied, Leave, Refuse, judge
from crawler.hubs.leases import LONGEST_LEASE, ask_again_at, lease_until, renew_at
from crawler.hubs.signatures import is_signed
from monitors.hubs import HubState, HubSubscription
from monitors.settings import WebSettings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPIC = "https://daily.example/feed"
ASKED = HubSubscription(
    source_id=1,
    hub="https://hub.example/",
    topic=TOPIC,
    token="t",
    secret="s",
    state=HubState.WANTED,
    asked_at=NOW,
    verified_at=None,
    lease_until=None,
    next_ask_at=NOW,
    failures=0,
    error=None,
    last_push_at=None,
    first_by_push=0,
    first_by_poll=0,
)
CONFIRMED = replace(ASKED, state=HubState.ACTIVE, verified_at=NOW - timedelta(days=3))
LEAVING = replace(CONFIRMED, state=HubState.LEAVING)


def query(mode: str = "subscribe", topic: str = TOPIC, challenge: str = "c", **more: str) -> dict[str, str]:
    return {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge} | {
        f"hub.{key}": value for key, value in more.items()
    }


@pytest.mark.parametrize(
    ("asked", "subscription", "verdict"),
    [
        (query(lease_seconds="60"), ASKED, Confirm("c", 60)),
        (query(), ASKED, Confirm("c", None)),
        (query(lease_seconds="٣"), ASKED, Confirm("c", None)),
        (query(lease_seconds="-1"), ASKED, Confirm("c", None)),
        (query(lease_seconds="0"), ASKED, Confirm("c", None)),
        (query(lease_seconds="9" * 40), ASKED, Confirm("c", None)),
        (query(), replace(CONFIRMED, asked_at=NOW), Confirm("c", None)),
        (query(), replace(CONFIRMED, asked_at=NOW, verified_at=NOW), Confirm("c", None)),
        (query("unsubscribe"), LEAVING, Leave("c")),
        (query("denied", reason="no\u202e\n"), ASKED, Denied("no")),
        (query("denied"), CONFIRMED, Denied("The hub gave no reason.")),
        (query(topic="https://other.example/"), ASKED, Refuse()),
        (query("denied", topic="https://other.example/"), ASKED, Refuse()),
        (query(challenge=""), ASKED, Refuse()),
        (query(challenge="x" * 5_000), ASKED, Refuse()),
        (query("unsubscribe"), ASKED, Refuse()),
        (query("unsubscribe"), CONFIRMED, Refuse()),
        (query(), LEAVING, Refuse()),
        (query(), replace(ASKED, state=HubState.DENIED), Refuse()),
        (query(), replace(ASKED, asked_at=NOW - timedelta(days=3)), Refuse()),
        (query(), replace(CONFIRMED, asked_at=NOW - timedelta(days=3), verified_at=NOW - timedelta(hours=1)), Refuse()),
        (query("list"), ASKED, Refuse()),
        ({}, ASKED, Refuse()),
    ],
)
def test_only_what_was_asked_for_is_confirmed(
    asked: dict[str, str], subscription: HubSubscription, verdict: Confirm | Leave | Denied | Refuse
) -> None:
    assert judge(asked, subscription, now=NOW) == verdict


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_the_standard_is_checked(method: str) -> None:
    signature = hmac.new(b"secret", b"body", getattr(hashlib, method)).hexdigest()
    assert is_signed(b"body", secret="secret", header=f"{method}={signature}")
    assert is_signed(b"body", secret="secret", header=f" {method.upper()}={signature.upper()} ")
    assert not is_signed(b"body!", secret="secret", header=f"{method}={signature}")
    assert not is_signed(b"body", secret="secret!", header=f"{method}={signature}")
    assert not is_signed(b"body", secret="secret", header=f"{method}={signature[:-1]}")


@pytest.mark.parametrize(
    "header", [None, "", "sha256", "sha256=", "md5=900150983cd24fb0d6963f7d28e17f72", "=", "sha256=ü"]
)
def test_what_is_no_signature_never_passes(header: str | None) -> None:
    assert not is_signed(b"abc", secret="s", header=header)


draws = st.floats(0, 1)


@given(lease_s=st.integers(0, 10**10), draw=draws)
def test_a_lease_is_clamped_and_renewed_after_a_tenth_to_a_half_of_what_is_left(lease_s: int, draw: float) -> None:
    until = lease_until(NOW, lease_s)
    assert until <= NOW + LONGEST_LEASE
    if until - NOW > timedelta(hours=1):
        assert NOW + (until - NOW) * 0.09 <= renew_at(NOW, until, draw=draw) <= NOW + (until - NOW) * 0.51


@given(failures=st.integers(0, 10**6), left_s=st.integers(-100, 10**7), draw=draws)
def test_an_unanswered_request_is_repeated_ever_more_rarely_but_before_its_lease_ends(
    failures: int, left_s: int, draw: float
) -> None:
    until = NOW + timedelta(seconds=left_s)
    again = ask_again_at(NOW, failures, until, draw=draw)
    assert timedelta(minutes=5) <= again - NOW <= timedelta(days=1) * 1.2
    if left_s > 1_000:
        assert again < until
    assert ask_again_at(NOW, failures + 1, None, draw=draw) >= ask_again_at(NOW, failures, None, draw=draw)


@pytest.mark.parametrize(
    ("public_url", "stands"),
    [
        ("https://rasid.example/", "https://rasid.example"),
        ("https://example.org/rasid", "https://example.org/rasid"),
        ("", None),
    ],
)
def test_the_public_address_is_kept_without_its_last_slash(public_url: str, stands: str | None) -> None:
    assert WebSettings(public_url=public_url).public_url == stands


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": "rasid.example"},
        {"public_url": "https://x/?a=1"},
        {"listen": "8080"},
        {"listen": "x:y"},
        {"listen": "x:70000"},
    ],
)
def test_wrong_addresses_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be an address"):
        WebSettings(**wrong)


def test_an_address_of_ip_version_6_can_be_listened_on() -> None:
    assert WebSettings(listen="[::1]:8080").listen_address == ("::1", 8080)


@pytest.mark.parametrize(
    ("subscription", "words"),
    [
        (ASKED, "asked of https://hub.example/"),
        (replace(ASKED, error="The site answered 500."), "asked of https://hub.example/; The site answered 500."),
        (replace(CONFIRMED, first_by_push=7), "articles first shown by pushes 7, by polls 0"),
        (replace(CONFIRMED, first_by_poll=9), "by polls 9; it has never pushed anything"),
        (replace(ASKED, state=HubState.DENIED, error="no"), "denied by https://hub.example/: no"),
        (LEAVING, "from https://hub.example/, being ended"),
    ],
)
def test_an_outlet_is_shown_with_what_comes_of_its_hub(subscription: HubSubscription, words: str) -> None:
    assert words in pushes_in_words(subscription)
