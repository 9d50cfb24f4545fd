"""From boxes to readings, from readings to places, from places to containers."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from city.errors import BadInput
from city.place import Position
from vision.assign import assign
from vision.classes import class_id
from vision.detections import Detections
from vision.drive import View
from vision.locate import (
    CONTAINER_HEIGHT_M,
    MAX_RANGE_M,
    CameraPose,
    locate,
    pose_of,
)
from vision.photo import Photo
from vision.reading import Reading, read_containers

HERE = Position(24.94, 60.17)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
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


@given(st.floats(5, 25), st.floats(-3, 3), st.floats(0, 359))
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


def view_at(
    depth_aside: list[tuple[float, float]], pose: CameraPose = POSE, seconds: float = 0.0
) -> View:
    """What a camera sees of containers so far ahead and to the right of where it stands."""
    readings = [seen_at(depth, aside, pose) for depth, aside in depth_aside]
    return View(pose, locate(readings, pose), NOON + timedelta(seconds=seconds))


def ahead(*places: tuple[float, float]) -> list[tuple[float, float]]:
    """Longitude and latitude of places so far ahead of (east) and to the right of (south) HERE."""
    return [(p.lon, p.lat) for p in (HERE.moved(depth, -aside) for depth, aside in places)]


def test_a_sighting_is_matched_to_the_container_it_falls_on() -> None:
    ((match,),) = assign([view_at([(10, 0)])], ahead((11, 1), (50, 0)))
    assert match.container == 0
    assert match.probability > 0.9
    assert match.candidates == ()


def test_a_sighting_far_from_all_containers_matches_none() -> None:
    ((match,),) = assign([view_at([(10, 0)])], ahead((50, 0)))
    assert (match.container, match.candidates) == (None, ())
    assert assign([view_at([(10, 0)])], [])[0][0].container is None
    assert assign([view_at([])], ahead((10, 0))) == ((),)
    assert assign([], ahead((10, 0))) == ()


def test_a_row_seen_from_a_misplaced_camera_is_matched_as_a_row() -> None:
    row = [(10.0, -4.0), (10.0, 0.0), (10.0, 4.0)]
    shifted = [(depth, aside + 3) for depth, aside in row]
    (matches,) = assign([view_at(shifted)], ahead(*row))
    assert sorted(m.container for m in matches if m.container is not None) == [0, 1, 2]


def test_where_the_geometry_cannot_tell_all_that_it_may_be_are_named() -> None:
    ((match,),) = assign([view_at([(10, 0)])], ahead((10, -2), (10, 2), (50, 0)))
    assert match.container is None
    assert sorted(match.candidates) == [0, 1]


def drive_past(bias_m: float, count: int = 12) -> list[View]:
    """A camera that looks across the way, 1 m apart each, believed off to either side in turn."""
    views = []
    for k in range(count):
        along = k - count / 2
        error_m = bias_m * (-1) ** k
        pose = replace(POSE, position=HERE.moved(0, -along + error_m))
        views.append(view_at([(8.0, -along), (8.0, 6.0 - along)], pose, seconds=0.5 * k))
    return views


def test_frames_of_a_drive_settle_what_one_frame_cannot() -> None:
    row = ahead((8, 0), (8, 6), (8, 12), (8, -6))
    views = drive_past(bias_m=3.0)
    one = {m.container for view in views[:1] for m in assign([view], row)[0]}
    together = assign(views, row)
    found = {(m.container, m.thing) for matches in together for m in matches}
    assert one != {0, 1}
    assert {container for container, _ in found} == {0, 1}
    assert len(found) == 2, "all frames' boxes of one container are one thing"


def test_where_containers_stand_closer_than_a_drive_can_tell_their_cluster_is_named() -> None:
    together = assign(drive_past(bias_m=3.0), ahead((8, 0), (8, 2), (8, 6), (8, 8)))
    found = {(m.container, tuple(sorted(m.candidates))) for matches in together for m in matches}
    assert found == {(None, (0, 1)), (None, (2, 3))}


def test_a_thing_that_no_registry_knows_is_one_thing_in_all_frames() -> None:
    together = assign(drive_past(bias_m=0.0), ahead((8, 0)))
    things = {(m.container, m.thing) for matches in together for m in matches}
    assert len(things) == 2
    assert {container for container, _ in things} == {0, None}


@given(
    st.lists(st.tuples(st.floats(4, 25), st.floats(-8, 8)), max_size=4),
    st.lists(st.tuples(st.floats(0, 30), st.floats(-15, 15)), max_size=5),
)
@example(seen=[(14.0, 3.0), (15.0, 0.0)], there=[(0.0, 0.0)])
@settings(max_examples=25, deadline=None)
def test_no_container_is_matched_twice_in_one_photo(
    seen: list[tuple[float, float]], there: list[tuple[float, float]]
) -> None:
    view = view_at(seen)
    (matches,) = assign([view], ahead(*there))
    chosen = [m.container for m in matches if m.container is not None]
    assert len(matches) == len(view.sightings)
    assert len(chosen) == len(set(chosen))
    assert all(0 <= m.probability <= 1 + 1e-9 for m in matches)
    assert all(m.container is None or not m.candidates for m in matches)
