"""The log of what people labelled in photos; nothing is ever taken out of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from city.review import Label, Review
from city.store.database import Store
from city.store.rows import from_json, to_json
from city.store.tables import photo_review


def add(store: Store, noun: Review) -> None:
    """Note what was labelled in a photo; it holds from now on."""
    key = {"municipality_id": store.municipality_id, "photo_id": noun.photo_id}
    last = sa.select(sa.func.max(photo_review.c.number)).filter_by(**key)
    with store.engine.begin() as connection:
        number = (connection.execute(last).scalar() or 0) + 1
        labels = to_json(tuple[Label, ...], noun.labels)
        row = {**key, "number": number, "at": noun.at, "by": noun.by, "labels": labels}
        connection.execute(sa.insert(photo_review).values(row))


def every(store: Store) -> dict[str, Review]:
    """Return what holds for each photo that was reviewed, by photo."""
    return _found(store, _mine(store))


def find(store: Store, photo_id: str) -> Review | None:
    """Return what holds for a photo; None where nobody looked at it."""
    return _found(store, _mine(store).where(photo_review.c.photo_id == photo_id)).get(photo_id)


def _mine(store: Store) -> sa.Select[Any]:
    mine = photo_review.c.municipality_id == store.municipality_id
    return sa.select(photo_review).where(mine).order_by(photo_review.c.number)


def _found(store: Store, query: sa.Select[Any]) -> dict[str, Review]:
    # Later rows take the place of earlier ones.
    with store.engine.connect() as connection:
        return {
            row.photo_id: Review(
                row.photo_id, row.at, row.by, from_json(tuple[Label, ...], row.labels)
            )
            for row in connection.execute(query)
        }
