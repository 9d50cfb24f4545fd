"""Boxes with a class and a score: the one noun that detectors give and everything else takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from city.errors import BadInput, Fault
from vision.classes import NAMES

Boxes = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.intp]
Image = npt.NDArray[np.uint8]
Index = slice | npt.NDArray[np.bool_] | npt.NDArray[np.intp]

# Boxes that overlap more than this, or of which one lies within the other by more than that, are
# of one thing.
SAME_OVERLAP, SAME_COVERAGE = 0.5, 0.8


@dataclass(frozen=True, eq=False)
class Detections:
    """What was found in one photo, best first where a detector made it.

    Parameters
    ----------
    xyxy : (n, 4) float32, left, top, right, bottom in pixels of the original photo.
    class_id : (n,) int64, the row of `vision.classes.CLASSES`.
    score : (n,) float32 in 0 to 1; not calibrated to be a probability.
    """

    xyxy: Boxes
    class_id: Ids
    score: Scores

    def __post_init__(self) -> None:
        n = len(self.score)
        if self.xyxy.shape != (n, 4) or self.class_id.shape != (n,) or self.score.shape != (n,):
            shapes = f"{self.xyxy.shape}, {self.class_id.shape}, {self.score.shape}"
            raise BadInput(_fault("xyxy, class_id, score", shapes, "must be one row each"))
        if not np.isfinite(self.xyxy).all() or (self.xyxy[:, 2:] < self.xyxy[:, :2]).any():
            raise BadInput(
                _fault("xyxy", "", "must be finite, left before right, top before bottom")
            )
        if not ((self.score >= 0) & (self.score <= 1)).all():
            raise BadInput(_fault("score", "", "must lie within 0 and 1"))
        if not ((self.class_id >= 0) & (self.class_id < len(NAMES))).all():
            raise BadInput(_fault("class_id", "", f"must lie within 0 and {len(NAMES) - 1}"))

    @classmethod
    def of(cls, xyxy: npt.ArrayLike, class_id: npt.ArrayLike, score: npt.ArrayLike) -> Detections:
        """Return detections from anything that numpy can read."""
        boxes = np.asarray(xyxy, np.float32).reshape(-1, 4)
        return cls(boxes, np.asarray(class_id, np.int64), np.asarray(score, np.float32))

    @classmethod
    def none(cls) -> Detections:
        """Return detections that found nothing."""
        return cls.of([], [], [])

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(
        self, index: slice | npt.NDArray[np.bool_] | npt.NDArray[np.intp]
    ) -> Detections:
        """Return the part that a slice, mask or index array selects."""
        return Detections(self.xyxy[index], self.class_id[index], self.score[index])


def _fault(field: str, value: str, rule: str) -> Fault:
    return Fault(
        code="detections-malformed",
        where="detections",
        field=field,
        value=value,
        cause=f"{field} {rule}.",
        remedy="Mend whatever made these detections.",
    )


def of_classes(detections: Detections, class_ids: Iterable[int]) -> Detections:
    """Return the detections of some classes."""
    return detections[np.isin(detections.class_id, list(class_ids))]


def at_least(detections: Detections, score: float) -> Detections:
    """Return the detections with at least a score."""
    return detections[detections.score >= score]


def merged(parts: Iterable[Detections]) -> Detections:
    """Return several detections of one photo as one, best score first."""
    rows = list(parts) or [Detections.none()]
    together = Detections(
        np.concatenate([part.xyxy for part in rows]),
        np.concatenate([part.class_id for part in rows]),
        np.concatenate([part.score for part in rows]),
    )
    return together[np.argsort(-together.score, kind="stable")]


def overlap(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """Return intersection over union of every box of (n, 4) with every one of (m, 4): (n, m)."""
    shared = _shared(a, b)
    union = area(a)[:, None] + area(b)[None, :] - shared
    return np.asarray(shared / np.where(union > 0, union, 1), np.float32)


def coverage(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """Return which part of the smaller box of each pair lies within the other: (n, m)."""
    smaller = np.minimum(area(a)[:, None], area(b)[None, :])
    return np.asarray(_shared(a, b) / np.where(smaller > 0, smaller, 1), np.float32)


def sameness(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """Return above 1 where two boxes are of one thing: alike, or one within the other, (n, m)."""
    more = np.maximum(overlap(a, b) / SAME_OVERLAP, coverage(a, b) / SAME_COVERAGE)
    return np.asarray(more, np.float32)


def _shared(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=2), np.float32)


def area(boxes: Boxes) -> npt.NDArray[np.float32]:
    """Return the area of each box of (n, 4)."""
    sides: npt.NDArray[np.float32] = boxes[:, 2:] - boxes[:, :2]
    return np.asarray(sides.prod(axis=1), np.float32)


def suppressed(
    detections: Detections,
    limit: float = 0.6,
    same: Callable[[Ids], npt.NDArray[np.generic]] = lambda ids: ids,
    measure: Callable[[Boxes, Boxes], npt.NDArray[np.float32]] = overlap,
) -> Detections:
    """Drop each box that overlaps a better one of the same class by more than a limit.

    Parameters
    ----------
    measure : how much (n, 4) boxes overlap (m, 4) boxes: (n, m).
    same : maps class ids to groups within which boxes compete; by default each its own.
    """
    order = np.argsort(-detections.score, kind="stable")
    best_first = detections[order]
    group = same(best_first.class_id)
    alive = np.ones(len(best_first), dtype=bool)
    for i in range(len(best_first) - 1):
        if alive[i]:
            rest = slice(i + 1, None)
            hit = measure(best_first.xyxy[i : i + 1], best_first.xyxy[rest])[0] > limit
            alive[rest] &= ~(hit & (group[rest] == group[i]))
    return best_first[alive]
