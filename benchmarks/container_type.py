"""Can a container's type (underground, bank, other) be read off its box? Out of fold, three ways.

    python benchmarks/container_type.py [--model detector.xml] [--shared ../shared/data]

Linear classifiers, learnt on two thirds of the days of the Amsterdam photos and tried on the other:
on the shape and place of the box, on the pixels in it (gradients and colours), and on the
detector's own feature maps, pooled over the box. The boxes are the true ones, so that detecting
does not come into it. The rival is the base rate: "always underground", and for log loss the shares
of the types in the other folds. A detector that trained on these photos never saw their types.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino as ov
from recording import record
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize

from vision.detector import Detector
from vision.network import laid_in, shape_for
from vision.trainingset import FOLDS, fold_of

TYPES = ("underground", "bank", "other")
LEVELS = ("model.17", "model.20", "model.23")
STRIDES = (8, 16, 32)
RIDGES = (0.003, 0.03, 0.3)
RESAMPLES, SEED = 2000, 1
MEASURES = ("accuracy", "log loss", "gain")
CELLS, TURNS = (8, 6), 8


@dataclass(frozen=True)
class Boxes:
    """One row a container: type (n,), fold (n,), photo (n,), and features by kind, (n, d)."""

    kind: np.ndarray
    fold: np.ndarray
    photo: np.ndarray
    features: dict[str, np.ndarray]


def shape(box: np.ndarray, height: int, width: int) -> np.ndarray:
    _, y, w, h = box
    return np.array([np.log(w / h), np.log(w * h / (width * height)), y / height, (y + h) / height])


def pixels(bgr: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Return oriented gradients in 8 x 6 cells and a histogram of colours, (d,)."""
    x, y, w, h = np.maximum(np.round(box), 0).astype(int)
    crop = cv2.resize(bgr[y : y + max(h, 2), x : x + max(w, 2)], (48, 64))
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.float32)
    size, angle = cv2.cartToPolar(cv2.Sobel(grey, -1, 1, 0), cv2.Sobel(grey, -1, 0, 1))
    turn = (angle / np.pi * TURNS).astype(int) % TURNS
    cell = (
        np.indices(grey.shape)
        * np.array(CELLS)[:, None, None]
        // np.array(grey.shape)[:, None, None]
    )
    place = (cell[0] * CELLS[1] + cell[1]) * TURNS + turn
    gradients = np.bincount(place.ravel(), size.ravel(), CELLS[0] * CELLS[1] * TURNS)
    hsv = cv2.cvtColor(crop, cv2.COLOR_BGR2HSV)
    colours = cv2.calcHist([hsv], [0, 1], None, [12, 4], [0, 180, 0, 256]).ravel()
    return np.concatenate([gradients / (gradients.sum() + 1e-6), colours / grey.size])


class Features:
    """The detector's network, giving its three last feature maps."""

    def __init__(self, detector: Detector) -> None:
        self.network = detector.network
        self.model = detector.network.model.clone()
        named = {node.get_friendly_name(): node for node in self.model.get_ops()}
        for level in LEVELS:
            (start,) = (
                n for n in named if f".{level}.cv3.conv/" in n and n.endswith("/Convolution")
            )
            node = named[start]
            while node.get_type_name() != "Swish":
                node = next(iter(node.output(0).get_target_inputs())).get_node()
            self.model.add_outputs([node.output(0)])
        self.compiled: dict[tuple[int, int], Any] = {}

    def of(self, bgr: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        """Return the means over each box, (n, d)."""
        size = shape_for(bgr.shape[0], bgr.shape[1], self.network.side)
        canvas, fit = laid_in(bgr, *size)
        if size not in self.compiled:
            model = self.model.clone()
            model.reshape([1, *size, 3])
            self.compiled[size] = ov.Core().compile_model(model, "CPU")
        maps = list(self.compiled[size]([canvas[None]]).values())[-len(LEVELS) :]
        return np.array([self._pooled(maps, box * fit.scale) for box in boxes])

    def _pooled(self, maps: list[np.ndarray], box: np.ndarray) -> np.ndarray:
        parts = []
        for (plane,), stride in zip(maps, STRIDES, strict=True):
            most = np.array(plane.shape[:0:-1])
            low = np.minimum(np.floor(box[:2] / stride), most - 1).astype(int)
            high = np.maximum(np.ceil((box[:2] + box[2:]) / stride), low + 1).astype(int)
            parts.append(plane[:, low[1] : high[1], low[0] : high[0]].mean(axis=(1, 2)))
        return np.concatenate(parts)


def read(data: Path, detector: Detector) -> Boxes:
    table = json.loads((data / "amsterdam_photos" / "labels.json").read_text())
    ours = [row["id"] for row in table["categories"] if row["name"] == "container"]
    folds = fold_of([row["file_name"] for row in table["images"]])
    maps = Features(detector)
    rows: list[tuple[int, int, int]] = []
    features: dict[str, list[np.ndarray]] = {"shape": [], "pixels": [], "feature maps": []}
    for number, image in enumerate(table["images"]):
        mine = [
            one
            for one in table["annotations"]
            if one["image_id"] == image["id"] and one["category_id"] in ours
        ]
        if not mine:
            continue
        photo = data / "amsterdam_photos" / "images" / image["file_name"]
        bgr = np.asarray(cv2.imread(str(photo)), np.uint8)
        boxes = np.array([one["bbox"] for one in mine], float)
        features["feature maps"] += list(maps.of(bgr, boxes))
        features["shape"] += [shape(box, *bgr.shape[:2]) for box in boxes]
        features["pixels"] += [pixels(bgr, box) for box in boxes]
        for one in mine:
            name = one["container_type"]
            kind = TYPES.index(name) if name in TYPES else TYPES.index("other")
            rows.append((kind, folds[image["file_name"]], number))
    kind, fold, photos = np.array(rows).T
    stacked = {name: np.array(some) for name, some in features.items()}
    return Boxes(kind, fold, photos, stacked)


def fitted(x: np.ndarray, kind: np.ndarray, ridge: float) -> np.ndarray:
    """Return the weights (d + 1, types) of a multinomial logistic regression."""
    n, d = x.shape
    with_one = np.hstack([x, np.ones((n, 1))])
    truth = np.eye(len(TYPES))[kind]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(d + 1, len(TYPES))
        p = softmax(with_one @ w)
        penalty = ridge * (w[:-1] ** 2).sum()
        slope = with_one.T @ (p - truth) / n
        slope[:-1] += 2 * ridge * w[:-1]
        return -np.log(p[np.arange(n), kind] + 1e-12).mean() + penalty, slope.ravel()

    start = np.zeros((d + 1) * len(TYPES))
    return minimize(loss, start, jac=True, method="L-BFGS-B").x.reshape(d + 1, -1)


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def out_of_fold(x: np.ndarray, boxes: Boxes, ridge: float) -> np.ndarray:
    """Return each box's probabilities, of a classifier that did not see its days."""
    p = np.zeros((len(x), len(TYPES)))
    for k in range(FOLDS):
        there = boxes.fold != k
        middle, spread = x[there].mean(axis=0), x[there].std(axis=0) + 1e-6
        w = fitted((x[there] - middle) / spread, boxes.kind[there], ridge)
        own = (x[~there] - middle) / spread
        p[~there] = softmax(np.hstack([own, np.ones((len(own), 1))]) @ w)
    return p


def base_rate(boxes: Boxes) -> np.ndarray:
    p = np.zeros((len(boxes.kind), len(TYPES)))
    for k in range(FOLDS):
        there = boxes.fold != k
        p[~there] = np.bincount(boxes.kind[there], minlength=len(TYPES)) / there.sum()
    return p


def figures(p: np.ndarray, boxes: Boxes) -> dict[str, Any]:
    """Return accuracy, log loss, what it gains on the base rate, by photos; and the confusion."""
    right = (p.argmax(axis=1) == boxes.kind).astype(float)
    loss, rival = (-np.log(q[np.arange(len(q)), boxes.kind] + 1e-12) for q in (p, base_rate(boxes)))
    told: dict[str, Any] = {}
    random = np.random.default_rng(SEED)
    count = boxes.photo.max() + 1
    draws = random.multinomial(count, np.full(count, 1 / count), RESAMPLES)[:, boxes.photo]
    for name, values in (("accuracy", right), ("log loss", loss), ("gain", rival - loss)):
        each = (draws * values).sum(axis=1) / draws.sum(axis=1)
        told[name] = round(float(values.mean()), 3)
        told[f"{name}, 95 %"] = [round(float(v), 3) for v in np.percentile(each, (2.5, 97.5))]
    confusion = np.zeros((len(TYPES), len(TYPES)), int)
    np.add.at(confusion, (boxes.kind, p.argmax(axis=1)), 1)
    return told | {"true by said": confusion.tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Container types, out of fold.")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    detector = Detector.load(given.model)
    boxes = read(given.shared, detector)
    features = boxes.features | {"all": np.hstack(list(boxes.features.values()))}
    rows = {"base rate": figures(base_rate(boxes), boxes)}
    for name, x in features.items():
        for ridge in RIDGES:
            rows[f"{name}, ridge {ridge}"] = figures(out_of_fold(x, boxes, ridge), boxes)
    counts = dict(zip(TYPES, np.bincount(boxes.kind).tolist(), strict=True))
    table = Table("", *MEASURES, "true by said", title=f"{counts}")
    for name, told in rows.items():
        cells = (
            f"{told[m]:.3f} ({told[f'{m}, 95 %'][0]:.3f} - {told[f'{m}, 95 %'][1]:.3f})"
            for m in MEASURES
        )
        table.add_row(name, *cells, str(told["true by said"]))
    Console(width=140).print(table)
    if not given.no_record:
        told = {"detector": detector.version, "boxes": counts, "rows": rows}
        print(record("container_type", told, ("openvino", "numpy", "scipy")))


if __name__ == "__main__":
    main()
