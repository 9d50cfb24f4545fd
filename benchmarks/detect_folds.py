"""What the detector finds in photos that it was not trained on, with intervals over the photos.

    python benchmarks/detect_folds.py --folds a.xml b.xml c.xml [--shared ../shared/data]

Model k of three was trained without fold k of the Amsterdam photos (`vision.trainingset.fold_of`:
photos of one day stay together) and reads that fold; the three parts are scored as one set.
Without ``--folds`` the shipped model stands in for all three: it saw these photos in training, so
the figures are too good and are recorded as such. street_bins val is read by the shipped model.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from vision.calibrate import found_and_true
from vision.classes import CLASSES, CONTAINERS, class_id
from vision.detector import Detector
from vision.evaluate import one_box_each
from vision.matching import Matches, match, pooled
from vision.scores import (
    Estimate,
    average_precision,
    best_threshold,
    f1_at,
    interval,
    precision_at,
    recall_at,
)
from vision.trainingset import FOLDS, examples, fold_of

HERE = Path(__file__).parent
RESAMPLES = 2000
SEED = 1
# Amsterdam's annotators labelled one class of container, overflowing or not.
AMSTERDAM = {
    "container": CONTAINERS,
    "bag": [class_id("bag")],
    "cardboard": [class_id("cardboard")],
    "bulky": [class_id("bulky")],
}
TOGETHER = ("container", "bag", "cardboard")
Row = dict[str, Any]


def row(part: str, name: str, metric: str, told: Estimate, photos: int) -> Row:
    return {
        "slice": part,
        "class": name,
        "metric": metric,
        "value": round(told.value, 3),
        "n": told.n,
        "photos": photos,
        "low": round(told.low, 3),
        "high": round(told.high, 3),
    }


def ap_row(part: str, name: str, found: Matches, kept: np.ndarray) -> Row:
    told = interval(
        partial(average_precision, found),
        kept,
        found.of_photos(kept).truths,
        seed=SEED,
        resamples=RESAMPLES,
    )
    return row(part, name, "AP50", told, int(kept.sum()))


def amsterdam(detectors: Sequence[Detector], data: Path) -> tuple[list[Row], list[float]]:
    """Return the rows of the out-of-fold photos, and the threshold that each fold got."""
    every = [e for e in examples(data) if e.source != "streetbins"]
    folds = fold_of([e.photo.name for e in every])
    by_fold = [[e for e in every if folds[e.photo.name] == k] for k in range(FOLDS)]
    pairs = [p for d, some in zip(detectors, by_fold, strict=True) for p in found_and_true(d, some)]
    fold = np.repeat(np.arange(FOLDS), [len(some) for some in by_fold])
    table = json.loads((data / "amsterdam_photos" / "labels.json").read_text())["images"]
    dark = {image["file_name"]: bool(image["night"]) for image in table}
    night = np.array([dark[e.photo.name] for some in by_fold for e in some])
    every_photo = np.ones(len(pairs), bool)
    found = match([(one_box_each(f), t) for f, t in pairs], AMSTERDAM, [0.5])
    rows = [ap_row("all", name, found[name], every_photo) for name in AMSTERDAM]
    parts = (("night", night), ("day", ~night), *((f"fold {k}", fold == k) for k in range(FOLDS)))
    rows += [ap_row(part, name, found[name], kept) for part, kept in parts for name in AMSTERDAM]
    plain = match(pairs, {"container": [class_id("container")]}, [0.5])["container"]
    rows.append(ap_row("all, class container alone", "container", plain, every_photo))
    together = pooled([found[name] for name in TOGETHER])
    more, limits = at_thresholds(together, fold)
    return rows + more, limits


def at_thresholds(found: Matches, fold: np.ndarray) -> tuple[list[Row], list[float]]:
    """Return precision and recall where each fold's threshold has the best F1 on the others."""
    limits = [best_threshold(found.of_photos(fold != k)) for k in range(FOLDS)]
    kept = found.within(found.score >= np.array(limits)[fold[found.photo]])
    measures = {
        "precision": partial(precision_at, kept, 0.0),
        "recall": partial(recall_at, kept, 0.0),
        "F1": partial(f1_at, kept, 0.0),
    }
    n = {"precision": len(kept.score)}
    rows = []
    for name, measure in measures.items():
        told = interval(
            measure,
            np.ones(len(fold), bool),
            n.get(name, kept.truths),
            seed=SEED,
            resamples=RESAMPLES,
        )
        rows.append(row("all", " + ".join(TOGETHER), name, told, len(fold)))
    return rows, limits


def street_bins(detector: Detector, data: Path) -> list[Row]:
    val = [e for e in examples(data) if e.source == "streetbins" and e.split == "val"]
    pairs = found_and_true(detector, val)
    groups = {c.name: [i] for i, c in enumerate(CLASSES) if c.street_bins is not None}
    found = match(pairs, groups, [0.5])
    kept = np.ones(len(pairs), bool)
    rows = [ap_row("street_bins val", name, found[name], kept) for name in groups]
    told = interval(
        lambda weights: float(np.mean([average_precision(f, weights) for f in found.values()])),
        kept,
        sum(f.truths for f in found.values()),
        seed=SEED,
        resamples=RESAMPLES,
    )
    return [*rows, row("street_bins val", "mean of the three", "mAP50", told, len(pairs))]


def check_folds(models: Sequence[Path], data: Path) -> None:
    """Stop where a model's record says that it was not kept from the fold that it shall read."""
    names = [e.photo.name for e in examples(data) if e.source != "streetbins"]
    folds = fold_of(names)
    for k, path in enumerate(models):
        record = json.loads(path.with_name("record.json").read_text())
        wanted = {name for name in names if folds[name] == k}
        if "held_out" not in record:
            print(f"{path} has no list of what it was kept from: fold {k} is taken on trust.")
        elif set(record["held_out"]) != wanted:
            raise SystemExit(f"{path} was not kept from fold {k}: give the models in order.")


def show(rows: Sequence[Row]) -> None:
    table = Table("slice", "class", "metric", "value", "95 % interval", "boxes", "photos")
    table.columns[4].no_wrap = True
    for one in rows:
        bounds = f"{one['low']:.3f} - {one['high']:.3f}"
        names = (one["slice"], one["class"], one["metric"], f"{one['value']:.3f}", bounds)
        table.add_row(*names, str(one["n"]), str(one["photos"]))
    Console().print(table)


def record(result: Row) -> Path:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    today = datetime.now(UTC).date().isoformat()
    versions = {name: version(name) for name in ("openvino", "faster-coco-eval", "numpy")}
    told = {"measured_on": today, "commit": commit, "versions": versions, "seed": SEED}
    path = HERE / "results" / f"detect_folds-{today}.json"
    path.write_text(json.dumps(told | result, indent=1) + "\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Out-of-fold figures of the detector.")
    parser.add_argument("--folds", type=Path, nargs=FOLDS, help="the models, in order of folds")
    parser.add_argument("--shipped", type=Path, help="in place of the shipped model")
    parser.add_argument("--side", type=int, help="input size, where not as the records say")
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--once", action="store_true", help="without the second look")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    shipped = Detector.load(given.shipped, side=given.side)
    check_folds(given.folds or (), given.shared)
    models = [Detector.load(path, side=given.side) for path in given.folds or ()]
    if given.once:
        shipped, *models = (replace(d, second_look=None) for d in (shipped, *models))
    rows, limits = amsterdam(models or [shipped] * FOLDS, given.shared)
    rows += street_bins(shipped, given.shared)
    show(rows)
    note = "" if models else "The shipped model stands in for the folds' and SAW these photos."
    print(note or "No fold was read by a model that was trained on it.")
    print("Thresholds, by fold:", ", ".join(f"{limit:.3f}" for limit in limits))
    if not given.no_record:
        result = {
            "note": note,
            "resamples": RESAMPLES,
            "shipped": shipped.version,
            "side": shipped.network.side,
            "folds": [model.version for model in models],
            "thresholds": [round(limit, 4) for limit in limits],
            "rows": rows,
        }
        print(record(result))


if __name__ == "__main__":
    main()
