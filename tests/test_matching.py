"""Matching with truth, and the figures that come of it, held against the library's own."""

import math

import numpy as np
import pytest
from faster_coco_eval import COCO, COCOeval_faster
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.detections import Detections
from vision.matching import OVERLAPS, Matches, match, pooled
from vision.scores import (
    average_precision,
    best_threshold,
    f1,
    interval,
    precision_recall,
)

Pairs = list[tuple[Detections, Detections]]


def boxes(*rows: tuple[float, float], class_id: int = 0) -> Detections:
    """Boxes 10 wide at some places along a line, (left, score), of one class."""
    return Detections.of(
        [[x, 0, x + 10, 10] for x, _ in rows], [class_id] * len(rows), [s for _, s in rows]
    )


def matched(*pairs: tuple[Detections, Detections]) -> Matches:
    return match(pairs, {"container": [0]})["container"]


def chance_photos(seed: int, photos: int) -> Pairs:
    """True boxes of two classes, found ones near them, and others anywhere."""
    dice = np.random.default_rng(seed)
    pairs = []
    for _ in range(photos):
        n, extra = dice.integers(0, 5), dice.integers(0, 6)
        left_top = dice.uniform(0, 100, (n, 2))
        true = np.concatenate([left_top, left_top + dice.uniform(20, 60, (n, 2))], axis=1)
        near = true + dice.normal(0, 4, true.shape)
        corner = dice.uniform(0, 100, (extra, 2))
        found = np.concatenate([near, np.concatenate([corner, corner + 30], axis=1)])
        ids = dice.integers(0, 2, n)
        found_ids = np.concatenate([ids, dice.integers(0, 2, extra)])
        scores = dice.uniform(0.01, 1, len(found))
        pairs.append(
            (Detections.of(found, found_ids, scores), Detections.of(true, ids, np.ones(n)))
        )
    return pairs


def of_library(pairs: Pairs) -> np.ndarray:
    """COCO's precisions: (overlaps, recalls, classes)."""
    shape = {
        "images": [{"id": i} for i in range(len(pairs))],
        "categories": [{"id": i, "name": str(i)} for i in range(2)],
    }
    tables: list[list[dict[str, object]]] = [[], []]
    for photo, both in enumerate(pairs):
        for rows, part in zip(tables, both, strict=True):
            for (x1, y1, x2, y2), class_id, score in zip(
                part.xyxy.astype(float).tolist(), part.class_id, part.score, strict=True
            ):
                rows.append(
                    {
                        "id": len(rows) + 1,
                        "image_id": photo,
                        "category_id": int(class_id),
                        "bbox": [x1, y1, x2 - x1, y2 - y1],
                        "area": (x2 - x1) * (y2 - y1),
                        "iscrowd": 0,
                        "score": float(score),
                    }
                )
    found, true = ({**shape, "annotations": rows} for rows in tables)
    run = COCOeval_faster(COCO(true), COCO(found), "bbox")
    run.evaluate()
    run.accumulate()
    return np.asarray(run.eval["precision"])[:, :, :, 0, -1]


@given(st.integers(0, 10_000), st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_average_precision_is_the_library_s_own(seed: int, photos: int) -> None:
    pairs = chance_photos(seed, photos)
    ours = match(pairs, {"0": [0], "1": [1]})
    theirs = of_library(pairs)
    for i, found in enumerate(ours.values()):
        if found.truths:
            for k in range(len(OVERLAPS)):
                expected = theirs[k, :, i].mean()
                assert average_precision(found, overlap=k) == pytest.approx(expected, abs=1e-9)
            mean = theirs[:, :, i].mean()
            assert average_precision(found, overlap=None) == pytest.approx(mean, abs=1e-9)
        else:
            assert math.isnan(average_precision(found))


@given(st.integers(0, 10_000), st.integers(2, 12))
@settings(max_examples=25, deadline=None)
def test_weighing_photos_is_the_same_as_leaving_out_and_repeating_them(
    seed: int, photos: int
) -> None:
    pairs = chance_photos(seed, photos)
    found = match(pairs, {"any": [0, 1]})["any"]
    times = np.random.default_rng(seed).integers(0, 3, photos)
    repeated = [pair for pair, n in zip(pairs, times, strict=True) for _ in range(n)]
    expected = average_precision(match(repeated, {"any": [0, 1]})["any"])
    assert average_precision(found, times.astype(float)) == pytest.approx(
        expected, abs=1e-9, nan_ok=True
    )
    kept = average_precision(found.of_photos(times > 0))
    assert average_precision(found, (times > 0).astype(np.float64)) == pytest.approx(
        kept, nan_ok=True
    )


def test_a_perfect_detector_scores_one() -> None:
    truth = boxes((0, 1), (50, 1))
    found = matched((boxes((0, 0.9), (50, 0.4)), truth))
    assert average_precision(found, overlap=None) == pytest.approx(1)
    assert precision_recall(found, 0.5) == (1, 0.5)


def test_a_wrong_box_that_scores_best_halves_the_precision_before_it() -> None:
    found = matched((boxes((200, 0.9), (0, 0.8)), boxes((0, 1))))
    assert average_precision(found) == pytest.approx(0.5)
    assert precision_recall(found, 0.85) == (0, 0)
    assert precision_recall(found, 0.5) == (0.5, 1)
    assert best_threshold(found) == pytest.approx(0.8)


def test_a_second_box_on_the_same_thing_is_wrong() -> None:
    found = matched((boxes((0, 0.9), (1, 0.8)), boxes((0, 1), (50, 1))))
    assert found.hit[:, 0].tolist() == [True, False]
    assert found.truth.tolist() == [0, -1]


def test_truth_in_another_photo_or_of_another_class_does_not_count() -> None:
    elsewhere = matched((boxes((0, 0.9)), boxes()), (boxes(), boxes((0, 1))))
    assert not elsewhere.hit.any()
    other = match([(boxes((0, 0.9), class_id=1), boxes((0, 1)))], {"0": [0], "either": [0, 1]})
    assert len(other["0"].score) == 0
    assert other["either"].hit[:, 0].tolist() == [True]


def test_without_any_box_nothing_is_said() -> None:
    found = matched((boxes(), boxes()))
    assert math.isnan(average_precision(found))
    assert np.isnan(precision_recall(found, 0.5)).all()
    found = matched((boxes(), boxes((0, 1))))
    assert average_precision(found) == 0
    assert precision_recall(found, 0.5)[1] == 0


def test_a_detection_goes_with_the_true_box_that_is_left_out() -> None:
    found = matched((boxes((0, 0.9), (50, 0.8), (90, 0.7)), boxes((0, 1), (50, 1))))
    left = found.within(np.ones(3, bool), np.array([False, True]))
    assert left.truths == 1
    assert left.score.tolist() == pytest.approx([0.8, 0.7])
    assert left.truth.tolist() == [0, -1]


def test_classes_pool_to_the_sum_of_their_hits() -> None:
    truth = Detections.of([[0, 0, 9, 9], [50, 0, 59, 9]], [0, 1], [1, 1])
    found = Detections.of([[50, 0, 59, 9], [0, 0, 9, 9], [0, 0, 9, 9]], [1, 1, 0], [0.9, 0.8, 0.7])
    both = pooled(list(match([(found, truth)], {"0": [0], "1": [1]}).values()))
    assert both.hit[:, 0].tolist() == [True, False, True]
    assert both.truth.tolist() == [1, -1, 0]
    assert precision_recall(both, 0.5) == pytest.approx((2 / 3, 1))


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_no_threshold_has_a_higher_f1_than_the_best(seed: int) -> None:
    found = match(chance_photos(seed, 6), {"any": [0, 1]})["any"]
    if found.truths and found.hit.any():
        best = f1(*precision_recall(found, best_threshold(found)))
        assert all(f1(*precision_recall(found, s)) <= best + 1e-9 for s in found.score)


def test_the_interval_holds_the_figure_and_narrows_with_more_photos() -> None:
    widths = []
    for photos in (10, 90):
        found = match(chance_photos(4, photos), {"any": [0, 1]})["any"]
        every = np.ones(photos, bool)
        told = interval(lambda w, m=found: average_precision(m, w), every, found.truths)  # type: ignore[misc]
        assert told.low <= told.value <= told.high
        widths.append(told.high - told.low)
    assert widths[1] < widths[0]


def test_the_figure_of_some_photos_leaves_the_others_out() -> None:
    pairs = [(boxes((0, 0.9)), boxes((0, 1))), (boxes((80, 0.9)), boxes((0, 1)))]
    found = matched(*pairs)
    told = interval(lambda w: average_precision(found, w), np.array([True, False]), 1)
    assert (told.value, told.low, told.high) == pytest.approx((1, 1, 1))
