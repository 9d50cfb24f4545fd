"""What renderings teach of waste beside containers: learnt from one half, scored on the other."""

from dataclasses import replace

import numpy as np
import pytest

from city.errors import BadInput
from vision.classes import class_id
from vision.detections import Detections
from vision.detector import Detector
from vision.fit_side_waste import (
    Rendered,
    Things,
    blocked_figures,
    fitted,
    litres_figures,
    rendered,
)
from vision.labels import LabelledBox, LabelledPhoto
from vision.side_waste import Learnt

PICTURES = 200


def scenes(seed: int = 1) -> Rendered:
    """One container a picture, blocked half as often as the rule says; bags hold twice as much."""
    dice = np.random.default_rng(seed)
    score = dice.uniform(0.1, 1.0, PICTURES)
    before = np.where(dice.random(PICTURES) < 0.7, score, 0.0)
    blocked = (dice.random(PICTURES) < before / 2).astype(float)
    litres, numbers = dice.uniform(20, 60, PICTURES), np.arange(PICTURES)
    true = 2 * litres * dice.lognormal(0, 0.2, PICTURES)
    bags = Things(numbers, ("bag",) * PICTURES, litres, true)
    found = np.ones(PICTURES, bool)
    return Rendered(numbers, found, before, score, blocked, bags, bags, bags, 2 * litres)


HALF = np.arange(PICTURES) % 2 == 0
ALL = np.ones(PICTURES, bool)


def test_what_one_half_taught_is_more_right_on_the_other_than_the_rule() -> None:
    figures = {row["said"]: row for row in blocked_figures(scenes(), HALF)}
    assert figures["learnt"]["n"] == PICTURES
    assert figures["learnt"]["ece"] < figures["by the rule"]["ece"]
    assert figures["learnt"]["brier"] < figures["by the rule"]["brier"]


def test_litres_are_multiplied_by_what_a_class_was_seen_to_hold() -> None:
    rows = scenes()
    learnt = fitted(rows, ALL)
    assert learnt.factor["bag"] == pytest.approx(2, rel=0.15)
    assert 0.1 < learnt.spread["bag"] < 0.3
    told = {(row["said"], row["of"]): row for row in litres_figures(rows, HALF)}
    assert abs(told["learnt", "whole pictures"]["bias"]) < 0.15
    assert told["by the rule", "whole pictures"]["bias"] == pytest.approx(-0.5)
    assert told["learnt", "true boxes, bag"]["n"] == PICTURES


def test_a_class_of_which_too_few_were_seen_keeps_its_prior() -> None:
    rows = scenes()
    names = ("pile",) * 3 + ("bag",) * (PICTURES - 3)
    few = replace(rows, boxes=replace(rows.boxes, name=names))
    assert set(fitted(few, ALL).factor) == {"bag"}


def test_too_few_blocked_containers_are_refused() -> None:
    with pytest.raises(BadInput, match="too-few-renderings"):
        fitted(replace(scenes(), blocked=np.zeros(PICTURES)), ALL)


def test_what_was_learnt_is_written_and_read_without_loss() -> None:
    learnt = fitted(scenes(), ALL)
    again = Learnt.from_dict(learnt.as_dict())
    some = np.linspace(0, 1, 9)
    assert again.p_blocked(some, some) == pytest.approx(learnt.p_blocked(some, some), abs=1e-4)
    assert (again.factor, again.spread) == (learnt.factor, learnt.spread)


def test_containers_and_things_are_held_against_the_truth_of_a_rendering() -> None:
    place = {"lon": 4.9, "lat": 52.37}
    boxes = (
        LabelledBox("container", (100, 100, 60, 120), {"blocked": True, "position": place}),
        LabelledBox("container", (400, 100, 60, 120), {"blocked": False, "position": place}),
        LabelledBox("bag", (110, 180, 40, 50), {"litres": 45.0, "position": place}),
        LabelledBox("bag", (700, 180, 40, 50), {"litres": 45.0, "position": place}),
    )
    photo = LabelledPhoto("a.jpg", 800, 400, boxes)
    found = Detections.of(
        [(100, 100, 160, 220), (110, 180, 150, 230)],
        [class_id("container"), class_id("bag")],
        [0.9, 0.8],
    )
    rows = rendered([photo], [found], Detector.load())
    assert rows.found.tolist() == [True, False]
    assert rows.blocked.tolist() == [1, 0]
    assert rows.before == pytest.approx([0.8, 0.0])
    assert (rows.things.name, rows.things.true_l.tolist()) == (("bag",), [45.0])
    assert rows.boxes.name == ("bag",)
    assert rows.place_l.tolist() == [90.0]
