"""Do tiles find more than the whole photo alone, in photos that a model was kept from?

    python benchmarks/tiles.py --model DIR/detector.xml --fold 0 [--shared ../shared/data]

The Amsterdam photos of the fold (1024 pixels) are read whole and whole with tiles, as they are and
scaled up three times as a phone's photo would be (which adds pixels, nothing to see); also at
larger inputs, which cost as much. Processor time is of detecting alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from detect_folds import AMSTERDAM, TOGETHER
from recording import record
from rich.console import Console
from rich.table import Table

from vision.detections import Detections, Image
from vision.detector import Detector
from vision.evaluate import one_box_each
from vision.matching import match, pooled
from vision.scores import average_precision, best_threshold, f1_at
from vision.trainingset import Example, examples

LARGE = 3


def photo(example: Example, scale: int) -> Image:
    read = np.asarray(cv2.imread(str(example.photo)), np.uint8)
    if scale == 1:
        return read
    size = read.shape[1] * scale, read.shape[0] * scale
    return np.asarray(cv2.resize(read, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def measured(detector: Detector, kept: Sequence[Example], scale: int) -> dict[str, float]:
    pairs: list[tuple[Detections, Detections]] = []
    seconds = 0.0
    for example in kept:
        picture = photo(example, scale)
        detector.detect([picture])  # compiles the network for its shape
        began = time.process_time()
        (found,) = detector.detect([picture])
        seconds += time.process_time() - began
        pairs.append((one_box_each(found), example.truth(picture.shape[1], picture.shape[0])))
    matches = match(pairs, AMSTERDAM, [0.5])
    together = pooled([matches[name] for name in TOGETHER])
    told = {name: float(average_precision(matches[name])) for name in AMSTERDAM}
    told["mean"] = float(np.mean(list(told.values())))
    told["best F1"] = float(f1_at(together, best_threshold(together)))
    return told | {"ms a photo": 1000 * seconds / len(kept)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Whole photos against tiles.")
    parser.add_argument("--model", type=Path, required=True, help="kept from the fold")
    parser.add_argument("--fold", type=int, required=True)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    kept = [e for e in examples(given.shared, given.fold) if e.split == "held_out"]
    whole = Detector.load(given.model)
    side = whole.network.side
    tried = [
        ("1024 px, whole", whole, 1),
        ("1024 px, whole and two tiles", replace(whole, tile_from_px=1), 1),
        *(
            (f"1024 px, whole, input {s}", Detector.load(given.model, side=s), 1)
            for s in (704, 960)
        ),
        ("3072 px, whole", whole, LARGE),
        ("3072 px, whole and two tiles", replace(whole, tile_from_px=1), LARGE),
    ]
    rows = {name: measured(detector, kept, scale) for name, detector, scale in tried}
    first = next(iter(rows.values()))
    title = f"AP50, fold {given.fold}, {len(kept)} photos, input {side} unless said"
    table = Table("", *first, title=title)
    for name, told in rows.items():
        table.add_row(name, *(f"{v:.0f}" if v > 1 else f"{v:.3f}" for v in told.values()))
    Console(width=110).print(table)
    if not given.no_record:
        told = {"model": whole.version, "fold": given.fold, "side": side, "photos": len(kept)}
        print(record("tiles", told | {"rows": rows}, ("openvino", "numpy", "faster-coco-eval")))


if __name__ == "__main__":
    main()
