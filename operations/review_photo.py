"""Verb: keep what a person says is in a photo, and hold the detector against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from city.errors import BadInput, Fault
from city.photo import PhotoRecord, SeenObject
from city.review import Label, Review
from city.store import Store, municipalities, photos, reviews
from vision.classes import NAMES
from vision.detections import Detections
from vision.matching import match

WORKING_SCORE = 0.25
"""From here up the detector is taken at its word."""

SMALLEST_PX = 2.0
"""Shorter sides are slips of the hand."""

_SLACK_PX = 1.0


@dataclass(frozen=True)
class ToReview:
    """A photo, and what a person said of it; None where nobody looked yet."""

    photo: PhotoRecord
    review: Review | None

    @property
    def labels(self) -> tuple[Label, ...]:
        """What holds: a person's labels, until then what the detector is taken at its word for."""
        if self.review:
            return self.review.labels
        return tuple(Label(each.category, each.bbox) for each in believed(self.photo))

    @property
    def doubt(self) -> float:
        """How near the detector's nearest score comes to its working threshold: 0 to 1."""
        near = [abs(each.score - WORKING_SCORE) for each in self.photo.seen]
        return 1.0 - min(near, default=1.0)


@dataclass(frozen=True)
class Tally:
    """How the detector did on one class in the photos that were reviewed, at an overlap of half."""

    category: str
    right: int
    wrong: int
    missed: int


def to_review(store: Store) -> list[ToReview]:
    """Return all photos: those that nobody looked at first, of these the most doubtful first."""
    known = reviews.every(store)
    found = [ToReview(photo, known.get(photo.id)) for photo in photos.every(store)]
    return sorted(found, key=lambda one: (one.review is not None, -one.doubt))


def review_photo(store: Store, photo_id: str, labels: Sequence[Label], by: str) -> Review:
    """Keep what is in a photo; earlier reviews stay in the log.

    Raises
    ------
    NotFound
        No such photo is kept.
    BadInput
        With every label that cannot be.
    """
    photo = photos.get(store, photo_id)
    found = [fault for at, label in enumerate(labels) for fault in _faults(at, label, photo)]
    if found:
        raise BadInput(found)
    review = Review(photo_id, municipalities.get(store).now(), by, tuple(labels))
    reviews.add(store, review)
    return review


def judged(some: Iterable[ToReview]) -> tuple[list[Tally], dict[str, int]]:
    """Return how the detector did on each class, and how many mistakes it made in each photo.

    Photos that nobody looked at say nothing.
    """
    seen = [(one.photo, one.review) for one in some if one.review]
    pairs = [(_detections(believed(p)), _detections(review.labels)) for p, review in seen]
    found = match(pairs, {name: [at] for at, name in enumerate(NAMES)}, [0.5])
    wrong, missed = (np.zeros((len(NAMES), len(seen)), int) for _ in range(2))
    right = np.zeros(len(NAMES), int)
    for at, one in enumerate(found.values()):
        hit = one.hit[:, 0]
        claimed = np.bincount(one.photo[hit], minlength=len(seen))
        right[at] = hit.sum()
        wrong[at] = np.bincount(one.photo[~hit], minlength=len(seen))
        missed[at] = np.bincount(one.truth_photo, minlength=len(seen)) - claimed
    rows = zip(NAMES, right, wrong.sum(axis=1), missed.sum(axis=1), strict=True)
    every = [Tally(name, *map(int, counts)) for name, *counts in rows]
    mistakes = dict(zip([p.id for p, _ in seen], (wrong + missed).sum(axis=0), strict=True))
    return [one for one in every if one.right or one.wrong or one.missed], {
        photo: int(count) for photo, count in mistakes.items()
    }


def believed(photo: PhotoRecord) -> list[SeenObject]:
    """Return what the detector is taken at its word for."""
    return [each for each in photo.seen if each.score >= WORKING_SCORE]


def _detections(some: Sequence[SeenObject | Label]) -> Detections:
    xywh = np.array([each.bbox for each in some], float).reshape(-1, 4)
    corners = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)
    scores = [getattr(each, "score", 1.0) for each in some]
    return Detections.of(corners, [NAMES.index(each.category) for each in some], scores)


def _faults(at: int, label: Label, photo: PhotoRecord) -> Iterator[Fault]:
    left, top, width, height = label.bbox
    where = f"labels[{at}]"
    if label.category not in NAMES:
        cause, remedy = (
            "The detector has no class of that name.",
            f"Take one of {', '.join(NAMES)}.",
        )
        yield Fault("label-unknown-category", where, cause, remedy, "category", label.category)
    if min(width, height) < SMALLEST_PX:
        cause, remedy = "The box has no size.", f"Make each side {SMALLEST_PX:g} pixels or more."
        yield Fault("label-without-size", where, cause, remedy, "bbox", str(label.bbox))
    inside = (
        min(left, top) >= -_SLACK_PX
        and left + width <= photo.width_px + _SLACK_PX
        and top + height <= photo.height_px + _SLACK_PX
    )
    if not inside:
        cause = f"The box leaves the photo of {photo.width_px} by {photo.height_px} pixels."
        yield Fault("label-outside", where, cause, "Keep it inside.", "bbox", str(label.bbox))
