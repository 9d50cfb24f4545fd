"""Fit a detector's `vision.calibration` on labelled photos, and score it on others.

The photos of street_bins val are dealt into two halves by their names: one fits, the other scores.
What is shipped is what was scored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from city.errors import BadInput, Fault
from vision.calibration import Calibration, fit_container, fit_curve, fit_weights
from vision.detections import Detections, Flags, Floats, Image
from vision.detector import CALIBRATION, Detector
from vision.matching import Pair
from vision.outcomes import Outcomes, outcomes
from vision.reliability import (
    BINS,
    brier,
    brier_skill,
    calibration_error,
    error_by_chance,
    reliability,
)
from vision.scores import interval, over_photos
from vision.trainingset import Example, examples

# Scores lower than this are not looked at when a container's own curve is fitted.
LOWEST_SCORE = 0.02
# A container is read from the score on at which one in so many is real.
REAL_SHARE = 0.2
LEAST_ON_A_SIDE = 20


def calibrate(detector: Detector, data: Path) -> dict[str, Any]:
    """Return what ``calibration.json`` holds: curves, figures, and every score with its outcome.

    Parameters
    ----------
    data : folder that holds street_bins.

    Raises
    ------
    BadInput
        If the photos show too few containers to learn from.
    """
    some = [e for e in examples(data) if e.source == "streetbins" and e.split == "val"]
    pairs = found_and_true(detector, some)
    fits = np.array([fits_on(example.photo.name) for example in some])
    made = fitted(detector.version, pairs, fits)
    held_out = outcomes(pairs, made.min_score)
    return made.as_dict() | {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "side": detector.network.side,
        "photos": {
            "set": "street_bins val",
            "fitted": int(fits.sum()),
            "scored": int((~fits).sum()),
        },
        "scored": figures(made, held_out[~fits[held_out.photo]]),
        "outcomes": _kept(held_out, fits),
    }


def write(told: dict[str, Any], model: Path) -> Path:
    """Write a calibration beside the weights that it was fitted to."""
    path = model.with_name(CALIBRATION)
    rows = ",\n".join("  " + json.dumps(row) for row in told["outcomes"])
    head = json.dumps(told | {"outcomes": []}, indent=1)
    path.write_text(head.replace('"outcomes": []', f'"outcomes": [\n{rows}\n ]') + "\n")
    return path


def found_and_true(detector: Detector, some: Sequence[Example]) -> list[Pair]:
    """Return what a detector finds in labelled photos, and the labels."""
    truth: list[Detections] = []

    def photos() -> Iterator[Image]:
        for example in some:
            photo = np.asarray(cv2.imread(str(example.photo)), np.uint8)
            truth.append(example.truth(photo.shape[1], photo.shape[0]))
            yield photo

    found = list(detector.detect_many(photos()))
    return list(zip(found, truth, strict=True))


def fits_on(file_name: str) -> bool:
    """Tell whether a photo is in the half that is fitted on."""
    return sha256(file_name.encode()).digest()[0] % 2 == 0


def fitted(version: str, pairs: Sequence[Pair], fits: Flags) -> Calibration:
    """Return the calibration of a detector from the photos that a mask selects."""
    low = outcomes(pairs, LOWEST_SCORE)
    low = low[fits[low.photo] & low.seen]
    _check(low)
    real = fit_container(low.score, low.real)
    likely = np.interp(REAL_SHARE, real.y, real.x)
    min_score = float(1 / (1 + np.exp(-likely)))
    used = outcomes(pairs, min_score)
    used = used[fits[used.photo] & used.seen]
    weights = fit_weights(used.container, used.overflowing, used.overflows)
    curve = fit_curve(weights, used.container, used.overflowing, used.overflows)
    return Calibration(version, weights, curve, real, min_score)


def _check(found: Outcomes) -> None:
    counts = int(found.overflows.sum()), int((found.real & (found.overflows == 0)).sum())
    if min(counts) < LEAST_ON_A_SIDE:
        raise BadInput(
            Fault(
                code="too-few-to-calibrate",
                where="calibrate",
                value=f"{counts[0]} overflowing, {counts[1]} not",
                cause=f"Fewer than {LEAST_ON_A_SIDE} containers of a kind were found.",
                remedy="Give more labelled photos, or a detector that finds more in them.",
            )
        )


def probabilities(made: Calibration, rows: Outcomes, unseen: float) -> Floats:
    """Return P(overflowing) of each row, with a given number for what was not seen."""
    p = made.p_overflowing(rows.container, rows.overflowing)
    return np.where(rows.seen, p, unseen)


def figures(made: Calibration, rows: Outcomes) -> list[dict[str, Any]]:
    """Return calibration error and Brier skill, in three ways of counting what was not seen."""
    rate = float(rows.overflows.mean())
    ways = {
        "readings alone": (rows.seen, 0.0),
        "not seen counts as the base rate": (np.ones(len(rows.photo), bool), rate),
        "not seen counts as never overflowing": (np.ones(len(rows.photo), bool), 0.0),
    }
    return [_figures(name, made, rows[kept], unseen) for name, (kept, unseen) in ways.items()]


def _figures(name: str, made: Calibration, rows: Outcomes, unseen: float) -> dict[str, Any]:
    p = probabilities(made, rows, unseen)
    ece, skill = (
        interval(over_photos(measure, p, rows.overflows, rows.photo), _photos(rows), len(p))
        for measure in (calibration_error, brier_skill)
    )
    return {
        "counted": name,
        "n": len(p),
        "overflowing": int(rows.overflows.sum()),
        "not_seen": int((~rows.seen).sum()),
        "false": int((~rows.real).sum()),
        "ece": round(ece.value, 4),
        "ece_interval": [round(ece.low, 4), round(ece.high, 4)],
        "ece_by_chance": round(error_by_chance(p), 4),
        "bins": BINS,
        "brier": round(brier(p, rows.overflows), 4),
        "brier_skill": round(skill.value, 4),
        "brier_skill_interval": [round(skill.low, 4), round(skill.high, 4)],
        "reliability": [
            [round(b.predicted, 4), round(b.observed, 4), b.n]
            for b in reliability(p, rows.overflows)
        ],
    }


def _photos(rows: Outcomes) -> Flags:
    """Return the photos that have a row, as a mask; one without containers weighs nothing."""
    return np.bincount(rows.photo) > 0


def _kept(rows: Outcomes, fits: Flags) -> list[list[float]]:
    """Return half (1 fits), container score, overflowing score, real, overflows; photos unnamed."""
    table = zip(
        fits[rows.photo].astype(int).tolist(),
        rows.container.round(4).tolist(),
        rows.overflowing.round(4).tolist(),
        rows.real.astype(int).tolist(),
        rows.overflows.astype(int).tolist(),
        strict=True,
    )
    return [list(row) for row in table]
