"""From boxes to readings, from readings to places, from places to containers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.errors import BadInput
from city.place import Position
from vision.assign import assign
from vision.classes import class_id
from vision.detections import Detections
from vision.locate import (
    CONTAINER_HEIGHT_M,
    MAX_RANGE_M,
    CameraPose,
    Sighting,
    locate,
    pose_of,
)
from vision.photo import Photo
from vision.reading import Reading, read_containers

HERE = Position(24.94, 60.17)
POSE = CameraPose(HERE, heading_deg=90, focal_px=900, width=1280, height=720)


def found(*rows: tuple[str, float, tuple[float, float, float, float]]) -> Detections:
    boxes = [box for _, _, box in rows]
    return Detections.of(boxes, [class_id(name) for name, _, _ in rows], [s for _, s, _ in rows])


def test_two_boxes_on_one_container_are_one_reading() -> None:
    seen = found(
        ("container", 0.6, (100, 100, 200, 300)),
        ("container_overflowing", 0.2, (105, 100, 205, 305)),
    )
    (reading,) = read_containers(seen)
    assert reading.score == pytest.approx(0.6)
    assert reading.p_overflowing == pytest.approx(0.25)


def test_a_box_within_another_is_the_same_container() -> None:
    seen = found(("container", 0.6, (100, 100, 200, 300)), ("container", 0.4, (110, 200, 190, 300)))
    assert [reading.score for reading in read_containers(seen)] == pytest.approx([0.6])


def test_neighbours_in_a_row_are_each_read() -> None:
    seen = found(("container", 0.6, (100, 100, 200, 300)), ("container", 0.5, (170, 100, 270, 300)))
    assert len(read_containers(seen)) == 2


def test_a_container_that_only_the_overflowing_class_sees_overflows() -> None:
    (reading,) = read_containers(found(("container_overflowing", 0.5, (0, 0, 50, 90))))
    assert reading.p_overflowing == 1


def test_a_bag_beside_a_container_is_side_waste_and_a_distant_one_is_not() -> None:
    near, far = (210.0, 240.0, 260.0, 300.0), (700.0, 240.0, 750.0, 300.0)
    box = (100.0, 100.0, 200.0, 300.0)
    for bag, expected in ((near, 0.7), (far, 0.0)):
        (reading,) = read_containers(found(("container", 0.9, box), ("bag", 0.7, bag)))
        assert reading.p_side_waste == pytest.approx(expected)


def test_waste_far_behind_a_container_is_not_beside_it() -> None:
    seen = found(("container", 0.9, (100, 100, 200, 300)), ("pile", 0.7, (205, 100, 260, 150)))
    assert read_containers(seen)[0].p_side_waste == 0


def test_unlikely_containers_are_not_read() -> None:
    assert read_containers(found(("container", 0.1, (0, 0, 50, 90)))) == ()
    assert read_containers(Detections.none()) == ()


def seen_at(depth_m: float, aside_m: float, pose: CameraPose) -> Reading:
    """The reading of a container of the usual height that stands so far ahead and to the right."""
    middle = pose.width / 2 + pose.focal_px * aside_m / depth_m
    foot = pose.height / 2 + pose.focal_px * pose.height_m / depth_m
    half_width = 0.5 * pose.focal_px / depth_m
    top = foot - pose.focal_px * CONTAINER_HEIGHT_M / depth_m
    return Reading((middle - half_width, top, middle + half_width, foot), 0.9, 0.5, 0.0)


@given(st.floats(5, 30), st.floats(-3, 3), st.floats(0, 359))
@settings(max_examples=50, deadline=None)
def test_a_container_is_found_again_where_it_stands(
    depth_m: float, aside_m: float, heading_deg: float
) -> None:
    pose = CameraPose(HERE, heading_deg, focal_px=900, width=1280, height=720)
    (sighting,) = locate([seen_at(depth_m, aside_m, pose)], pose)
    turn = math.radians(heading_deg)
    true = HERE.moved(
        depth_m * math.sin(turn) + aside_m * math.cos(turn),
        depth_m * math.cos(turn) - aside_m * math.sin(turn),
    )
    assert sighting.position.distance_m(true) < 0.02 * depth_m
    assert sighting.range_m == pytest.approx(math.hypot(depth_m, aside_m), rel=0.02)


def test_further_away_is_less_certain() -> None:
    near, far = locate([seen_at(5, 0, POSE), seen_at(25, 0, POSE)], POSE)
    assert POSE.position_error_m < near.uncertainty_m < far.uncertainty_m


def test_a_container_cut_off_by_the_picture_is_near_and_uncertain() -> None:
    cut = Reading((500, 200, 900, 720), 0.9, 0.5, 0.0)
    (sighting,) = locate([cut], POSE)
    whole_m = CONTAINER_HEIGHT_M * POSE.focal_px / 520
    assert sighting.range_m < whole_m


def test_what_is_too_far_to_tell_is_left_out() -> None:
    assert locate([seen_at(2 * MAX_RANGE_M, 0, POSE)], POSE) == ()


def test_a_window_above_the_horizon_is_no_container() -> None:
    window = Reading((500, 50, 600, 150), 0.9, 0.0, 0.0)
    assert locate([window], replace(POSE, pitch_error_deg=2.0)) == ()


def test_a_doorway_is_too_tall_to_be_a_container() -> None:
    foot = 360 + 900 * 1.6 / 15  # on the ground, 15 m away, and 5 m high
    door = Reading((500, foot - 300, 600, foot), 0.9, 0.0, 0.0)
    assert locate([door], replace(POSE, pitch_error_deg=1.5)) == ()


def test_a_camera_that_looks_down_sees_the_same_place() -> None:
    level, tilted = POSE, replace(POSE, pitch_deg=-10.0)
    reading = seen_at(8, 0, level)
    up = tilted.focal_px * math.tan(math.radians(10))
    x1, y1, x2, y2 = reading.xyxy
    lifted = replace(reading, xyxy=(x1, y1 - up, x2, y2 - up))
    (seen,) = locate([lifted], tilted)
    assert seen.range_m == pytest.approx(8, rel=0.1)


def test_a_photo_without_heading_has_no_pose() -> None:
    pixels = np.zeros((720, 1280, 3), np.uint8)
    with pytest.raises(BadInput, match="GPSImgDirection"):
        pose_of(Photo(pixels, "a.jpg", position=HERE))
    pose = pose_of(Photo(pixels, "a.jpg", position=HERE, heading_deg=10.0, focal_35mm=27.0))
    assert pose.focal_px == pytest.approx(0.75 * 1280)


def sighting_at(east_m: float, north_m: float, error_m: float = 4.5) -> Sighting:
    reading = Reading((0, 0, 1, 1), 0.9, 0.5, 0.0)
    return Sighting(reading, HERE.moved(east_m, north_m), error_m, 10.0, 0.0)


def lonlat(*places: tuple[float, float]) -> list[tuple[float, float]]:
    return [(p.lon, p.lat) for p in (HERE.moved(e, n) for e, n in places)]


def test_a_sighting_is_matched_to_the_container_it_falls_on() -> None:
    (match,) = assign([sighting_at(1, 0)], lonlat((0, 0), (40, 0)))
    assert match.container == 0
    assert match.probability > 0.9


def test_a_sighting_far_from_all_containers_matches_none() -> None:
    assert assign([sighting_at(0, 0)], lonlat((100, 0)))[0].container is None
    assert assign([sighting_at(0, 0)], [])[0].container is None
    assert assign([], lonlat((0, 0))) == ()


def test_a_row_seen_from_a_misplaced_camera_is_matched_as_a_row() -> None:
    row = [(0, 0), (4, 0), (8, 0)]
    shifted = [sighting_at(e + 3, n, error_m=4.2) for e, n in row]
    matches = assign(shifted, lonlat(*row))
    assert [m.container for m in matches] == [0, 1, 2]


def test_a_container_between_two_is_uncertain() -> None:
    (match,) = assign([sighting_at(2, 0)], lonlat((0, 0), (4, 0)))
    assert match.probability < 0.7


@given(
    st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), max_size=5),
    st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_no_container_is_matched_twice(
    seen: list[tuple[float, float]], there: list[tuple[float, float]]
) -> None:
    matches = assign([sighting_at(*s) for s in seen], lonlat(*there))
    chosen = [m.container for m in matches if m.container is not None]
    assert len(matches) == len(seen)
    assert len(chosen) == len(set(chosen))
    assert all(0 <= m.probability <= 1 + 1e-9 for m in matches)
