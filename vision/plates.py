"""Find what has the colour and shape of a Dutch number plate, also where no vehicle was seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vision.detections import Boxes, Image

SHORTEST, LOWEST = 10, 5
# Length by height: a moped's plate is nearly square, a car's about 4.7 to 1, one seen askew less.
MOST_OBLONG = 8.0
# A plate fills the rectangle around it, less its characters; foliage and lamp light do not.
MIN_FILLED = 0.5
GROWTH, MARGIN = 0.1, 2.0


@dataclass(frozen=True)
class Paint:
    """A range of colours (hue 0-180, saturation, value), and how long a plate so painted may be.

    Parameters
    ----------
    longest : as a part of the photo's longest side; larger things are signs, bags and cars.
    """

    low: tuple[int, int, int]
    high: tuple[int, int, int]
    longest: float


# Yellow twice: under sodium lamps a plate merges with its car at the looser threshold.
PAINTS = (
    Paint((12, 60, 70), (34, 255, 255), 0.1),
    Paint((12, 110, 90), (34, 255, 255), 0.1),
    Paint((88, 110, 90), (112, 255, 255), 0.16),
)


def find_plates(bgr: Image) -> Boxes:
    """Return boxes around what may be a yellow or blue plate, (n, 4) xyxy, some beyond the edge."""
    hsv = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV), np.uint8)
    found = [box for paint in PAINTS for box in _painted(hsv, paint)]
    return np.array(found, np.float32).reshape(-1, 4)


def _painted(hsv: Image, paint: Paint) -> list[tuple[float, float, float, float]]:
    mask = cv2.inRange(hsv, np.array(paint.low), np.array(paint.high))
    # Closed, because characters would cut a plate into pieces.
    whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    longest = paint.longest * max(hsv.shape[:2])
    boxes = []
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        large_enough = max(w, h) >= SHORTEST and min(w, h) >= LOWEST
        if large_enough and max(w, h) <= longest and _is_plate_shaped(contour):
            aside, above = GROWTH * w + MARGIN, GROWTH * h + MARGIN
            boxes.append((x - aside, y - above, x + w + aside, y + h + above))
    return boxes


def _is_plate_shaped(contour: cv2.typing.MatLike) -> bool:
    _, (one, other), _ = cv2.minAreaRect(contour)
    length, height = max(one, other) + 1, min(one, other) + 1
    filled = cv2.contourArea(contour) / (length * height)
    return length / height <= MOST_OBLONG and filled >= MIN_FILLED
