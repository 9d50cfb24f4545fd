"""Compare detections with truth: match once, then reduce to average precision per class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.classes import NAMES
from vision.detections import Detections, overlap


@dataclass(frozen=True)
class Matches:
    """The detections of one class over many photos, best first.

    Parameters
    ----------
    score : (n,) float32.
    hit : (n,) bool, whether the detection is the best one for some true box.
    truths : how many true boxes there are.
    """

    score: npt.NDArray[np.float32]
    hit: npt.NDArray[np.bool_]
    truths: int

    @property
    def average_precision(self) -> float:
        """The area under precision over recall, precision made never to rise; nan without truth.

        Source: PASCAL VOC 2010, all-point interpolation.
        """
        if not self.truths:
            return float("nan")
        found = np.cumsum(self.hit)
        precision = found / np.arange(1, len(found) + 1)
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        return float((envelope * self.hit).sum() / self.truths)

    def at(self, score: float) -> tuple[float, float]:
        """Return precision and recall where only detections from a score up are kept."""
        kept = self.score >= score
        hits = int(self.hit[kept].sum())
        return hits / max(int(kept.sum()), 1), hits / max(self.truths, 1)


def matches(
    pairs: Iterable[tuple[Detections, Detections]], class_ids: Sequence[int], iou: float = 0.5
) -> Matches:
    """Match detections with truth, (found, true) a photo; the classes named count as one."""
    scores: list[npt.NDArray[np.float32]] = []
    hits: list[npt.NDArray[np.bool_]] = []
    truths = 0
    for found, true in pairs:
        ours = found[np.isin(found.class_id, class_ids)]
        theirs = true[np.isin(true.class_id, class_ids)]
        truths += len(theirs)
        scores.append(ours.score)
        hits.append(_hits(ours, theirs, iou))
    score = np.concatenate([*scores, np.empty(0, np.float32)])
    hit = np.concatenate([*hits, np.empty(0, bool)])
    order = np.argsort(-score, kind="stable")
    return Matches(score[order], hit[order], truths)


def _hits(found: Detections, true: Detections, iou: float) -> npt.NDArray[np.bool_]:
    """Tell which detections, taken best first, claim a true box that none before claimed."""
    hit = np.zeros(len(found), bool)
    free = np.ones(len(true), bool)
    shared = overlap(found.xyxy, true.xyxy)
    for i in np.argsort(-found.score, kind="stable"):
        candidates = np.where(free, shared[i], 0.0)
        if len(true) and candidates.max() >= iou:
            free[candidates.argmax()] = False
            hit[i] = True
    return hit


def average_precisions(
    pairs: Sequence[tuple[Detections, Detections]], class_ids: Iterable[int], iou: float = 0.5
) -> dict[str, float]:
    """Return the average precision of each class, by name."""
    return {NAMES[i]: matches(pairs, [i], iou).average_precision for i in class_ids}
