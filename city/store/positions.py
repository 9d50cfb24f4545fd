"""Where trucks are: the last place of each, for a while."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from city.place import Position
from city.store.database import Store
from city.store.rows import upsert
from city.store.tables import vehicle_position
from city.vehicle_position import VehiclePosition


def put(store: Store, noun: VehiclePosition) -> None:
    """Keep where a truck is, in the place of where it was."""
    row = {
        "municipality_id": store.municipality_id,
        "vehicle_id": noun.vehicle_id,
        "day": noun.day,
        "at": noun.at,
        "lon": noun.position.lon,
        "lat": noun.position.lat,
        "accuracy_m": noun.accuracy_m,
    }
    with store.engine.begin() as connection:
        upsert(connection, vehicle_position, [row])


def of_day(store: Store, day: date, since: datetime) -> tuple[VehiclePosition, ...]:
    """Return where the trucks of a day's plan are, as heard since a time."""
    table = vehicle_position.c
    query = (
        sa.select(vehicle_position)
        .where(table.municipality_id == store.municipality_id, table.day == day, table.at >= since)
        .order_by(table.vehicle_id)
    )
    with store.engine.connect() as connection:
        return tuple(
            VehiclePosition(
                row.vehicle_id, row.day, row.at, Position(row.lon, row.lat), row.accuracy_m
            )
            for row in connection.execute(query)
        )


def remove(store: Store, vehicle_id: str) -> None:
    """Forget where a truck is."""
    table = vehicle_position.c
    mine = sa.and_(table.municipality_id == store.municipality_id, table.vehicle_id == vehicle_id)
    with store.engine.begin() as connection:
        connection.execute(sa.delete(vehicle_position).where(mine))


def remove_before(store: Store, when: datetime) -> int:
    """Forget what was heard before a time, in every municipality, and return how much that was."""
    old = sa.delete(vehicle_position).where(vehicle_position.c.at < when)
    with store.engine.begin() as connection:
        return connection.execute(old).rowcount
