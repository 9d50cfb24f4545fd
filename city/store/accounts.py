"""Accounts and the keys that stand for them; an account may work for several municipalities."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from city.account import Account, Key, KeyKind, Role
from city.errors import NotFound
from city.store.database import Store
from city.store.rows import insert_new, upsert
from city.store.tables import access_key, account, duty


def put(store: Store, noun: Account) -> None:
    """Keep an account, replacing what was known of it in every municipality."""
    row = {
        "id": noun.id,
        "name": noun.name,
        "password_hash": noun.password_hash,
        "is_enabled": noun.is_enabled,
    }
    duties = [
        {"municipality_id": place, "account_id": noun.id, "role": role.value}
        for place, role in sorted(noun.duties)
    ]
    with store.engine.begin() as connection:
        upsert(connection, account, [row])
        connection.execute(sa.delete(duty).where(duty.c.account_id == noun.id))
        insert_new(connection, duty, duties)


def find(store: Store, name: str) -> Account | None:
    """Return the account of a name, or None where there is none."""
    return _one(store, account.c.name == name)


def get(store: Store, name: str) -> Account:
    """Return the account of a name that works for this store's municipality.

    Raises
    ------
    NotFound
        There is none, or it works for others only.
    """
    found = find(store, name)
    if found is None or store.municipality_id not in found.municipality_ids:
        raise NotFound(f"No account '{name}' works for '{store.municipality_id}'.")
    return found


def every(store: Store) -> tuple[Account, ...]:
    """Return the accounts that work for this store's municipality, by name."""
    mine = sa.select(duty.c.account_id).where(duty.c.municipality_id == store.municipality_id)
    return _several(store, account.c.id.in_(mine))


def add_key(store: Store, noun: Key) -> None:
    """Keep a key."""
    row = vars(noun) | {"kind": noun.kind.value, "role": noun.role and noun.role.value}
    with store.engine.begin() as connection:
        insert_new(connection, access_key, [row])


def of_key(
    store: Store, digest: str, kinds: Collection[KeyKind], now: datetime
) -> tuple[Key, Account] | None:
    """Return a key that holds now and whose account is enabled, or None."""
    query = sa.select(access_key).where(
        access_key.c.digest == digest,
        access_key.c.kind.in_([kind.value for kind in kinds]),
        access_key.c.expires_at.is_(None) | (access_key.c.expires_at > now),
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    owner = _one(store, account.c.id == row.account_id)
    return (_key(row), owner) if owner and owner.is_enabled else None


def keys(store: Store, account_id: str, kind: KeyKind) -> tuple[Key, ...]:
    """Return the keys of one kind that an account has here, oldest first."""
    query = (
        sa.select(access_key)
        .where(
            access_key.c.municipality_id == store.municipality_id,
            access_key.c.account_id == account_id,
            access_key.c.kind == kind.value,
        )
        .order_by(access_key.c.made_at, access_key.c.digest)
    )
    with store.engine.connect() as connection:
        return tuple(_key(row) for row in connection.execute(query))


def change_key(store: Store, digest: str, **values: Any) -> None:
    """Change when a key expires, or the municipality that is seen with it."""
    with store.engine.begin() as connection:
        connection.execute(
            sa.update(access_key).where(access_key.c.digest == digest).values(**values)
        )


def take_key(store: Store, digest: str) -> bool:
    """Remove a key, and return whether it was there: of two that ask at once, one is told so."""
    return _remove(store, access_key.c.digest == digest) == 1


def remove_keys(store: Store, account_id: str, kinds: Collection[KeyKind]) -> int:
    """Remove the keys of some kinds that an account has, wherever they hold."""
    kind = access_key.c.kind.in_([kind.value for kind in kinds])
    return _remove(store, access_key.c.account_id == account_id, kind)


def remove_expired(store: Store, now: datetime) -> int:
    """Remove the keys that hold no longer."""
    return _remove(store, access_key.c.expires_at <= now)


def _remove(store: Store, *where: sa.ColumnElement[bool]) -> int:
    with store.engine.begin() as connection:
        return connection.execute(sa.delete(access_key).where(*where)).rowcount


def _one(store: Store, where: sa.ColumnElement[bool]) -> Account | None:
    return next(iter(_several(store, where)), None)


def _several(store: Store, where: sa.ColumnElement[bool]) -> tuple[Account, ...]:
    query = (
        sa.select(account, duty.c.municipality_id, duty.c.role)
        .join(duty, duty.c.account_id == account.c.id, isouter=True)
        .where(where)
        .order_by(account.c.name)
    )
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
    duties: dict[str, set[tuple[str, Role]]] = {}
    for row in rows:
        found = duties.setdefault(row.id, set())
        if row.role is not None:
            found.add((row.municipality_id, Role(row.role)))
    return tuple(
        Account(row.id, row.name, row.password_hash, row.is_enabled, frozenset(duties[row.id]))
        for row in {row.id: row for row in rows}.values()
    )


def _key(row: sa.Row[Any]) -> Key:
    return Key(
        digest=row.digest,
        kind=KeyKind(row.kind),
        account_id=row.account_id,
        municipality_id=row.municipality_id,
        made_at=row.made_at,
        expires_at=row.expires_at,
        role=row.role and Role(row.role),
        label=row.label,
    )
