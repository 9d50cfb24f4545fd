"""What may be loose waste is looked at twice: cut out, and named by a second network."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openvino import opset13 as ops

from city.errors import BadInput, Broken
from vision.classes import class_id
from vision.detections import Detections, Image, of_classes, overlap
from vision.learn_second_look import CONTAINER, OTHER, learn, shown
from vision.second_look import IDS, LEAST, SecondLook, crop, one_of_each
from vision.trainingset import Example

SIDE = 8
BAG, CARDBOARD, BULKY = IDS
# In the miniature street, blue things are bags, green ones cardboard, red ones bulky.
BLUE, GREEN, RED, GREY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (90, 90, 90)


def names_by_colour() -> Any:
    """A network that knows waste by its colour: grey is none."""
    crops = ops.parameter([-1, SIDE, SIDE, 3], np.uint8)
    mean = ops.reduce_mean(ops.convert(crops, "f32"), [1, 2], keep_dims=False)
    weights = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], np.float32) / 20
    logits = ops.add(ops.matmul(mean, weights, False, False), np.array([0, 0, 0, 7], np.float32))
    return ov.Model([ops.softmax(logits, 1)], [crops], "colours")


@pytest.fixture(scope="module")
def look() -> SecondLook:
    return SecondLook(ov.Core().compile_model(names_by_colour(), "CPU"), SIDE)


def street(*things: tuple[int, tuple[int, int, int]]) -> Image:
    """Grey, with a thing 40 pixels wide of some colour at each distance from the left."""
    picture = np.full((120, 400, 3), GREY, np.uint8)
    for left, colour in things:
        picture[40:80, left : left + 40] = colour
    return picture


def box(left: int) -> tuple[int, int, int, int]:
    return left, 40, left + 40, 80


def test_a_thing_gets_the_name_that_the_second_network_gives_it(look: SecondLook) -> None:
    taken_for_bag = Detections.of([box(50)], [BAG], [0.3])
    again = look.rescored(street((50, GREEN)), taken_for_bag)
    assert again.class_id[0] == CARDBOARD
    assert again.score[0] > 0.5


def test_what_both_take_for_a_bag_comes_before_what_one_does(look: SecondLook) -> None:
    both_as_sure = Detections.of([box(50), box(250)], [BAG, BAG], [0.3, 0.3])
    again = look.rescored(street((250, BLUE)), both_as_sure)
    assert overlap(again.xyxy[:1], both_as_sure.xyxy).argmax() == 1
    nothing_there = again[again.xyxy[:, 0] < 200]
    assert nothing_there.score.max() < 0.3


def test_all_else_is_left_as_the_detector_has_it(look: SecondLook) -> None:
    others = [i for i in range(8) if i not in IDS]
    found = Detections.of([box(50)] * 5, others, np.linspace(0.9, 0.1, 5))
    again = look.rescored(street((50, RED)), found)
    assert again.class_id.tolist() == others
    assert np.array_equal(again.score, found.score)


def test_a_box_that_the_detector_hardly_believes_in_is_not_looked_at(look: SecondLook) -> None:
    hardly = Detections.of([box(50)], [BAG], [LEAST / 2])
    assert not len(look.rescored(street((50, BLUE)), hardly))


def test_one_thing_under_two_names_is_one_thing_of_each_name(look: SecondLook) -> None:
    twice = Detections.of([box(50), box(52)], [BAG, BULKY], [0.4, 0.3])
    again = look.rescored(street((50, BLUE)), twice)
    assert len(of_classes(again, [BAG])) == 1
    assert again.class_id[0] == BAG


def test_boxes_at_one_place_are_cut_out_once() -> None:
    boxes = np.array([box(50), box(150), box(53), box(151), box(75)], np.float32)
    chosen, stands_for = one_of_each(boxes)
    assert chosen.tolist() == [0, 1, 4]
    assert stands_for.tolist() == [0, 1, 0, 1, 2]


@given(
    st.tuples(st.floats(-20, 380), st.floats(-20, 100)),
    st.tuples(st.floats(0.5, 500), st.floats(0.5, 300)),
    st.integers(8, 64),
)
def test_any_box_gives_a_crop_with_its_middle_in_the_middle(
    corner: tuple[float, float], size: tuple[float, float], side: int
) -> None:
    across = np.linspace(0, 255, 400)
    photo = np.repeat(np.tile(across, (120, 1))[:, :, None], 3, axis=2).astype(np.uint8)
    left, top = corner
    cut = crop(photo, np.array([left, top, left + size[0], top + size[1]], np.float32), side)
    assert cut.shape == (side, side, 3)
    middle = left + size[0] / 2
    if side * 0.6 < middle < 400 - side * 0.6 and max(size) < 100:
        seen = cut[side // 2 - 1 : side // 2 + 1, side // 2 - 1 : side // 2 + 1].mean()
        assert seen == pytest.approx(middle / 399 * 255, abs=max(size) / side + 4)


def test_a_damaged_network_is_named() -> None:
    with pytest.raises(Broken, match="second look"):
        SecondLook.read(b"<net", b"")


def test_it_learns_from_each_thing_and_from_where_nothing_is_labelled() -> None:
    photo = street((50, BLUE), (250, RED))
    labels = (
        (class_id("bag"), 0.175, 0.5, 0.1, 1 / 3),
        (class_id("container_overflowing"), 0.675, 0.5, 0.1, 1 / 3),
    )
    example = Example(Path("street.jpg"), "amsterdam", "train", labels)
    boxes, what = shown(photo, example, np.random.default_rng(1))
    assert set(what) == {IDS.index(BAG), CONTAINER, OTHER}
    truth = example.truth(400, 120).xyxy
    near = overlap(boxes, truth)
    assert (near[what == IDS.index(BAG), 0] > 0.4).all()
    assert (near[what == OTHER] < 0.3).all()


@pytest.mark.skipif(find_spec("torch") is not None, reason="the training install is here")
def test_learning_says_what_is_missing_here(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="training environment"):
        learn([], tmp_path)
