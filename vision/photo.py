"""Decode a photo and read what its camera wrote about place, time and direction.

A photo is personal data until it is blurred: it lives in memory only, and `vision.privacy` holds
the one way to get something out of it that may be written.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, UnidentifiedImageError
from PIL import Image as Pillow

from city.errors import BadInput, Fault
from city.place import Position
from vision.detections import Image

MAX_PIXELS = 100_000_000
MIN_SIDE = 32
# A phone's MPO is opened as the JPEG that it begins with.
FORMATS = ("JPEG", "PNG", "WEBP")
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
# Pictures that cannot be read, but whose owner should hear of it.
OTHER_SUFFIXES = frozenset({".heic", ".heif", ".avif", ".tif", ".tiff", ".gif", ".bmp", ".dng"})
# EXIF 2.31, section 4.6.6 H; Pillow has no name for it.
CAMERA_ELEVATION_ANGLE = 0x9405

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
    reader = _ExifReader(opened, name)
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
    return np.ascontiguousarray(np.asarray(_as_rgb(turned), np.uint8)[..., ::-1])


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


class _ExifReader:
    """Reads the few EXIF fields that matter, and keeps a fault for each that is nonsense."""

    def __init__(self, loaded: Pillow.Image, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        try:
            exif = loaded.getexif()
            self.orientation = int(exif.get(ExifTags.Base.Orientation, 1))
        except (OSError, ValueError, SyntaxError, TypeError, LookupError, struct.error) as failed:
            self._fault("EXIF", failed)
            self.orientation, exif = 1, Pillow.Exif()
        self.gps = self._part(exif, ExifTags.IFD.GPSInfo)
        self.camera = self._part(exif, ExifTags.IFD.Exif)

    def _part(self, exif: Pillow.Exif, ifd: ExifTags.IFD) -> dict[int, Any]:
        try:
            return exif.get_ifd(ifd)
        except (OSError, ValueError, SyntaxError, TypeError, LookupError, struct.error) as failed:
            self._fault(ifd.name, failed)
            return {}

    def _fault(self, field: str, value: object) -> None:
        self.faults.append(
            Fault(
                code="photo-exif-nonsense",
                where=self.name,
                field=field,
                value=str(value)[:60],
                cause="What the camera wrote cannot be.",
                remedy="Correct the field, or remove it and give the value with the photo.",
            )
        )

    def _read[T](self, field: str, value: Any, parse: Callable[[Any], T]) -> T | None:
        """Return the parsed value, or None where there is none or it is nonsense."""
        if value is None:
            return None
        try:
            return parse(value)
        except (ValueError, TypeError, LookupError, ArithmeticError):
            self._fault(field, value)
            return None

    def position(self) -> Position | None:
        tag = ExifTags.GPS
        lat = self._read(
            "GPSLatitude",
            self.gps.get(tag.GPSLatitude),
            lambda v: _degrees(v, self.gps.get(tag.GPSLatitudeRef), "NS", 90),
        )
        lon = self._read(
            "GPSLongitude",
            self.gps.get(tag.GPSLongitude),
            lambda v: _degrees(v, self.gps.get(tag.GPSLongitudeRef), "EW", 180),
        )
        if lat is None or lon is None:
            return None
        if lat == 0 and lon == 0:  # what receivers write that have no fix
            self._fault("GPSLatitude, GPSLongitude", "0, 0")
            return None
        return Position(lon, lat)

    def heading_deg(self) -> float | None:
        value = self.gps.get(ExifTags.GPS.GPSImgDirection)
        return self._read("GPSImgDirection", value, lambda v: _within(float(v), 0, 360) % 360)

    def focal_35mm(self) -> float | None:
        value = self.camera.get(ExifTags.Base.FocalLengthIn35mmFilm) or None
        return self._read("FocalLengthIn35mmFilm", value, lambda v: _within(float(v), 5, 2000))

    def pitch_deg(self) -> float | None:
        value = self.camera.get(CAMERA_ELEVATION_ANGLE)
        return self._read("CameraElevationAngle", value, lambda v: _within(float(v), -90, 90))

    def taken_at(self, zone: tzinfo) -> datetime | None:
        tag = ExifTags.Base
        offset = self._read("OffsetTimeOriginal", self.camera.get(tag.OffsetTimeOriginal), _offset)
        local = self._read("DateTimeOriginal", self.camera.get(tag.DateTimeOriginal), _local_time)
        return local.replace(tzinfo=offset or zone) if local else None


def _degrees(parts: Any, ref: Any, signs: str, limit: float) -> float:
    degrees, minutes, seconds = (float(part) for part in (*parts, 0, 0)[:3])
    sign = {signs[0]: 1, signs[1]: -1}[str(ref).strip("\0 ").upper()[:1]] if ref else 1
    value = degrees + _within(minutes, 0, 60) / 60 + _within(seconds, 0, 60) / 3600
    return sign * _within(value, 0, limit)


def _within(value: float, low: float, high: float) -> float:
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(value)
    return value


def _local_time(text: Any) -> datetime:
    plain = str(text).strip("\0 ")
    return datetime.strptime(plain, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 (the zone is apart)


def _offset(text: Any) -> tzinfo:
    plain = str(text).strip("\0 ")
    if plain in {"Z", "z"}:
        return UTC
    sign, (hours, minutes) = plain[0], plain[1:].split(":")
    if sign not in "+-":
        raise ValueError(plain)
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if sign == "-" else ahead)
