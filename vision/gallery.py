"""Crops of mistakes to look at: blurred first, then the boxes drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vision.confusion import NOTHING, Box, Pairing
from vision.crop import crop
from vision.detections import Detections, Image, merged
from vision.faces import FaceFinder
from vision.photo import Photo
from vision.privacy import blur, encode_blurred

# Green and red; blue comes first.
TRUE_COLOUR, FOUND_COLOUR = (80, 200, 60), (60, 80, 240)
QUALITY = 95


@dataclass(frozen=True)
class Picture:
    """A mistake with a JPEG of what is around it, in which nobody can be recognised."""

    mistake: Pairing
    jpeg: bytes


def worst(mistakes: Sequence[Pairing], of_each: int) -> list[Pairing]:
    """Return the worst of each kind: seen where nothing is, taken for another, not seen."""
    false = [m for m in mistakes if m.true == NOTHING]
    missed = [m for m in mistakes if m.found == NOTHING]
    confused = [m for m in mistakes if NOTHING not in (m.true, m.found)]
    return [one for kind in (false, confused, missed) for one in kind[:of_each]]


def pictures(
    photo: Photo,
    found: Detections,
    true: Detections,
    mistakes: Sequence[Pairing],
    faces: FaceFinder,
) -> Iterator[Picture]:
    """Yield a picture of each mistake in one photo.

    Parameters
    ----------
    found : all that the detector found in it, with low scores kept, to blur by.
    true : what is in it; people and vehicles that were not found are blurred too.
    """
    (heads,) = faces.find_many([photo.bgr])
    blurred = blur(photo, merged([found, true]), heads)
    for mistake in mistakes:
        drawn = blurred.bgr.copy()
        for box, colour in ((mistake.true_box, TRUE_COLOUR), (mistake.found_box, FOUND_COLOUR)):
            _draw(drawn, box, colour)
        # Place and time are nobody's business here.
        bare = replace(blurred, bgr=drawn, position=None, heading_deg=None, taken_at=None)
        yield Picture(mistake, crop(encode_blurred(bare, QUALITY), _around(mistake)))


def _draw(picture: Image, box: Box, colour: tuple[int, int, int]) -> None:
    if box:
        x1, y1, x2, y2 = (round(side) for side in box)
        thick = max(2, round(max(picture.shape[:2]) / 400))
        cv2.rectangle(picture, (x1, y1), (x2, y2), colour, thick)


def _around(mistake: Pairing) -> tuple[float, float, float, float]:
    """Return left, top, width, height of both boxes together."""
    corners = np.array([box for box in (mistake.true_box, mistake.found_box) if box])
    (x1, y1), (x2, y2) = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    return float(x1), float(y1), float(x2 - x1), float(y2 - y1)
