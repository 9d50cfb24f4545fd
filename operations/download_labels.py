"""Verb: hand out the photos that people reviewed, blurred, with their labels, to train on."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from city.errors import NotFound
from city.store import Store, photos, reviews
from operations.read_photo import blurred_copy
from operations.settings import Settings
from vision.classes import NAMES
from vision.labels import LabelledBox, LabelledPhoto, LabelSet, write_coco
from vision.yolo import write_yolo


class LabelFormat(StrEnum):
    """How labels are written."""

    COCO = "coco"
    YOLO = "yolo"


def download_labels(store: Store, settings: Settings, form: LabelFormat) -> bytes:
    """Return a zip: ``images/`` and, beside it, ``labels.json`` (COCO) or a YOLO folder's files.

    Raises
    ------
    NotFound
        No photo was reviewed.
    """
    known = reviews.every(store)
    kept = [photo for photo in photos.every(store) if photo.id in known]
    if not kept:
        raise NotFound("No photo was reviewed yet, so there are no labels.")
    files = {photo.id: blurred_copy(store, settings, photo.id) for photo in kept}
    labelled = LabelSet(
        {name: {} for name in NAMES},
        tuple(
            LabelledPhoto(
                files[photo.id].name,
                photo.width_px,
                photo.height_px,
                tuple(LabelledBox(each.category, each.bbox) for each in known[photo.id].labels),
                {"reviewed_at": known[photo.id].at.isoformat()},
            )
            for photo in kept
        ),
    )
    packed = BytesIO()
    with TemporaryDirectory() as folder, ZipFile(packed, "w") as zipped:
        written = Path(folder)
        if form is LabelFormat.COCO:
            write_coco(labelled, written / "labels.json")
        else:
            write_yolo(labelled, written)
        for path in sorted(path for path in written.rglob("*") if path.is_file()):
            zipped.write(path, path.relative_to(written), ZIP_DEFLATED)
        for path in files.values():
            zipped.write(path, f"images/{path.name}", ZIP_STORED)
    return packed.getvalue()
