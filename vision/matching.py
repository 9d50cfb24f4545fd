"""Match detections with truth, once; `vision.scores` reduces the outcome to figures.

The matching is faster-coco-eval's, the same as pycocotools': best score first, each detection to
the free true box of its class in its photo that it overlaps most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from faster_coco_eval import COCO, COCOeval_faster

from vision.detections import Detections, Flags, Floats, Indexes

# COCO's ten limits of intersection over union; the first is the one of AP50.
OVERLAPS = tuple(round(0.5 + 0.05 * i, 2) for i in range(10))

Pair = tuple[Detections, Detections]


@dataclass(frozen=True, eq=False)
class Matches:
    """The detections of one class over many photos, best first, and the true boxes.

    Parameters
    ----------
    score : (n,) of the detections.
    hit : (n, overlaps) whether a detection claims a true box, at each limit of overlap.
    photo, row : (n,) the detection's photo, and its row among that photo's detections.
    truth : (n,) the true box that it claims at the first limit, by its place in the arrays
        below; -1 where none.
    area_px, truth_area_px : (n,) and (m,) square pixels.
    truth_photo, truth_row : (m,) the true box's photo, and its row among that photo's.
    """

    score: Floats
    hit: Flags
    photo: Indexes
    row: Indexes
    truth: Indexes
    area_px: Floats
    truth_photo: Indexes
    truth_row: Indexes
    truth_area_px: Floats

    @property
    def truths(self) -> int:
        """How many true boxes there are."""
        return len(self.truth_photo)

    def of_photos(self, kept: Flags) -> Matches:
        """Return what concerns some photos: a mask over all of them."""
        return self.within(kept[self.photo], kept[self.truth_photo])

    def within(self, kept: Flags, kept_truth: Flags | None = None) -> Matches:
        """Return some detections and some (or all) true boxes.

        A detection that claims a true box which is left out goes with it: it is neither right
        nor wrong.
        """
        if kept_truth is None:
            kept_truth = np.ones(self.truths, bool)
        # The last entry stands for -1, no claim.
        kept = kept & np.append(kept_truth, True)[self.truth]
        place = np.append(np.cumsum(kept_truth) - 1, -1)[self.truth]
        return Matches(
            self.score[kept],
            self.hit[kept],
            self.photo[kept],
            self.row[kept],
            place[kept],
            self.area_px[kept],
            self.truth_photo[kept_truth],
            self.truth_row[kept_truth],
            self.truth_area_px[kept_truth],
        )


def pooled(parts: Sequence[Matches]) -> Matches:
    """Return several classes' matches as one; each was matched within its class."""
    before = np.cumsum([0, *(part.truths for part in parts)])
    order = np.argsort(-np.concatenate([part.score for part in parts]), kind="stable")
    truth = [
        np.where(part.truth < 0, -1, part.truth + first)
        for part, first in zip(parts, before, strict=False)
    ]
    return Matches(
        np.concatenate([part.score for part in parts])[order],
        np.concatenate([part.hit for part in parts])[order],
        np.concatenate([part.photo for part in parts])[order],
        np.concatenate([part.row for part in parts])[order],
        np.concatenate(truth)[order],
        np.concatenate([part.area_px for part in parts])[order],
        np.concatenate([part.truth_photo for part in parts]),
        np.concatenate([part.truth_row for part in parts]),
        np.concatenate([part.truth_area_px for part in parts]),
    )


def match(
    pairs: Sequence[Pair],
    groups: Mapping[str, Sequence[int]],
    overlaps: Sequence[float] = OVERLAPS,
) -> dict[str, Matches]:
    """Match each group of classes, which then count as one class.

    Parameters
    ----------
    pairs : (found, true) for each photo.
    groups : class ids by the name of their group; a class may be in several.
    """
    names = list(groups)
    ids = [list(groups[name]) for name in names]
    found = _rows([pair[0] for pair in pairs], ids)
    true = _rows([pair[1] for pair in pairs], ids)
    claims = [_claims(found, true, len(pairs), len(names), overlap) for overlap in overlaps]
    return {name: _matches(found, true, claims, group) for group, name in enumerate(names)}


@dataclass(frozen=True, eq=False)
class _Rows:
    """Boxes of many photos as one table; a box in two groups is in it twice."""

    group: Indexes
    photo: Indexes
    row: Indexes
    xywh: Floats
    score: Floats


def _rows(photos: Sequence[Detections], ids: Sequence[Sequence[int]]) -> _Rows:
    parts = [
        (group, photo, np.flatnonzero(np.isin(boxes.class_id, wanted)), boxes)
        for group, wanted in enumerate(ids)
        for photo, boxes in enumerate(photos)
    ]
    xyxy = _joined([boxes.xyxy[rows] for _, _, rows, boxes in parts]).reshape(-1, 4)
    return _Rows(
        _joined([np.full(len(rows), group) for group, _, rows, _ in parts]).astype(np.intp),
        _joined([np.full(len(rows), photo) for _, photo, rows, _ in parts]).astype(np.intp),
        _joined([rows for _, _, rows, _ in parts]).astype(np.intp),
        np.concatenate([xyxy[:, :2], xyxy[:, 2:] - xyxy[:, :2]], axis=1),
        _joined([boxes.score[rows] for _, _, rows, boxes in parts]),
    )


def _joined(parts: Iterable[npt.NDArray[Any]]) -> Floats:
    return np.concatenate([np.empty(0), *(part.reshape(-1) for part in parts)])


def _claims(found: _Rows, true: _Rows, photos: int, groups: int, overlap: float) -> dict[int, int]:
    """Return which true box each detection claims, both by their place in the tables."""
    if not len(found.group) or not len(true.group):
        return {}
    shape = {
        "images": [{"id": i} for i in range(photos)],
        "categories": [{"id": i, "name": str(i)} for i in range(groups)],
    }
    scores = found.score.tolist()
    boxes = [row | {"score": score} for row, score in zip(_coco(found), scores, strict=True)]
    run = COCOeval_faster(
        COCO(shape | {"annotations": _coco(true)}), COCO(shape | {"annotations": boxes}), "bbox"
    )
    run.params.iouThrs = np.array([overlap])
    run.params.maxDets = [len(boxes)]
    run.params.areaRng, run.params.areaRngLbl = [[0, 1e10]], ["all"]
    run.evaluate()
    # Boxes are numbered from 1, because 0 means "none" to the library.
    pairs = (key.split("_") for key in run.eval["matched"])
    return {int(ours) - 1: int(theirs) - 1 for ours, theirs in pairs}


def _coco(rows: _Rows) -> list[dict[str, Any]]:
    columns = (rows.group.tolist(), rows.photo.tolist(), rows.xywh.tolist())
    return [
        {
            "id": number,
            "category_id": group,
            "image_id": photo,
            "bbox": box,
            "area": box[2] * box[3],
            "iscrowd": 0,
        }
        for number, (group, photo, box) in enumerate(zip(*columns, strict=True), start=1)
    ]


def _matches(found: _Rows, true: _Rows, claims: Sequence[Mapping[int, int]], group: int) -> Matches:
    ours = np.flatnonzero(found.group == group)
    ours = ours[np.argsort(-found.score[ours], kind="stable")]
    theirs = np.flatnonzero(true.group == group)
    place = {int(row): i for i, row in enumerate(theirs)}
    hit = np.array([[int(row) in claim for claim in claims] for row in ours], bool)
    claimed = [place[claims[0][int(row)]] if int(row) in claims[0] else -1 for row in ours]
    return Matches(
        found.score[ours],
        hit.reshape(len(ours), len(claims)),
        found.photo[ours],
        found.row[ours],
        np.array(claimed, np.intp),
        found.xywh[ours, 2:].prod(axis=1),
        true.photo[theirs],
        true.row[theirs],
        true.xywh[theirs, 2:].prod(axis=1),
    )
