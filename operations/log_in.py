"""Verbs: log in and out, and find who it is that asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from city.account import Account, Key, KeyKind, Role, Visitor
from city.errors import BadInput, Fault, NotFound
from city.store import Store, accounts
from operations.accounts import DEMO_NAME, digest, make_key
from operations.passwords import fits, hashed, is_outdated

GUESSES = RateLimitItemPerMinute(10, 15)
RENEWED_AFTER = 0.1
"""Of a session's span: so that most requests write nothing."""


class Door:
    """Where people log in; it counts wrong guesses a name, so that they stay few."""

    def __init__(self) -> None:
        self._guesses = MovingWindowRateLimiter(MemoryStorage())

    def log_in(self, store: Store, name: str, password: str) -> Account:
        """Return the account that a name and a password belong to.

        Raises
        ------
        BadInput
            They are not somebody's, or there were too many guesses.
        """
        plain = name.strip().lower()[:200]
        if not self._guesses.test(GUESSES, plain):
            cause = "There were too many wrong passwords for this name."
            remedy = "Wait a quarter of an hour."
            raise BadInput(Fault("too-many-guesses", "log-in", cause, remedy, "password"))
        account = accounts.find(store, plain)
        kept = account.password_hash if account else None
        if not fits(password, kept) or account is None or not _is_welcome(account):
            self._guesses.hit(GUESSES, plain)
            cause = "This name and this password do not belong together."
            raise BadInput(Fault("log-in", "log-in", cause, "Try again.", "password"))
        if is_outdated(account.password_hash or ""):
            accounts.put(store, replace(account, password_hash=hashed(password)))
        return account


def known_by(store: Store, name: str | None) -> Account:
    """Return the account that an identity provider's name belongs to.

    Raises
    ------
    BadInput
        Nobody with this name has an account that may log in.
    """
    account = accounts.find(store, name) if name else None
    if account is None or not _is_welcome(account):
        cause = "The organisation knows you, but there is no account of yours here."
        remedy = "Ask an administrator for an account with your e-mail address as its name."
        raise BadInput(Fault("log-in-unknown", "log-in", cause, remedy, "sign_on"))
    return account


def begin_session(
    store: Store, account: Account, lasts: timedelta, role: Role | None = None
) -> str:
    """Return the secret of a new session, for this municipality or else the first of theirs."""
    accounts.remove_expired(store, datetime.now(UTC))
    mine = account.municipality_ids
    here = store.municipality_id if store.municipality_id in mine else mine[0]
    return make_key(Store(store.engine, here), account, KeyKind.SESSION, lasts, role)


def end_session(store: Store, secret: str) -> None:
    """End a session, wherever its secret may still lie."""
    accounts.take_key(store, digest(secret))


def turn_to(store: Store, secret: str, visitor: Visitor, municipality_id: str) -> None:
    """Let a session show another of somebody's municipalities.

    Raises
    ------
    NotFound
        It is none of theirs.
    """
    if municipality_id not in visitor.municipality_ids:
        raise NotFound(f"There is no municipality '{municipality_id}'.")
    accounts.change_key(store, digest(secret), municipality_id=municipality_id)


def who_asks(store: Store, secret: str, kind: KeyKind, lasts: timedelta) -> Visitor | None:
    """Return who a session or a token stands for, or None; a session that is used lives on."""
    now = datetime.now(UTC)
    found = accounts.of_key(store, digest(secret), {kind}, now)
    if found is None:
        return None
    key, account = found
    if (
        kind is KeyKind.SESSION
        and key.expires_at
        and key.expires_at < now + lasts * (1 - RENEWED_AFTER)
    ):
        accounts.change_key(store, key.digest, expires_at=now + lasts)
    return _visitor(key, account)


def demo_visitor(store: Store, account: Account) -> Visitor:
    """Return who looks on in demo mode without having chosen a desk: a planner."""
    roles = frozenset({Role.PLANNER})
    return Visitor(account.id, DEMO_NAME, store.municipality_id, roles, (store.municipality_id,))


def _visitor(key: Key, account: Account) -> Visitor | None:
    roles = account.roles(key.municipality_id)
    if key.role is not None:
        roles = frozenset({key.role}) if {key.role, Role.ADMIN} & roles else frozenset()
    if not roles:
        return None
    return Visitor(account.id, account.name, key.municipality_id, roles, account.municipality_ids)


def _is_welcome(account: Account) -> bool:
    return account.is_enabled and bool(account.duties)
