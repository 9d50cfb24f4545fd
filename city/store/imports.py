"""What imports leave behind: records set aside with their reason, and where to go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from city.errors import Fault
from city.store.database import Store
from city.store.rows import insert_new, upsert
from city.store.tables import bookmark, set_aside


@dataclass(frozen=True)
class SetAside:
    """A record that could not be taken, as it came, and why."""

    source: str
    raw: Any
    faults: tuple[Fault, ...]

    @property
    def id(self) -> str:
        """A name made from its content, so that the same record is set aside once."""
        text = json.dumps([self.source, self.raw], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


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
