"""What imports leave behind: records set aside with their reason, and where to go on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from city.errors import Fault
from city.set_aside import SetAside
from city.store.database import Store
from city.store.rows import insert_new, upsert
from city.store.tables import bookmark, set_aside


def put_aside(store: Store, records: Iterable[SetAside], now: datetime) -> int:
    """Keep what could not be taken, once, and return how many are new."""
    rows = {
        record.id: {
            "municipality_id": store.municipality_id,
            "id": record.id,
            "source": record.source,
            "raw": json.loads(json.dumps(record.raw, default=str)),
            "faults": [fault.as_dict() for fault in record.faults],
            "at": now,
        }
        for record in records
    }
    with store.engine.begin() as connection:
        return insert_new(connection, set_aside, list(rows.values()))


def aside(store: Store, source: str | None = None) -> tuple[SetAside, ...]:
    """Return what was set aside, oldest first, optionally of one source."""
    query = (
        sa.select(set_aside)
        .where(set_aside.c.municipality_id == store.municipality_id)
        .order_by(set_aside.c.at, set_aside.c.id)
    )
    if source is not None:
        query = query.where(set_aside.c.source == source)
    with store.engine.connect() as connection:
        return tuple(
            SetAside(row.source, row.raw, tuple(Fault(**fault) for fault in row.faults))
            for row in connection.execute(query)
        )


def go_on_at(store: Store, source: str) -> str:
    """Return the place that an import of this source reached; empty where it is to begin anew."""
    query = sa.select(bookmark.c.place).where(
        bookmark.c.municipality_id == store.municipality_id, bookmark.c.source == source
    )
    with store.engine.connect() as connection:
        return connection.execute(query).scalar_one_or_none() or ""


def put_bookmark(store: Store, source: str, place: str, now: datetime) -> None:
    """Note how far an import came."""
    row = {
        "municipality_id": store.municipality_id,
        "source": source,
        "place": place,
        "at": now,
    }
    with store.engine.begin() as connection:
        upsert(connection, bookmark, [row])
