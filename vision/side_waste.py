"""Waste beside each container: whether there is any, whether it blocks, about how much it is.

All of it is reckoned from boxes with the priors in this file: rules of thumb that say how such
things mostly are. Whether it blocks and how much it is can be learnt from renderings, whose truth
is known (`vision.fit_side_waste`); no photo with such a truth is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vision.calibration import log_odds
from vision.classes import class_id
from vision.detections import (
    Boxes,
    Detections,
    Flags,
    Floats,
    Ids,
    at_least,
    sameness,
    suppressed,
)

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
    litres_spread : standard error of that; None where it rests on priors.
    """

    p: float
    p_blocked: float
    litres: float
    litres_spread: float | None = None


@dataclass(frozen=True, eq=False)
class Learnt:
    """What renderings taught: made by us, so not what a street would teach.

    Parameters
    ----------
    weights : (3,) of a logistic regression to P(blocked): constant, the best score of what stands
        before the container, and of what lies beside it at all.
    factor, spread : by class, what the prior's litres are multiplied by so that their sum is
        right, and how far single things lie from that, as a part of it; 1 and 0 where too few were
        seen.
    """

    weights: Floats
    factor: Mapping[str, float] = field(default_factory=dict)
    spread: Mapping[str, float] = field(default_factory=dict)

    def p_blocked(self, before: Floats, beside: Floats) -> Floats:
        """Return P(blocked), (n,); none where no waste is seen."""
        p = 1 / (1 + np.exp(-log_odds(self.weights, before, beside)))
        return np.where(beside > 0, p, 0.0)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Learnt:
        """Return what a ``side_waste.json`` holds."""
        return cls(np.array(told["weights"], float), told["factor"], told["spread"])

    def as_dict(self) -> dict[str, Any]:
        """Return what `from_dict` reads."""
        return {
            "weights": [round(float(weight), 5) for weight in self.weights],
            "factor": dict(self.factor),
            "spread": dict(self.spread),
        }


@dataclass(frozen=True, eq=False)
class Seen:
    """What the rules make of each thing and each container before anything learnt comes to it.

    Parameters
    ----------
    waste : the (m,) things, each once.
    before, beside : (n,) best score of what stands before a container, and beside it at all.
    owner : (m,) the container that a thing is counted at, -1 if it lies beside none.
    litres : (m,) what a thing holds by the priors, taken to stand as far away as its owner.
    """

    waste: Detections
    before: Floats
    beside: Floats
    owner: Ids
    litres: Floats


def beside(containers: Boxes, waste: Detections, learnt: Learnt | None = None) -> list[SideWaste]:
    """Return what lies beside each container, (n, 4) xyxy, of the waste in a photo."""
    seen = seen_beside(containers, waste)
    names = _names(seen.waste)
    factor = np.array([learnt.factor.get(name, 1.0) if learnt else 1.0 for name in names])
    spread = np.array([learnt.spread.get(name, 0.0) if learnt else 0.0 for name in names])
    each = seen.waste.score * seen.litres * factor
    owned = seen.owner == np.arange(len(containers))[:, None]
    litres = np.where(owned, each, 0.0).sum(axis=1)
    error = np.sqrt((np.where(owned, each * spread, 0.0) ** 2).sum(axis=1))
    blocked = learnt.p_blocked(seen.before, seen.beside) if learnt else seen.before
    return [
        SideWaste(float(a), float(b), float(c), float(d) if learnt else None)
        for a, b, c, d in zip(seen.beside, blocked, litres, error, strict=True)
    ]


def seen_beside(containers: Boxes, waste: Detections) -> Seen:
    """Return what the rules say of containers, (n, 4) xyxy, and of the waste in a photo."""
    # One thing that was found as two classes is one thing.
    waste = suppressed(at_least(waste, MIN_SCORE), 1.0, np.zeros_like, sameness)
    if not len(containers):
        nothing = np.zeros(len(waste))
        return Seen(waste, np.empty(0), np.empty(0), np.full(len(waste), -1), nothing)
    near, gap = _near(containers, waste.xyxy)
    nearest = np.where(near, gap, np.inf).argmin(axis=0)
    owner = np.where(near.any(axis=0), nearest, -1)
    before = np.where(near & _before(containers, waste.xyxy), waste.score, 0.0)
    litres = np.take_along_axis(_litres(containers, waste), nearest[None], axis=0)[0]
    return Seen(
        waste,
        before.max(axis=1, initial=0.0),
        np.where(near, waste.score, 0.0).max(axis=1, initial=0.0),
        owner,
        litres,
    )


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
