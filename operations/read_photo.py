"""Verb: find the blurred copy of a photo."""

from __future__ import annotations

from pathlib import Path

from city.errors import NotFound
from city.store import Store, photos
from operations.settings import Settings
from vision.crop import crop

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


def part_that_shows(store: Store, settings: Settings, photo_id: str, container_id: str) -> bytes:
    """Return the part of a blurred copy that shows a container, as a JPEG.

    Raises
    ------
    NotFound
        No such photo is kept, its file is gone, or the container was not recognised in it.
    """
    seen = photos.get(store, photo_id).seen
    boxes = [each.bbox for each in seen if each.container_id == container_id]
    if not boxes:
        raise NotFound(f"Photo '{photo_id}' does not show container '{container_id}'.")
    return crop(blurred_copy(store, settings, photo_id).read_bytes(), boxes[0])
