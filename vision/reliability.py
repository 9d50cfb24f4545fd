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


def calibration_error(p: Floats, outcome: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error: the bins' mean gap, weighed by their size.

    Notes
    -----
    Source: Naeini e.a., AAAI 2015. Even perfect probabilities show some, from chance alone; see
    `error_by_chance`.
    """
    if not len(p):
        return float("nan")
    parts = reliability(p, outcome, bins)
    return sum(part.n * abs(part.predicted - part.observed) for part in parts) / len(p)


def error_by_chance(p: Floats, bins: int = BINS, draws: int = 200, seed: int = 1) -> float:
    """Return the calibration error that these predictions would show if they were perfect."""
    dice = np.random.default_rng(seed)
    outcomes = dice.random((draws, len(p))) < p
    return float(np.mean([calibration_error(p, o.astype(float), bins) for o in outcomes]))


def brier(p: Floats, outcome: Floats) -> float:
    """Return the mean squared error of probabilities."""
    return float(((p - outcome) ** 2).mean()) if len(p) else float("nan")


def brier_skill(p: Floats, outcome: Floats) -> float:
    """Return how much better than always saying the base rate: 1 perfect, 0 no better."""
    rate = brier(np.full(len(outcome), outcome.mean()), outcome) if len(outcome) else 0.0
    return 1 - brier(p, outcome) / rate if rate else float("nan")
