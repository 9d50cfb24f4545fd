"""The journal of drivers' taps: only ever added to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import batched
from typing import Any

import sqlalchemy as sa

from city.errors import NotFound
from city.store.database import Store
from city.store.rows import CHUNK, insert_new
from city.store.tables import tap
from city.tap import Remark, StopException, Tap, TapKind


def add(store: Store, nouns: Iterable[Tap]) -> int:
    """Add the taps that are not there yet, and return how many that were."""
    rows = [
        {
            "municipality_id": store.municipality_id,
            **{field: getattr(noun, field) for field in _FIELDS},
            "kind": noun.kind.value,
            "exception": noun.exception and noun.exception.value,
            "remark": noun.remark and noun.remark.value,
        }
        for noun in nouns
    ]
    with store.engine.begin() as connection:
        return insert_new(connection, tap, rows)


def of_day(store: Store, day: date, vehicle_id: str | None = None) -> tuple[Tap, ...]:
    """Return the taps of a day's plan, of one truck or of all, oldest first."""
    query = _mine(store).where(tap.c.day == day).order_by(tap.c.at, tap.c.key)
    if vehicle_id is not None:
        query = query.where(tap.c.vehicle_id == vehicle_id)
    with store.engine.connect() as connection:
        return tuple(_noun(row) for row in connection.execute(query))


def find(store: Store, keys: Iterable[str]) -> dict[str, Tap]:
    """Return those of the taps named that are there, by key."""
    found: dict[str, Tap] = {}
    with store.engine.connect() as connection:
        for some in batched(keys, CHUNK):
            rows = connection.execute(_mine(store).where(tap.c.key.in_(some)))
            found |= {row.key: _noun(row) for row in rows}
    return found


def get(store: Store, key: str) -> Tap:
    """Return one tap.

    Raises
    ------
    NotFound
        None with this key is there.
    """
    found = find(store, [key])
    if key not in found:
        raise NotFound(f"No tap '{key}' is kept.")
    return found[key]


def put_photo(store: Store, key: str, photo_id: str) -> None:
    """Note which photo belongs to a tap."""
    mine = sa.and_(tap.c.municipality_id == store.municipality_id, tap.c.key == key)
    with store.engine.begin() as connection:
        connection.execute(sa.update(tap).where(mine).values(photo_id=photo_id))


def undone(store: Store, until: datetime | None = None) -> sa.Select[Any]:
    """Return the query for what the ledger calls the taps that were undone, up to a time."""
    query = sa.select("tap:" + tap.c.undoes).where(
        tap.c.municipality_id == store.municipality_id, tap.c.undoes.is_not(None)
    )
    return query if until is None else query.where(tap.c.received_at <= until)


def _mine(store: Store) -> sa.Select[Any]:
    return sa.select(tap).where(tap.c.municipality_id == store.municipality_id)


_FIELDS = (
    "key", "kind", "at", "vehicle_id", "plan_id", "ref", "fill", "weight_kg", "exception", "note",
    "undoes", "by", "day", "received_at", "remark", "photo_id",
)  # fmt: skip


def _noun(row: sa.Row[Any]) -> Tap:
    fields = {field: getattr(row, field) for field in _FIELDS}
    return Tap(
        **fields
        | {
            "kind": TapKind(row.kind),
            "exception": row.exception and StopException(row.exception),
            "remark": row.remark and Remark(row.remark),
        }
    )
