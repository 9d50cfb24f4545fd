"""What each stage of training brought, on photos that it did not see.

    .venv-train/bin/python benchmarks/detect_stages.py .work/train [--sides 512 640]

Every stage below the folder that `stadsronde train` wrote to is exported and reads street_bins val;
one that was kept from a fold of the Amsterdam photos reads that fold too. Exporting needs the
training environment.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from detect_folds import AMSTERDAM
from rich.console import Console
from rich.table import Table

from vision.calibrate import found_and_true
from vision.classes import CLASSES
from vision.detector import Detector
from vision.evaluate import one_box_each
from vision.export import export
from vision.matching import match
from vision.scores import average_precision
from vision.trainingset import examples

HERE = Path(__file__).parent
STREET_BINS = {c.name: [i] for i, c in enumerate(CLASSES) if c.street_bins is not None}


def measured(weights: Path, side: int, data: Path) -> Iterator[tuple[str, str, float]]:
    """Yield set, class and AP50 of a stage's weights, read at an input size."""
    detector = Detector.load(export(weights, weights.parent / "stage"), side=side)
    val = [e for e in examples(data) if e.source == "streetbins" and e.split == "val"]
    found = match(list(found_and_true(detector, val)), STREET_BINS, [0.5])
    scores = {name: average_precision(found[name]) for name in STREET_BINS}
    for name, score in scores.items():
        yield "street_bins val", name, score
    yield "street_bins val", "mean of the three", float(np.mean(list(scores.values())))
    _, marked, fold = weights.parent.name.rpartition("-fold")
    if marked:
        kept = [e for e in examples(data, int(fold)) if e.split == "held_out"]
        pairs = [(one_box_each(f), true) for f, true in found_and_true(detector, kept)]
        found = match(pairs, AMSTERDAM, [0.5])
        for name in AMSTERDAM:
            yield f"Amsterdam, fold {fold}", name, average_precision(found[name])


def main() -> None:
    parser = argparse.ArgumentParser(description="Figures of each stage of training.")
    parser.add_argument("training", type=Path, help="the folder given to train --out")
    parser.add_argument("--sides", type=int, nargs="+", default=[512, 640])
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--record", default="detect_stages", help="name of the record")
    given = parser.parse_args()
    rows = [
        {"stage": w.parent.name, "side": side, "set": part, "class": name, "ap50": round(ap, 3)}
        for w in sorted(given.training.glob("*/weights.pt"), key=lambda w: w.stat().st_mtime)
        for side in given.sides
        for part, name, ap in measured(w, side, given.shared)
    ]
    table = Table("stage", "side", "set", "class", "AP50")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
    commit = ["git", "rev-parse", "--short", "HEAD"]
    told = {
        "measured_on": (today := datetime.now(UTC).date().isoformat()),
        "commit": subprocess.check_output(commit, cwd=HERE, text=True).strip(),
        "versions": {name: version(name) for name in ("openvino", "torch", "ultralytics")},
        "rows": rows,
    }
    path = HERE / "results" / f"{given.record}-{today}.json"
    path.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
