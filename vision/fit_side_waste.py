"""Learn from renderings whether waste blocks a container and how many litres it is; score that.

The renderings (``sample_images/generator/render.py --busy``) know which container has waste within
1.2 m before its front, and what each thing holds. They are dealt into two halves by their names.
Each half is scored by what the other taught; what is kept was learnt from both. They are made by
us, so what is learnt is how our scenes are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from vision.labels import LabelledBox, LabelledPhoto, read_coco, truth_of
from vision.photo import read_photo
from vision.reading import MIN_CONTAINER_SCORE, container_scores
from vision.reliability import brier, brier_skill, calibration_error, error_by_chance, reliability
from vision.scores import interval, over_photos
from vision.side_waste import Learnt, Seen, seen_beside

SAME, BESIDE_M = 0.5, 2.0
LEAST_CONTAINERS, LEAST_THINGS = 10, 4


@dataclass(frozen=True, eq=False)
class Things:
    """Waste beside containers: picture, class, litres by the priors, and in truth; (m,) each."""

    photo: Indexes
    name: tuple[str, ...]
    reckoned_l: Floats
    true_l: Floats

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str, float, float]]) -> Things:
        """Gather rows."""
        every = list(rows)
        litres = np.array([row[2:] for row in every], float).reshape(-1, 2)
        photo = np.array([row[0] for row in every], np.intp)
        return cls(photo, tuple(row[1] for row in every), litres[:, 0], litres[:, 1])


@dataclass(frozen=True, eq=False)
class Rendered:
    """What is so in renderings, and what was seen.

    Parameters
    ----------
    photo, found, before, beside, blocked : (n,) of the true containers; the two best scores are 0
        where the container was not found.
    boxes, things : waste whose litres are reckoned from true boxes, and from boxes that were found.
    said : all that was said to lie beside a container, its litres times its score; the truth is 0.
    place_l : (pictures,) litres in truth of what lies within 2 m of a container.
    """

    photo: Indexes
    found: Flags
    before: Floats
    beside: Floats
    blocked: Floats
    boxes: Things
    things: Things
    said: Things
    place_l: Floats


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
    half = np.array([fits_on(photo.file_name) for photo in photos])
    learnt = fitted(rows, np.ones(len(half), bool))
    return {
        "detector": detector.filed_as,
        **learnt.as_dict(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "side": detector.network.side,
        "renderings": {"pictures": len(half), "first_half": int(half.sum())},
        "blocked": blocked_figures(rows, half),
        "litres": litres_figures(rows, half),
        "outcomes": outcomes(rows, half),
    }


def rendered(
    photos: Sequence[LabelledPhoto], found: Sequence[Detections], detector: Detector
) -> Rendered:
    """Hold what a detector found in renderings against their truth."""
    limit = detector.calibration.min_score if detector.calibration else MIN_CONTAINER_SCORE
    containers: list[tuple[int, bool, float, float, float]] = []
    boxes, things, said = [], [], []
    for number, (photo, detections) in enumerate(zip(photos, found, strict=True)):
        stand, seen = _seen(detections, limit)
        containers += [(number, *row) for row in _containers(photo, stand, seen)]
        things += [(number, *row) for row in _things(photo, seen)]
        boxes += [(number, *row) for row in _things(photo, _seen(truth_of(photo), limit)[1])]
        said += [(number, *row) for row in _said(seen)]
    picture, is_found, before, beside, blocked = np.array(containers, float).reshape(-1, 5).T
    return Rendered(
        picture.astype(np.intp),
        is_found > 0,
        before,
        beside,
        blocked,
        Things.of(boxes),
        Things.of(things),
        Things.of(said),
        np.array([_litres_beside(photo) for photo in photos], float),
    )


def _seen(detections: Detections, limit: float) -> tuple[Boxes, Seen]:
    stand = container_scores(detections, limit)[0].xyxy
    return stand, seen_beside(stand, of_classes(detections, SIDE_WASTE))


def _containers(
    photo: LabelledPhoto, stand: Boxes, seen: Seen
) -> list[tuple[bool, float, float, float]]:
    rows = []
    for box in photo.boxes:
        if class_id(box.category) in CONTAINERS:
            at = _same(box.xywh, stand)
            said = (0.0, 0.0) if at is None else (float(seen.before[at]), float(seen.beside[at]))
            rows.append((at is not None, *said, float(box.more["blocked"])))
    return rows


def _things(photo: LabelledPhoto, seen: Seen) -> list[tuple[str, float, float]]:
    rows = []
    for box in photo.boxes:
        at = _same(box.xywh, seen.waste.xyxy) if "litres" in box.more else None
        if at is None or seen.owner[at] < 0 or NAMES[seen.waste.class_id[at]] != box.category:
            continue
        rows.append((box.category, float(seen.litres[at]), float(box.more["litres"])))
    return rows


def _same(xywh: Sequence[float], boxes: Boxes) -> int | None:
    x, y, width, height = xywh
    shared = overlap(np.array([[x, y, x + width, y + height]], np.float32), boxes)[0]
    return int(shared.argmax()) if len(shared) and shared.max() >= SAME else None


def _said(seen: Seen) -> list[tuple[str, float, float]]:
    each = zip(seen.waste.class_id, seen.waste.score * seen.litres, seen.owner, strict=True)
    return [(NAMES[of], float(litres), 0.0) for of, litres, owner in each if owner >= 0]


def _litres_beside(photo: LabelledPhoto) -> float:
    stand = [_place(box) for box in photo.boxes if class_id(box.category) in CONTAINERS]
    waste = [box for box in photo.boxes if "litres" in box.more]
    near = [w for w in waste if any(_place(w).distance_m(at) <= BESIDE_M for at in stand)]
    return float(sum(w.more["litres"] for w in near))


def _place(box: LabelledBox) -> Position:
    return Position(box.more["position"]["lon"], box.more["position"]["lat"])


def fitted(rows: Rendered, kept: Flags) -> Learnt:
    """Return what the pictures that a mask selects teach; litres are learnt from true boxes.

    Raises
    ------
    BadInput
        If all pictures together show too few containers.
    """
    _check(rows.blocked[rows.beside > 0])
    mine = kept[rows.photo] & (rows.beside > 0)
    weights = fit_weights(rows.before[mine], rows.beside[mine], rows.blocked[mine])
    factor, spread = {}, {}
    for name in sorted(set(rows.boxes.name)):
        same = kept[rows.boxes.photo] & _named(rows.boxes, name)
        if same.sum() >= LEAST_THINGS:
            true, reckoned = rows.boxes.true_l[same], rows.boxes.reckoned_l[same]
            factor[name] = round(float(true.sum() / reckoned.sum()), 3)
            said = factor[name] * reckoned
            spread[name] = round(float(np.sqrt(((true - said) ** 2).sum() / (said**2).sum())), 3)
    return Learnt(weights, factor, spread)


def _named(things: Things, name: str) -> Flags:
    return np.array([one == name for one in things.name], bool)


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


def _crossed(
    rows: Rendered, half: Flags, photo: Indexes, said: Callable[[Learnt], Floats]
) -> Floats:
    """Return what is said of each half's rows by what the other half taught."""
    return np.where(half[photo], said(fitted(rows, ~half)), said(fitted(rows, half)))


def blocked_figures(rows: Rendered, half: Flags) -> list[dict[str, Any]]:
    """Return error and skill of P(blocked), as learnt from the other half and by the rule."""
    learnt = _crossed(rows, half, rows.photo, lambda by: by.p_blocked(rows.before, rows.beside))
    kinds = {"found containers": rows.found, "all containers": np.ones(len(rows.found), bool)}
    return [
        {"said": said, "of": of} | _figures(p[kept], rows.blocked[kept], rows.photo[kept])
        for of, kept in kinds.items()
        for said, p in (("learnt", learnt), ("by the rule", rows.before))
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


def litres_figures(rows: Rendered, half: Flags) -> list[dict[str, Any]]:
    """Return how far litres are off, as learnt from the other half and by the rule.

    Of single things by their true boxes and by the boxes found, and of whole pictures with waste
    beside a container, found or not.
    """
    told = []
    for said in ("learnt", "by the rule"):
        for of, things in (("true boxes", rows.boxes), ("boxes found", rows.things)):
            litres = _litres_said(rows, half, things, said)
            names = [name for name in sorted(set(things.name)) if things is rows.boxes]
            kinds = {f"{of}, {name}": _named(things, name) for name in names}
            kinds |= {of: np.ones(len(litres), bool)}
            told += [_off(said, k, litres[kept], things.true_l[kept]) for k, kept in kinds.items()]
        each = _litres_said(rows, half, rows.said, said)
        total = np.bincount(rows.said.photo, each, minlength=len(half))
        some = rows.place_l > 0
        told.append(_off(said, "whole pictures", total[some], rows.place_l[some]))
    return told


def _litres_said(rows: Rendered, half: Flags, things: Things, said: str) -> Floats:
    if said != "learnt":
        return things.reckoned_l
    return things.reckoned_l * _crossed(
        rows, half, things.photo, lambda by: _factors(by.factor, things.name)
    )


def _factors(factor: Mapping[str, float], names: Sequence[str]) -> Floats:
    return np.array([factor.get(name, 1.0) for name in names], float)


def _off(said: str, of: str, litres: Floats, true: Floats) -> dict[str, Any]:
    told: dict[str, Any] = {"said": said, "of": of, "n": len(true)}
    if not len(true):
        return told
    return told | {
        "median_relative_error": round(float(np.median(np.abs(litres / true - 1))), 3),
        "bias": round(float(litres.sum() / true.sum() - 1), 3),
    }


def outcomes(rows: Rendered, half: Flags) -> dict[str, list[list[Any]]]:
    """Return what every figure comes from: containers and things, pictures unnamed.

    Of containers: half, found, the two best scores, blocked; of things, by their true boxes: half,
    class, litres by the rule, litres in truth.
    """
    containers = zip(
        half[rows.photo].astype(int).tolist(),
        rows.found.astype(int).tolist(),
        rows.before.round(4).tolist(),
        rows.beside.round(4).tolist(),
        rows.blocked.astype(int).tolist(),
        strict=True,
    )
    things = zip(
        half[rows.boxes.photo].astype(int).tolist(),
        rows.boxes.name,
        rows.boxes.reckoned_l.round(1).tolist(),
        rows.boxes.true_l.round(1).tolist(),
        strict=True,
    )
    return {
        "containers": [list(row) for row in containers],
        "things": [list(row) for row in things],
    }
