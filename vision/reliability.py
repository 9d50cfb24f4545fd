"""How far probabilities can be trusted: calibration error, Brier score, and skill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vision.detections import Floats

BINS = 15


@dataclass(frozen=True)
class Bin:
    """Predictions of like probability: their mean, how many came true, how many there are."""

    predicted: float
    observed: float
    n: int


def reliability(p: Floats, outcome: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """Return the bins of equal width that hold a prediction, lowest first."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    groups = [np.flatnonzero(place == i) for i in range(bins)]
    return tuple(
        Bin(float(p[rows].mean()), float(outcome[rows].mean()), len(rows))
        for rows in groups
        if len(rows)
    )


def calibration_error(
    p: Floats, outcome: Floats, weights: Floats | None = None, bins: int = BINS
) -> float:
    """Return the expected calibration error: the bins' mean gap, weighed by their size.

    Parameters
    ----------
    weights : (n,) how often each prediction counts; once each if not given.

    Notes
    -----
    Source: Naeini e.a., AAAI 2015. Even perfect probabilities show some, from chance alone; see
    `error_by_chance`.
    """
    weight = np.ones(len(p)) if weights is None else weights
    place = np.minimum((p * bins).astype(int), bins - 1)
    gaps = np.abs(np.bincount(place, weight * (p - outcome), minlength=bins))
    return float(gaps.sum() / weight.sum()) if weight.sum() else float("nan")


def error_by_chance(p: Floats, bins: int = BINS, draws: int = 200, seed: int = 1) -> float:
    """Return the calibration error that these predictions would show if they were perfect."""
    dice = np.random.default_rng(seed)
    outcomes = (dice.random((draws, len(p))) < p).astype(float)
    return float(np.mean([calibration_error(p, outcome, bins=bins) for outcome in outcomes]))


def brier(p: Floats, outcome: Floats, weights: Floats | None = None) -> float:
    """Return the mean squared error of probabilities."""
    weight = np.ones(len(p)) if weights is None else weights
    return float((weight * (p - outcome) ** 2).sum() / weight.sum()) if weight.sum() else np.nan


def brier_skill(p: Floats, outcome: Floats, weights: Floats | None = None) -> float:
    """Return how much better than always saying the base rate: 1 perfect, 0 no better."""
    weight = np.ones(len(p)) if weights is None else weights
    if not weight.sum():
        return float("nan")
    rate = np.full(len(p), (weight * outcome).sum() / weight.sum())
    by_rate = brier(rate, outcome, weight)
    return 1 - brier(p, outcome, weight) / by_rate if by_rate else float("nan")
