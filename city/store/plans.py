"""Day plans, with all that led to them, and the sheets made from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any

import sqlalchemy as sa

from city.container import Container
from city.errors import NotFound
from city.plan import Choice, DayPlan, Plan, Route
from city.store.database import Store
from city.store.rows import CHUNK, from_json, insert_new, to_json, upsert
from city.store.tables import choice, plan, sheet

LOOSE_WASTE = "looseWaste"


@dataclass(frozen=True)
class SheetRecord:
    """A route sheet that was written: its path within the city's folder and its checksum."""

    vehicle_id: str
    path: str
    sha256: str


def add(store: Store, noun: DayPlan, problem: bytes, provenance: dict[str, Any]) -> None:
    """Keep a plan with the problem it solves and where all its inputs come from."""
    key = {"municipality_id": store.municipality_id}
    row = {
        **key,
        "id": noun.id,
        "day": noun.day,
        "made_at": noun.made_at,
        "engine": noun.engine,
        "routes": to_json(Plan, noun.plan),
        "provenance": provenance | _loose_waste(noun),
        "problem": problem,
    }
    rows = [
        {
            **key,
            "plan_id": noun.id,
            "container_id": each.container_id,
            "verdict": each.verdict.value,
            "content": to_json(Choice, each),
        }
        for each in noun.choices
    ]
    with store.engine.begin() as connection:
        insert_new(connection, plan, [row])
        insert_new(connection, choice, rows)


def _loose_waste(noun: DayPlan) -> dict[str, Any]:
    places = [to_json(Container, place) for place in noun.loose_waste]
    return {LOOSE_WASTE: places} if places else {}


def ids(store: Store, day: date | None = None) -> tuple[str, ...]:
    """Return the ids of plans, the latest made first; without those that were undone."""
    query = sa.select(plan.c.id).where(
        plan.c.municipality_id == store.municipality_id, plan.c.undone_at.is_(None)
    )
    if day is not None:
        query = query.where(plan.c.day == day)
    query = query.order_by(plan.c.made_at.desc(), plan.c.id)
    with store.engine.connect() as connection:
        return tuple(connection.execute(query).scalars())


def get(store: Store, plan_id: str) -> DayPlan:
    """Return one plan.

    Raises
    ------
    NotFound
        None with this id is kept.
    """
    kept = plan.c
    row = _row(
        store, plan_id, kept.id, kept.day, kept.made_at, kept.engine, kept.routes, kept.provenance
    )
    query = (
        sa.select(choice.c.content)
        .where(choice.c.municipality_id == store.municipality_id, choice.c.plan_id == plan_id)
        .order_by(choice.c.container_id)
    )
    with store.engine.connect() as connection:
        contents = connection.execute(query).scalars().all()
    return DayPlan(
        id=row.id,
        municipality=store.municipality_id,
        day=row.day,
        made_at=row.made_at,
        engine=row.engine,
        plan=from_json(Plan, row.routes),
        choices=tuple(from_json(Choice, content) for content in contents),
        loose_waste=tuple(from_json(Container, c) for c in row.provenance.get(LOOSE_WASTE, ())),
    )


def routes(store: Store, plan_id: str) -> tuple[Route, ...]:
    """Return the routes of a plan alone: its choices are many."""
    return from_json(Plan, _row(store, plan_id, plan.c.routes).routes).routes


def choices(store: Store, plan_id: str, container_ids: Iterable[str]) -> dict[str, Choice]:
    """Return what a plan decided about some containers."""
    found: dict[str, Choice] = {}
    with store.engine.connect() as connection:
        for some in batched(container_ids, CHUNK):
            query = sa.select(choice.c.container_id, choice.c.content).where(
                choice.c.municipality_id == store.municipality_id,
                choice.c.plan_id == plan_id,
                choice.c.container_id.in_(some),
            )
            rows = connection.execute(query)
            found |= {row.container_id: from_json(Choice, row.content) for row in rows}
    return found


def provenance(store: Store, plan_id: str) -> dict[str, Any]:
    """Return where the inputs of a plan came from: models, evidence, roads, fleet, settings."""
    content: dict[str, Any] = _row(store, plan_id, plan.c.provenance).provenance
    return content


def problem(store: Store, plan_id: str) -> bytes:
    """Return the problem that a plan solves, as it was kept."""
    content: bytes = _row(store, plan_id, plan.c.problem).problem
    return content


def put_sheets(store: Store, plan_id: str, records: Iterable[SheetRecord]) -> None:
    """Keep which sheets were written for a plan."""
    rows = [
        {
            "municipality_id": store.municipality_id,
            "plan_id": plan_id,
            "path": record.path,
            "vehicle_id": record.vehicle_id,
            "sha256": record.sha256,
        }
        for record in records
    ]
    with store.engine.begin() as connection:
        upsert(connection, sheet, rows)


def sheets(store: Store, plan_id: str) -> tuple[SheetRecord, ...]:
    """Return the sheets that were written for a plan."""
    query = (
        sa.select(sheet)
        .where(sheet.c.municipality_id == store.municipality_id, sheet.c.plan_id == plan_id)
        .order_by(sheet.c.path)
    )
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
    return tuple(SheetRecord(row.vehicle_id, row.path, row.sha256) for row in rows)


def _row(store: Store, plan_id: str, *columns: sa.Column[Any]) -> sa.Row[Any]:
    """Return some columns of a plan; its problem weighs megabytes."""
    query = sa.select(*columns).where(
        plan.c.municipality_id == store.municipality_id, plan.c.id == plan_id
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"No plan '{plan_id}' is kept.")
    return row
