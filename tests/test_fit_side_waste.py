"""What renderings teach of waste beside containers: learnt from one half, scored on the other."""

import numpy as np
import pytest

from city.errors import BadInput
from vision.classes import class_id
from vision.detections import Detections
from vision.detector import Detector
from vision.fit_side_waste import Rendered, blocked_figures, fitted, litres_figures, rendered
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
    bags = ("bag",) * PICTURES
    return Rendered(
        numbers, np.ones(PICTURES, bool), before, score, blocked,
        numbers, bags, litres, 2 * litres * dice.lognormal(0, 0.2, PICTURES),
        numbers, bags, litres, 2 * litres,
    )  # fmt: skip


HALF = np.arange(PICTURES) % 2 == 0


def test_what_is_learnt_is_more_right_on_the_other_half_than_the_rule() -> None:
    rows = scenes()
    figures = {row["said"]: row for row in blocked_figures(fitted(rows, HALF), rows, HALF)}
    assert figures["learnt"]["n"] == PICTURES / 2
    assert figures["learnt"]["ece"] < figures["by the rule"]["ece"]
    assert figures["learnt"]["brier"] < figures["by the rule"]["brier"]


def test_litres_are_multiplied_by_what_a_class_was_seen_to_hold() -> None:
    rows = scenes()
    learnt = fitted(rows, HALF)
    assert learnt.factor["bag"] == pytest.approx(2, rel=0.15)
    assert 0.1 < learnt.spread["bag"] < 0.3
    told = {(row["said"], row["of"]): row for row in litres_figures(learnt, rows, HALF)}
    assert abs(told["learnt", "whole pictures"]["bias"]) < 0.15
    assert told["by the rule", "whole pictures"]["bias"] == pytest.approx(-0.5)


def test_a_class_of_which_too_few_were_found_keeps_its_prior() -> None:
    rows = scenes()
    few = Rendered(**{**vars(rows), "name": ("pile",) * 4 + ("bag",) * (PICTURES - 4)})
    assert set(fitted(few, HALF).factor) == {"bag"}


def test_too_few_blocked_containers_are_refused() -> None:
    rows = scenes()
    none = Rendered(**{**vars(rows), "blocked": np.zeros(PICTURES)})
    with pytest.raises(BadInput, match="too-few-renderings"):
        fitted(none, HALF)


def test_what_was_learnt_is_written_and_read_without_loss() -> None:
    learnt = fitted(scenes(), HALF)
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
    assert (rows.name, rows.true_l.tolist()) == (("bag",), [45.0])
    assert rows.place_true_l.tolist() == [90.0]
