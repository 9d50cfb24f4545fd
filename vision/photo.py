"""Decode a photo and read what its camera wrote about place, time and direction.

A photo is personal data until it is blurred: it lives in memory only, and `vision.privacy` holds
the one way to get something out of it that may be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from city.errors import BadInput, Fault
from city.place import Position
from vision.detections import Image
from vision.exif import ExifReader

MAX_PIXELS = 100_000_000
MIN_SIDE = 32
# A phone's MPO is opened as the JPEG that it begins with.
FORMATS = ("JPEG", "PNG", "WEBP")
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
# Pictures that cannot be read, but whose owner should hear of it.
OTHER_SUFFIXES = frozenset({".heic", ".heif", ".avif", ".tif", ".tiff", ".gif", ".bmp", ".dng"})
# What undoes each EXIF orientation; 1 is upright.
TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}

# Pillow's own limit, so that it never decodes what we refuse.
Pillow.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True, eq=False)
class Photo:
    """A street photo, upright, in memory.

    Parameters
    ----------
    bgr : (h, w, 3) uint8, blue first, turned as its EXIF orientation says.
    name : what the reader calls it, for messages.
    position : of the camera; None where not written or nonsense.
    heading_deg : where the camera looked, degrees clockwise from north; a compass reading.
    taken_at : with time zone.
    focal_35mm : focal length as if the sensor were 36 mm wide, in mm.
    pitch_deg : how far the camera looked up; below zero looked down.
    exif_faults : what its camera wrote that cannot be true.
    """

    bgr: Image
    name: str
    position: Position | None = None
    heading_deg: float | None = None
    taken_at: datetime | None = None
    focal_35mm: float | None = None
    pitch_deg: float | None = None
    exif_faults: tuple[Fault, ...] = ()

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.bgr.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.bgr.shape[0])


def read_photo(path: Path, zone: tzinfo = UTC) -> Photo:
    """Decode a photo file; see `decode`."""
    try:
        return decode(path.read_bytes(), str(path), zone)
    except OSError as failed:
        raise BadInput(
            Fault(
                code="photo-unreadable",
                where=str(path),
                value=failed.strerror or type(failed).__name__,
                cause="The file cannot be read.",
                remedy="Check that it exists and that you may read it.",
            )
        ) from failed


def decode(data: bytes, name: str, zone: tzinfo = UTC) -> Photo:
    """Decode the content of a JPEG, PNG or WebP file.

    Parameters
    ----------
    name : what to call the photo in messages.
    zone : the time zone of cameras that write none.

    Raises
    ------
    BadInput
        If it is no photo, cut off, damaged, a moving picture, too large or too small.
    """
    opened = _open(data, name)
    _check_size(opened, name)
    _check_still(opened, name)
    _load(opened, name)
    reader = ExifReader(opened, name)
    upright = _upright(opened, reader.orientation)
    position, heading = reader.position(), reader.heading_deg()
    taken_at, focal = reader.taken_at(zone), reader.focal_35mm()
    pitch = reader.pitch_deg()
    faults = tuple(reader.faults)
    return Photo(upright, name, position, heading, taken_at, focal, pitch, faults)


def position_of(photo: Photo) -> Position:
    """Return where a photo was taken.

    Raises
    ------
    BadInput
        If the camera wrote no position, or one that cannot be.
    """
    if photo.position is not None:
        return photo.position
    nonsense = [f for f in photo.exif_faults if f.field.startswith("GPSL")]
    raise BadInput(
        nonsense
        or Fault(
            code="photo-without-position",
            where=photo.name,
            field="GPSLatitude, GPSLongitude",
            cause="The photo does not say where it was taken.",
            remedy="Let the camera write its position, or give the position with the photo.",
        )
    )


def _open(data: bytes, name: str) -> Pillow.Image:
    try:
        return Pillow.open(BytesIO(data), formats=FORMATS)
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as bomb:
        raise BadInput(_too_large(name)) from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as failed:
        raise BadInput(_no_image(name, "It" if data else "It is empty and")) from failed


def _no_image(name: str, subject: str) -> Fault:
    return Fault(
        code="photo-no-image",
        where=name,
        cause=f"{subject} is no JPEG, PNG or WebP picture.",
        remedy="Give the photo as the camera wrote it, or save it as JPEG.",
    )


def _too_large(name: str, value: str = "") -> Fault:
    return Fault(
        code="photo-too-large",
        where=name,
        value=value,
        cause=f"The photo has more than {MAX_PIXELS // 1_000_000} million pixels.",
        remedy="Scale it down; 2 million pixels are plenty.",
    )


def _check_size(opened: Pillow.Image, name: str) -> None:
    size = f"{opened.width} x {opened.height}"
    if opened.width * opened.height > MAX_PIXELS:
        raise BadInput(_too_large(name, size))
    if min(opened.width, opened.height) < MIN_SIDE:
        raise BadInput(
            Fault(
                code="photo-too-small",
                where=name,
                value=size,
                cause=f"The photo is less than {MIN_SIDE} pixels wide or high.",
                remedy="Give the photo at its full size.",
            )
        )


def _check_still(opened: Pillow.Image, name: str) -> None:
    # A phone's MPO holds further views (a preview, a depth map) after the photo itself.
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise BadInput(
            Fault(
                code="photo-moving",
                where=name,
                cause="It is a moving picture.",
                remedy="Give single photos.",
            )
        )


def _load(opened: Pillow.Image, name: str) -> None:
    try:
        opened.load()
    except (OSError, ValueError, SyntaxError, TypeError, IndexError) as failed:
        raise BadInput(
            Fault(
                code="photo-damaged",
                where=name,
                value=str(failed)[:80],
                cause="The photo is cut off or damaged.",
                remedy="Copy or upload it again.",
            )
        ) from failed


def _upright(loaded: Pillow.Image, orientation: int) -> Image:
    turn = TURNS.get(orientation)
    turned = loaded if turn is None else loaded.transpose(turn)
    bgr = cv2.cvtColor(np.asarray(_as_rgb(turned), np.uint8), cv2.COLOR_RGB2BGR)
    return np.asarray(bgr, np.uint8)


def _as_rgb(picture: Pillow.Image) -> Pillow.Image:
    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I"):
        grey = np.clip(np.asarray(picture, np.int64) >> 8, 0, 255).astype(np.uint8)
        return Pillow.fromarray(grey).convert("RGB")
    if picture.has_transparency_data:
        white = Pillow.new("RGBA", picture.size, "white")
        return Pillow.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")
