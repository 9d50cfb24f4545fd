"""What became of each container in labelled photos: read rightly, read where none is, not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vision.classes import CONTAINER_OVERFLOWING, CONTAINERS
from vision.detections import Detections, Flags, Floats, Indexes, of_classes
from vision.matching import Pair, match
from vision.reading import container_scores


@dataclass(frozen=True, eq=False)
class Outcomes:
    """One row for each reading and each true container that was not seen.

    Parameters
    ----------
    photo : (n,) which photo.
    score : (n,) of the better class; 0 where not seen.
    container, overflowing : (n,) both classes' best scores; 0 where not seen.
    real, seen : (n,) whether a container is there, and whether it was read.
    overflows : (n,) 1 where a container is there and overflows.
    """

    photo: Indexes
    score: Floats
    container: Floats
    overflowing: Floats
    real: Flags
    seen: Flags
    overflows: Floats

    def __getitem__(self, kept: Flags) -> Outcomes:
        return Outcomes(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


def outcomes(pairs: Sequence[Pair], min_score: float) -> Outcomes:
    """Hold what is read from a score up against the truth; (found, true) for each photo."""
    scored = [container_scores(found, min_score) for found, _ in pairs]
    true = [of_classes(truth, CONTAINERS) for _, truth in pairs]
    found = match(
        [
            (_as_one(boxes), _as_one(truth))
            for (boxes, _, _), truth in zip(scored, true, strict=True)
        ],
        {"any": [CONTAINERS[0]]},
        [0.5],
    )["any"]
    overflows = np.concatenate(
        [np.empty(0), *(truth.class_id == CONTAINER_OVERFLOWING for truth in true)]
    ).astype(float)
    unseen = np.ones(found.truths, bool)
    unseen[found.truth[found.truth >= 0]] = False
    nothing = np.zeros(int(unseen.sum()))
    places = list(zip(found.photo, found.row, strict=True))
    best = [np.array([scored[photo][i][row] for photo, row in places]) for i in (1, 2)]
    return Outcomes(
        np.append(found.photo, found.truth_photo[unseen]),
        np.append(found.score, nothing),
        np.append(best[0], nothing),
        np.append(best[1], nothing),
        np.append(found.truth >= 0, np.ones(len(nothing), bool)),
        np.append(np.ones(len(places), bool), np.zeros(len(nothing), bool)),
        np.append(
            np.where(found.truth >= 0, np.append(overflows, 0)[found.truth], 0.0), overflows[unseen]
        ),
    )


def _as_one(boxes: Detections) -> Detections:
    return Detections(boxes.xyxy, np.full(len(boxes), CONTAINERS[0]), boxes.score)
