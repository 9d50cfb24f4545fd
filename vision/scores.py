"""Figures of detection: average precision, precision, recall, each with its interval.

All take `vision.matching.Matches`, and weights of the photos, so that a bootstrap over photos (the
units that were drawn) is the same sum with other weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vision.detections import Flags, Floats, Indexes
from vision.matching import Matches

RECALLS = np.linspace(0, 1, 101)
RESAMPLES = 500
Statistic = Callable[[Floats], float]


@dataclass(frozen=True)
class Estimate:
    """A figure, over how many true boxes or photos, and its 95 % interval; nan where unknown."""

    value: float
    n: int
    low: float
    high: float


def average_precision(
    found: Matches, weights: Floats | None = None, overlap: int | None = 0
) -> float:
    """Return COCO's average precision, over 101 recalls; nan where there is no true box.

    Parameters
    ----------
    weights : (photos,) how often each photo counts; once each if not given.
    overlap : which limit of overlap, by its index; None takes the mean over all.
    """
    if overlap is None:
        each = [average_precision(found, weights, i) for i in range(found.hit.shape[1])]
        return float(np.mean(each))
    return float(precisions(found, weights, overlap).mean())


def precisions(found: Matches, weights: Floats | None = None, overlap: int = 0) -> Floats:
    """Return precision at each of 101 recalls, made never to rise; nan where nothing is true."""
    hits, misses, truths = _counts(found, weights, overlap)
    if truths <= 0:
        return np.full(len(RECALLS), np.nan)
    so_far = np.cumsum(hits)
    precision = so_far / np.maximum(so_far + np.cumsum(misses), 1e-12)
    envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return np.asarray(envelope[np.searchsorted(so_far / truths, RECALLS, side="left")])


def precision_recall(
    found: Matches, score: float, weights: Floats | None = None
) -> tuple[float, float]:
    """Return precision and recall, at the first overlap, of detections from a score up."""
    hits, misses, truths = _counts(found, weights, 0)
    kept = found.score >= score
    right, wrong = float(hits[kept].sum()), float(misses[kept].sum())
    precision = right / (right + wrong) if right + wrong else float("nan")
    return precision, right / truths if truths else float("nan")


def precision_at(found: Matches, score: float, weights: Floats | None = None) -> float:
    """Return which part of the detections from a score up are right."""
    return precision_recall(found, score, weights)[0]


def recall_at(found: Matches, score: float, weights: Floats | None = None) -> float:
    """Return which part of the true boxes the detections from a score up claim."""
    return precision_recall(found, score, weights)[1]


def f1_at(found: Matches, score: float, weights: Floats | None = None) -> float:
    """Return the harmonic mean of precision and recall from a score up."""
    return f1(*precision_recall(found, score, weights))


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def best_threshold(found: Matches) -> float:
    """Return the score from which on precision and recall have the highest harmonic mean."""
    hits = np.cumsum(found.hit[:, 0])
    kept = np.arange(1, len(hits) + 1)
    # F1 is 2 hits / (kept + true boxes); equal scores stand or fall together.
    value = 2 * hits / (kept + found.truths)
    last = np.append(np.diff(found.score) != 0, True)
    return float(found.score[np.argmax(np.where(last, value, -1))]) if len(hits) else 1.0


def _counts(found: Matches, weights: Floats | None, overlap: int) -> tuple[Floats, Floats, float]:
    hit = found.hit[:, overlap]
    if weights is None:
        return hit.astype(float), (~hit).astype(float), float(found.truths)
    weight = weights[found.photo]
    return weight * hit, weight * ~hit, float(weights[found.truth_photo].sum())


def over_photos(
    measure: Callable[[Floats, Floats, Floats], float], p: Floats, outcome: Floats, photo: Indexes
) -> Statistic:
    """Return a measure of probabilities and outcomes as a figure over weighed photos.

    Parameters
    ----------
    p, outcome, photo : (n,) each; what was said, whether it is so, and in which photo.
    """
    return lambda weights: measure(p, outcome, weights[photo])


def interval(
    statistic: Statistic, photos: Flags, n: int, *, seed: int = 1, resamples: int = RESAMPLES
) -> Estimate:
    """Return a figure with its 95 % percentile interval from drawing the photos again.

    Parameters
    ----------
    statistic : takes (photos,) weights.
    photos : which photos the figure is of, a mask over all.
    n : what the figure is over, for the reader.

    Notes
    -----
    Source: Efron 1979, Annals of Statistics 7(1).
    """
    drawn_from = np.flatnonzero(photos)
    value = statistic(photos.astype(float))
    dice = np.random.default_rng(seed)
    draws = dice.integers(0, max(len(drawn_from), 1), (resamples, len(drawn_from)))
    weights = (np.bincount(drawn_from[draw], minlength=len(photos)) for draw in draws)
    values = np.array([statistic(weight.astype(float)) for weight in weights])
    known = values[~np.isnan(values)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
    return Estimate(value, n, float(low), float(high))
