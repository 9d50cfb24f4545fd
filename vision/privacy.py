"""Blur people and number plates: the only way from a photo to something that may be written."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import cv2
import numpy as np
from PIL import ExifTags
from PIL import Image as Pillow

from city.place import Position
from vision.classes import PERSON, VEHICLE
from vision.detections import Boxes, Detections, Image, at_least, of_classes
from vision.photo import Photo
from vision.plates import find_plates

# Low: a blurred post costs less than a person who can be recognised.
MIN_PERSON_SCORE = 0.04
# What fills much of a photo is plainly seen if it is a vehicle: a large box needs a better score,
# by the part of the photo that it fills, up to one at which it is taken for a vehicle anyway.
MIN_VEHICLE_SCORE, SURE_VEHICLE_SCORE = 0.05, 0.25
FACE_GROWTH = 0.35
# A head is about a seventh of a standing figure; boxes are loose and people bend.
HEAD_SHARE = 0.3
# Some boxes begin at the chin: a pale hat before a pale sky, dark hair before a dark car.
HEAD_ABOVE = 0.15
# Where plates hang, as parts of a vehicle's box from its top: above are windows and roof.
PLATE_TOP, PLATE_BOTTOM = 0.4, 0.93
# A region keeps no more than so many patches across: too few for features or characters.
PATCHES_ACROSS = 6
JPEG_QUALITY = 85


@dataclass(frozen=True, eq=False)
class BlurredPhoto:
    """A photo after `blur`, which alone makes it and which alone can be encoded.

    Parameters
    ----------
    bgr : (h, w, 3) uint8.
    regions : (n, 4) xyxy, what was blurred.
    """

    bgr: Image
    name: str
    position: Position | None
    heading_deg: float | None
    taken_at: datetime | None
    regions: Boxes

    @property
    def share(self) -> float:
        """The part of the photo that was blurred, 0 to 1."""
        covered = np.zeros(self.bgr.shape[:2], bool)
        for x1, y1, x2, y2 in self.regions.astype(int):
            covered[y1:y2, x1:x2] = True
        return float(np.count_nonzero(covered)) / covered.size


def blur(photo: Photo, detections: Detections, faces: Boxes) -> BlurredPhoto:
    """Return the photo with faces, heads and number plates made unrecognisable.

    Parameters
    ----------
    detections : of the same photo, with low scores kept.
    faces : (n, 4) xyxy from `vision.faces`.
    """
    seen = private_regions(detections, faces, photo.width, photo.height)
    painted = _within(find_plates(photo.bgr), photo.width, photo.height)
    regions = np.concatenate([seen, painted])
    bgr = photo.bgr.copy()
    for x1, y1, x2, y2 in regions.astype(int):
        bgr[y1:y2, x1:x2] = _unrecognisable(bgr[y1:y2, x1:x2])
    return BlurredPhoto(bgr, photo.name, photo.position, photo.heading_deg, photo.taken_at, regions)


def private_regions(detections: Detections, faces: Boxes, width: int, height: int) -> Boxes:
    """Return heads and where plates hang, (n, 4) xyxy in whole pixels within the photo."""
    people = at_least(of_classes(detections, [PERSON]), MIN_PERSON_SCORE).xyxy
    vehicles = _vehicles(of_classes(detections, [VEHICLE]), width, height)
    together = np.concatenate([_grown(faces), _heads(people), _plates(vehicles)])
    return _within(together, width, height)


def _vehicles(seen: Detections, width: int, height: int) -> Boxes:
    part = (seen.xyxy[:, 2:] - seen.xyxy[:, :2]).prod(axis=1) / (width * height)
    return seen.xyxy[seen.score >= np.minimum(MIN_VEHICLE_SCORE + part, SURE_VEHICLE_SCORE)]


def _within(together: Boxes, width: int, height: int) -> Boxes:
    low = np.floor(together[:, :2])
    high = np.ceil(together[:, 2:])
    edge = np.array([width, height])
    boxes = np.concatenate([np.clip(low, 0, edge), np.clip(high, 0, edge)], axis=1)
    inside = ((boxes[:, 2:] - boxes[:, :2]) >= 1).all(axis=1)
    return np.asarray(boxes[inside], np.float32)


def _grown(faces: Boxes) -> Boxes:
    more = (faces[:, 2:] - faces[:, :2]) * FACE_GROWTH
    return np.concatenate([faces[:, :2] - more, faces[:, 2:] + more], axis=1)


def _heads(people: Boxes) -> Boxes:
    """Return the top of each person; all of one whose box is cut off to wider than high."""
    heads = people.copy()
    width, height = people[:, 2] - people[:, 0], people[:, 3] - people[:, 1]
    part = np.maximum(HEAD_SHARE * height, np.minimum(height, 0.5 * width))
    heads[:, 1] -= HEAD_ABOVE * height
    heads[:, 3] = people[:, 1] + part
    return heads


def _plates(vehicles: Boxes) -> Boxes:
    plates = vehicles.copy()
    height = vehicles[:, 3] - vehicles[:, 1]
    plates[:, 1] = vehicles[:, 1] + PLATE_TOP * height
    plates[:, 3] = vehicles[:, 1] + PLATE_BOTTOM * height
    return plates


def _unrecognisable(part: Image) -> Image:
    """Return a part averaged to a few patches, then smoothed; the averaging cannot be undone."""
    height, width = part.shape[:2]
    side = max(1.0, min(height, width) / PATCHES_ACROSS)
    few = max(1, round(width / side)), max(1, round(height / side))
    patches = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(patches, (width, height), interpolation=cv2.INTER_LINEAR))


def encode_blurred(photo: BlurredPhoto, quality: int = JPEG_QUALITY) -> bytes:
    """Return a JPEG with place, time and direction, and nothing else of what a camera wrote."""
    exif = Pillow.Exif()
    if photo.taken_at is not None:
        exif[ExifTags.IFD.Exif] = _time_tags(photo.taken_at)
    gps = _gps_tags(photo)
    if gps:
        exif[ExifTags.IFD.GPSInfo] = gps
    told = exif.tobytes()
    _, jpeg = cv2.imencode(".jpg", photo.bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    # Start of image, then EXIF as its first segment (CIPA DC-008, 4.7.2), then the picture.
    segment = b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    return b"\xff\xd8" + segment + jpeg.tobytes()[2:]


def _time_tags(taken_at: datetime) -> dict[int, str]:
    offset = taken_at.strftime("%z") or "+0000"
    return {
        ExifTags.Base.DateTimeOriginal: taken_at.strftime("%Y:%m:%d %H:%M:%S"),
        ExifTags.Base.OffsetTimeOriginal: f"{offset[:3]}:{offset[3:5]}",
    }


def _gps_tags(photo: BlurredPhoto) -> dict[int, object]:
    tags: dict[int, object] = {}
    if photo.position is not None:
        tags[ExifTags.GPS.GPSLatitudeRef] = "N" if photo.position.lat >= 0 else "S"
        tags[ExifTags.GPS.GPSLatitude] = _sexagesimal(photo.position.lat)
        tags[ExifTags.GPS.GPSLongitudeRef] = "E" if photo.position.lon >= 0 else "W"
        tags[ExifTags.GPS.GPSLongitude] = _sexagesimal(photo.position.lon)
    if photo.heading_deg is not None:
        tags[ExifTags.GPS.GPSImgDirectionRef] = "T"
        tags[ExifTags.GPS.GPSImgDirection] = float(round(photo.heading_deg, 2))
    return tags


def _sexagesimal(degrees: float) -> tuple[Fraction, Fraction, Fraction]:
    """Return whole degrees, whole minutes and seconds to a ten-thousandth (3 mm)."""
    ticks = round(abs(degrees) * 3600 * 10_000)
    minutes, rest = divmod(ticks, 60 * 10_000)
    whole, minute = divmod(minutes, 60)
    return Fraction(whole), Fraction(minute), Fraction(rest, 10_000)
