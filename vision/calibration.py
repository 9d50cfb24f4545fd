"""Probabilities from a detector's scores, learnt from photos whose truth is known.

A container's two class scores go through a logistic regression, and what comes out through an
isotonic curve: a number of 0.7 is right seven times in ten on photos like those it was fitted on.
A calibration is of one detector's weights and kept beside them, as ``calibration.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression, minimize

from vision.detections import Flags, Floats

# Scores are held this far from 0 and 1, where their logits run away.
LEAST = 1e-3
# So many imagined cases, half of them overflowing, keep small groups from certainty.
PRIOR_CASES = 2.0
SHRINKAGE = 1.0


@dataclass(frozen=True, eq=False)
class Curve:
    """A rising curve, linear between its points and level beyond them.

    Parameters
    ----------
    x, y : (n,) x rises, y never falls.
    """

    x: Floats
    y: Floats

    def __call__(self, x: Floats) -> Floats:
        return np.asarray(np.interp(x, self.x, self.y))

    @classmethod
    def fitted(cls, x: Floats, outcome: Floats) -> Curve:
        """Return the isotonic regression of outcomes, 0 or 1, on x.

        Notes
        -----
        Source: Zadrozny & Elkan, KDD 2002. Each level stretch is drawn by its middle, so that
        the curve rises steadily instead of in steps.
        """
        order = np.argsort(x, kind="stable")
        level = isotonic_regression(outcome[order]).x
        starts = np.flatnonzero(np.append(True, np.diff(level) > 1e-12))
        parts = [
            slice(a, b) for a, b in zip(starts, np.append(starts[1:], len(level)), strict=True)
        ]
        n = np.array([part.stop - part.start for part in parts])
        y = (level[starts] * n + PRIOR_CASES / 2) / (n + PRIOR_CASES)
        middle = np.array([x[order][part].mean() for part in parts])
        return cls(middle, np.maximum.accumulate(y))

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Curve:
        """Return the curve that `as_dict` wrote."""
        return cls(np.array(told["x"], float), np.array(told["y"], float))

    def as_dict(self) -> dict[str, list[float]]:
        """Return its points, for JSON."""
        return {"x": _short(self.x), "y": _short(self.y)}


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a detector's scores of one container are worth.

    Parameters
    ----------
    detector : version of the weights that it was fitted to.
    weights : (3,) of the logistic regression: constant, container and overflowing score.
    overflowing : from that regression's log-odds to P(a container that overflows).
    container : from the better score to P(a container at all).
    min_score : from which score on a container is read.
    """

    detector: str
    weights: Floats
    overflowing: Curve
    container: Curve
    min_score: float

    def p_overflowing(self, container: Floats, overflowing: Floats) -> Floats:
        """Return P(it is a container and overflows), (n,), from both classes' best scores."""
        return self.overflowing(log_odds(self.weights, container, overflowing))

    def p_container(self, score: Floats) -> Floats:
        """Return P(it is a container), (n,)."""
        return self.container(_logit(score))

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Calibration:
        """Return the calibration that a ``calibration.json`` holds."""
        return cls(
            str(told["detector"]),
            np.array(told["weights"], float),
            Curve.from_dict(told["overflowing"]),
            Curve.from_dict(told["container"]),
            float(told["min_score"]),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what `from_dict` reads."""
        return {
            "detector": self.detector,
            "weights": _short(self.weights),
            "overflowing": self.overflowing.as_dict(),
            "container": self.container.as_dict(),
            "min_score": round(self.min_score, 4),
        }


def fit_weights(container: Floats, overflowing: Floats, outcome: Floats) -> Floats:
    """Return the weights, (3,), of a logistic regression with a little shrinkage."""
    design = _design(container, overflowing)

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = design @ weights
        pull = SHRINKAGE * np.append(0.0, weights[1:])
        cost = (np.logaddexp(0, odds) - outcome * odds).sum() + 0.5 * (pull * weights).sum()
        return float(cost), design.T @ (1 / (1 + np.exp(-odds)) - outcome) + pull

    return np.asarray(minimize(loss, np.zeros(3), jac=True).x, float)


def log_odds(weights: Floats, one: Floats, other: Floats) -> Floats:
    """Return what such a regression makes of two scores, (n,) each."""
    return np.asarray(_design(one, other) @ weights)


def fit_curve(weights: Floats, container: Floats, overflowing: Floats, outcome: Floats) -> Curve:
    """Return the curve from the regression's log-odds to the share that overflows."""
    return Curve.fitted(log_odds(weights, container, overflowing), outcome)


def fit_container(score: Floats, real: Flags) -> Curve:
    """Return the curve from a score's logit to the share that are containers."""
    return Curve.fitted(_logit(score), real.astype(float))


def _design(container: Floats, overflowing: Floats) -> Floats:
    return np.stack([np.ones(len(container)), _logit(container), _logit(overflowing)], axis=1)


def _logit(score: Floats) -> Floats:
    held = np.clip(np.asarray(score, float), LEAST, 1 - LEAST)
    return np.asarray(np.log(held / (1 - held)))


def _short(numbers: Floats) -> list[float]:
    return [round(float(number), 5) for number in numbers]
