"""Municipalities, kept and found."""

from __future__ import annotations

import sqlalchemy as sa

from city.errors import NotFound
from city.municipality import Municipality
from city.place import Bounds
from city.store.database import Store
from city.store.rows import upsert
from city.store.tables import municipality


def put(store: Store, noun: Municipality) -> None:
    """Keep a municipality, replacing what was known of it."""
    row = {
        "id": noun.id,
        "name": noun.name,
        "time_zone": noun.time_zone,
        "west": noun.bounds.west,
        "south": noun.bounds.south,
        "east": noun.bounds.east,
        "north": noun.bounds.north,
        "notices": dict(noun.notices),
        "stopped_at": noun.stopped_at,
    }
    with store.engine.begin() as connection:
        upsert(connection, municipality, [row])


def get(store: Store) -> Municipality:
    """Return the municipality that this store is opened for.

    Raises
    ------
    NotFound
        It has not been set up.
    """
    query = sa.select(municipality).where(municipality.c.id == store.municipality_id)
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"Municipality '{store.municipality_id}' is not set up in this database.")
    bounds = Bounds(row.west, row.south, row.east, row.north)
    notices = tuple(row.notices.items())
    return Municipality(row.id, row.name, row.time_zone, bounds, notices, row.stopped_at)
