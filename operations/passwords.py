"""Passwords: hashed with argon2id, never kept or logged as they are."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
"""Characters. Source: NIST SP 800-63B: length counts, rules of composition do not."""

_hasher = PasswordHasher()
# Each takes 64 MiB for a tenth of a second; a crowd of guesses must not exhaust the machine.
_few_at_a_time = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """Return what may be kept of a password."""
    with _few_at_a_time:
        return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Return whether a password is the one; as slow where none is kept, which tells nothing."""
    with _few_at_a_time:
        try:
            _hasher.verify(kept or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Return whether a hash is weaker than those that are made today."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("of nobody")
