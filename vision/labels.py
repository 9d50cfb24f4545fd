"""Labelled photos as any annotation tool knows them, and COCO's way of writing them.

Nothing is lost: what a file says beyond categories, sizes and boxes (ids, licences, polygons, a
project's own fields) is carried along and written back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from city.errors import BadInput, Fault
from vision.classes import NAMES
from vision.detections import Detections

MOST_FAULTS = 20
Xywh = tuple[float, float, float, float]
More = Mapping[str, Any]


@dataclass(frozen=True)
class LabelledBox:
    """One box: left, top, width, height in pixels of the upright photo."""

    category: str
    xywh: Xywh
    more: More = field(default_factory=dict)


@dataclass(frozen=True)
class LabelledPhoto:
    """One photo with its boxes; a photo without any is one in which nothing was found."""

    file_name: str
    width_px: int
    height_px: int
    boxes: tuple[LabelledBox, ...] = ()
    more: More = field(default_factory=dict)


@dataclass(frozen=True)
class LabelSet:
    """Photos and the categories that were looked for in all of them.

    Parameters
    ----------
    categories : names, in order, with whatever else the file said of each.
    more : what the file said of itself.
    """

    categories: Mapping[str, More]
    photos: tuple[LabelledPhoto, ...]
    more: More = field(default_factory=dict)


def read_coco(path: Path) -> LabelSet:
    """Read a COCO file of boxes.

    Raises
    ------
    BadInput
        With every fault, up to twenty: no JSON, a part missing, a box that cannot be, an id that
        is not there or there twice.
    """
    table = _table(path)
    faults: list[Fault] = []
    category = _by_id(table["categories"], path, "categories", ("name",), faults)
    photo = _by_id(table["images"], path, "images", ("file_name", "width", "height"), faults)
    boxes: dict[Any, list[LabelledBox]] = {key: [] for key in photo}
    for number, row in enumerate(table["annotations"]):
        where = f"annotations[{number}]"
        wrong = _wrong_annotation(row, category, photo)
        if wrong:
            faults.append(_fault(path, where, *wrong))
            continue
        more = _rest(row, "category_id", "image_id", "bbox")
        name = str(category[row["category_id"]]["name"])
        boxes[row["image_id"]].append(LabelledBox(name, _xywh(row["bbox"]), more))
    names = [str(row["name"]) for row in category.values()]
    files = [str(row["file_name"]) for row in photo.values()]
    for part, given in (("categories", names), ("images", files)):
        twice = sorted({name for name in given if given.count(name) > 1}) if _repeats(given) else []
        faults += [_fault(path, part, name, "is there twice") for name in twice]
    if faults:
        raise BadInput(faults[:MOST_FAULTS])
    return LabelSet(
        {str(row["name"]): _rest(row, "name") for row in category.values()},
        tuple(
            LabelledPhoto(
                str(row["file_name"]),
                int(row["width"]),
                int(row["height"]),
                tuple(boxes[key]),
                _rest(row, "file_name", "width", "height"),
            )
            for key, row in photo.items()
        ),
        _rest(table, "categories", "images", "annotations"),
    )


def write_coco(labels: LabelSet, path: Path) -> None:
    """Write a COCO file; what has no id yet is given one."""
    category = _ids(more for more in labels.categories.values())
    photo = _ids(one.more for one in labels.photos)
    boxes = [(key, box) for key, one in zip(photo, labels.photos, strict=True) for box in one.boxes]
    ids = _ids(box.more for _, box in boxes)
    place = dict(zip(labels.categories, category, strict=True))
    table = {
        **labels.more,
        "categories": [
            {**more, "id": key, "name": name}
            for key, (name, more) in zip(category, labels.categories.items(), strict=True)
        ],
        "images": [
            {
                **one.more,
                "id": key,
                "file_name": one.file_name,
                "width": one.width_px,
                "height": one.height_px,
            }
            for key, one in zip(photo, labels.photos, strict=True)
        ],
        "annotations": [
            {
                "area": box.xywh[2] * box.xywh[3],
                "iscrowd": 0,
                **box.more,
                "id": key,
                "image_id": image,
                "category_id": place[box.category],
                "bbox": list(box.xywh),
            }
            for key, (image, box) in zip(ids, boxes, strict=True)
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def truth_of(photo: LabelledPhoto) -> Detections:
    """Return a photo's boxes as detections with score 1.

    Raises
    ------
    BadInput
        If a category is none of `vision.classes.CLASSES`.
    """
    boxes = np.array([box.xywh for box in photo.boxes], float).reshape(-1, 4)
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    return Detections.of(corners, [_class_id(box) for box in photo.boxes], np.ones(len(boxes)))


def _class_id(box: LabelledBox) -> int:
    if box.category not in NAMES:
        raise BadInput(unknown_category(box.category))
    return NAMES.index(box.category)


def unknown_category(name: str, where: str = "labels") -> Fault:
    """Return the fault of a category that the detector does not know."""
    return Fault(
        code="labels-unknown-category",
        where=where,
        field="categories",
        value=name,
        cause="The detector has no class of that name.",
        remedy=f"Rename it to one of {', '.join(NAMES)}.",
    )


def _table(path: Path) -> dict[str, list[dict[str, Any]]]:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except OSError as failed:
        raise BadInput(_fault(path, "", failed.strerror or "", "cannot be read")) from failed
    except ValueError as failed:
        raise BadInput(_fault(path, "", str(failed)[:80], "is no JSON")) from failed
    parts = ("categories", "images", "annotations")
    lists = isinstance(table, dict) and all(isinstance(table.get(part), list) for part in parts)
    if not lists:
        raise BadInput(_fault(path, "", "", f"lacks one of the lists {', '.join(parts)}"))
    wrong = [part for part in parts if not all(isinstance(row, dict) for row in table[part])]
    if wrong:
        raise BadInput(_fault(path, wrong[0], "", "holds what is no object"))
    return dict(table)


def _by_id(
    rows: Iterable[dict[str, Any]],
    path: Path,
    part: str,
    needed: tuple[str, ...],
    faults: list[Fault],
) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for number, row in enumerate(rows):
        where = f"{part}[{number}]"
        missing = [name for name in ("id", *needed) if name not in row]
        sizes = [row[name] for name in needed if name in ("width", "height") and name in row]
        if missing:
            faults.append(_fault(path, where, ", ".join(missing), "is missing"))
        elif not isinstance(row["id"], int | str) or row["id"] in found:
            faults.append(_fault(path, where, str(row["id"]), "is no id, or there twice"))
        elif not all(isinstance(size, int) and size > 0 for size in sizes):
            faults.append(_fault(path, where, str(sizes), "is no size in whole pixels"))
        else:
            found[row["id"]] = row
    return found


def _wrong_annotation(
    row: dict[str, Any], category: Mapping[Any, Any], photo: Mapping[Any, Any]
) -> tuple[str, str] | None:
    """Return a value and what is wrong with it."""
    for name, known in (("category_id", category), ("image_id", photo)):
        value = row.get(name)
        if not isinstance(value, int | str) or value not in known:
            return f"{name} {value}", "is not in the file"
    box = row.get("bbox")
    numbers = isinstance(box, list) and len(box) == 4 and all(_is_number(v) for v in box)
    if not numbers or min(row["bbox"][2:]) < 0:
        return f"bbox {box}", "is no left, top, width and height"
    return None


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
    )


def _xywh(box: list[float]) -> Xywh:
    left, top, width, height = box
    return left, top, width, height


def _rest(row: Mapping[str, Any], *known: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in known}


def _repeats(names: list[str]) -> bool:
    return len(set(names)) < len(names)


def _ids(rows: Iterable[More]) -> list[Any]:
    """Return each row's id, and one that is free where it has none."""
    given = [row.get("id") for row in rows]
    taken = set(given)
    free = (number for number in count(1) if number not in taken)
    return [next(free) if key is None else key for key in given]


def _fault(path: Path, where: str, value: str, wrong: str) -> Fault:
    return Fault(
        code="labels-malformed",
        where=str(path),
        field=where,
        value=value,
        cause=f"It {wrong}." if not where else f"The label {wrong}.",
        remedy="Export the labels again, as COCO boxes or as YOLO text files.",
    )
