from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.place import Position
from vision.classes import CONTAINER, PERSON, VEHICLE
from vision.detections import Boxes, Detections
from vision.faces import FaceFinder
from vision.photo import Photo, decode
from vision.privacy import blur, encode_blurred, private_regions

NO_FACES: Boxes = np.empty((0, 4), np.float32)


def grain(height: int = 300, width: int = 400, **known: object) -> Photo:
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
    return Photo(pixels, "grain.jpg", **known)  # type: ignore[arg-type]


def detail(pixels: np.ndarray) -> float:
    """How much neighbouring pixels differ: what a face or a plate is read from."""
    return float(np.abs(np.diff(pixels.astype(int), axis=1)).mean())


def test_a_face_cannot_be_read_and_the_rest_is_untouched() -> None:
    photo = grain()
    blurred = blur(photo, Detections.none(), np.array([[100, 100, 140, 150]], np.float32))
    x1, y1, x2, y2 = blurred.regions[0].astype(int)
    assert x1 < 100 < 140 < x2
    assert y1 < 100 < 150 < y2
    assert detail(blurred.bgr[y1:y2, x1:x2]) < 0.1 * detail(photo.bgr[y1:y2, x1:x2])
    outside = np.ones(photo.bgr.shape[:2], bool)
    outside[y1:y2, x1:x2] = False
    assert (blurred.bgr[outside] == photo.bgr[outside]).all()
    assert blurred.share == pytest.approx(1 - outside.mean())


def test_the_photo_itself_is_left_as_it_was() -> None:
    photo = grain()
    before = photo.bgr.copy()
    blur(photo, Detections.of([[50, 20, 120, 280]], [PERSON], [0.9]), NO_FACES)
    assert (photo.bgr == before).all()


def test_a_persons_head_is_blurred_and_the_feet_are_not() -> None:
    found = Detections.of([[100, 50, 160, 250]], [PERSON], [0.3])
    (region,) = private_regions(found, NO_FACES, 400, 300)
    assert region[1] <= 50
    assert 100 <= region[3] < 180


def test_where_number_plates_hang_is_blurred_and_the_roof_is_not() -> None:
    found = Detections.of([[100, 100, 300, 200]], [VEHICLE], [0.5])
    (region,) = private_regions(found, NO_FACES, 400, 300)
    assert region.tolist() == [100, 140, 300, 193]


def test_a_faint_box_counts_for_a_small_vehicle_and_not_for_one_that_fills_the_photo() -> None:
    def regions(box: list[float], score: float) -> int:
        return len(private_regions(Detections.of([box], [VEHICLE], [score]), NO_FACES, 400, 300))

    small, large = [100.0, 100.0, 150.0, 140.0], [0.0, 0.0, 400.0, 300.0]
    assert (regions(small, 0.08), regions(large, 0.08)) == (1, 0)
    assert (regions(small, 0.25), regions(large, 0.25)) == (1, 1)


def test_what_is_not_private_stays_sharp() -> None:
    photo = grain()
    found = Detections.of([[0, 0, 200, 200]], [CONTAINER], [0.99])
    assert (blur(photo, found, NO_FACES).bgr == photo.bgr).all()


box = st.tuples(*[st.floats(-50, 500, width=32)] * 2, *[st.floats(0, 400, width=32)] * 2)


@given(st.lists(box, max_size=6), st.lists(box, max_size=3))
@settings(max_examples=60, deadline=None)
def test_regions_are_whole_pixels_within_the_photo(
    people: list[tuple[float, ...]], faces: list[tuple[float, ...]]
) -> None:
    corners = [(x, y, x + w, y + h) for x, y, w, h in people]
    found = Detections.of(corners, [PERSON] * len(people), [0.5] * len(people))
    face_boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in faces], np.float32)
    regions = private_regions(found, face_boxes.reshape(-1, 4), 400, 300)
    assert (regions == np.round(regions)).all()
    assert (regions[:, :2] >= 0).all()
    assert (regions[:, 2:] <= [400, 300]).all()
    assert (regions[:, 2:] > regions[:, :2]).all()


def test_the_written_copy_keeps_place_time_and_direction_only() -> None:
    taken_at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))
    place = Position(-24.935123, -60.170456)
    photo = grain(position=place, heading_deg=12.5, taken_at=taken_at, focal_35mm=26.0)
    data = encode_blurred(blur(photo, Detections.none(), NO_FACES))
    again = decode(data, "again.jpg")
    assert again.position is not None
    assert again.position.distance_m(place) < 0.05
    assert again.heading_deg == pytest.approx(12.5)
    assert again.taken_at == taken_at
    assert again.focal_35mm is None
    assert again.exif_faults == ()


def test_a_copy_of_a_photo_that_knows_nothing_says_nothing() -> None:
    again = decode(encode_blurred(blur(grain(), Detections.none(), NO_FACES)), "again.jpg")
    assert (again.position, again.heading_deg, again.taken_at) == (None, None, None)


def test_a_wall_has_no_face() -> None:
    wall = np.full((480, 640, 3), 120, np.uint8)
    (faces,) = FaceFinder.load(side=320).find_many([wall])
    assert faces.shape == (0, 4)
