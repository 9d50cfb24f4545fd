"""Large photos are read in tiles too: nothing is lost or doubled at their seams."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.open_eyes import open_eyes
from operations.settings import Settings
from tests.test_detector import street
from vision.detections import Detections, overlap
from vision.detector import Detector
from vision.tiles import EDGE, OVERLAP, SMALL, Tile, merge, tiles_of

SIDES = st.integers(200, 6000)


@st.composite
def things(draw: st.DrawFn, width: int, height: int) -> Detections:
    """Boxes of any size and place, of which none can be taken for another."""
    boxes: list[list[float]] = []
    for _ in range(draw(st.integers(0, 12))):
        x = sorted(draw(st.lists(st.integers(0, width), min_size=2, max_size=2)))
        y = sorted(draw(st.lists(st.integers(0, height), min_size=2, max_size=2)))
        if draw(st.booleans()):
            x[1] = min(x[1], x[0] + round(SMALL * max(width, height)))
            y[1] = min(y[1], y[0] + round(SMALL * max(width, height)))
        box = [*map(float, (x[0], y[0], x[1], y[1]))]
        mine, theirs = np.array([box], np.float32), np.array(boxes, np.float32).reshape(-1, 4)
        if x[0] < x[1] and y[0] < y[1] and overlap(mine, theirs).max(initial=0) < 0.5:
            boxes.append([box[0], box[1], box[2], box[3]])
    return Detections.of(boxes, [0] * len(boxes), [0.5] * len(boxes))


def shown_in(tile: Tile, there: Detections) -> Detections:
    """What a perfect detector sees in a tile: of each thing the part that lies in it."""
    low = np.array([tile.left, tile.top] * 2, np.float32)
    size = np.array([tile.right - tile.left, tile.bottom - tile.top] * 2, np.float32)
    boxes = np.clip(there.xyxy - low, 0, size)
    kept = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    return Detections(boxes[kept], there.class_id[kept], there.score[kept])


@given(SIDES, SIDES, st.booleans(), st.data())
def test_no_thing_is_lost_or_doubled_at_a_seam(
    width: int, height: int, sharp: bool, data: st.DataObject
) -> None:
    there = data.draw(things(width, height))
    length = (there.xyxy[:, 2:] - there.xyxy[:, :2]).max(axis=1, initial=0)
    # Where the whole is not sharp enough, nothing small is found in it.
    whole = there if sharp else there[length > SMALL * max(width, height)]
    parts = [(tile, shown_in(tile, there)) for tile in tiles_of(width, height)]
    found = merge(whole, parts, width, height)
    assert sorted(found.xyxy.tolist()) == sorted(there.xyxy.tolist())


@given(SIDES, SIDES)
def test_tiles_cover_the_photo_and_overlap_by_more_than_what_is_small(
    width: int, height: int
) -> None:
    first, second = tiles_of(width, height)
    assert (first.left, first.top, second.right, second.bottom) == (0, 0, width, height)
    shared = first.right - second.left if width >= height else first.bottom - second.top
    tile = max(first.right if width >= height else first.bottom, 1)
    assert shared == pytest.approx(OVERLAP * tile, abs=2)
    assert shared > SMALL * max(width, height) + EDGE * max(width, height)


def test_only_large_photos_are_read_in_tiles() -> None:
    plain = Detector.load(side=320)
    tiled = replace(plain, tile_from_px=2000)
    small, large = street(), np.asarray(cv2.resize(street(), (2048, 1152)), np.uint8)
    (same,) = tiled.detect([small])
    assert same.xyxy.tolist() == plain.detect([small])[0].xyxy.tolist()
    mixed = tiled.detect([large, small, large])
    assert [len(one) for one in mixed] == [len(mixed[0]), len(same), len(mixed[0])]
    assert len(mixed[0]) > len(plain.detect([large])[0])


def test_the_setting_reaches_the_detector() -> None:
    assert open_eyes(Settings(tile_from_px=0), side=320).tile_from_px == 0
    assert open_eyes(Settings(), side=320).tile_from_px == 2000
