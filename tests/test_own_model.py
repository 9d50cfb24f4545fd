import json
import shutil
from pathlib import Path

import cv2
import pytest

from city.errors import BadInput
from operations.detect import detect
from operations.evaluate import evaluate
from tests.small_onnx import BLUE, GREEN, RED, painted, write
from vision.classes import CLASSES, NAMES, class_called, class_id
from vision.detections import overlap
from vision.detector import Detector
from vision.own_model import open_detector
from vision.photo import read_photo

SAMPLES = Path(__file__).parents[1] / "sample_images"
MODELS = Path(__file__).parents[1] / "models"


def test_an_exported_model_finds_what_it_was_made_to_find_under_our_names(tmp_path: Path) -> None:
    detector = open_detector(write(tmp_path / "own.onnx"), tmp_path)
    (found,) = detector.detect([painted((1, 0, RED), (3, 2, BLUE), (0, 1, GREEN), scale=2)])
    assert sorted(zip(found.class_id.tolist(), found.xyxy.tolist(), strict=True)) == [
        (class_id("bag"), [64, 0, 128, 64]),
        (class_id("vehicle"), [192, 128, 256, 192]),
    ]
    assert found.score == pytest.approx(1, abs=0.05)
    assert detector.left_out == ("lamp post",)


def test_its_predictions_are_written_and_what_is_not_ours_is_named(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "street.png"), painted((2, 1, RED)))
    own = write(tmp_path / "own.onnx")
    report = detect([tmp_path / "street.png"], tmp_path / "found.json", model=own)
    assert [row["category"] for row in json.loads((tmp_path / "found.json").read_text())] == ["bag"]
    assert report.left_out == ("lamp post",)


def test_it_can_be_evaluated_against_the_shipped_one(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "street.png"), painted((2, 1, RED)))
    truth = {
        "images": [{"id": 1, "file_name": "street.png", "width": 128, "height": 96}],
        "categories": [{"id": 1, "name": "bag"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [64, 32, 32, 32]}],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    own = write(tmp_path / "own.onnx")
    report = evaluate(tmp_path, tmp_path / "truth.json", tmp_path / "report", model=own)
    recalls = [r.value for r in report.evaluations[0].rows if r.metric == "recall"]
    assert recalls
    assert set(recalls) == {1}


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"names": ["lamp post", "tree", "bench"]}, "model-classes-unknown"),
        ({"names": ["bag", "car"]}, "model-head-unknown"),
        ({"rows": 6}, "model-head-unknown"),
        ({"task": "segment"}, "model-head-unknown"),
    ],
)
def test_a_model_that_cannot_be_understood_is_refused(
    tmp_path: Path, made: dict[str, object], code: str
) -> None:
    own = write(tmp_path / "own.onnx", **made)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=code):
        open_detector(own, tmp_path)


def test_a_network_of_another_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="model-without-names"):
        open_detector(MODELS / "faces" / "centerface.onnx", Path())


@pytest.mark.parametrize("name", ["own.onnx", "missing.onnx", "missing.pt", "own.txt"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(BadInput, match=r"model-unreadable|no-model-there"):
        open_detector(tmp_path / name, tmp_path)


def test_classes_are_known_by_any_of_their_names_whatever_the_spelling() -> None:
    for i, row in enumerate(CLASSES):
        for name in (row.name, row.english, row.dutch, *row.also):
            assert class_called(name.upper().replace(" ", "-")) == i
    assert class_called("lamp post") is None


def test_a_device_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadInput, match=r"it finds .*CPU.*no-such-device"):
        Detector.load(device="NPU.7")
    assert Detector.load(device="auto", side=320).network.device in ("CPU", "GPU", "GPU.0")


def checkpoint(path: Path) -> Path:
    """Save the shipped weights as ultralytics saves a model that it trained."""
    pytest.importorskip("torch", reason="needs the training environment: make train-env")
    yolo = pytest.importorskip("ultralytics", reason="needs the training environment")
    from vision.trainer import load_fitting

    model = yolo.YOLO("yolov5n.yaml", verbose=False)
    network = type(model.model)("yolov5n.yaml", nc=len(NAMES), verbose=False)
    load_fitting(network, MODELS / "detector" / "detector.pt")
    network.names = dict(enumerate(NAMES))
    model.model = network
    model.save(str(path))
    return path


def test_a_checkpoint_is_exported_once_and_finds_what_its_weights_find(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    own = checkpoint(tmp_path / "own.pt")
    detector = open_detector(own, cache, side=544)
    picture = read_photo(SAMPLES / "photo_03.jpg").bgr
    (found,), (known,) = (d.detect([picture], 0.3) for d in (detector, Detector.load(side=544)))
    same = overlap(found.xyxy, known.xyxy) * (found.class_id[:, None] == known.class_id)
    assert min(same.max(axis=0).min(), same.max(axis=1).min()) > 0.9
    (kept,) = cache.glob("*.onnx")
    made_at = kept.stat().st_mtime_ns
    assert open_detector(own, cache).version == detector.version
    assert kept.stat().st_mtime_ns == made_at
    # What was kept of it is another file by now: it is exported anew.
    shutil.copyfile(write(tmp_path / "other.onnx"), kept)
    assert open_detector(own, cache).left_out == ()
