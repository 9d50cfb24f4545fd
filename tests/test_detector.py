import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.errors import BadInput, Broken
from vision import weights
from vision.classes import CLASSES, NAMES
from vision.detections import Detections, Image
from vision.detector import STRIDES, Detector, read_boxes
from vision.network import Fit, laid_in, shape_for

MODELS = Path(weights.__file__).parents[1] / "models"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load(side=320)


def street(width: int = 480, height: int = 270) -> Image:
    """A rendered street with containers and bags, stretched to a size."""
    picture = cv2.imread(str(MODELS.parent / "sample_images" / "photo_03.jpg"))
    assert picture is not None
    return np.asarray(cv2.resize(picture, (width, height)), np.uint8)


def test_the_classes_are_the_ones_that_predictions_are_promised_in() -> None:
    assert NAMES == (
        "container",
        "container_overflowing",
        "bag",
        "cardboard",
        "bulky",
        "pile",
        "person",
        "vehicle",
    )
    assert len({row.dutch for row in CLASSES}) == len(CLASSES)


@given(st.integers(1, 4000), st.integers(1, 4000), st.sampled_from([320, 448, 640]))
@settings(max_examples=80, deadline=None)
def test_every_photo_fits_its_input_at_the_scale_of_the_longest_side(
    width: int, height: int, side: int
) -> None:
    h, w = shape_for(height, width, side)
    assert h % 32 == 0
    assert w % 32 == 0
    assert max(h, w) <= side + 16
    assert min(h / height, w / width) * max(width, height) >= 0.9 * side


@given(st.integers(40, 900), st.integers(40, 900), st.data())
@settings(max_examples=40, deadline=None)
def test_a_box_laid_into_the_input_comes_back_to_where_it_was(
    width: int, height: int, data: st.DataObject
) -> None:
    shape = shape_for(height, width, 448)
    canvas, fit = laid_in(np.zeros((height, width, 3), np.uint8), *shape)
    assert canvas.shape == (*shape, 3)
    x = sorted(data.draw(st.tuples(*[st.floats(0, width)] * 2)))
    y = sorted(data.draw(st.tuples(*[st.floats(0, height)] * 2)))
    box = np.array([[x[0], y[0], x[1], y[1]]], np.float32)
    assert fit.to_photo(box * np.float32(fit.scale)) == pytest.approx(box, abs=0.01)


def raw_head(fit: Fit, row: int, column: int, class_id: int) -> tuple[np.ndarray, np.ndarray]:
    """The head's output for one sure box, 3 cells each way from a cell of the coarsest level."""
    cells = [(fit.input_height // s) * (fit.input_width // s) for s in STRIDES]
    anchor = cells[0] + cells[1] + row * (fit.input_width // 32) + column
    distances = np.zeros((1, 64, sum(cells)), np.float32)
    distances[0, [3, 19, 35, 51], anchor] = 50.0
    logits = np.full((1, len(NAMES), sum(cells)), -20, np.float32)
    logits[0, class_id, anchor] = 2.0
    return distances, logits


def test_the_raw_head_is_decoded_to_the_box_that_it_means() -> None:
    fit = Fit(scale=0.5, width=640, height=480, input_width=320, input_height=256)
    found = read_boxes(raw_head(fit, row=4, column=5, class_id=2), fit, 0.01)
    # The cell's centre is at (5.5, 4.5) x 32 input pixels; the photo is twice as large; 3 cells
    # each way leave it above and below: y1 = (4.5 - 3) x 64, y2 = (4.5 + 3) x 64, clipped.
    assert found.xyxy.tolist() == [[160, 96, 544, 480]]
    assert found.class_id.tolist() == [2]
    assert found.score[0] == pytest.approx(1 / (1 + np.exp(-2)), rel=1e-4)


def test_results_come_in_the_order_of_the_photos_whatever_their_shapes(detector: Detector) -> None:
    photos = [street(480, 360), street(360, 480), street(400, 400), street(480, 360)] * 2
    together = detector.detect(photos)
    alone = [detector.detect([photo])[0] for photo in photos]
    for a, b in zip(together, alone, strict=True):
        assert a.xyxy == pytest.approx(b.xyxy, abs=0.5)
        assert a.class_id.tolist() == b.class_id.tolist()
    assert any(len(a) for a in together)


def test_no_more_than_a_few_photos_are_read_ahead(detector: Detector) -> None:
    given_out = 0

    def photos() -> object:
        nonlocal given_out
        for _ in range(12):
            given_out += 1
            yield street()

    answers = detector.detect_many(photos())  # type: ignore[arg-type]
    next(answers)
    assert given_out <= 5
    assert len(list(answers)) == 11


def test_a_higher_limit_keeps_the_same_better_boxes(detector: Detector) -> None:
    (every,) = detector.detect([street()], 0.01)
    limit = float(every.score[len(every) // 2])
    (some,) = detector.detect([street()], limit)
    assert len(every) > len(some) > 0
    assert (some.score >= limit - 1e-6).all()
    assert some.score.tolist() == pytest.approx(every.score[: len(some)].tolist(), abs=1e-3)


def test_a_blank_wall_is_no_container(detector: Detector) -> None:
    (found,) = detector.detect([np.full((360, 480, 3), 120, np.uint8)], 0.5)
    assert len(found) == 0


def test_every_weight_file_has_its_checksum_and_is_small_enough() -> None:
    sums = json.loads((MODELS / "checksums.json").read_text())
    shipped = {p for p in MODELS.rglob("*") if p.suffix in {".xml", ".bin", ".onnx", ".pt"}}
    assert {p.relative_to(MODELS).as_posix() for p in shipped} == set(sums)
    for name in sums:
        assert weights.checked(name)
        assert (MODELS / name).stat().st_size < 25_000_000


@pytest.mark.parametrize("damage", ["cut", "swapped", "gone"])
def test_a_damaged_model_is_refused_by_name(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(MODELS, tmp_path / "models")
    file = tmp_path / "models" / "detector" / "detector.bin"
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif damage == "swapped":
        shutil.copy(tmp_path / "models" / "faces" / "centerface.onnx", file)
    else:
        file.unlink()
    monkeypatch.setattr(weights, "files", lambda package: tmp_path / package)
    weights.checked.cache_clear()
    with pytest.raises(Broken, match=r"models/detector/detector\.bin"):
        Detector.load()
    weights.checked.cache_clear()


def test_a_model_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no-model-there"):
        Detector.load(tmp_path / "detector.xml")


def test_the_version_names_the_weights(detector: Detector, tmp_path: Path) -> None:
    for suffix in (".xml", ".bin"):
        shutil.copy(MODELS / "detector" / f"detector{suffix}", tmp_path / f"other{suffix}")
    assert Detector.load(tmp_path / "other.xml", side=320).version == detector.version


def test_a_model_runs_at_the_size_that_its_record_names(tmp_path: Path) -> None:
    shipped = json.loads((MODELS / "detector" / "record.json").read_text())
    assert Detector.load().network.side == shipped["side"]
    shutil.copytree(MODELS / "detector", tmp_path / "mine")
    (tmp_path / "mine" / "record.json").write_text(json.dumps(shipped | {"side": 320}))
    assert Detector.load(tmp_path / "mine" / "detector.xml").network.side == 320


@pytest.mark.parametrize("record", [None, "no JSON", '{"side": 320, "version": "another"}'])
def test_a_model_whose_record_is_missing_or_of_another_is_refused(
    record: str | None, tmp_path: Path
) -> None:
    for suffix in (".xml", ".bin"):
        shutil.copy(MODELS / "detector" / f"detector{suffix}", tmp_path / f"detector{suffix}")
    if record is not None:
        (tmp_path / "record.json").write_text(record)
    with pytest.raises(BadInput, match="model-without-record"):
        Detector.load(tmp_path / "detector.xml")


@pytest.mark.shared
def test_containers_are_found_in_most_amsterdam_photos(shared_data: Path) -> None:
    truth = json.loads((shared_data / "amsterdam_photos" / "labels.json").read_text())
    with_container = {a["image_id"] for a in truth["annotations"] if a["category_id"] == 1}
    names = [i["file_name"] for i in truth["images"] if i["id"] in with_container][::4]
    folder = shared_data / "amsterdam_photos" / "images"
    photos = [np.asarray(cv2.imread(str(folder / name)), np.uint8) for name in names]
    found = [_sure_containers(d) for d in Detector.load().detect(photos)]
    assert sum(map(bool, found)) > 0.7 * len(names)


def _sure_containers(found: Detections) -> int:
    return int(((found.score > 0.25) & (found.class_id < 2)).sum())
