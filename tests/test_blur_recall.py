import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.blur_recall import (
    MIN_SIDE,
    SAMPLES,
    TRUTH,
    Outcome,
    Private,
    covered,
    read_truth,
    rendered_truth,
    slices,
    wilson,
)


def test_overlapping_regions_cover_a_place_once() -> None:
    regions = np.array([[0, 0, 50, 100], [25, 0, 75, 100]], np.float32)
    assert covered(regions, (0, 0, 100, 100)) == pytest.approx(0.75)


def test_regions_elsewhere_cover_nothing() -> None:
    regions = np.array([[0, 0, 10, 10], [200, 200, 300, 300]], np.float32)
    assert covered(regions, (50, 50, 20, 20)) == 0
    assert covered(np.empty((0, 4), np.float32), (50, 50, 20, 20)) == 0


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_interval_holds_the_share(hits: int, n: int) -> None:
    hits = min(hits, n)
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-9
    assert hits / n - 1e-9 <= high <= 1


def test_the_interval_is_the_published_one() -> None:
    low, high = wilson(81, 263)
    assert (low, high) == pytest.approx((0.2553, 0.3662), abs=1e-3)


def test_a_box_counts_when_seven_tenths_are_blurred() -> None:
    one = Private("a.jpg", "plate", (0, 0, 40, 10))
    kept = [Outcome(one, part, night=False) for part in (0.69, 0.7, 1.0)]
    row = next(r for r in slices(kept) if (r["kind"], r["slice"]) == ("plate", "all"))
    assert (row["n"], row["blurred"]) == (3, 2)


def test_the_committed_boxes_are_numbers_and_large_enough() -> None:
    rows = json.loads(TRUTH.read_text())["boxes"]
    assert {row["kind"] for row in rows} == {"head", "plate"}
    assert all(set(row) == {"file_name", "kind", "bbox", "difficult"} for row in rows)
    assert len(read_truth()) == len(rows)
    assert min(one.side for one in read_truth()) >= MIN_SIDE


@pytest.mark.shared
def test_the_committed_boxes_lie_in_their_photos(shared_data: Path) -> None:
    labels = json.loads((shared_data / "amsterdam_photos" / "labels.json").read_text())
    size = {row["file_name"]: (row["width"], row["height"]) for row in labels["images"]}
    for one in read_truth():
        x, y, w, h = one.xywh
        width, height = size.get(one.file_name, (1024, 1024))
        assert 0 <= x < x + w <= width, one
        assert 0 <= y < y + h <= height, one


def test_rendered_heads_and_plates_of_15_px_and_more_are_counted(tmp_path: Path) -> None:
    boxes: list[dict[str, object]] = [
        {"image_id": 1, "head_bbox": [10, 10, 12, 15]},
        {"image_id": 1, "head_bbox": [50, 10, 12, 14]},
        {"image_id": 1, "plate_bbox": [10, 60, 20, 6], "plate_paint": "yellow"},
        {"image_id": 1, "plate_bbox": [50, 60, 20, 6]},
        {"image_id": 1},
    ]
    truth = {"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": boxes}
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    told = [(one.kind, one.paint) for one in rendered_truth(tmp_path)]
    assert told == [("head", ""), ("plate", "yellow"), ("plate", "white")]


def test_the_sample_images_show_heads_and_plates() -> None:
    kinds = [one.kind for one in rendered_truth(SAMPLES)]
    assert kinds.count("head") >= 1
    assert kinds.count("plate") >= 5
