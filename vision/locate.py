"""From a box in a photo to a place on the ground, with how far off it may be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from city.errors import BadInput, Fault
from city.place import Position
from vision.photo import Photo, position_of
from vision.reading import Reading

CAMERA_HEIGHT_M = 1.6
# The main camera of most phones, 26 mm on a 36 mm frame.
FIELD_OF_VIEW_DEG = 69.4
FRAME_MM = 36.0
# Underground inlets, wheelie bins and bottle banks: 0.9 to 1.7 m, most about 1.2 m.
CONTAINER_HEIGHT_M, CONTAINER_HEIGHT_SHARE = 1.2, 0.2
MAX_HEIGHT_M = 2.6
# A hand-held phone without a tilt reading; with one, what is left.
PITCH_ERROR_DEG, READ_PITCH_ERROR_DEG = 6.0, 1.5
BOX_ERROR_SHARE = 0.04
CUT_SHARE = 0.5
# Further off, a container is under 30 pixels high and its place vague.
MAX_RANGE_M = 30.0


@dataclass(frozen=True)
class Camera:
    """What is held true of a city's cameras where a photo does not say otherwise.

    Parameters
    ----------
    field_of_view_deg : along the longer side.
    position_error_m : standard error per axis.
    """

    height_m: float = CAMERA_HEIGHT_M
    field_of_view_deg: float = FIELD_OF_VIEW_DEG
    position_error_m: float = 5.0
    heading_error_deg: float = 5.0


@dataclass(frozen=True)
class CameraPose:
    """Where a camera stood and looked, and what it saw with.

    Parameters
    ----------
    heading_deg : of the picture's middle, clockwise from north.
    pitch_deg : of the picture's middle; below zero looks down.
    focal_px : focal length in pixels (pinhole, no distortion).
    width, height : of the picture in pixels.
    position_error_m : standard error per axis, shared by all that one photo shows.
    """

    position: Position
    heading_deg: float
    focal_px: float
    width: int
    height: int
    pitch_deg: float = 0.0
    height_m: float = CAMERA_HEIGHT_M
    position_error_m: float = 5.0
    heading_error_deg: float = 5.0
    pitch_error_deg: float = PITCH_ERROR_DEG


@dataclass(frozen=True)
class Range:
    """How far over the ground, in metres, and its standard error as a share of that."""

    metres: float
    share: float


@dataclass(frozen=True)
class Sighting:
    """A container as seen from one camera.

    Parameters
    ----------
    position : where it is believed to stand.
    uncertainty_m : standard error per axis of the position, the camera's own error included.
    range_m, bearing_deg : from the camera; clockwise from north.
    aside_rad : right of the picture's middle; `aside_error_rad` is what the box errs.
    by_metre : the range for each metre of the container's height.
    by_ground : the range from where its box meets the ground, where that can be seen.
    """

    reading: Reading
    position: Position
    uncertainty_m: float
    range_m: float
    bearing_deg: float
    aside_rad: float
    aside_error_rad: float
    by_metre: Range
    by_ground: Range | None = None

    def range_of(self, height_m: float, height_share: float) -> Range:
        """Return the range if the container is so high, give or take a share."""
        by_height = Range(
            self.by_metre.metres * height_m, math.hypot(self.by_metre.share, height_share)
        )
        return _combined(by_height, self.by_ground)


def pose_of(photo: Photo, camera: Camera | None = None) -> CameraPose:
    """Return the pose that a photo's camera wrote, with usual values for what it left out.

    Raises
    ------
    BadInput
        If it wrote no position or no heading.
    """
    usual = camera or Camera()
    position = position_of(photo)
    if photo.heading_deg is None:
        raise BadInput(
            Fault(
                code="photo-without-heading",
                where=photo.name,
                field="GPSImgDirection",
                cause="The photo does not say where the camera looked.",
                remedy="Let the camera write its compass heading.",
            )
        )
    longest = max(photo.width, photo.height)
    half_view = math.radians(usual.field_of_view_deg / 2)
    relative = photo.focal_35mm / FRAME_MM if photo.focal_35mm else 0.5 / math.tan(half_view)
    read = photo.pitch_deg is not None
    return CameraPose(
        position,
        photo.heading_deg,
        relative * longest,
        photo.width,
        photo.height,
        pitch_deg=photo.pitch_deg or 0.0,
        height_m=usual.height_m,
        position_error_m=usual.position_error_m,
        heading_error_deg=usual.heading_error_deg,
        pitch_error_deg=READ_PITCH_ERROR_DEG if read else PITCH_ERROR_DEG,
    )


def locate(readings: Iterable[Reading], pose: CameraPose) -> tuple[Sighting, ...]:
    """Return where each container stands that is near enough to tell, and on the ground."""
    found = (_sighting(reading, pose) for reading in readings if _stands(reading, pose))
    return tuple(sighting for sighting in found if sighting.range_m <= MAX_RANGE_M)


def _stands(reading: Reading, pose: CameraPose) -> bool:
    """Tell whether a box may be a container on the ground: a dark window or door is too tall.

    What the tilt's error allows is given to the box.
    """
    lowest = _down(reading, pose) + 2 * math.radians(pose.pitch_error_deg)
    if lowest <= math.atan(pose.height_m / MAX_RANGE_M):
        return False
    nearest_m = pose.height_m / math.tan(lowest)
    _, top, _, bottom = reading.xyxy
    return (bottom - top) / pose.focal_px * nearest_m <= MAX_HEIGHT_M


def _down(reading: Reading, pose: CameraPose) -> float:
    """Return how far below the horizon a box ends, radians."""
    below = math.atan2(reading.xyxy[3] - pose.height / 2, pose.focal_px)
    return below - math.radians(pose.pitch_deg)


def _sighting(reading: Reading, pose: CameraPose) -> Sighting:
    x1, _, x2, _ = reading.xyxy
    aside = math.atan2((x1 + x2) / 2 - pose.width / 2, pose.focal_px)
    cut = x1 <= 2 or x2 >= pose.width - 2
    aside_px = max((CUT_SHARE if cut else BOX_ERROR_SHARE) * (x2 - x1), 1.0)
    aside_error = aside_px / pose.focal_px * math.cos(aside) ** 2
    bearing = (pose.heading_deg + math.degrees(aside)) % 360
    by_metre, by_ground = _by_metre(reading, pose, aside), _by_ground(reading, pose, aside)
    usual = Range(
        by_metre.metres * CONTAINER_HEIGHT_M, math.hypot(by_metre.share, CONTAINER_HEIGHT_SHARE)
    )
    both = _combined(usual, by_ground)
    across_m = both.metres * math.radians(pose.heading_error_deg)
    # Two axes share one figure: the mean of the squares along and across the line of sight.
    own = ((both.metres * both.share) ** 2 + across_m**2) / 2
    turn = math.radians(bearing)
    return Sighting(
        reading,
        pose.position.moved(both.metres * math.sin(turn), both.metres * math.cos(turn)),
        math.sqrt(own + pose.position_error_m**2),
        both.metres,
        bearing,
        aside,
        aside_error,
        by_metre,
        by_ground,
    )


def _combined(one: Range, other: Range | None) -> Range:
    """Return the mean of two estimates, each counting by how sure it is (in logarithms)."""
    if other is None:
        return one
    weight, more = one.share**-2, other.share**-2
    log = (weight * math.log(one.metres) + more * math.log(other.metres)) / (weight + more)
    return Range(math.exp(log), (weight + more) ** -0.5)


def _by_metre(reading: Reading, pose: CameraPose, aside: float) -> Range:
    _, top, _, bottom = reading.xyxy
    depth = pose.focal_px / max(bottom - top, 1.0) / math.cos(aside)
    # A cut-off container is higher than its box, so it stands nearer than its box says.
    if bottom >= pose.height - 2 or top <= 2:
        return Range(0.75 * depth, CUT_SHARE)
    return Range(depth, max(BOX_ERROR_SHARE, 1.5 / max(bottom - top, 1.0)))


def _by_ground(reading: Reading, pose: CameraPose, aside: float) -> Range | None:
    _, top, _, bottom = reading.xyxy
    down = _down(reading, pose)
    if bottom >= pose.height - 2 or down <= math.radians(1):
        return None
    depth = pose.height_m / math.tan(down)
    tilt = math.radians(pose.pitch_error_deg)
    error = math.hypot(tilt, max(BOX_ERROR_SHARE * (bottom - top), 1.0) / pose.focal_px)
    return Range(depth / math.cos(aside), error / (math.sin(down) * math.cos(down)))
