"""Waste beside each container: whether there is any, whether it blocks, about how much it is.

All of it is reckoned from boxes with the priors in this file. They are rules of thumb that say how
such things mostly are; none was learnt from photos with a known truth, and none is calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vision.classes import class_id
from vision.detections import Boxes, Detections, Flags, Floats, at_least, sameness, suppressed

MIN_SCORE = 0.10
# Waste lies beside a container if the gap is less than so many of its widths, and it stands
# about as far away, so that their ground lines differ by less than so many of its heights.
BESIDE_WIDTHS = 0.8
BESIDE_HEIGHTS = 0.5
# What stands nearer to the camera and hides a fifth of the container's width is in the way.
BEFORE_SHARE = 0.2
# Most containers that are seen from the street; the measure that turns pixels into metres.
CONTAINER_HEIGHT_M = 1.2
# Part of the block (width x height x the smaller of the two) that the thing fills, and the most
# litres of one box: a bag is 30 to 60, a box on its side is flat, a sofa is mostly air.
FILLED = {
    "bag": (0.5, 80.0),
    "cardboard": (0.3, 300.0),
    "bulky": (0.35, 1500.0),
    "pile": (0.4, 2000.0),
}


@dataclass(frozen=True)
class SideWaste:
    """The waste beside one container.

    Parameters
    ----------
    p : that there is any, 0 to 1.
    p_blocked : that some stands before the container, 0 to 1.
    litres : how much, each thing counted by its score and at its nearest container only.
    """

    p: float
    p_blocked: float
    litres: float


def beside(containers: Boxes, waste: Detections) -> list[SideWaste]:
    """Return what lies beside each container, (n, 4) xyxy, of the waste in a photo."""
    # One thing that was found as two classes is one thing.
    waste = suppressed(at_least(waste, MIN_SCORE), 1.0, np.zeros_like, sameness)
    if not len(waste) or not len(containers):
        return [SideWaste(0.0, 0.0, 0.0)] * len(containers)
    near, gap = _near(containers, waste.xyxy)
    nearest = np.arange(len(containers))[:, None] == np.where(near, gap, np.inf).argmin(axis=0)
    scores = np.where(near, waste.score, 0.0)
    before = np.where(near & _before(containers, waste.xyxy), waste.score, 0.0)
    litres = np.where(near & nearest, waste.score * _litres(containers, waste), 0.0)
    return [
        SideWaste(float(a), float(b), float(c))
        for a, b, c in zip(scores.max(axis=1), before.max(axis=1), litres.sum(axis=1), strict=True)
    ]


def _near(containers: Boxes, waste: Boxes) -> tuple[Flags, Floats]:
    """Return which waste lies beside which container, and the gap in its widths: (n, m) each."""
    width, height = (containers[:, 2:] - containers[:, :2]).T[:, :, None]
    left, right = containers[:, None, 0], containers[:, None, 2]
    gap = np.maximum(left - waste[None, :, 2], waste[None, :, 0] - right)
    step = np.abs(containers[:, None, 3] - waste[None, :, 3])
    near = (gap < BESIDE_WIDTHS * width) & (step < BESIDE_HEIGHTS * height)
    return near, np.asarray(gap / np.maximum(width, 1e-6), float)


def _before(containers: Boxes, waste: Boxes) -> Flags:
    """Return which waste stands nearer to the camera than a container and hides part of it."""
    shared = np.minimum(containers[:, None, 2], waste[None, :, 2]) - np.maximum(
        containers[:, None, 0], waste[None, :, 0]
    )
    hidden = shared > BEFORE_SHARE * (containers[:, 2] - containers[:, 0])[:, None]
    return np.asarray(hidden & (waste[None, :, 3] > containers[:, None, 3]))


def _litres(containers: Boxes, waste: Detections) -> Floats:
    """Return what each thing would hold if it stood as far away as each container: (n, m)."""
    metre_px = np.maximum(containers[:, 3] - containers[:, 1], 1) / CONTAINER_HEIGHT_M
    sides = (waste.xyxy[:, 2:] - waste.xyxy[:, :2])[None] / metre_px[:, None, None]
    block = sides.prod(axis=2) * sides.min(axis=2) * 1000
    share = np.array([FILLED[name][0] for name in _names(waste)])
    most = np.array([FILLED[name][1] for name in _names(waste)])
    return np.asarray(np.minimum(block * share, most), float)


def _names(waste: Detections) -> list[str]:
    known = {class_id(name): name for name in FILLED}
    return [known[int(i)] for i in waste.class_id]
