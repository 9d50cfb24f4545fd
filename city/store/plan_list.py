"""Plans at a glance: which there are, without reading what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from city.errors import NotFound
from city.store.database import Store
from city.store.tables import plan


@dataclass(frozen=True)
class PlanEntry:
    """One plan in a list."""

    id: str
    day: date
    made_at: datetime


def entries(
    store: Store, day: date | None = None, limit: int | None = 50, offset: int = 0
) -> tuple[PlanEntry, ...]:
    """Return plans, the latest made first, in the same order as `city.store.plans.ids`."""
    query = sa.select(plan.c.id, plan.c.day, plan.c.made_at).where(
        plan.c.municipality_id == store.municipality_id
    )
    if day is not None:
        query = query.where(plan.c.day == day)
    query = query.order_by(plan.c.made_at.desc(), plan.c.id).limit(limit).offset(offset)
    with store.engine.connect() as connection:
        return tuple(PlanEntry(*row) for row in connection.execute(query))


def get(store: Store, plan_id: str) -> PlanEntry:
    """Return one plan at a glance.

    Raises
    ------
    NotFound
        None with this id is kept.
    """
    query = sa.select(plan.c.id, plan.c.day, plan.c.made_at).where(
        plan.c.municipality_id == store.municipality_id, plan.c.id == plan_id
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"No plan '{plan_id}' is kept.")
    return PlanEntry(*row)


def newest_by_day(store: Store, since: date, until: date) -> tuple[PlanEntry, ...]:
    """Return the plan of each day that was made last, the latest day first."""
    found: dict[date, PlanEntry] = {}
    for each in entries(store, limit=None):
        if since <= each.day <= until:
            found.setdefault(each.day, each)
    return tuple(found[day] for day in sorted(found, reverse=True))
