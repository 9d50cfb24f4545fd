"""Photos, kept and found; the blurred pictures themselves lie in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from typing import Any

import sqlalchemy as sa

from city.errors import NotFound
from city.photo import PhotoRecord, SeenObject
from city.place import Position
from city.store.database import Store
from city.store.rows import CHUNK, from_json, insert_new, to_json, upsert
from city.store.tables import model_version, photo


def put(store: Store, *nouns: PhotoRecord) -> None:
    """Keep photos, replacing earlier readings of the same ones."""
    with store.engine.begin() as connection:
        upsert(connection, photo, [_row(store, noun) for noun in nouns])


def _row(store: Store, noun: PhotoRecord) -> dict[str, Any]:
    return {
        "municipality_id": store.municipality_id,
        "id": noun.id,
        "file_name": noun.file_name,
        "taken_at": noun.taken_at,
        "received_at": noun.received_at,
        "lon": noun.position.lon,
        "lat": noun.position.lat,
        "heading_deg": noun.heading_deg,
        "width_px": noun.width_px,
        "height_px": noun.height_px,
        "blurred_share": noun.blurred_share,
        "model_version_id": noun.model_version_id,
        "detections": to_json(tuple[SeenObject, ...], noun.seen),
    }


def put_model(store: Store, model_id: str, name: str, content: dict[str, Any]) -> None:
    """Keep what is known of a detector's weights; a version never changes."""
    row = {
        "municipality_id": store.municipality_id,
        "id": model_id,
        "name": name,
        "content": content,
    }
    with store.engine.begin() as connection:
        insert_new(connection, model_version, [row])


def models(store: Store) -> dict[str, dict[str, Any]]:
    """Return the detectors whose readings are kept, by id."""
    query = sa.select(model_version).where(model_version.c.municipality_id == store.municipality_id)
    with store.engine.connect() as connection:
        return {row.id: {"name": row.name, **row.content} for row in connection.execute(query)}


def every(store: Store, limit: int | None = None, offset: int = 0) -> tuple[PhotoRecord, ...]:
    """Return the photos, newest first."""
    query = _mine(store).order_by(photo.c.taken_at.desc(), photo.c.id).limit(limit).offset(offset)
    with store.engine.connect() as connection:
        return tuple(_noun(row) for row in connection.execute(query))


def find(store: Store, photo_id: str) -> PhotoRecord | None:
    """Return one photo, or None where it is not kept."""
    with store.engine.connect() as connection:
        row = connection.execute(_mine(store).where(photo.c.id == photo_id)).one_or_none()
    return None if row is None else _noun(row)


def read_by(store: Store, photo_ids: Iterable[str]) -> dict[str, str]:
    """Return which detector read each of the photos that are kept, by photo."""
    found: dict[str, str] = {}
    with store.engine.connect() as connection:
        for some in batched(photo_ids, CHUNK):
            query = sa.select(photo.c.id, photo.c.model_version_id).where(
                photo.c.municipality_id == store.municipality_id, photo.c.id.in_(some)
            )
            found |= {row.id: row.model_version_id for row in connection.execute(query)}
    return found


def get(store: Store, photo_id: str) -> PhotoRecord:
    """Return one photo.

    Raises
    ------
    NotFound
        None with this id is kept.
    """
    found = find(store, photo_id)
    if found is None:
        raise NotFound(f"No photo '{photo_id}' is kept.")
    return found


def _mine(store: Store) -> sa.Select[Any]:
    return sa.select(photo).where(photo.c.municipality_id == store.municipality_id)


def _noun(row: sa.Row[Any]) -> PhotoRecord:
    return PhotoRecord(
        id=row.id,
        file_name=row.file_name,
        taken_at=row.taken_at,
        received_at=row.received_at,
        position=Position(row.lon, row.lat),
        heading_deg=row.heading_deg,
        width_px=row.width_px,
        height_px=row.height_px,
        blurred_share=row.blurred_share,
        model_version_id=row.model_version_id,
        seen=from_json(tuple[SeenObject, ...], row.detections),
    )
