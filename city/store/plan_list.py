"""Plans at a glance: which there are, without reading what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from city.errors import NotFound
from city.store.database import Store
from city.store.tables import plan

_COLUMNS = (plan.c.id, plan.c.day, plan.c.made_at, plan.c.undone_at)


@dataclass(frozen=True)
class PlanEntry:
    """One plan in a list.

    Parameters
    ----------
    undone_at : when it was taken out of use; None while it was not.
    """

    id: str
    day: date
    made_at: datetime
    undone_at: datetime | None = None


def entries(
    store: Store, day: date | None = None, limit: int | None = 50, offset: int = 0
) -> tuple[PlanEntry, ...]:
    """Return plans, the latest made first; those too that were undone."""
    query = sa.select(*_COLUMNS).where(plan.c.municipality_id == store.municipality_id)
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
    query = sa.select(*_COLUMNS).where(
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
        if since <= each.day <= until and each.undone_at is None:
            found.setdefault(each.day, each)
    return tuple(found[day] for day in sorted(found, reverse=True))


def set_undone(store: Store, plan_id: str, when: datetime | None) -> None:
    """Note that a plan was taken out of use, or that it is in use again."""
    change = (
        sa.update(plan)
        .where(plan.c.municipality_id == store.municipality_id, plan.c.id == plan_id)
        .values(undone_at=when)
    )
    with store.engine.begin() as connection:
        connection.execute(change)


def origins(store: Store, day: date) -> dict[str, tuple[Mapping[str, Any], str | None]]:
    """Return, by plan of a day, the edit that made it and the plan that it replans, if any.

    The whole provenance names all evidence, which is much to read for each version.
    """
    noted = plan.c.provenance
    query = sa.select(plan.c.id, noted["edit"], noted["replans"]).where(
        plan.c.municipality_id == store.municipality_id, plan.c.day == day
    )
    with store.engine.connect() as connection:
        return {row[0]: (row[1] or {}, row[2]) for row in connection.execute(query)}
