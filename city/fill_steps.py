"""The steps in which containers fill: gamma-distributed, at one of a few paces.

How much comes in while so much is expected is a gamma process: steps add up whatever the time is
cut into. Its probabilities are laid down once in a table, so that thousands of containers need
one look-up each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc
from scipy.stats import gumbel_l

STEP = 0.05
LEVELS: NDArray[np.float64] = np.arange(0.0, 1.5 + STEP / 2, STEP)
"""(b,) fill levels; 1 is full and the last stands for it and everything above."""

FULL = int(np.searchsorted(LEVELS, 1.0 - STEP / 4))

STEP_SCALE = 0.01
"""Variance of inflow per expected inflow: what comes in bags, not as a stream. A prior: data that
show only the sum between two emptyings cannot tell it from the pace."""

N_PACES = 5
_EVEN = gumbel_l.ppf((np.arange(N_PACES) + 0.5) / N_PACES)
PACES: NDArray[np.float64] = (_EVEN - _EVEN.mean()) / _EVEN.std()
"""(r,) equally probable paces, in standard deviations from the expected one. Leaning to the slow
side (Gumbel): now and then far less comes than expected, hardly ever far more. Found on the first
4,000 of the Edinburgh collections, where it foretells better than the normal distribution."""

_MOST, _GRID = 3.0, 0.005
_CHUNK = 256


def paces(spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, r) equally probable paces with mean 1 and these standard deviations."""
    pace = np.maximum(1.0 + spread[:, None] * PACES, 0.02)
    even: NDArray[np.float64] = pace / pace.mean(axis=1, keepdims=True)
    return even


def filled(mass: NDArray[np.float64], inflow: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mass after an inflow that is expected to be so much.

    Parameters
    ----------
    mass : (n, r, b) probability of pace and level.
    inflow : (n, r) expected inflow at each pace.
    """
    after = np.empty_like(mass)
    for start in range(0, len(mass), _CHUNK):
        part = slice(start, start + _CHUNK)
        after[part] = _convolved(mass[part], _steps(inflow[part]))
    # What runs past the last level stays in it.
    after[:, :, -1] += (mass.sum(axis=2) - after.sum(axis=2)).clip(min=0.0)
    return after


def _convolved(mass: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of both; levels go first, so that whole rows are added at once."""
    levels, steps = (np.ascontiguousarray(np.moveaxis(each, 2, 0)) for each in (mass, step))
    after = np.zeros_like(levels)
    for j in range(len(levels)):
        after[j:] += levels[j] * steps[: len(levels) - j]
    return np.moveaxis(after, 0, 2)


def _steps(inflow: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, r, b) P(inflow = k steps), between two rows of the table: the mean stays exact."""
    at = np.clip(inflow, 0.0, _MOST) / _GRID
    low = np.minimum(at.astype(np.intp), len(_TABLE) - 2)
    share = (at - low)[..., None]
    between: NDArray[np.float64] = (1.0 - share) * _TABLE[low] + share * _TABLE[low + 1]
    return between


def _table() -> NDArray[np.float64]:
    """Return (m, b) P(inflow = k steps) for inflows that are expected to be 0, 0.005, ... 3.

    Each inflow is shared between its two neighbouring levels (a hat function), which keeps the
    mean exact however small the inflow is.
    """
    shape = np.maximum(np.arange(0.0, _MOST + _GRID / 2, _GRID) / STEP_SCALE, 1e-12)[:, None]
    at = np.arange(-1, len(LEVELS) + 1) * STEP
    x = np.maximum(at, 0.0) / STEP_SCALE
    # E[(a - X)+] for gamma X, of which the hat is a second difference.
    below = x * gammainc(shape, x) - shape * gammainc(shape + 1.0, x)
    hats: NDArray[np.float64] = np.diff(below, 2, axis=1) * STEP_SCALE / STEP
    return hats.clip(min=0.0)


_TABLE = _table()
