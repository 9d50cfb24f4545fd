"""Labels from COCO to YOLO and back; photos stay where they are and are never copied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vision.labels import LabelSet, read_coco, write_coco
from vision.yolo import read_yolo, write_yolo


def convert_labels(
    source: Path,
    target: Path,
    *,
    names: Sequence[str] = (),
    images: Path | None = None,
    part: str = "",
) -> LabelSet:
    """Convert a COCO ``.json`` to a YOLO folder, or a YOLO folder to a COCO ``.json``.

    Parameters
    ----------
    names : of a YOLO folder's classes, in order, where it does not say them.
    images : a YOLO folder's photos, where they are not in its ``images``.
    part : a YOLO folder's part, such as ``val``; all if not given.

    Raises
    ------
    BadInput
        With everything that is wrong with the labels.
    """
    if source.suffix.lower() == ".json":
        labels = read_coco(source)
        write_yolo(labels, target)
    else:
        labels = read_yolo(source, names, images, part)
        write_coco(labels, target)
    return labels
