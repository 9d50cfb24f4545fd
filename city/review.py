"""What a person says is in a photo, against which the detector is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Label:
    """One thing in a photo.

    Parameters
    ----------
    category : a class of the detector, by its name.
    bbox : left, top, width and height in pixels of the photo.
    """

    category: str
    bbox: tuple[float, float, float, float]


@dataclass(frozen=True)
class Review:
    """All that a person labelled in a photo, at one time; the last one holds."""

    photo_id: str
    at: datetime
    by: str
    labels: tuple[Label, ...]
