"""The evaluation says what is so, in rows, on a page, for one model and for two."""

import json
import re
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from city.errors import BadInput
from operations.evaluate import EvaluateReport, evaluate
from vision.classes import CONTAINER, CONTAINER_OVERFLOWING, class_id
from vision.confusion import NOTHING, confuse
from vision.detections import Detections
from vision.evaluate import ALL, ANY_CONTAINER, Judge, Row
from vision.faces import FaceFinder
from vision.gallery import pictures
from vision.labels import LabelledBox, LabelledPhoto
from vision.photo import Photo
from vision.weights import __file__ as weights_file

ROOT = Path(weights_file).parents[1]
SAMPLES = ROOT / "sample_images"
MODEL = ROOT / "models" / "detector" / "detector.xml"
BAG = class_id("bag")


def row_of(rows: tuple[Row, ...], name: str, metric: str, part: str = "all") -> Row:
    (found,) = (r for r in rows if (r.name, r.metric, r.part) == (name, metric, part))
    return found


def photo(name: str, *boxes: tuple[str, int, dict[str, Any]], **more: Any) -> LabelledPhoto:
    """A photo with boxes 40 px square, (category, left, more)."""
    labelled = (LabelledBox(category, (left, 0, 40, 40), m) for category, left, m in boxes)
    return LabelledPhoto(name, 640, 480, tuple(labelled), more)


def seen(*boxes: tuple[int, int, float]) -> Detections:
    """Found boxes 40 px square, (class id, left, score)."""
    return Detections.of(
        [[left, 0, left + 40, 40] for _, left, _ in boxes],
        [c for c, _, _ in boxes],
        [s for _, _, s in boxes],
    )


@pytest.fixture
def judge() -> Judge:
    """Two photos by day in one neighbourhood, one by night in another."""
    photos = [
        photo("a", ("container", 0, {"container_type": "bank"}), night=False, neighbourhood="West"),
        photo(
            "b", ("container", 0, {"container_type": "other"}), night=False, neighbourhood="West"
        ),
        photo("c", ("container", 0, {"container_type": "other"}), night=True, neighbourhood="Oost"),
    ]
    return Judge(photos, [CONTAINER, BAG], resamples=50)


FOUND = (seen((CONTAINER, 0, 0.9)), seen((CONTAINER, 200, 0.8)), seen((CONTAINER, 0, 0.7)))


def test_each_slice_counts_its_own_photos(judge: Judge) -> None:
    rows = judge.evaluate("m", FOUND).rows
    assert row_of(rows, "container", "recall").value == pytest.approx(2 / 3)
    assert row_of(rows, "container", "precision").value == pytest.approx(2 / 3)
    for part, recall, n in (("day", 0.5, 2), ("night", 1, 1), ("West", 0.5, 2), ("Oost", 1, 1)):
        row = row_of(rows, "container", "recall", part)
        assert (row.value, row.n) == (recall, n)
    assert row_of(rows, ANY_CONTAINER, "recall", "type bank").value == 1
    assert row_of(rows, ANY_CONTAINER, "recall", "type other").value == 0.5
    assert row_of(rows, "container", "recall", "medium").n == 3


def test_a_class_that_is_nowhere_has_no_row_and_does_not_lower_the_mean(judge: Judge) -> None:
    rows = judge.evaluate("m", FOUND).rows
    assert not [row for row in rows if row.name == "bag"]
    assert row_of(rows, ALL, "mAP50").value == row_of(rows, "container", "AP50").value


def test_both_classes_of_container_are_one_where_the_truth_does_not_tell_them_apart(
    judge: Judge,
) -> None:
    over = [replace(f, class_id=np.full(len(f), CONTAINER_OVERFLOWING)) for f in FOUND]
    told = judge.evaluate("m", over)
    assert row_of(told.rows, "container", "recall").value == pytest.approx(2 / 3)
    assert told.overflowing == ()
    strict = replace(judge, labelled=[CONTAINER, CONTAINER_OVERFLOWING])
    told = strict.evaluate("m", over)
    assert row_of(told.rows, "container", "recall").value == 0
    assert row_of(told.rows, ANY_CONTAINER, "recall").value == pytest.approx(2 / 3)
    assert row_of(told.rows, ANY_CONTAINER, "P(overflowing) ECE").value > 0.5


def test_a_model_is_no_better_than_itself_and_better_than_one_that_finds_nothing(
    judge: Judge,
) -> None:
    (same,) = judge.differences(FOUND, FOUND)
    assert (same.value, same.low, same.high) == (0, 0, 0)
    (better,) = judge.differences(FOUND, [Detections.none()] * 3)
    assert better.value == row_of(judge.evaluate("m", FOUND).rows, "container", "AP50").value


def test_what_is_taken_for_what_is_counted_once() -> None:
    truth = seen((CONTAINER, 0, 1), (BAG, 100, 1), (BAG, 200, 1))
    found = seen(
        (BAG, 0, 0.9), (BAG, 100, 0.8), (CONTAINER, 400, 0.7), (class_id("pile"), 500, 0.6)
    )
    table, mistakes = confuse([(found, truth)], [CONTAINER, BAG])
    at = {name: i for i, name in enumerate(table.names)}
    assert table.counts[at["container"]][at["bag"]] == 1
    assert table.counts[at["bag"]][at["bag"]] == 1
    assert table.counts[at["bag"]][at[NOTHING]] == 1
    assert table.counts[at[NOTHING]][at["container"]] == 1
    # Nobody looked for piles, so that one may be right.
    assert sum(map(sum, table.counts)) == 4
    assert len(mistakes) == 3


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[EvaluateReport, Path]:
    """Three rendered pictures, the shipped model against itself, in Dutch; one is missing."""
    folder = tmp_path_factory.mktemp("evaluation")
    table = json.loads((SAMPLES / "truth.json").read_text())
    table["images"] = [i for i in table["images"] if i["id"] in (3, 7, 14, 15)]
    kept = {image["id"] for image in table["images"]}
    table["annotations"] = [a for a in table["annotations"] if a["image_id"] in kept]
    (folder / "truth.json").write_text(json.dumps(table))
    for image in table["images"][:-1]:
        shutil.copy(SAMPLES / image["file_name"], folder)
    out = folder / "report"
    told = evaluate(folder, folder / "truth.json", out, against=MODEL, language="nl")
    return told, out


def test_the_missing_photo_is_named_and_the_others_are_scored(
    report: tuple[EvaluateReport, Path],
) -> None:
    told, _ = report
    assert [fault.where.endswith("photo_15.jpg") for fault in told.faults] == [True]
    assert json.loads(told.data.read_text())["provenance"]["photos"] == 3


def test_every_row_has_its_slice_metric_value_n_and_interval(
    report: tuple[EvaluateReport, Path],
) -> None:
    whole = json.loads(report[0].data.read_text())
    wanted = {"model", "class", "slice", "metric", "value", "n", "low", "high"}
    assert all(set(row) == wanted for row in whole["rows"])
    metrics = {row["metric"] for row in whole["rows"]}
    assert {"mAP50", "mAP50-95", "precision", "recall", "F1", "score ECE"} <= metrics
    assert {"P(overflowing) ECE", "P(overflowing) Brier skill", "AP50 difference"} <= metrics
    for row in whole["rows"]:
        if row["low"] is not None:
            assert row["low"] <= row["value"] + 1e-9
            assert row["value"] <= row["high"] + 1e-9
    differences = [row for row in whole["rows"] if row["metric"] == "AP50 difference"]
    assert {row["value"] for row in differences} == {0}
    assert {"truth_sha256", "models", "versions", "seed"} <= set(whole["provenance"])


def test_the_page_holds_all_in_itself_in_the_language_asked_for(
    report: tuple[EvaluateReport, Path],
) -> None:
    html = report[0].page.read_text()
    assert '<html lang="nl">' in html
    assert "overvolle container" in html
    assert not re.findall(r'(?:src|href)="(?!data:)', html)
    assert html.count("data:image/jpeg;base64,") > 3
    assert html.count("<svg") > 5


def test_git_ignores_the_report(report: tuple[EvaluateReport, Path]) -> None:
    assert (report[1] / ".gitignore").read_text() == "*\n"


def test_people_in_the_gallery_are_blurred_also_where_only_the_truth_knows_of_them() -> None:
    dice = np.random.default_rng(1)
    noise = dice.integers(0, 255, (300, 400, 3), np.uint8)
    true = Detections.of([[150, 20, 250, 290]], [class_id("person")], [1])
    _, mistakes = confuse([(Detections.none(), true)], [class_id("person")])
    faces = FaceFinder.load(side=320)
    shown = list(pictures(Photo(noise, "p"), Detections.none(), true, mistakes, faces))
    assert len(shown) == 1
    pixels = np.asarray(Image.open(BytesIO(shown[0].jpeg)), float)
    rough = np.abs(np.diff(pixels, axis=1)).mean(axis=2)
    head = rough[int(0.15 * 360) : int(0.25 * 360), 200:280].mean()
    assert head < 0.3 * rough[300:350].mean()


def test_a_truth_that_names_what_nobody_knows_is_refused(tmp_path: Path) -> None:
    table = json.loads((SAMPLES / "truth.json").read_text())
    table["categories"][0]["name"] = "bicycle"
    (tmp_path / "truth.json").write_text(json.dumps(table))
    with pytest.raises(BadInput, match="bicycle"):
        evaluate(SAMPLES, tmp_path / "truth.json", tmp_path / "out")


def test_labels_of_another_size_than_the_photo_are_named(tmp_path: Path) -> None:
    table = json.loads((SAMPLES / "truth.json").read_text())
    table["images"] = [table["images"][0] | {"width": 720, "height": 1280}]
    table["annotations"] = []
    (tmp_path / "truth.json").write_text(json.dumps(table))
    with pytest.raises(BadInput, match="1280 x 720"):
        evaluate(SAMPLES, tmp_path / "truth.json", tmp_path / "out")
