"""Read the few EXIF fields that matter: place, direction, time, lens.

Source: EXIF 2.32 (CIPA DC-008-2019).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL import ExifTags
from PIL import Image as Pillow

from city.errors import Fault
from city.place import Position

# EXIF 2.31, section 4.6.6 H; Pillow has no name for it.
CAMERA_ELEVATION_ANGLE = 0x9405


class ExifReader:
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
        """Return where the camera was."""
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
        """Return where the camera looked, degrees clockwise from north."""
        value = self.gps.get(ExifTags.GPS.GPSImgDirection)
        return self._read("GPSImgDirection", value, lambda v: _within(float(v), 0, 360) % 360)

    def focal_35mm(self) -> float | None:
        """Return the focal length as if the sensor were 36 mm wide, in mm."""
        value = self.camera.get(ExifTags.Base.FocalLengthIn35mmFilm) or None
        return self._read("FocalLengthIn35mmFilm", value, lambda v: _within(float(v), 5, 2000))

    def pitch_deg(self) -> float | None:
        """Return how far the camera looked up."""
        value = self.camera.get(CAMERA_ELEVATION_ANGLE)
        return self._read("CameraElevationAngle", value, lambda v: _within(float(v), -90, 90))

    def taken_at(self, zone: tzinfo) -> datetime | None:
        """Return when the photo was taken; in a zone where the camera wrote none."""
        tag = ExifTags.Base
        offset = self._read("OffsetTimeOriginal", self.camera.get(tag.OffsetTimeOriginal), _offset)
        local = self._read("DateTimeOriginal", self.camera.get(tag.DateTimeOriginal), _local_time)
        part = self._read("SubsecTimeOriginal", self.camera.get(tag.SubsecTimeOriginal), _part_s)
        whole = local.replace(tzinfo=offset or zone) if local else None
        return whole and whole + timedelta(seconds=part or 0.0)


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


def _part_s(text: Any) -> float:
    digits = str(text).strip("\0 ")
    return float(f"0.{int(digits):0{len(digits)}d}") if digits else 0.0


def _offset(text: Any) -> tzinfo:
    plain = str(text).strip("\0 ")
    if plain in {"Z", "z"}:
        return UTC
    sign, (hours, minutes) = plain[0], plain[1:].split(":")
    if sign not in "+-":
        raise ValueError(plain)
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if sign == "-" else ahead)
