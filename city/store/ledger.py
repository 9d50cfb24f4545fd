"""The ledger of evidence: only ever added to.

What a crew undid stays in it and is read no longer; the journal of taps has the undo.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import batched
from typing import Any

import sqlalchemy as sa

from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.place import Bounds, Position
from city.store.database import Store
from city.store.rows import CHUNK, insert_new
from city.store.tables import evidence
from city.store.taps import undone


def add(store: Store, records: Iterable[Evidence]) -> int:
    """Add the records that are not there yet, and return how many that were."""
    rows = {record.id: _row(store, record) for record in records}
    with store.engine.begin() as connection:
        return insert_new(connection, evidence, list(rows.values()))


def since(
    store: Store, start: datetime, until: datetime, container_id: str | None = None
) -> tuple[Evidence, ...]:
    """Return what was seen from `start` and received up to `until`, oldest first."""
    query = (
        sa.select(evidence)
        .where(
            evidence.c.municipality_id == store.municipality_id,
            evidence.c.seen_at >= start,
            evidence.c.received_at <= until,
            evidence.c.raw_ref.not_in(undone(store, until)),
        )
        .order_by(evidence.c.seen_at, evidence.c.id)
    )
    if container_id is not None:
        query = query.where(evidence.c.container_id == container_id)
    with store.engine.connect() as connection:
        return tuple(_noun(row) for row in connection.execute(query))


def seen(
    store: Store,
    kinds: Collection[EvidenceKind],
    during: tuple[datetime, datetime],
    within: Bounds | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Evidence, ...]:
    """Return records of some kinds that were seen in a time, newest first, perhaps in a box."""
    query = (
        sa.select(evidence)
        .where(
            evidence.c.municipality_id == store.municipality_id,
            evidence.c.kind.in_([kind.value for kind in kinds]),
            evidence.c.seen_at.between(*during),
            evidence.c.raw_ref.not_in(undone(store)),
        )
        .order_by(evidence.c.seen_at.desc(), evidence.c.id)
        .limit(limit)
        .offset(offset)
    )
    if within is not None:
        query = query.where(
            evidence.c.lon.between(within.west, within.east),
            evidence.c.lat.between(within.south, within.north),
        )
    with store.engine.connect() as connection:
        return tuple(_noun(row) for row in connection.execute(query))


def find(store: Store, ids: Iterable[str]) -> dict[str, Evidence]:
    """Return those of the records named that are there, by id."""
    found: dict[str, Evidence] = {}
    with store.engine.connect() as connection:
        for some in batched(ids, CHUNK):
            query = sa.select(evidence).where(
                evidence.c.municipality_id == store.municipality_id,
                evidence.c.id.in_(some),
                evidence.c.raw_ref.not_in(undone(store)),
            )
            found |= {row.id: _noun(row) for row in connection.execute(query)}
    return found


def _row(store: Store, noun: Evidence) -> dict[str, Any]:
    return {
        "municipality_id": store.municipality_id,
        "id": noun.id,
        "kind": noun.kind.value,
        "value": noun.value,
        "seen_at": noun.seen_at,
        "received_at": noun.received_at,
        "source": noun.source,
        "raw_ref": noun.raw_ref,
        "lon": noun.position.lon,
        "lat": noun.position.lat,
        "uncertainty_m": noun.uncertainty_m,
        "container_id": noun.container_id,
        "trust": noun.trust,
        "fraction": noun.fraction and noun.fraction.value,
    }


def _noun(row: sa.Row[Any]) -> Evidence:
    return Evidence(
        kind=EvidenceKind(row.kind),
        value=row.value,
        seen_at=row.seen_at,
        received_at=row.received_at,
        source=row.source,
        raw_ref=row.raw_ref,
        position=Position(row.lon, row.lat),
        uncertainty_m=row.uncertainty_m,
        container_id=row.container_id,
        trust=row.trust,
        fraction=row.fraction and Fraction(row.fraction),
    )
