"""Export a trained checkpoint, score it on photos it was not trained on, and write its card."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from vision.calibrate import found_and_true
from vision.classes import CLASSES, CONTAINERS, NAMES
from vision.describe import CARD, Known, model_card
from vision.detector import Detector
from vision.export import export
from vision.matching import Matches, match
from vision.recipe import READ_AT
from vision.scores import average_precision, precision_recall
from vision.trainingset import SOURCES, Example, examples

TEST_SETS = {"val": "street_bins val", "held_out": "Amsterdam, held out"}
ANY_CONTAINER = "any container"
WORKING_SCORE = 0.25


@dataclass(frozen=True)
class Release:
    """A model that is ready to be shipped.

    Parameters
    ----------
    model : the ``.xml``; beside it lie its ``.bin``, ``detector.pt``, ``record.json``, ``card.md``.
    scores : average precision at an overlap of one half, by test set and class.
    """

    model: Path
    scores: dict[str, dict[str, float]]


def release(stages: Sequence[Path], out: Path, data: Path) -> Release:
    """Export, score and describe what the last of some stages of training came to.

    Parameters
    ----------
    stages : their folders, in order; see `vision.recipe`.
    data : folder that they learnt from, which holds the test sets too.
    """
    last = stages[-1]
    prepared = last / "set"
    model = export(last / "weights.pt", out)
    detector = Detector.load(model, side=READ_AT)
    held_out = _held_out(prepared)
    rows = tested(detector, data, held_out)
    record = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": detector.version,
        "side": detector.network.side,
        "photos": _photos(stages),
        "held_out": held_out,
        "training": [
            {"stage": folder.name, "side": _trained_side(folder), "log": _history(folder)}
            for folder in stages
        ],
        "scores": rows,
    }
    (out / "record.json").write_text(json.dumps(record, indent=1) + "\n")
    (out / CARD).write_text(model_card(Known.of(out)), encoding="utf-8")
    scores: dict[str, dict[str, float]] = {}
    for row in rows:
        scores.setdefault(str(row["set"]), {})[str(row["class"])] = float(str(row["ap50"]))
    return Release(model, scores)


def tested(detector: Detector, data: Path, held_out: Collection[str]) -> list[dict[str, object]]:
    """Return one row for each test set and class that it labels by hand.

    Parameters
    ----------
    held_out : file names of the Amsterdam photos that the detector was kept from.
    """
    every = list(examples(data))
    sets = {
        "val": [one for one in every if one.split == "val"],
        "held_out": [one for one in every if one.photo.name in held_out],
    }
    return [row for name, some in sets.items() if some for row in _scored(detector, some, name)]


def _scored(detector: Detector, some: Sequence[Example], split: str) -> Iterator[dict[str, object]]:
    known = {
        i
        for source in SOURCES
        for one in some
        if one.source == source.name
        for i in source.labelled
    }
    groups: dict[str, Sequence[int]] = {NAMES[i]: [i] for i in sorted(known) if not CLASSES[i].coco}
    found = match(found_and_true(detector, some), groups | {ANY_CONTAINER: CONTAINERS}, [0.5])
    yield from (_row(split, name, m, len(some)) for name, m in found.items() if m.truths)


def _row(split: str, name: str, found: Matches, photos: int) -> dict[str, object]:
    precision, recall = precision_recall(found, WORKING_SCORE)
    return {
        "set": TEST_SETS[split],
        "class": name,
        "ap50": round(average_precision(found), 3),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "boxes": found.truths,
        "photos": photos,
    }


def _held_out(prepared: Path) -> list[str]:
    """Return the file names of the photos that were kept from training, to prove it by."""
    lines = (prepared / "held_out.txt").read_text().splitlines()
    return sorted(Path(line).name.partition("__")[2] for line in lines if line)


def _photos(stages: Sequence[Path]) -> dict[str, int]:
    """Return how many photos of each kind the stages used, those of the last one for testing."""
    used = [json.loads((stage / "set" / "data.json").read_text()) for stage in stages]
    others = ("amsterdam_train", "rendered_train")
    bins = max(p["train"] - sum(p.get(key, 0) for key in others) for p in used)
    shown = ("amsterdam_train", "rendered_train", "val", "held_out")
    last = {key: used[-1].get(key, 0) for key in shown}
    return {"street_bins_train": bins} | last


def _trained_side(stage: Path) -> int:
    """Return the input size that a stage was trained at, as the trainer noted it."""
    return int(yaml.safe_load((stage / "run" / "args.yaml").read_text())["imgsz"])


def _history(stage: Path) -> list[dict[str, float]]:
    """Return the trainer's log, an epoch a row: losses and learning rate."""
    with (stage / "run" / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    wanted = ("epoch", "time", "train/box_loss", "train/cls_loss", "train/dfl_loss", "lr/pg0")
    return [{key: float(row[key]) for key in wanted if key in row} for row in rows]
