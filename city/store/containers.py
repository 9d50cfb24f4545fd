"""The registry of containers, kept and found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from city.container import Container, ContainerKind
from city.errors import NotFound
from city.fraction import Fraction
from city.place import Bounds, Position
from city.store.database import Store
from city.store.rows import upsert
from city.store.tables import container


def put(store: Store, containers: Iterable[Container]) -> None:
    """Keep containers, replacing those with the same id."""
    rows = [_row(store, noun) for noun in containers]
    with store.engine.begin() as connection:
        upsert(connection, container, rows)


def every(
    store: Store, within: Bounds | None = None, limit: int | None = None, offset: int = 0
) -> tuple[Container, ...]:
    """Return the containers in the order of their ids, optionally those within a box."""
    query = _mine(store).order_by(container.c.id).limit(limit).offset(offset)
    if within is not None:
        query = query.where(
            container.c.lon.between(within.west, within.east),
            container.c.lat.between(within.south, within.north),
        )
    with store.engine.connect() as connection:
        return tuple(_noun(row) for row in connection.execute(query))


def get(store: Store, container_id: str) -> Container:
    """Return one container.

    Raises
    ------
    NotFound
        The registry has none with this id.
    """
    query = _mine(store).where(container.c.id == container_id)
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"No container '{container_id}' is in the registry.")
    return _noun(row)


def _mine(store: Store) -> sa.Select[Any]:
    return sa.select(container).where(container.c.municipality_id == store.municipality_id)


def _row(store: Store, noun: Container) -> dict[str, Any]:
    return {
        "municipality_id": store.municipality_id,
        "id": noun.id,
        "lon": noun.position.lon,
        "lat": noun.position.lat,
        "fraction": noun.fraction.value,
        "kind": noun.kind.value,
        "volume_l": noun.volume_l,
        "address": noun.address,
        "access_note": noun.access_note,
        "simulated": noun.simulated,
    }


def _noun(row: sa.Row[Any]) -> Container:
    return Container(
        id=row.id,
        position=Position(row.lon, row.lat),
        fraction=Fraction(row.fraction),
        kind=ContainerKind(row.kind),
        volume_l=row.volume_l,
        address=row.address,
        access_note=row.access_note,
        simulated=row.simulated,
    )
