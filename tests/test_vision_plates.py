import cv2
import numpy as np
import pytest

from vision.detections import Detections, Image
from vision.photo import Photo
from vision.plates import find_plates
from vision.privacy import blur

YELLOW, BLUE = (20, 190, 240), (220, 150, 30)
NO_FACES = np.empty((0, 4), np.float32)


def street(height: int = 300, width: int = 400) -> Image:
    return np.full((height, width, 3), 90, np.uint8)


def plate_on(bgr: Image, colour: tuple[int, int, int], degrees: float) -> Image:
    corners = cv2.boxPoints(((200.0, 150.0), (36.0, 9.0), degrees)).astype(np.int32)
    cv2.fillPoly(bgr, [corners], colour)
    return bgr


@pytest.mark.parametrize("colour", [YELLOW, BLUE])
@pytest.mark.parametrize("degrees", [0, 20, 90])
def test_a_plate_is_found_without_its_vehicle_at_any_angle(
    colour: tuple[int, int, int], degrees: float
) -> None:
    found = find_plates(plate_on(street(), colour, degrees))
    x1, y1, x2, y2 = found[0]
    assert x1 < 195 < 205 < x2
    assert y1 < 147 < 153 < y2


def test_a_yellow_van_or_a_grey_street_is_no_plate() -> None:
    van = street()
    van[50:250, 50:350] = YELLOW
    assert find_plates(van).shape == (0, 4)
    assert find_plates(street()).shape == (0, 4)


def test_a_long_yellow_line_on_the_road_is_no_plate() -> None:
    road = street(1000, 1000)
    road[500:506, 100:190] = YELLOW
    assert find_plates(road).shape == (0, 4)


def test_a_plate_that_no_detector_saw_cannot_be_read() -> None:
    bgr = plate_on(street(), YELLOW, 0)
    bgr[148:152, 190:210:2] = 0
    blurred = blur(Photo(bgr, "plate.jpg"), Detections.none(), NO_FACES)
    before, after = (x[150, 188:212].astype(int) for x in (bgr, blurred.bgr))
    assert np.abs(np.diff(after, axis=0)).mean() < 0.2 * np.abs(np.diff(before, axis=0)).mean()
