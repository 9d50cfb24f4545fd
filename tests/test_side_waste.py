"""Waste beside a container: by priors that are said to be such."""

import numpy as np
import pytest

from vision.classes import class_id
from vision.detections import Detections
from vision.reading import Reading, read_containers
from vision.side_waste import Learnt

BOX = (100.0, 100.0, 160.0, 220.0)  # 1.2 m high, so that a metre is 100 px


def readings(
    *waste: tuple[str, tuple[float, float, float, float]], learnt: Learnt | None = None
) -> list[Reading]:
    boxes = [("container", BOX), ("container", (400.0, 100.0, 460.0, 220.0)), *waste]
    found = Detections.of(
        [box for _, box in boxes], [class_id(name) for name, _ in boxes], [1.0] * len(boxes)
    )
    return sorted(read_containers(found, side_waste=learnt), key=lambda reading: reading.xyxy)


def test_what_lies_before_a_container_blocks_it_and_what_lies_beside_does_not() -> None:
    before, _ = readings(("bag", (90, 180, 140, 240)))
    beside, _ = readings(("bag", (165, 180, 205, 240)))
    assert (before.p_blocked, before.p_side_waste) == (1, 1)
    assert (beside.p_blocked, beside.p_side_waste) == (0, 1)


def test_a_bag_of_forty_centimetres_is_some_tens_of_litres() -> None:
    first, second = readings(("bag", (165, 180, 205, 220)))
    assert 20 < first.side_waste_l < 60
    assert second.side_waste_l == 0


def test_the_same_thing_in_a_photo_twice_as_large_is_as_much() -> None:
    small = Detections.of([BOX, (165, 180, 205, 220)], [0, class_id("bag")], [1, 1])
    large = Detections.of(small.xyxy * 2, small.class_id, small.score)
    (a,), (b,) = read_containers(small), read_containers(large)
    assert a.side_waste_l == pytest.approx(b.side_waste_l)


def test_waste_between_two_containers_is_counted_once() -> None:
    boxes = [BOX, (200.0, 100.0, 260.0, 220.0), (165.0, 180.0, 195.0, 220.0)]
    found = Detections.of(boxes, [0, 0, class_id("bag")], [0.9, 0.8, 1])
    told = read_containers(found)
    assert [reading.p_side_waste for reading in told] == [1, 1]
    assert sorted(reading.side_waste_l > 0 for reading in told) == [False, True]


def test_how_full_a_closed_container_is_cannot_be_seen() -> None:
    closed, _ = readings()
    assert closed.fill is None
    over = Detections.of([BOX], [class_id("container_overflowing")], [0.9])
    (reading,) = read_containers(over)
    assert reading.fill is not None
    assert reading.fill.fraction > 1
    assert reading.fill.spread > 0


LEARNT = Learnt(np.array([-1.0, 0.3, 0.2]), {"bag": 1.5}, {"bag": 0.4})


def test_what_renderings_taught_is_weighed_in_and_says_how_far_it_may_be_off() -> None:
    bag = ("bag", (90.0, 180.0, 140.0, 240.0))
    prior, learnt = readings(bag)[0], readings(bag, learnt=LEARNT)[0]
    assert prior.side_waste_spread_l is None
    assert learnt.side_waste_l == pytest.approx(1.5 * prior.side_waste_l)
    assert learnt.side_waste_spread_l == pytest.approx(0.4 * learnt.side_waste_l)
    assert 0 < learnt.p_blocked < 1


def test_a_container_beside_which_nothing_is_seen_is_not_said_to_be_blocked() -> None:
    (_, clear) = readings(("bag", (90, 180, 140, 240)), learnt=LEARNT)
    assert (clear.p_blocked, clear.side_waste_l, clear.side_waste_spread_l) == (0, 0, 0)
