"""Verbs: add people, change what they do, and give them links and tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from city.account import Account, Key, KeyKind, Role
from city.errors import BadInput, Fault
from city.store import Store, accounts, municipalities
from operations.passwords import LONGEST, SHORTEST, hashed

LINK_LASTS = timedelta(days=2)
DEMO_NAME = "demo"
DESK_ROLES = (Role.PLANNER, Role.DRIVER, Role.ANALYST)


def add_account(store: Store, name: str, roles: Collection[Role]) -> Account:
    """Let somebody work for this municipality; roles are added to those they had.

    Raises
    ------
    BadInput
        The name cannot be one.
    NotFound
        The municipality is not set up.
    """
    municipalities.get(store)
    plain = name.strip().lower()
    if not plain or len(plain) > 200 or any(c.isspace() or not c.isprintable() for c in plain):
        cause, remedy = "This cannot be a name to log in with.", "Give an e-mail address."
        raise BadInput(Fault("account-name", "users", cause, remedy, "name", name[:100]))
    known = accounts.find(store, plain) or Account(secrets.token_hex(8), plain)
    duties = {(store.municipality_id, role) for role in roles}
    changed = replace(known, is_enabled=True, duties=known.duties | duties)
    accounts.put(store, changed)
    return changed


def remove_account(store: Store, name: str) -> None:
    """Let somebody work for this municipality no longer; what they are logged in with ends.

    Raises
    ------
    NotFound
        They do not.
    """
    known = accounts.get(store, name)
    left = frozenset(duty for duty in known.duties if duty[0] != store.municipality_id)
    accounts.put(store, replace(known, duties=left))
    accounts.remove_keys(store, known.id, KeyKind)


def one_time_link(store: Store, name: str) -> str:
    """Return the path at which somebody chooses a password, once; an earlier one ends.

    Raises
    ------
    NotFound
        Nobody of this name works for this municipality.
    """
    known = accounts.get(store, name)
    accounts.remove_keys(store, known.id, {KeyKind.LINK})
    return f"/welcome/{make_key(store, known, KeyKind.LINK, LINK_LASTS)}"


def first_admin_link(store: Store) -> str | None:
    """Return a one-time path for the first administrator while nobody can administer."""
    if any(
        Role.ADMIN in account.roles(store.municipality_id) and account.password_hash
        for account in accounts.every(store)
    ):
        return None
    return one_time_link(store, add_account(store, "admin", {Role.ADMIN}).name)


def name_of_link(store: Store, secret: str) -> str | None:
    """Return whose one-time link this is, or None where it is over."""
    found = accounts.of_key(store, digest(secret), {KeyKind.LINK}, datetime.now(UTC))
    return found[1].name if found else None


def choose_password(store: Store, secret: str, password: str) -> Account:
    """Set the password of the account that a one-time link stands for, and use the link up.

    Raises
    ------
    BadInput
        The password is too short, or the link was used or is too old.
    """
    found = accounts.of_key(store, digest(secret), {KeyKind.LINK}, datetime.now(UTC))
    if found is None:
        cause = "This link was used already, or is too old."
        raise BadInput(Fault("link-over", "welcome", cause, "Ask an administrator for another."))
    if not SHORTEST <= len(password) <= LONGEST:
        cause = f"A password has {SHORTEST} to {LONGEST} characters."
        remedy = "Three or four words that nobody links with you do well."
        raise BadInput(Fault("password-length", "welcome", cause, remedy, "password"))
    kept = hashed(password)
    _, account = found
    if not accounts.take_key(store, digest(secret)):
        return choose_password(store, secret, password)
    changed = replace(account, password_hash=kept)
    accounts.put(store, changed)
    accounts.remove_keys(store, account.id, {KeyKind.SESSION})
    return changed


def make_token(
    store: Store, name: str, label: str, role: Role | None, lasts: timedelta | None
) -> str:
    """Return a token for programs, which is told this once; it gives one role, or all.

    Raises
    ------
    NotFound
        Nobody of this name works for this municipality.
    BadInput
        The role is not theirs.
    """
    known = accounts.get(store, name)
    mine = known.roles(store.municipality_id)
    if role is not None and not {role, Role.ADMIN} & mine:
        remedy = f"Give one of theirs: {', '.join(sorted(mine))}."
        raise BadInput(Fault("role", "users", "They do not have this role.", remedy, "role", role))
    return make_key(store, known, KeyKind.TOKEN, lasts, role, label[:200])


def end_tokens(store: Store, name: str, label: str) -> int:
    """End somebody's tokens of a label, and return how many those were."""
    known = accounts.get(store, name)
    ended = [k for k in accounts.keys(store, known.id, KeyKind.TOKEN) if k.label == label]
    return sum(accounts.take_key(store, key.digest) for key in ended)


def open_demo(store: Store, *, is_demo: bool) -> Account | None:
    """Return the account that everybody has in demo mode; outside of it, it is shut.

    Raises
    ------
    BadInput
        The municipality is a real one.
    """
    if is_demo and municipalities.get(store).stopped_at is None:
        cause = "Demo mode lets everybody in, and this municipality is no demonstration."
        remedy = "Run 'stadsronde demo', or set STADSRONDE_DEMO to no."
        raise BadInput(Fault("demo-mode", "settings", cause, remedy, "demo", store.municipality_id))
    known = accounts.find(store, DEMO_NAME)
    if known and not is_demo:
        accounts.put(store, replace(known, is_enabled=False))
        accounts.remove_keys(store, known.id, KeyKind)
    return add_account(store, DEMO_NAME, DESK_ROLES) if is_demo else None


def make_key(
    store: Store,
    account: Account,
    kind: KeyKind,
    lasts: timedelta | None,
    role: Role | None = None,
    label: str = "",
) -> str:
    """Keep a new key of an account for this municipality, and return its secret."""
    secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
    expires_at = now + lasts if lasts else None
    accounts.add_key(
        store,
        Key(digest(secret), kind, account.id, store.municipality_id, now, expires_at, role, label),
    )
    return secret


def digest(secret: str) -> str:
    """Return what is kept of a secret; it is random, so a plain hash cannot be turned round."""
    return hashlib.sha256(secret.encode()).hexdigest()
