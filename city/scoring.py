"""How good probabilities were, once it is known what came.

Source: Brier 1950, Monthly Weather Review 78(1); expected calibration error over equally wide
bins as in Naeini, Cooper, Hauskrecht 2015, AAAI.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Forecasts that said about the same, and how often it came."""

    n: int
    said: float
    came: float


@dataclass(frozen=True)
class Calibration:
    """Forecasts of one event held against what came.

    Parameters
    ----------
    base_rate : how often it came.
    ece : mean distance between what was said and how often it came, bin by bin.
    brier_skill : 1 is perfect, 0 is no better than always saying the base rate.
    """

    n: int
    base_rate: float
    ece: float
    brier_skill: float
    bins: tuple[Bin, ...]


def calibration(said: NDArray[np.float64], came: NDArray[np.bool_]) -> Calibration:
    """Return how (n,) probabilities compare with what came; not a number where nothing varies."""
    number = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(int(mine.sum()), float(said[mine].mean()), float(came[mine].mean()))
        for b in range(BINS)
        if (mine := number == b).any()
    )
    base = float(came.mean()) if len(came) else float("nan")
    of_base = base * (1.0 - base)
    brier = float(((said - came) ** 2).mean()) if len(came) else float("nan")
    return Calibration(
        n=len(said),
        base_rate=base,
        ece=sum(b.n * abs(b.said - b.came) for b in bins) / max(len(said), 1),
        brier_skill=1.0 - brier / of_base if of_base > 0 else float("nan"),
        bins=bins,
    )
