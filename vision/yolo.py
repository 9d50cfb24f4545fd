"""YOLO's way of writing labels: a text file a photo, a box a line, in parts of the photo.

    labels/**/*.txt   class number, then centre, width and height as parts of the photo
    classes.txt       the names, a line a class, as most annotation tools read them
    data.yaml         the same for ultralytics
    more.json         what YOLO cannot say: sizes, ids, a project's own fields

``more.json`` goes by the text of each line: a box that a tool left as it was keeps all that was
known of it, one that was moved is a new box. Photos are never copied.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from PIL import ExifTags
from PIL import Image as Pillow

from city.errors import BadInput, Fault
from vision.labels import LabelledBox, LabelledPhoto, LabelSet, Xywh
from vision.photo import SUFFIXES

# A line of up to ten decimals comes back to its own digits by way of pixels, in any photo; a
# pixel box, where ``more.json`` is lost, to a ten-millionth of a pixel.
DECIMALS = 11
PIXEL_DECIMALS = 10
MORE = "more.json"


def write_yolo(labels: LabelSet, folder: Path) -> None:
    """Write the labels of all photos under a folder.

    Raises
    ------
    BadInput
        If two photos differ only in their suffix, so that they would share a label file.
    """
    names = list(labels.categories)
    _check_stems(labels, folder)
    more: dict[str, Any] = {
        "categories": labels.categories,
        "set": labels.more,
        "photos": {},
    }
    for photo in labels.photos:
        lines = [_line(names.index(box.category), box.xywh, photo) for box in photo.boxes]
        target = folder / "labels" / PurePosixPath(photo.file_name).with_suffix(".txt")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        more["photos"][photo.file_name] = {
            "size": [photo.width_px, photo.height_px],
            "more": photo.more,
            "boxes": [
                {"line": line, "bbox": list(box.xywh), "more": box.more}
                for line, box in zip(lines, photo.boxes, strict=True)
            ],
        }
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    described = {"path": ".", "train": "images", "val": "images", "names": dict(enumerate(names))}
    text = yaml.safe_dump(described, sort_keys=False, allow_unicode=True)
    (folder / "data.yaml").write_text(text, encoding="utf-8")
    text = json.dumps(more, indent=1, ensure_ascii=False)
    (folder / MORE).write_text(text + "\n", encoding="utf-8")


def read_yolo(
    folder: Path, names: Sequence[str] = (), images: Path | None = None, part: str = ""
) -> LabelSet:
    """Read the labels under a folder.

    Parameters
    ----------
    names : of the classes, in order; from ``classes.txt`` or ``data.yaml`` if not given.
    images : folder with the photos, which say their sizes; ``folder/images`` if not given.
        Without photos, ``more.json`` must say them.
    part : a folder below ``labels`` and ``images`` that alone is read, such as ``val``; files are
        named from there on.

    Raises
    ------
    BadInput
        With every fault: no names, no photo for a label, a line that is no box.
    """
    more = _more(folder)
    names = list(names) or _names(folder)
    images = (images or folder / "images") / part
    texts = folder / "labels" / part
    known: dict[str, Any] = more.get("photos", {})
    new = {p.relative_to(images).as_posix() for p in _photos(images)} - set(known)
    files = [*known, *sorted(new)]
    by_stem = {PurePosixPath(name).with_suffix("").as_posix(): name for name in files}
    faults = list(_unclaimed(texts, by_stem))
    photos = []
    for stem, name in by_stem.items():
        told = known.get(name) or {"size": _size(images / name), "more": {}, "boxes": []}
        label = texts / f"{stem}.txt"
        boxes = []
        for number, line in enumerate(_lines(label), start=1):
            try:
                boxes.append(_box(line, names, told))
            except (ValueError, IndexError):
                faults.append(_fault(label, f"line {number}", line, "is no class and box"))
        size = told["size"]
        photos.append(LabelledPhoto(name, size[0], size[1], tuple(boxes), told["more"]))
    if faults:
        raise BadInput(faults)
    categories = {name: more.get("categories", {}).get(name, {}) for name in names}
    return LabelSet(categories, tuple(photos), more.get("set", {}))


def _line(class_number: int, xywh: Xywh, photo: LabelledPhoto) -> str:
    left, top, width, height = xywh
    parts = (
        (left + width / 2) / photo.width_px,
        (top + height / 2) / photo.height_px,
        width / photo.width_px,
        height / photo.height_px,
    )
    return " ".join([str(class_number), *(_digits(part) for part in parts)])


def _digits(part: float) -> str:
    return f"{part:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _box(line: str, names: Sequence[str], told: dict[str, Any]) -> LabelledBox:
    """Return the box of a line: as it was known, where the line is as it was written."""
    for number, box in enumerate(told["boxes"]):
        if box["line"] == line:
            told["boxes"] = told["boxes"][:number] + told["boxes"][number + 1 :]
            left, top, width, height = box["bbox"]
            return LabelledBox(names[int(line.split()[0])], (left, top, width, height), box["more"])
    class_number, *numbers = line.split()
    x, y, width, height = (float(number) for number in numbers)
    if int(class_number) < 0 or not all(0 <= part <= 1 for part in (x, y, width, height)):
        raise ValueError(line)
    across, down = told["size"]
    left, top = (x - width / 2) * across, (y - height / 2) * down
    sides = (left, top, width * across, height * down)
    a, b, c, d = (round(side, PIXEL_DECIMALS) for side in sides)
    return LabelledBox(names[int(class_number)], (a, b, c, d))


def _more(folder: Path) -> dict[str, Any]:
    path = folder / MORE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _names(folder: Path) -> list[str]:
    for file in ("classes.txt", "obj.names"):
        if (folder / file).is_file():
            return list(_lines(folder / file))
    for path in (folder / "data.yaml", folder / "dataset.yaml"):
        if path.is_file():
            names = yaml.safe_load(path.read_text(encoding="utf-8"))["names"]
            return [str(n) for n in (names.values() if isinstance(names, dict) else names)]
    raise BadInput(_fault(folder, "classes.txt", "", "is missing, so classes have no names"))


def _lines(path: Path) -> Iterator[str]:
    if path.is_file():
        stripped = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
        yield from (line for line in stripped if line)


def _photos(images: Path) -> Iterable[Path]:
    return (path for path in images.rglob("*") if path.suffix.lower() in SUFFIXES)


def _size(path: Path) -> list[int]:
    """Return width and height of a photo when it is turned upright."""
    try:
        with Pillow.open(path) as photo:
            lies = photo.getexif().get(ExifTags.Base.Orientation, 1) >= 5
            return [*reversed(photo.size)] if lies else [*photo.size]
    except (OSError, ValueError) as failed:
        raise BadInput(_fault(path, "", str(failed)[:80], "is no photo")) from failed


def _unclaimed(labels: Path, by_stem: dict[str, str]) -> Iterator[Fault]:
    for path in sorted(labels.rglob("*.txt")):
        if path.relative_to(labels).with_suffix("").as_posix() not in by_stem:
            yield _fault(path, "", "", "belongs to no photo, so its boxes have no size")


def _check_stems(labels: LabelSet, folder: Path) -> None:
    stems: dict[PurePosixPath, str] = {}
    faults = []
    for photo in labels.photos:
        stem = PurePosixPath(photo.file_name).with_suffix("")
        if stem.is_absolute() or ".." in stem.parts:
            faults.append(_fault(folder, photo.file_name, "", "leads out of the folder"))
        elif stem in stems:
            faults.append(_fault(folder, photo.file_name, stems[stem], "shares its label file"))
        stems[stem] = photo.file_name
    if faults:
        raise BadInput(faults)


def _fault(path: Path, field: str, value: str, wrong: str) -> Fault:
    return Fault(
        code="yolo-labels-malformed",
        where=str(path),
        field=field,
        value=value,
        cause=f"It {wrong}.",
        remedy="Have images, labels and classes.txt there; a class and four parts in each line.",
    )
