"""What a photo says of each container: is waste sticking out of it, does waste lie beside it.

P(overflowing) is calibrated where the detector has its `vision.calibration`. Whether side waste
blocks and how much it is was learnt from renderings where the detector has that beside it; else it
rests on the priors of `vision.side_waste`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vision.calibration import Calibration
from vision.classes import CONTAINER, CONTAINER_OVERFLOWING, CONTAINERS, SIDE_WASTE
from vision.detections import (
    Detections,
    Floats,
    at_least,
    of_classes,
    sameness,
    suppressed,
)
from vision.side_waste import Learnt, SideWaste, beside

# Without a calibration: below it, a container is not believed to be there.
MIN_CONTAINER_SCORE = 0.25
# Waste that sticks out shows more than full; a prior, of renderings made so (n = 5).
OVERFULL, OVERFULL_SPREAD = 1.2, 0.1


@dataclass(frozen=True)
class Fill:
    """How full a container is, as far as the photo shows it.

    Parameters
    ----------
    fraction, spread : 1 is full to the rim; standard error.
    """

    fraction: float
    spread: float


@dataclass(frozen=True)
class Reading:
    """One container in a photo.

    Parameters
    ----------
    xyxy : left, top, right, bottom in pixels of the photo.
    score : of the better class, as the detector gave it.
    p_overflowing : that it is a container and waste sticks out of it, 0 to 1.
    p_side_waste : that waste lies beside it, 0 to 1, not calibrated.
    p_container : that it is a container at all, 0 to 1.
    p_blocked : that waste before it keeps people or a truck from it; see side_waste_spread_l.
    side_waste_l : litres beside it, as expected.
    side_waste_spread_l : standard error of that. Where it is there, it, the litres and p_blocked
        were learnt from renderings, no photos; where it is None, they are priors.
    calibrated : whether p_overflowing and p_container were held against true outcomes.
    """

    xyxy: tuple[float, float, float, float]
    score: float
    p_overflowing: float
    p_side_waste: float
    p_container: float = 1.0
    p_blocked: float = 0.0
    side_waste_l: float = 0.0
    side_waste_spread_l: float | None = None
    calibrated: bool = False

    @property
    def fill(self) -> Fill | None:
        """How full it is; None where the photo does not show it.

        A camera does not see into a closed or underground container. All that shows is waste
        which sticks out.
        """
        return Fill(OVERFULL, OVERFULL_SPREAD) if self.p_overflowing >= 0.5 else None


def read_containers(
    detections: Detections,
    min_score: float | None = None,
    calibration: Calibration | None = None,
    side_waste: Learnt | None = None,
) -> tuple[Reading, ...]:
    """Return one reading for each container, best first, from all detections of a photo.

    Parameters
    ----------
    min_score : of a container; as the calibration says if not given.
    calibration : of the detector that made the detections; without it, p_overflowing is the
        overflowing class's part of the two scores.
    side_waste : what renderings taught of the waste beside containers; priors without it.
    """
    if min_score is None:
        min_score = calibration.min_score if calibration else MIN_CONTAINER_SCORE
    containers, plain, over = container_scores(detections, min_score)
    score = containers.score.astype(float)
    full = overflow_probability(plain, over, calibration)
    real = calibration.p_container(score) if calibration else score
    waste = beside(containers.xyxy, of_classes(detections, SIDE_WASTE), side_waste)
    return tuple(
        _reading(row, float(score), float(o), float(r), w, calibration is not None)
        for row, score, o, r, w in zip(
            containers.xyxy.tolist(), score, full, real, waste, strict=True
        )
    )


def _reading(
    box: list[float], score: float, full: float, real: float, waste: SideWaste, calibrated: bool
) -> Reading:
    x1, y1, x2, y2 = box
    said = (waste.p, real, waste.p_blocked, waste.litres, waste.litres_spread, calibrated)
    return Reading((x1, y1, x2, y2), score, full, *said)


def overflow_probability(
    container: Floats, overflowing: Floats, calibration: Calibration | None
) -> Floats:
    """Return P(overflowing), (n,), from both classes' best scores at each container's box."""
    if calibration:
        return calibration.p_overflowing(container, overflowing)
    return np.asarray(overflowing / np.maximum(container + overflowing, 1e-6))


def container_scores(detections: Detections, min_score: float) -> tuple[Detections, Floats, Floats]:
    """Return each container once, best first, with both classes' best scores at its box."""
    either = of_classes(detections, CONTAINERS)
    containers = suppressed(at_least(either, min_score), 1.0, np.zeros_like, sameness)
    best = []
    for class_id in (CONTAINER, CONTAINER_OVERFLOWING):
        ours = either[either.class_id == class_id]
        same = sameness(containers.xyxy, ours.xyxy) >= 1
        best.append(np.where(same, ours.score, 0).max(axis=1, initial=0).astype(float))
    return containers, best[0], best[1]
