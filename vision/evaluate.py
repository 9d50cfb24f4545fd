"""How well a detector does on labelled photos: match once, then reduce to one table of rows.

Every figure is a row (class, slice, metric, value, n, low, high); pages and plots are renderings
of these. Only classes that the truth names were looked for, and only those are scored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from vision.calibration import Calibration
from vision.classes import CLASSES, CONTAINER, CONTAINER_OVERFLOWING, CONTAINERS, NAMES
from vision.confusion import Confusion, Pairing, confuse
from vision.detections import (
    Detections,
    Flags,
    Floats,
    at_least,
    merged,
    of_classes,
    suppressed,
)
from vision.labels import LabelledPhoto, truth_of
from vision.matching import Matches, match, pooled
from vision.outcomes import outcomes
from vision.reading import MIN_CONTAINER_SCORE, overflow_probability
from vision.reliability import Bin, brier_skill, calibration_error, reliability
from vision.scores import (
    average_precision,
    f1_at,
    interval,
    over_photos,
    precision_at,
    precisions,
    recall_at,
)

ALL = "all classes"
ANY_CONTAINER = "any container"
WORKING_SCORE = MIN_CONTAINER_SCORE
# COCO's limits: square pixels of the photo.
SIZES = (("small", 0, 32**2), ("medium", 32**2, 96**2), ("large", 96**2, np.inf))
# How much of a box may be shared with a better one of the other container class.
SAME = 0.6
# Boxes that score less are many, and nobody acts on them.
LEAST_SCORE = 0.05
Measure = Callable[[Floats], float]
AT_WORK = {"precision": precision_at, "recall": recall_at, "F1": f1_at}


@dataclass(frozen=True)
class Row:
    """One figure, over n boxes, with its 95 % interval over photos; nan where there is none."""

    name: str
    part: str
    metric: str
    value: float
    n: int
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class Evaluation:
    """All that is known of one model on one set of photos.

    Parameters
    ----------
    curves : precision at each of 101 recalls, by class.
    right : how often a box with a score is right.
    overflowing : how often a container that was read overflows, by P(overflowing); empty
        where the truth does not tell.
    mistakes : the worst first.
    """

    version: str
    rows: tuple[Row, ...]
    curves: Mapping[str, tuple[float, ...]]
    confusion: Confusion
    right: tuple[Bin, ...]
    overflowing: tuple[Bin, ...]
    mistakes: tuple[Pairing, ...]


@dataclass(frozen=True)
class Judge:
    """What every model is held against: the photos, their truth, and how it is counted.

    Parameters
    ----------
    labelled : class ids that were looked for in all photos.
    working_score : of the detections that precision and recall count.
    """

    photos: Sequence[LabelledPhoto]
    labelled: Sequence[int]
    working_score: float = WORKING_SCORE
    resamples: int = 500
    seed: int = 1

    @cached_property
    def truth(self) -> tuple[Detections, ...]:
        """The photos' boxes."""
        return tuple(map(truth_of, self.photos))

    def evaluate(
        self, version: str, found: Sequence[Detections], calibration: Calibration | None = None
    ) -> Evaluation:
        """Return the evaluation of a model by what it found in each photo."""
        comparable = self._comparable(found)
        by_class = self._matches(comparable)
        every = pooled([by_class[NAMES[i]] for i in self.labelled])
        every = every.within(every.score >= LEAST_SCORE)
        hit = every.hit[:, 0].astype(float)
        error = over_photos(calibration_error, every.score, hit, every.photo)
        told, overflowing = self._overflowing(found, calibration)
        at_work = [at_least(one_box_each(seen), self.working_score) for seen in comparable]
        pairs = list(zip(at_work, self.truth, strict=True))
        confusion, mistakes = confuse(pairs, self.labelled)
        return Evaluation(
            version,
            (*self._rows(by_class), self._over(ALL, "score ECE", error, len(hit)), *told),
            {name: tuple(precisions(m).tolist()) for name, m in by_class.items() if m.truths},
            confusion,
            reliability(every.score, hit),
            overflowing,
            mistakes,
        )

    def differences(self, ours: Sequence[Detections], theirs: Sequence[Detections]) -> list[Row]:
        """Return by how much the first's AP50 is higher, with intervals over the same draws."""
        first, second = (self._matches(self._comparable(found)) for found in (ours, theirs))
        every = np.ones(len(self.photos), bool)
        return [
            self._row(name, "all", "AP50 difference", partial(_gain, m, second[name]), m, every)
            for name, m in first.items()
            if m.truths
        ]

    def parts(self) -> dict[str, Flags]:
        """Return the slices of photos that the truth file tells apart, as masks."""
        parts = {"all": np.ones(len(self.photos), bool)}
        if any("night" in photo.more for photo in self.photos):
            night = np.array([bool(photo.more.get("night")) for photo in self.photos])
            parts |= {"day": ~night, "night": night}
        where = np.array([str(photo.more.get("neighbourhood", "")) for photo in self.photos])
        parts |= {name: where == name for name in sorted({*where.tolist()} - {""})}
        return {name: kept for name, kept in parts.items() if kept.any()}

    def _comparable(self, found: Sequence[Detections]) -> Sequence[Detections]:
        """Take both container classes for one where the truth does not tell them apart."""
        if CONTAINER not in self.labelled or CONTAINER_OVERFLOWING in self.labelled:
            return found
        return [
            Detections(
                seen.xyxy,
                np.where(seen.class_id == CONTAINER_OVERFLOWING, CONTAINER, seen.class_id),
                seen.score,
            )
            for seen in map(one_box_each, found)
        ]

    def _matches(self, found: Sequence[Detections]) -> dict[str, Matches]:
        groups = {NAMES[i]: [i] for i in self.labelled}
        by_class = match(list(zip(found, self.truth, strict=True)), groups)
        if set(CONTAINERS) <= set(self.labelled):
            once = zip(map(one_box_each, found), self.truth, strict=True)
            by_class |= match(list(once), {ANY_CONTAINER: CONTAINERS})
        return by_class

    def _rows(self, by_class: Mapping[str, Matches]) -> Iterator[Row]:
        classes = [by_class[NAMES[i]] for i in self.labelled]
        for part, kept in self.parts().items():
            there = [m for m in classes if m.of_photos(kept).truths]
            if there:
                together = pooled(classes)
                yield self._row(ALL, part, "mAP50", partial(_mean, there), together, kept)
                if part == "all":
                    mean = partial(_mean, there, overlap=None)
                    yield self._row(ALL, part, "mAP50-95", mean, together, kept)
                yield from self._at_work(ALL, part, together, kept)
            for name, m in by_class.items():
                yield from self._of_class(name, part, m, kept)
        every = np.ones(len(self.photos), bool)
        for name, m in by_class.items():
            for size, low, high in SIZES:
                kept, true = ((a >= low) & (a < high) for a in (m.area_px, m.truth_area_px))
                yield from self._of_class(name, size, m.within(kept, true), every)
        yield from self._by_type(by_class)

    def _of_class(self, name: str, part: str, found: Matches, kept: Flags) -> Iterator[Row]:
        if not found.of_photos(kept).truths:
            return
        yield self._row(name, part, "AP50", partial(average_precision, found), found, kept)
        if part == "all":
            mean = partial(average_precision, found, overlap=None)
            yield self._row(name, part, "AP50-95", mean, found, kept)
        yield from self._at_work(name, part, found, kept)

    def _at_work(self, name: str, part: str, found: Matches, kept: Flags) -> Iterator[Row]:
        for metric, measure in AT_WORK.items():
            told = partial(measure, found, self.working_score)
            yield self._row(name, part, metric, told, found, kept)

    def _by_type(self, by_class: Mapping[str, Matches]) -> Iterator[Row]:
        """Yield recall by the container's type; a false box has none, so there is no precision."""
        found = by_class.get(ANY_CONTAINER) or by_class.get(NAMES[CONTAINER])
        if found is None:
            return
        places = zip(found.truth_photo, found.truth_row, strict=True)
        boxes = [self.photos[photo].boxes[row] for photo, row in places]
        types = np.array([str(box.more.get("container_type", "")) for box in boxes])
        every = np.ones(len(self.photos), bool)
        for name in sorted({*types.tolist()} - {""}):
            some = found.within(np.ones(len(found.score), bool), types == name)
            told = partial(recall_at, some, self.working_score)
            yield self._row(ANY_CONTAINER, f"type {name}", "recall", told, some, every)

    def _row(
        self,
        name: str,
        part: str,
        metric: str,
        measure: Measure,
        found: Matches,
        kept: Flags,
    ) -> Row:
        n = found.of_photos(kept).truths
        told = interval(measure, kept, n, seed=self.seed, resamples=self.resamples)
        return Row(name, part, metric, told.value, told.n, told.low, told.high)

    def _over(self, name: str, metric: str, measure: Measure, n: int) -> Row:
        """Return a figure over all photos."""
        every = np.ones(len(self.photos), bool)
        told = interval(measure, every, n, seed=self.seed, resamples=self.resamples)
        return Row(name, "all", metric, told.value, told.n, told.low, told.high)

    def _overflowing(
        self, found: Sequence[Detections], calibration: Calibration | None
    ) -> tuple[list[Row], tuple[Bin, ...]]:
        """Hold P(overflowing) against the truth; a container not seen counts as the base rate."""
        if not set(CONTAINERS) <= set(self.labelled):
            return [], ()
        least = calibration.min_score if calibration else MIN_CONTAINER_SCORE
        rows = outcomes(list(zip(found, self.truth, strict=True)), least)
        if not len(rows.photo):
            return [], ()
        said = overflow_probability(rows.container, rows.overflowing, calibration)
        p = np.where(rows.seen, said, rows.overflows.mean())
        figures = {
            "P(overflowing) ECE": calibration_error,
            "P(overflowing) Brier skill": brier_skill,
        }
        told = [
            self._over(
                ANY_CONTAINER, name, over_photos(measure, p, rows.overflows, rows.photo), len(p)
            )
            for name, measure in figures.items()
        ]
        return told, reliability(said[rows.seen], rows.overflows[rows.seen])


def one_box_each(found: Detections) -> Detections:
    """Keep the better of two boxes of both container classes on one container."""
    either = suppressed(of_classes(found, CONTAINERS), SAME, np.zeros_like)
    others = [i for i in range(len(CLASSES)) if i not in CONTAINERS]
    return merged([either, of_classes(found, others)])


def _mean(found: Sequence[Matches], weights: Floats, overlap: int | None = 0) -> float:
    each = np.array([average_precision(one, weights, overlap) for one in found])
    known = each[~np.isnan(each)]
    return float(known.mean()) if len(known) else float("nan")


def _gain(ours: Matches, theirs: Matches, weights: Floats) -> float:
    return average_precision(ours, weights) - average_precision(theirs, weights)
