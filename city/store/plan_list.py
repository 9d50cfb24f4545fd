"""Plans at a glance: which there are, without reading what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from city.store.database import Store
from city.store.tables import plan


@dataclass(frozen=True)
class PlanEntry:
    """One plan in a list."""

    id: str
    day: date
    made_at: datetime


def entries(store: Store, day: date | None = None, limit: int = 50) -> tuple[PlanEntry, ...]:
    """Return plans, the latest made first, in the same order as `city.store.plans.ids`."""
    query = sa.select(plan.c.id, plan.c.day, plan.c.made_at).where(
        plan.c.municipality_id == store.municipality_id
    )
    if day is not None:
        query = query.where(plan.c.day == day)
    query = query.order_by(plan.c.made_at.desc(), plan.c.id).limit(limit)
    with store.engine.connect() as connection:
        return tuple(PlanEntry(*row) for row in connection.execute(query))
