"""Things cut out of one photo and pasted into another teach where they are, and nothing else."""

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.cutouts import MOST_COVERED, Cutout, cut_out, load, paste, save
from vision.detections import Image

BAG = 2
AROUND = (0.35, 0.45, 0.65, 0.85)


def street(side: int = 200, grey: int = 120) -> Image:
    noise = np.random.default_rng(1).normal(grey, 12, (side, side, 1))
    return np.clip(np.repeat(noise, 3, axis=2), 0, 255).astype(np.uint8)


def with_red_bag() -> Image:
    image = street()
    cv2.ellipse(image, (100, 130), (29, 39), 0, 0, 360, (20, 20, 220), -1)
    return image


def red_bag() -> Cutout:
    found = cut_out(with_red_bag(), AROUND, BAG)
    assert found is not None
    return found


def test_a_bag_is_cut_out_without_the_street_behind_it() -> None:
    bgra = red_bag().bgra
    kept = bgra[..., 3] > 127
    assert kept.mean() == pytest.approx(np.pi / 4, abs=0.08)
    assert (bgra[kept][:, 2] > 180).mean() > 0.97


def test_what_the_edge_of_the_photo_cuts_off_is_not_cut_out() -> None:
    assert cut_out(with_red_bag(), (0.0, 0.45, 0.65, 0.85), BAG) is None


def test_what_cannot_be_told_from_the_street_is_not_cut_out() -> None:
    assert cut_out(np.full((200, 200, 3), 90, np.uint8), AROUND, BAG) is None


def test_cutouts_are_the_same_when_read_again(tmp_path: Path) -> None:
    bag = red_bag()
    save([bag], tmp_path)
    (again,) = load(tmp_path)
    assert (again.class_id, again.xyxy, again.light) == (bag.class_id, bag.xyxy, bag.light)
    assert np.array_equal(again.bgra, bag.bgra)


def test_by_night_nothing_is_pasted_from_day() -> None:
    night = street(grey=20)
    image, boxes, classes = paste(night, np.empty((0, 4), np.float32), [red_bag()], 4, random)
    assert np.array_equal(image, night)
    assert len(boxes) == len(classes) == 0


@given(
    seed=st.integers(0, 10_000),
    side=st.integers(64, 320),
    there=st.lists(st.tuples(*[st.floats(0, 0.5)] * 2, *[st.floats(0.1, 0.5)] * 2), max_size=4),
)
@settings(deadline=None, max_examples=60)
def test_the_box_of_what_is_pasted_is_where_the_photo_changed(
    seed: int, side: int, there: list[tuple[float, float, float, float]]
) -> None:
    before = street(side)
    known = np.array([(x, y, x + w, y + h) for x, y, w, h in there], np.float32) * side
    known = known.reshape(-1, 4)
    after, boxes, classes = paste(before, known, [red_bag()], 3, random.Random(seed))
    changed = (after != before).any(axis=2)
    left = changed.copy()
    for x1, y1, x2, y2 in boxes.astype(int).tolist():
        assert 0 <= x1 < x2 <= side
        assert 0 <= y1 < y2 <= side
        assert changed[y1:y2, x1:x2].mean() > 0.5
        left[y1:y2, x1:x2] = False
        own = np.array([x1, y1, x2, y2])
        sides = np.minimum(known[:, 2:], own[2:]) - np.maximum(known[:, :2], own[:2])
        covered = np.clip(sides, 0, None).prod(axis=1)
        assert (covered <= MOST_COVERED * (known[:, 2:] - known[:, :2]).prod(axis=1) + 1).all()
    assert not left.any()
    assert set(classes) <= {BAG}
