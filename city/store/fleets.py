"""The fleet of a municipality, as it was at any time."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

import sqlalchemy as sa

from city.errors import NotFound
from city.fleet import Fleet
from city.store.database import Store
from city.store.rows import from_json, to_json, upsert
from city.store.tables import fleet as table


def put(store: Store, noun: Fleet, day: date | None = None) -> str:
    """Keep a fleet and return its id; earlier ones stay.

    Parameters
    ----------
    day : the only one that it drives on; without it, it is the city's fleet from now on.
    """
    content = to_json(Fleet, noun)
    key = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
    row = {
        "municipality_id": store.municipality_id,
        "id": key,
        "kept_at": datetime.now(UTC),
        "day": day,
        "content": content,
    }
    with store.engine.begin() as connection:
        upsert(connection, table, [row])
    return key


def get(store: Store, fleet_id: str | None = None) -> tuple[str, Fleet]:
    """Return the city's fleet as it is now and its id, or the one with a given id.

    Raises
    ------
    NotFound
        There is none.
    """
    query = sa.select(table).where(table.c.municipality_id == store.municipality_id)
    query = query.where(table.c.day.is_(None) if fleet_id is None else table.c.id == fleet_id)
    query = query.order_by(table.c.kept_at.desc()).limit(1)
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("No fleet is set up; import one with 'stadsronde fleet import FILE'.")
    return row.id, from_json(Fleet, row.content)
