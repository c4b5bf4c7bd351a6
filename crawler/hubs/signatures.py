"""Whether a push was signed by the hub that we gave the secret to. Pure."""

from __future__ import annotations

import hashlib
import hmac

# The methods of https://www.w3.org/TR/websub/#recognized-algorithms-for-the-signature
_METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def is_signed(body: bytes, *, secret: str, header: str | None) -> bool:
    """Whether `header` (X-Hub-Signature, `method=hex`) is the body's HMAC. Takes the same time for every wrong one."""
    method, _, signature = (header or "").strip().partition("=")
    digest = _METHODS.get(method.strip().lower())
    if digest is None:
        return False
    expected = hmac.new(secret.encode(), body, digest).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().lower().encode())
