"""Merge differently labelled photo sets into one folder that the trainer reads.

Each set labels only some of the classes. A photo's file name begins with the name of its
`Source`, which says what was labelled there, so that the trainer never learns that unlabelled
means absent. People and vehicles, which no set of photos labels, are labelled by a COCO teacher.
Renderings, whose truth is whole, may come to the photos.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np

from city.errors import BadInput, Fault
from vision.classes import (
    CLASSES,
    CONTAINER,
    CONTAINER_OVERFLOWING,
    NAMES,
    VEHICLE,
    class_id,
)
from vision.cutouts import Cutout, cut_out, save
from vision.detections import Boxes, Detections, Image, overlap
from vision.labels import read_coco
from vision.teacher import Teacher

FOLDS = 3
DAY_MS = 24 * 3_600_000
TEACHER_SCORE = 0.3
SAMPLE_SEEDS = range(9000, 9100)

Label = tuple[int, float, float, float, float]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """Where a photo's labels come from.

    Parameters
    ----------
    labelled : the class ids that were looked for; all others are unknown, not absent.
    overflow_known : whether a box of class container means "not overflowing".
    taught : whether people and vehicles are a teacher's.
    """

    name: str
    labelled: frozenset[int]
    overflow_known: bool = True
    taught: bool = True


_TAUGHT = frozenset(i for i, row in enumerate(CLASSES) if row.coco)
_STREET_BINS = frozenset(i for i, row in enumerate(CLASSES) if row.street_bins is not None)
_AMSTERDAM = frozenset(i for i, row in enumerate(CLASSES) if row.amsterdam is not None)

SOURCES = (
    Source("streetbins", _STREET_BINS | _TAUGHT),
    Source("amsterdam", _AMSTERDAM | {CONTAINER_OVERFLOWING} | _TAUGHT),
    # Photos with at least one container of which the annotator could not tell.
    Source("unclear", _AMSTERDAM | {CONTAINER_OVERFLOWING} | _TAUGHT, overflow_known=False),
    # No photos: scenes of the generator in sample_images, whose truth is whole.
    Source("rendered", frozenset(range(len(CLASSES))), taught=False),
)


def source_of(path: str | Path) -> Source:
    """Return the source that a prepared photo's file name begins with."""
    prefix = Path(path).name.partition("__")[0]
    return next(source for source in SOURCES if source.name == prefix)


@dataclass(frozen=True)
class Example:
    """A photo with its boxes: class id and xywh, centre first, as fractions of the photo."""

    photo: Path
    source: str
    split: str
    labels: tuple[Label, ...]

    def truth(self, width_px: int, height_px: int) -> Detections:
        """Return the labels as detections with score 1, in pixels of a photo of that size."""
        corners = _as_xyxy(self.labels) * np.array([width_px, height_px] * 2, np.float32)
        return Detections.of(corners, [row[0] for row in self.labels], np.ones(len(self.labels)))


@dataclass(frozen=True)
class Mix:
    """How much of each set an epoch holds, and which Amsterdam photos are kept to test on.

    Parameters
    ----------
    street_bins_share : part of the street_bins photos, evenly drawn.
    amsterdam_repeats : how often each Amsterdam photo comes; 0 leaves them out.
    fold : the fold of Amsterdam photos that is not trained on; all are if None.
    pasted_share : part of the photos that get Amsterdam's things pasted in, each time others.
    renderings : folder of renderings with their truth; none are shown without it.
    rendered_repeats : how often each rendering comes.
    """

    street_bins_share: float = 1.0
    amsterdam_repeats: int = 6
    fold: int | None = None
    pasted_share: float = 0.0
    renderings: Path | None = None
    rendered_repeats: int = 1

    def repeats(self, example: Example, index: int) -> int:
        """Return how often an epoch shows the photo that is the index-th of its set."""
        if example.source == "rendered":
            return self.rendered_repeats
        if example.source != "streetbins":
            return self.amsterdam_repeats
        before, after = index * self.street_bins_share, (index + 1) * self.street_bins_share
        return int(after) - int(before)


def examples(data: Path, fold: int | None = None) -> Iterator[Example]:
    """Yield every labelled photo of both sets, with the split that it belongs to."""
    _require(data)
    yield from _street_bins(data / "street_bins")
    yield from _amsterdam(data / "amsterdam_photos", fold)


def _require(data: Path) -> None:
    needed = ("street_bins/images", "amsterdam_photos/labels.json", "weights")
    missing = [name for name in needed if not (data / name).exists()]
    if missing:
        raise BadInput(
            Fault(
                code="training-data-missing",
                where=str(data),
                value=", ".join(missing),
                cause="The folder does not hold the training data.",
                remedy="Give the folder that holds street_bins, amsterdam_photos and weights.",
            )
        )


def _street_bins(folder: Path) -> Iterator[Example]:
    ours = {row.street_bins: i for i, row in enumerate(CLASSES) if row.street_bins is not None}
    for split in ("train", "val"):
        for photo in sorted((folder / "images" / split).glob("*.jpg")):
            text = (folder / "labels" / split / f"{photo.stem}.txt").read_text()
            rows = [line.split() for line in text.splitlines() if line.strip()]
            labels = tuple((ours[int(r[0])], *_four(map(float, r[1:5]))) for r in rows)
            yield Example(photo, "streetbins", split, labels)


def _four(numbers: Iterable[float]) -> tuple[float, float, float, float]:
    a, b, c, d = numbers
    return a, b, c, d


def rendered(folder: Path) -> Iterator[Example]:
    """Yield the renderings of a folder, less the sample images: those are never trained on.

    Raises
    ------
    BadInput
        If the folder holds no truth that can be read.
    """
    for photo in read_coco(folder / "truth.json").photos:
        if photo.more.get("seed") not in SAMPLE_SEEDS:
            size = photo.width_px, photo.height_px
            labels = tuple((class_id(b.category), *_fractions(b.xywh, *size)) for b in photo.boxes)
            yield Example(folder / photo.file_name, "rendered", "train", labels)


def _fractions(
    xywh: tuple[float, float, float, float], width: int, height: int
) -> tuple[float, float, float, float]:
    x, y, w, h = xywh
    return (x + w / 2) / width, (y + h / 2) / height, w / width, h / height


def _amsterdam(folder: Path, fold: int | None) -> Iterator[Example]:
    table = json.loads((folder / "labels.json").read_text())
    category = {row["id"]: row["name"] for row in table["categories"]}
    boxes: dict[int, list[dict[str, object]]] = {row["id"]: [] for row in table["images"]}
    for annotation in table["annotations"]:
        boxes[annotation["image_id"]].append(annotation)
    folds = fold_of([row["file_name"] for row in table["images"]])
    for row in table["images"]:
        labels, unclear = [], False
        for box in boxes[row["id"]]:
            unclear |= box.get("overflow") == "unclear"
            labels.append(_amsterdam_label(box, category, row["width"], row["height"]))
        yield Example(
            folder / "images" / row["file_name"],
            "unclear" if unclear else "amsterdam",
            "held_out" if folds[row["file_name"]] == fold else "train",
            tuple(labels),
        )


def _amsterdam_label(
    box: dict[str, object], category: dict[object, str], width: int, height: int
) -> Label:
    name = category[box["category_id"]]
    ours = next(i for i, row in enumerate(CLASSES) if row.amsterdam == name)
    if ours == CONTAINER and box.get("overflow") == "yes":
        ours = CONTAINER_OVERFLOWING
    return ours, *_fractions(_four(box["bbox"]), width, height)  # type: ignore[arg-type]


def fold_of(file_names: Iterable[str], n_folds: int = FOLDS) -> dict[str, int]:
    """Return the fold of each photo: photos of one day stay together, folds are of like size.

    The time (ms) ends the file name. Days are dealt out largest first, each to the smallest fold,
    ties by the hash of the day.
    """
    days: dict[int, list[str]] = {}
    for name in file_names:
        days.setdefault(_taken_ms(name) // DAY_MS, []).append(name)
    folds: list[list[str]] = [[] for _ in range(n_folds)]
    for day in sorted(days, key=lambda d: (-len(days[d]), sha256(str(d).encode()).digest())):
        min(folds, key=len).extend(days[day])
    return {name: i for i, names in enumerate(folds) for name in names}


def _taken_ms(file_name: str) -> int:
    found = re.search(r"(\d+)\.\w+$", file_name)
    return int(found.group(1)) if found else 0


def prepare(
    data: Path, out: Path, mix: Mix | None = None, on_progress: Progress | None = None
) -> Path:
    """Write the merged set in YOLO's layout under a folder and return its description file.

    Photos are copied, never linked: the trainer may rewrite a damaged JPEG in place.
    """
    out = out.resolve()
    done = out / "data.json"
    if done.exists():
        return done
    teacher = Teacher.load(data / "weights" / "yolox_nano_coco_416.onnx")
    mix = mix or Mix()
    todo = list(examples(data, mix.fold))
    todo += rendered(mix.renderings) if mix.renderings else ()
    seen = Counter[tuple[str, str]]()
    lists: dict[str, list[str]] = {"train": [], "val": [], "held_out": []}
    for count, example in enumerate(todo, start=1):
        place = (example.source, example.split)
        times = mix.repeats(example, seen[place]) if example.split == "train" else 1
        seen[place] += 1
        if times:
            lists[example.split] += [str(_write(example, teacher, out))] * times
        if on_progress:
            on_progress(count, len(todo))
    if mix.pasted_share:
        save(_cutouts(e for e in todo if e.split == "train"), out / "cutouts")
    for split, names in lists.items():
        (out / f"{split}.txt").write_text("\n".join(names) + "\n")
    described = {
        "path": str(out),
        "train": "train.txt",
        "val": "val.txt",
        "names": dict(enumerate(NAMES)),
    }
    done.with_suffix(".yaml").write_text(json.dumps(described))  # JSON is YAML
    photos = {split: len(set(names)) for split, names in lists.items()}
    of = Counter(source_of(name).name for name in set(lists["train"]))
    photos["amsterdam_train"] = of["amsterdam"] + of["unclear"]
    photos["rendered_train"] = of["rendered"]
    done.write_text(json.dumps(photos))
    return done


def _cutouts(some: Iterable[Example]) -> Iterator[Cutout]:
    """Yield the Amsterdam things that can be told from what is behind them."""
    for example in some:
        if example.source != "amsterdam":
            continue
        image = _read(example.photo)
        for label, box in zip(example.labels, _as_xyxy(example.labels), strict=True):
            found = cut_out(image, box.tolist(), label[0])
            if found is not None and label[0] != CONTAINER_OVERFLOWING:
                yield found


def _write(example: Example, teacher: Teacher, out: Path) -> Path:
    target = out / "images" / example.split / f"{example.source}__{example.photo.name}"
    label = out / "labels" / example.split / f"{target.stem}.txt"
    for path in (target, label):
        path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(example.photo, target)
    labels = example.labels
    if source_of(target).taught:
        labels = (*labels, *_taught(teacher, _read(example.photo), labels))
    lines = (f"{c} {x:.6f} {y:.6f} {w:.6f} {h:.6f}" for c, x, y, w, h in labels)
    label.write_text("\n".join(lines) + "\n" if labels else "")
    return target


def _read(photo: Path) -> Image:
    image = cv2.imread(str(photo))
    if image is None:
        raise BadInput(
            Fault(
                code="photo-unreadable",
                where=str(photo),
                cause="The training photo cannot be decoded.",
                remedy="Fetch the data set again.",
            )
        )
    return np.asarray(image, np.uint8)


def _taught(teacher: Teacher, image: Image, labels: tuple[Label, ...]) -> Iterator[Label]:
    """Yield the teacher's people and vehicles, less vehicles that are labelled as containers."""
    height, width = image.shape[:2]
    size = np.array([width, height, width, height], np.float32)
    found = teacher.detect(image, TEACHER_SCORE)
    known = _as_xyxy([row for row in labels if row[0] in (CONTAINER, CONTAINER_OVERFLOWING)])
    clash = overlap(found.xyxy / size, known).max(axis=1, initial=0.0) > 0.4
    for box, ours in zip(
        found.xyxy / size,
        np.where(clash & (found.class_id == VEHICLE), -1, found.class_id),
        strict=True,
    ):
        if ours >= 0:
            x1, y1, x2, y2 = map(float, np.clip(box, 0, 1))
            yield int(ours), (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1


def _as_xyxy(labels: Iterable[Label]) -> Boxes:
    rows = [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for _, x, y, w, h in labels]
    return np.array(rows, np.float32).reshape(-1, 4)
