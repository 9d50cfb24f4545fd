"""Learn from renderings whether waste blocks a container and how many litres it is; score that.

The renderings (``sample_images/generator/render.py --busy``) know which container has waste within
1.2 m before its front, and what each thing holds. They are dealt into two halves by their names:
one fits, the other scores. They are made by us, so what is learnt is how our scenes are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from city.errors import BadInput, Fault
from city.place import Position
from vision.calibrate import fits_on
from vision.calibration import fit_weights
from vision.classes import CONTAINERS, NAMES, SIDE_WASTE, class_id
from vision.detections import Boxes, Detections, Flags, Floats, Indexes, of_classes, overlap
from vision.detector import Detector
from vision.labels import LabelledBox, LabelledPhoto, read_coco
from vision.photo import read_photo
from vision.reading import MIN_CONTAINER_SCORE, container_scores
from vision.reliability import brier, brier_skill, calibration_error, error_by_chance, reliability
from vision.scores import interval, over_photos
from vision.side_waste import Learnt, Seen, seen_beside

SAME, BESIDE_M = 0.5, 2.0
LEAST_CONTAINERS, LEAST_THINGS = 10, 4


@dataclass(frozen=True, eq=False)
class Rendered:
    """What is so and what was seen, of every container and of every thing that was found.

    Parameters
    ----------
    photo, found, before, beside, blocked : (n,) of the true containers; the two best scores are 0
        where the container was not found.
    of_thing : (m,) the picture of each thing that was found beside a found container.
    name : (m,) its class.
    reckoned_l, true_l : (m,) litres by the priors, and in truth.
    at_place, place_name, place_l : (k,) picture, class, and score times litres by the priors of all
        that was said to lie beside a container, also of what is not there.
    place_true_l : (pictures,) litres in truth of what lies within 2 m of a container.
    """

    photo: Indexes
    found: Flags
    before: Floats
    beside: Floats
    blocked: Floats
    of_thing: Indexes
    name: tuple[str, ...]
    reckoned_l: Floats
    true_l: Floats
    at_place: Indexes
    place_name: tuple[str, ...]
    place_l: Floats
    place_true_l: Floats


def learn(detector: Detector, folder: Path) -> dict[str, Any]:
    """Return what ``side_waste.json`` holds: what was learnt, its figures, and all outcomes.

    Parameters
    ----------
    folder : renderings with their ``truth.json``.

    Raises
    ------
    BadInput
        If there are too few containers that are blocked, or that are not.
    """
    photos = read_coco(folder / "truth.json").photos
    pictures = (read_photo(folder / photo.file_name).bgr for photo in photos)
    rows = rendered(photos, list(detector.detect_many(pictures)), detector)
    fits = np.array([fits_on(photo.file_name) for photo in photos])
    learnt = fitted(rows, fits)
    return {
        "detector": detector.version,
        **learnt.as_dict(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "side": detector.network.side,
        "renderings": {"fitted": int(fits.sum()), "scored": int((~fits).sum())},
        "blocked": blocked_figures(learnt, rows, fits),
        "litres": litres_figures(learnt, rows, fits),
        "outcomes": outcomes(rows, fits),
    }


def rendered(
    photos: Sequence[LabelledPhoto], found: Sequence[Detections], detector: Detector
) -> Rendered:
    """Hold what a detector found in renderings against their truth."""
    limit = detector.calibration.min_score if detector.calibration else MIN_CONTAINER_SCORE
    containers: list[tuple[int, bool, float, float, float]] = []
    things: list[tuple[int, str, float, float]] = []
    places: list[tuple[int, str, float]] = []
    for number, (photo, detections) in enumerate(zip(photos, found, strict=True)):
        boxes = container_scores(detections, limit)[0].xyxy
        seen = seen_beside(boxes, of_classes(detections, SIDE_WASTE))
        containers += [(number, *row) for row in _containers(photo, boxes, seen)]
        things += [(number, *row) for row in _things(photo, seen)]
        places += [(number, *row) for row in _said(seen)]
    picture, is_found, before, beside, blocked = np.array(containers, float).reshape(-1, 5).T
    return Rendered(
        picture.astype(np.intp),
        is_found > 0,
        before,
        beside,
        blocked,
        np.array([row[0] for row in things], np.intp),
        tuple(row[1] for row in things),
        np.array([row[2] for row in things], float),
        np.array([row[3] for row in things], float),
        np.array([row[0] for row in places], np.intp),
        tuple(row[1] for row in places),
        np.array([row[2] for row in places], float),
        np.array([_litres_beside(photo) for photo in photos], float),
    )


def _said(seen: Seen) -> list[tuple[str, float]]:
    each = zip(seen.waste.class_id, seen.waste.score * seen.litres, seen.owner, strict=True)
    return [(NAMES[of], float(litres)) for of, litres, owner in each if owner >= 0]


def _litres_beside(photo: LabelledPhoto) -> float:
    stand = [_place(box) for box in photo.boxes if class_id(box.category) in CONTAINERS]
    waste = [box for box in photo.boxes if "litres" in box.more]
    near = [w for w in waste if any(_place(w).distance_m(at) <= BESIDE_M for at in stand)]
    return float(sum(w.more["litres"] for w in near))


def _place(box: LabelledBox) -> Position:
    return Position(box.more["position"]["lon"], box.more["position"]["lat"])


def _containers(
    photo: LabelledPhoto, boxes: Boxes, seen: Seen
) -> list[tuple[bool, float, float, float]]:
    rows = []
    for box in photo.boxes:
        if class_id(box.category) in CONTAINERS:
            at = _same(box.xywh, boxes)
            said = (0.0, 0.0) if at is None else (float(seen.before[at]), float(seen.beside[at]))
            rows.append((at is not None, *said, float(box.more["blocked"])))
    return rows


def _things(photo: LabelledPhoto, seen: Seen) -> list[tuple[str, float, float]]:
    rows = []
    for box in photo.boxes:
        at = _same(box.xywh, seen.waste.xyxy) if "litres" in box.more else None
        if (
            at is not None
            and seen.owner[at] >= 0
            and NAMES[seen.waste.class_id[at]] == box.category
        ):
            rows.append((box.category, float(seen.litres[at]), float(box.more["litres"])))
    return rows


def _same(xywh: Sequence[float], boxes: Boxes) -> int | None:
    x, y, width, height = xywh
    shared = overlap(np.array([[x, y, x + width, y + height]], np.float32), boxes)[0]
    return int(shared.argmax()) if len(shared) and shared.max() >= SAME else None


def fitted(rows: Rendered, fits: Flags) -> Learnt:
    """Return what the pictures that a mask selects teach."""
    mine = fits[rows.photo] & (rows.beside > 0)
    _check(rows.blocked[mine])
    weights = fit_weights(rows.before[mine], rows.beside[mine], rows.blocked[mine])
    factor, spread = {}, {}
    for name in sorted(set(rows.name)):
        same = fits[rows.of_thing] & (np.array(rows.name) == name)
        if same.sum() >= LEAST_THINGS:
            ratio = np.log(rows.true_l[same] / rows.reckoned_l[same])
            factor[name] = round(float(np.exp(np.median(ratio))), 3)
            spread[name] = round(float(np.std(ratio, ddof=1)), 3)
    return Learnt(weights, factor, spread)


def _check(blocked: Floats) -> None:
    counts = int(blocked.sum()), int((blocked == 0).sum())
    if min(counts) < LEAST_CONTAINERS:
        raise BadInput(
            Fault(
                code="too-few-renderings",
                where="calibrate-side-waste",
                value=f"{counts[0]} blocked, {counts[1]} not",
                cause=f"Fewer than {LEAST_CONTAINERS} containers of a kind have waste beside them.",
                remedy="Render more scenes; sample_images/README.md says how.",
            )
        )


def blocked_figures(learnt: Learnt, rows: Rendered, fits: Flags) -> list[dict[str, Any]]:
    """Return error and skill of P(blocked) on the half that was not fitted, and of the rule's."""
    test = ~fits[rows.photo]
    ways = {
        "learnt": learnt.p_blocked(rows.before, rows.beside),
        "by the rule": rows.before,
    }
    kinds = {"found containers": test & rows.found, "all containers": test}
    return [
        {"said": said, "of": of} | _figures(p[kept], rows.blocked[kept], rows.photo[kept])
        for of, kept in kinds.items()
        for said, p in ways.items()
    ]


def _figures(p: Floats, blocked: Floats, photo: Indexes) -> dict[str, Any]:
    ece, skill = (
        interval(over_photos(measure, p, blocked, photo), np.bincount(photo) > 0, len(p))
        for measure in (calibration_error, brier_skill)
    )
    return {
        "n": len(p),
        "blocked": int(blocked.sum()),
        "ece": round(ece.value, 4),
        "ece_interval": [round(ece.low, 4), round(ece.high, 4)],
        "ece_by_chance": round(error_by_chance(p), 4),
        "brier": round(brier(p, blocked), 4),
        "brier_skill": round(skill.value, 4),
        "brier_skill_interval": [round(skill.low, 4), round(skill.high, 4)],
        "reliability": [
            [round(b.predicted, 4), round(b.observed, 4), b.n] for b in reliability(p, blocked)
        ],
    }


def litres_figures(learnt: Learnt, rows: Rendered, fits: Flags) -> list[dict[str, Any]]:
    """Return how far litres are off on the half that was not fitted: of single things that were
    found, by class, and of whole pictures with waste beside a container, found or not.
    """
    names, test = np.array(rows.name), ~fits[rows.of_thing]
    told = []
    for said, learnt_or_not in (("learnt", learnt.factor), ("by the rule", {})):
        litres = rows.reckoned_l * _factors(learnt_or_not, rows.name)
        for name in sorted(set(rows.name)):
            kept = test & (names == name)
            told.append(_litres(said, name, litres[kept], rows.true_l[kept]))
        told.append(_litres(said, "all things found", litres[test], rows.true_l[test]))
        each = rows.place_l * _factors(learnt_or_not, rows.place_name)
        total = np.bincount(rows.at_place, each, minlength=len(fits))
        kept = ~fits & (rows.place_true_l > 0)
        told.append(_litres(said, "whole pictures", total[kept], rows.place_true_l[kept]))
    return told


def _factors(factor: Mapping[str, float], names: Sequence[str]) -> Floats:
    return np.array([factor.get(name, 1.0) for name in names], float)


def _litres(said: str, of: str, litres: Floats, true: Floats) -> dict[str, Any]:
    off = np.abs(litres / true - 1)
    return {
        "said": said,
        "of": of,
        "n": len(true),
        "median_relative_error": round(float(np.median(off)), 3) if len(true) else None,
        "bias": round(float(litres.sum() / true.sum() - 1), 3) if len(true) else None,
    }


def outcomes(rows: Rendered, fits: Flags) -> dict[str, list[list[Any]]]:
    """Return what every figure comes from: containers and things, pictures unnamed.

    Of containers: half (1 fits), found, the two best scores, blocked; of things: half, class,
    litres by the rule, litres in truth.
    """
    containers = zip(
        fits[rows.photo].astype(int).tolist(),
        rows.found.astype(int).tolist(),
        rows.before.round(4).tolist(),
        rows.beside.round(4).tolist(),
        rows.blocked.astype(int).tolist(),
        strict=True,
    )
    things = zip(
        fits[rows.of_thing].astype(int).tolist(),
        rows.name,
        rows.reckoned_l.round(1).tolist(),
        rows.true_l.round(1).tolist(),
        strict=True,
    )
    return {
        "containers": [list(row) for row in containers],
        "things": [list(row) for row in things],
    }
