"""What crews and hands said of cases, only ever added to, and what reporters are to be told.

The cases themselves are not kept: they follow from the ledger, the visits and the decisions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from city.cases import CaseVisit, Matter
from city.fraction import Fraction
from city.merge import Decision
from city.place import Position
from city.store.database import Store
from city.store.rows import insert_new
from city.store.tables import case_decision, case_visit, container, evidence, status_change, tap
from city.store.taps import undone


@dataclass(frozen=True)
class StatusChange:
    """One reporter's system to be told that a case is closed.

    Parameters
    ----------
    system, ref : which system, and the report's own name there.
    closed_at : when the visit was.
    """

    system: str
    ref: str
    case_id: str
    closed_at: datetime
    attempts: int = 0
    last_error: str = ""


def mark(store: Store) -> tuple[int, ...]:
    """Return what changes whenever a record, a visit, a decision or a tap is added."""
    counts = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.municipality_id == store.municipality_id)
        .scalar_subquery()
        for table in (evidence, case_visit, case_decision, container, tap)
    )
    with store.engine.connect() as connection:
        return tuple(connection.execute(sa.select(*counts)).one())


def add_visits(store: Store, visits: Iterable[CaseVisit]) -> int:
    """Add the visits that are not there yet, and return how many that were."""
    rows = {
        row["id"]: row
        for row in (
            {
                "municipality_id": store.municipality_id,
                "id": _id(v.by, v.raw_ref, v.matter),
                "matter": v.matter.value,
                "at": v.at,
                "lon": v.position.lon,
                "lat": v.position.lat,
                "by": v.by,
                "raw_ref": v.raw_ref,
                "container_ids": list(v.container_ids),
                "fraction": v.fraction and v.fraction.value,
                "found": v.found,
            }
            for v in visits
        )
    }
    with store.engine.begin() as connection:
        return insert_new(connection, case_visit, list(rows.values()))


def visits(store: Store, since: datetime) -> tuple[CaseVisit, ...]:
    """Return the visits from a time on, oldest first."""
    query = (
        sa.select(case_visit)
        .where(
            case_visit.c.municipality_id == store.municipality_id,
            case_visit.c.at >= since,
            case_visit.c.raw_ref.not_in(undone(store)),
        )
        .order_by(case_visit.c.at, case_visit.c.id)
    )
    with store.engine.connect() as connection:
        return tuple(
            CaseVisit(
                matter=Matter(row.matter),
                at=row.at,
                position=Position(row.lon, row.lat),
                by=row.by,
                raw_ref=row.raw_ref,
                container_ids=tuple(row.container_ids),
                fraction=row.fraction and Fraction(row.fraction),
                found=row.found,
            )
            for row in connection.execute(query)
        )


def add_decision(store: Store, decision: Decision) -> None:
    """Add somebody's word on where a record belongs."""
    row = {
        "municipality_id": store.municipality_id,
        "id": _id(decision.evidence_id, decision.by, decision.at.isoformat()),
        "evidence_id": decision.evidence_id,
        "case_id": decision.case_id,
        "by": decision.by,
        "at": decision.at,
        "why": decision.why,
    }
    with store.engine.begin() as connection:
        insert_new(connection, case_decision, [row])


def decisions(store: Store, evidence_id: str | None = None) -> tuple[Decision, ...]:
    """Return all decisions, or those on one record, oldest first."""
    query = (
        sa.select(case_decision)
        .where(case_decision.c.municipality_id == store.municipality_id)
        .order_by(case_decision.c.at, case_decision.c.id)
    )
    if evidence_id is not None:
        query = query.where(case_decision.c.evidence_id == evidence_id)
    with store.engine.connect() as connection:
        return tuple(
            Decision(row.evidence_id, row.case_id, row.by, row.at, row.why)
            for row in connection.execute(query)
        )


def queue(store: Store, changes: Sequence[StatusChange], now: datetime) -> int:
    """Queue the changes that were never queued, and return how many that were."""
    rows = [
        {
            "municipality_id": store.municipality_id,
            "system": change.system,
            "ref": change.ref,
            "case_id": change.case_id,
            "closed_at": change.closed_at,
            "queued_at": now,
            "sent_at": None,
            "attempts": 0,
            "last_error": "",
        }
        for change in changes
    ]
    with store.engine.begin() as connection:
        return insert_new(connection, status_change, rows)


def waiting(store: Store, system: str) -> tuple[StatusChange, ...]:
    """Return the changes that a system has not been told yet, oldest first."""
    query = (
        sa.select(status_change)
        .where(
            status_change.c.municipality_id == store.municipality_id,
            status_change.c.system == system,
            status_change.c.sent_at.is_(None),
        )
        .order_by(status_change.c.queued_at, status_change.c.ref)
    )
    with store.engine.connect() as connection:
        return tuple(
            StatusChange(r.system, r.ref, r.case_id, r.closed_at, r.attempts, r.last_error)
            for r in connection.execute(query)
        )


def told(store: Store, change: StatusChange, now: datetime) -> None:
    """Note that a system took a change."""
    _note(store, change, {"sent_at": now, "last_error": ""})


def not_told(store: Store, change: StatusChange, error: str) -> None:
    """Note that a system did not take a change; it stays in the queue."""
    _note(store, change, {"last_error": error[:1000]})


def _note(store: Store, change: StatusChange, values: dict[str, Any]) -> None:
    statement = (
        sa.update(status_change)
        .where(
            status_change.c.municipality_id == store.municipality_id,
            status_change.c.system == change.system,
            status_change.c.ref == change.ref,
            status_change.c.case_id == change.case_id,
        )
        .values(attempts=status_change.c.attempts + 1, **values)
    )
    with store.engine.begin() as connection:
        connection.execute(statement)


def _id(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
