"""Probabilities are what they say, and belong to one detector."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.errors import BadInput, Broken
from vision import weights
from vision.calibrate import figures, fits_on, fitted
from vision.calibration import Calibration, Curve
from vision.classes import CONTAINER, CONTAINER_OVERFLOWING
from vision.detections import Detections
from vision.detector import Detector
from vision.matching import Pair
from vision.outcomes import outcomes
from vision.reading import read_containers
from vision.reliability import brier_skill, calibration_error, error_by_chance, reliability

MODELS = Path(weights.__file__).parents[1] / "models"


def street(seed: int, photos: int) -> list[Pair]:
    """Photos of three containers each, some overflowing; the scores lean the right way.

    One container in six is not seen, and one reading in six is of nothing.
    """
    dice = np.random.default_rng(seed)
    pairs = []
    for _ in range(photos):
        overflows = dice.random(3) < 0.4
        true = [[100 * i, 0, 100 * i + 50, 90] for i in range(3)]
        boxes, ids, scores = [], [], []
        for i in range(3):
            real = dice.random() > 1 / 6
            box = true[i] if real else [100 * i + 55, 0, 100 * i + 95, 90]
            lean = dice.normal(1.5 if overflows[i] and real else -1.0)
            for class_id, odds in ((CONTAINER, -lean), (CONTAINER_OVERFLOWING, lean)):
                boxes.append(box)
                ids.append(class_id)
                scores.append(1 / (1 + np.exp(-odds)) * (0.9 if real else 0.5))
        truth = Detections.of(true, np.where(overflows, CONTAINER_OVERFLOWING, CONTAINER), [1] * 3)
        pairs.append((Detections.of(boxes, ids, scores), truth))
    return pairs


def halves(photos: int) -> np.ndarray:
    return np.asarray(np.arange(photos) % 2 == 0)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return fitted("0123456789ab", street(1, 400), halves(400))


def test_what_was_fitted_on_one_half_is_right_on_the_other(calibration: Calibration) -> None:
    rows = outcomes(street(1, 400), calibration.min_score)
    alone, *_ = figures(calibration, rows[~halves(400)[rows.photo]])
    assert alone["false"] > 20
    assert alone["ece"] < 0.06
    assert alone["brier_skill"] > 0.3


def test_containers_that_were_not_seen_and_readings_of_nothing_are_counted() -> None:
    true = Detections.of([[0, 0, 50, 90], [200, 0, 250, 90]], [CONTAINER_OVERFLOWING] * 2, [1, 1])
    found = Detections.of(
        [[0, 0, 50, 90], [0, 0, 50, 90], [400, 0, 450, 90]],
        [CONTAINER, CONTAINER_OVERFLOWING, CONTAINER],
        [0.3, 0.6, 0.5],
    )
    rows = outcomes([(found, true)], 0.1)
    assert rows.seen.tolist() == [True, True, False]
    assert rows.real.tolist() == [True, False, True]
    assert rows.overflows.tolist() == [1, 0, 1]
    assert rows.container.tolist() == pytest.approx([0.3, 0.5, 0])
    assert rows.overflowing.tolist() == pytest.approx([0.6, 0, 0])


def test_a_reading_carries_the_calibrated_probability_and_says_so(
    calibration: Calibration,
) -> None:
    box = [0, 0, 50, 90]
    found = Detections.of([box, box], [CONTAINER, CONTAINER_OVERFLOWING], [0.2, 0.7])
    (reading,) = read_containers(found, calibration=calibration)
    expected = calibration.p_overflowing(np.array([0.2]), np.array([0.7]))[0]
    assert reading.calibrated
    assert reading.p_overflowing == pytest.approx(expected, abs=1e-5)
    assert not read_containers(found)[0].calibrated


def test_containers_are_read_from_the_score_on_that_the_calibration_names(
    calibration: Calibration,
) -> None:
    below = Detections.of([[0, 0, 50, 90]], [CONTAINER], [calibration.min_score * 0.9])
    above = Detections.of([[0, 0, 50, 90]], [CONTAINER], [calibration.min_score * 1.1])
    assert read_containers(below, calibration=calibration) == ()
    assert len(read_containers(above, calibration=calibration)) == 1


def test_a_calibration_is_written_and_read_without_loss(calibration: Calibration) -> None:
    again = Calibration.from_dict(json.loads(json.dumps(calibration.as_dict())))
    scores = np.linspace(0, 1, 50)
    assert again.p_overflowing(scores, scores[::-1]) == pytest.approx(
        calibration.p_overflowing(scores, scores[::-1]), abs=1e-3
    )
    assert again.min_score == pytest.approx(calibration.min_score, abs=1e-4)


def test_too_few_containers_are_refused() -> None:
    with pytest.raises(BadInput, match="too-few-to-calibrate"):
        fitted("0123456789ab", street(2, 10), halves(10))


def test_about_half_of_all_photos_are_fitted_on() -> None:
    assert 430 < sum(fits_on(f"{i:06}.jpg") for i in range(1000)) < 570


def test_the_calibration_of_another_detector_counts_for_nothing(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "detector", tmp_path / "mine")
    file = tmp_path / "mine" / "calibration.json"
    told = json.loads(file.read_text())
    assert Detector.load(tmp_path / "mine" / "detector.xml").calibration is not None
    file.write_text(json.dumps(told | {"detector": "another"}))
    assert Detector.load(tmp_path / "mine" / "detector.xml").calibration is None
    file.write_text('{"detector": ')
    with pytest.raises(Broken, match="stadsronde calibrate"):
        Detector.load(tmp_path / "mine" / "detector.xml")
    file.unlink()
    assert Detector.load(tmp_path / "mine" / "detector.xml").calibration is None


def test_the_shipped_calibration_is_of_the_shipped_detector_and_names_no_photo() -> None:
    assert Detector.load().calibration is not None, "run: stadsronde calibrate"
    text = (MODELS / "detector" / "calibration.json").read_text()
    assert ".jpg" not in text
    assert len(json.loads(text)["outcomes"]) > 1000


def test_what_renderings_taught_is_of_the_shipped_detector_and_counts_for_no_other(
    tmp_path: Path,
) -> None:
    assert Detector.load().side_waste is not None, "run: stadsronde calibrate-side-waste"
    shutil.copytree(MODELS / "detector", tmp_path / "mine")
    file = tmp_path / "mine" / "side_waste.json"
    assert ".jpg" not in file.read_text()
    file.write_text(json.dumps(json.loads(file.read_text()) | {"detector": "another"}))
    assert Detector.load(tmp_path / "mine" / "detector.xml").side_waste is None
    file.unlink()
    assert Detector.load(tmp_path / "mine" / "detector.xml").side_waste is None


@given(st.lists(st.tuples(st.floats(-6, 6), st.booleans()), min_size=2, max_size=60))
@settings(max_examples=60)
def test_a_curve_never_falls_and_never_says_certainly(rows: list[tuple[float, bool]]) -> None:
    x, outcome = (np.array(column, float) for column in zip(*rows, strict=True))
    y = Curve.fitted(x, outcome)(np.linspace(-8, 8, 100))
    assert (np.diff(y) >= -1e-9).all()
    assert y.min() > 0
    assert y.max() < 1


def test_certain_and_right_is_without_error_and_the_base_rate_without_skill() -> None:
    outcome = np.array([0.0, 1.0, 1.0, 0.0])
    assert calibration_error(outcome, outcome) == 0
    assert brier_skill(outcome, outcome) == 1
    assert brier_skill(np.full(4, 0.5), outcome) == 0
    assert calibration_error(np.full(4, 0.8), outcome) == pytest.approx(0.3)
    assert sum(part.n for part in reliability(outcome, outcome)) == 4


def test_perfect_probabilities_show_the_error_of_chance() -> None:
    dice = np.random.default_rng(5)
    p = dice.random(600)
    told = [calibration_error(p, (dice.random(600) < p).astype(float)) for _ in range(20)]
    assert np.mean(told) == pytest.approx(error_by_chance(p), rel=0.15)
