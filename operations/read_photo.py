"""Verb: find the blurred copy of a photo."""

from __future__ import annotations

from pathlib import Path

from city.errors import NotFound
from city.store import Store, photos
from operations.settings import Settings

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def blurred_copy(store: Store, settings: Settings, photo_id: str) -> Path:
    """Return the file of a photo that is kept.

    Raises
    ------
    NotFound
        No such photo is kept, or its file is gone.
    """
    known = photos.get(store, photo_id).id
    for suffix in SUFFIXES:
        path = settings.photos / f"{known}{suffix}"
        if path.is_file():
            return path
    raise NotFound(f"The blurred copy of photo '{photo_id}' is gone from the photos folder.")
