"""The log of which plan of a day was published; nothing is ever taken out of it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from city.publication import PlanState, Publication
from city.store.database import Store
from city.store.tables import publication


def add(store: Store, day: date, plan_id: str, at: datetime, by: str) -> Publication:
    """Note that a plan is the day's from now on; without a plan, that the day has none."""
    key = {"municipality_id": store.municipality_id, "day": day}
    last = sa.select(sa.func.max(publication.c.number)).filter_by(**key)
    with store.engine.begin() as connection:
        number = (connection.execute(last).scalar() or 0) + 1
        row = {**key, "number": number, "plan_id": plan_id, "at": at, "by": by}
        connection.execute(sa.insert(publication).values(row))
    return Publication(day, number, plan_id, at, by)


def of_day(store: Store, day: date) -> Publication | None:
    """Return what holds for a day; None where no plan is published."""
    found = _entries(store, day)
    return found[-1] if found and found[-1].plan_id else None


def first_from(store: Store, day: date) -> Publication | None:
    """Return what holds for the first day, from one on, that has a published plan."""
    mine = publication.c.municipality_id == store.municipality_id
    query = sa.select(publication.c.day).where(mine, publication.c.day >= day).distinct()
    with store.engine.connect() as connection:
        days = connection.execute(query.order_by(publication.c.day)).scalars().all()
    return next((found for each in days if (found := of_day(store, each))), None)


def of_plan(store: Store, day: date, plan_id: str) -> tuple[PlanState, Publication | None]:
    """Return a plan's state, and when it was last published."""
    found = _entries(store, day)
    mine = [entry for entry in found if entry.plan_id == plan_id]
    if not mine:
        return PlanState.DRAFT, None
    holds = found[-1].plan_id == plan_id
    return PlanState.PUBLISHED if holds else PlanState.REPLACED, mine[-1]


def _entries(store: Store, day: date) -> tuple[Publication, ...]:
    table = publication.c
    query = (
        sa.select(table.day, table.number, table.plan_id, table.at, table.by)
        .where(table.municipality_id == store.municipality_id, table.day == day)
        .order_by(table.number)
    )
    with store.engine.connect() as connection:
        return tuple(Publication(*row) for row in connection.execute(query))
