"""What days would come to by other thresholds, as it was worked out."""

from __future__ import annotations

import sqlalchemy as sa

from city.store.database import Store
from city.store.rows import from_json, to_json, upsert
from city.store.tables import what_if
from city.what_if import WhatIf


def put(store: Store, noun: WhatIf) -> None:
    """Keep what was worked out, in the place of the same worked out before."""
    row = {
        "municipality_id": store.municipality_id,
        "plan_id": noun.plan_id,
        "under": noun.under,
        "must_p_overflow": noun.thresholds.must_p_overflow,
        "overflow_price_cents": noun.thresholds.overflow_price_cents,
        "content": to_json(WhatIf, noun),
    }
    with store.engine.begin() as connection:
        upsert(connection, what_if, [row])


def of_plan(store: Store, plan_id: str, under: str) -> tuple[WhatIf, ...]:
    """Return what can be compared about a plan, the strictest thresholds first."""
    table = what_if.c
    query = (
        sa.select(table.content)
        .where(
            table.municipality_id == store.municipality_id,
            table.plan_id == plan_id,
            table.under == under,
        )
        .order_by(table.must_p_overflow, table.overflow_price_cents.desc())
    )
    with store.engine.connect() as connection:
        return tuple(from_json(WhatIf, row) for row in connection.execute(query).scalars())
