import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.errors import BadInput
from vision.detections import Detections, at_least, merged, of_classes, overlap, suppressed

coordinate = st.floats(0, 500, width=32)
size = st.floats(1, 200, width=32)


@st.composite
def some_detections(draw: st.DrawFn) -> Detections:
    rows = draw(
        st.lists(
            st.tuples(
                coordinate, coordinate, size, size, st.integers(0, 7), st.floats(0, 1, width=32)
            ),
            max_size=12,
        )
    )
    boxes = [(x, y, x + w, y + h) for x, y, w, h, _, _ in rows]
    return Detections.of(boxes, [r[4] for r in rows], [r[5] for r in rows])


@given(some_detections())
@settings(max_examples=60, deadline=None)
def test_suppression_leaves_no_two_boxes_of_a_class_that_overlap_beyond_the_limit(
    found: Detections,
) -> None:
    kept = suppressed(found, 0.5)
    for class_id in range(8):
        boxes = of_classes(kept, [class_id]).xyxy
        shared = overlap(boxes, boxes)
        np.fill_diagonal(shared, 0)
        assert (shared <= 0.5).all()


@given(some_detections())
@settings(max_examples=60, deadline=None)
def test_suppression_keeps_the_best_box_and_invents_none(found: Detections) -> None:
    kept = suppressed(found, 0.5)
    rows = {
        (*box, c, s)
        for box, c, s in zip(found.xyxy.tolist(), found.class_id, found.score, strict=True)
    }
    assert all(
        (*box, c, s) in rows
        for box, c, s in zip(kept.xyxy.tolist(), kept.class_id, kept.score, strict=True)
    )
    if len(found):
        assert kept.score[0] == found.score.max()


def test_classes_compete_only_when_told_to() -> None:
    both = Detections.of([[0, 0, 10, 10], [0, 0, 10, 10]], [0, 1], [0.9, 0.8])
    assert len(suppressed(both)) == 2
    assert len(suppressed(both, same=np.zeros_like)) == 1


def test_overlap_of_half_covered_boxes_is_a_third() -> None:
    a = np.array([[0, 0, 10, 10]], np.float32)
    b = np.array([[5, 0, 15, 10], [20, 20, 30, 30]], np.float32)
    assert overlap(a, b)[0] == pytest.approx([1 / 3, 0])


def test_merging_puts_the_best_first() -> None:
    weak = Detections.of([[0, 0, 1, 1]], [2], [0.1])
    strong = Detections.of([[5, 5, 9, 9]], [3], [0.7])
    assert merged([weak, strong]).score == pytest.approx([0.7, 0.1])
    assert len(merged([])) == 0
    assert len(at_least(merged([weak, strong]), 0.5)) == 1


@pytest.mark.parametrize(
    ("boxes", "ids", "scores", "field"),
    [
        ([[5, 0, 1, 1]], [0], [0.5], "xyxy"),
        ([[0, 0, float("nan"), 1]], [0], [0.5], "xyxy"),
        ([[0, 0, 1, 1]], [8], [0.5], "class_id"),
        ([[0, 0, 1, 1]], [0], [1.5], "score"),
        ([[0, 0, 1, 1]], [0, 1], [0.5], "xyxy, class_id, score"),
    ],
)
def test_malformed_detections_are_refused_where_they_are_born(
    boxes: list[list[float]], ids: list[int], scores: list[float], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        Detections.of(boxes, ids, scores)
    assert [fault.field for fault in refused.value.faults] == [field]
