"""What a photo says about each container in it: does it overflow, does waste lie beside it?

The scores are a detector's, combined by simple rules; they are **not calibrated** to be
probabilities yet. Nobody can see into a closed or underground container: what is read is its
outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.classes import CONTAINER, CONTAINER_OVERFLOWING, CONTAINERS, SIDE_WASTE
from vision.detections import (
    Boxes,
    Detections,
    at_least,
    coverage,
    of_classes,
    overlap,
    suppressed,
)

# The working threshold: below it, a container is not believed to be there.
MIN_CONTAINER_SCORE = 0.25
MIN_WASTE_SCORE = 0.10
# Boxes of either container class that overlap more than this, or of which one lies within the
# other by more than that, are of one container.
SAME_OVERLAP, SAME_COVERAGE = 0.5, 0.8
# Waste lies beside a container if the gap is less than so many of its widths, and it stands
# about as far away, so that their ground lines differ by less than so many of its heights.
BESIDE_WIDTHS = 0.8
BESIDE_HEIGHTS = 0.5


@dataclass(frozen=True)
class Reading:
    """One container in a photo.

    Parameters
    ----------
    xyxy : left, top, right, bottom in pixels of the photo.
    score : that it is a container at all, 0 to 1, not calibrated.
    p_overflowing : that waste sticks out of it, 0 to 1, not calibrated.
    p_side_waste : that waste lies beside it, 0 to 1, not calibrated.
    """

    xyxy: tuple[float, float, float, float]
    score: float
    p_overflowing: float
    p_side_waste: float


def read_containers(
    detections: Detections, min_score: float = MIN_CONTAINER_SCORE
) -> tuple[Reading, ...]:
    """Return one reading for each container, best first, from all detections of a photo."""
    either = of_classes(detections, CONTAINERS)
    containers = suppressed(at_least(either, min_score), 1.0, np.zeros_like, _sameness)
    waste = at_least(of_classes(detections, SIDE_WASTE), MIN_WASTE_SCORE)
    beside = _beside(containers.xyxy, waste)
    full = _p_overflowing(containers.xyxy, either)
    return tuple(
        Reading((float(x1), float(y1), float(x2), float(y2)), float(score), float(o), float(b))
        for (x1, y1, x2, y2), score, o, b in zip(
            containers.xyxy, containers.score, full, beside, strict=True
        )
    )


def _sameness(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """Return above 1 where two boxes are of one container, (n, m)."""
    more = np.maximum(overlap(a, b) / SAME_OVERLAP, coverage(a, b) / SAME_COVERAGE)
    return np.asarray(more, np.float32)


def _p_overflowing(boxes: Boxes, either: Detections) -> npt.NDArray[np.float32]:
    """Return the overflowing class's part of the two classes' best scores at each box."""
    best = {}
    for class_id in (CONTAINER, CONTAINER_OVERFLOWING):
        ours = either[either.class_id == class_id]
        same = _sameness(boxes, ours.xyxy) >= 1
        best[class_id] = np.where(same, ours.score, 0).max(axis=1, initial=0)
    total = best[CONTAINER] + best[CONTAINER_OVERFLOWING]
    return np.asarray(best[CONTAINER_OVERFLOWING] / np.maximum(total, 1e-6), np.float32)


def _beside(boxes: Boxes, waste: Detections) -> npt.NDArray[np.float32]:
    """Return the best score of waste beside each box, 0 where there is none."""
    width, height = (boxes[:, 2:] - boxes[:, :2]).T[:, :, None]
    left, right = boxes[:, None, 0], boxes[:, None, 2]
    gap = np.maximum(left - waste.xyxy[None, :, 2], waste.xyxy[None, :, 0] - right)
    step = np.abs(boxes[:, None, 3] - waste.xyxy[None, :, 3])
    near = (gap < BESIDE_WIDTHS * width) & (step < BESIDE_HEIGHTS * height)
    return np.asarray(np.where(near, waste.score, 0).max(axis=1, initial=0), np.float32)
