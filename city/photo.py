"""What the city keeps of a street photo: when, where, and what was seen in the blurred copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from city.place import Position


@dataclass(frozen=True)
class SeenObject:
    """One detection in a photo.

    Parameters
    ----------
    bbox : left, top, width and height in pixels of the photo.
    container_id : the container that it was matched to, where there is one.
    """

    category: str
    bbox: tuple[float, float, float, float]
    score: float
    container_id: str | None = None


@dataclass(frozen=True)
class PhotoRecord:
    """A photo whose blurred copy is stored.

    Parameters
    ----------
    id : SHA-256 of the bytes that came in, so that the same photo twice is one.
    blurred_share : part of the picture that was made unreadable, 0 to 1.
    model_version_id : the detector that read it.
    """

    id: str
    file_name: str
    taken_at: datetime
    received_at: datetime
    position: Position
    heading_deg: float | None
    width_px: int
    height_px: int
    blurred_share: float
    model_version_id: str
    seen: tuple[SeenObject, ...] = ()
