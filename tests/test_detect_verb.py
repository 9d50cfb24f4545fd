import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from city.errors import BadInput
from operations.detect import detect
from vision.classes import NAMES


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photos, one of them in a folder of its own, and two files that are none."""
    folder = tmp_path / "photos"
    (folder / "deeper").mkdir(parents=True)
    pixels = np.full((240, 320, 3), 120, np.uint8)
    pixels[60:200, 120:200] = (30, 60, 30)
    Image.fromarray(pixels).save(folder / "a.jpg")
    Image.fromarray(pixels[:, ::-1]).save(folder / "deeper" / "b.png")
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("not a photo, and not meant as one")
    return folder


def test_what_is_found_is_written_and_what_cannot_be_read_is_named(
    photos: Path, tmp_path: Path
) -> None:
    steps: list[tuple[int, int]] = []
    out = tmp_path / "new" / "predictions.json"
    report = detect([photos], out, on_progress=lambda done, total: steps.append((done, total)))
    rows = json.loads(out.read_text())
    assert report.photos_read == 2
    assert report.detections == len(rows) > 0
    assert [fault.code for fault in report.faults] == ["photo-no-image"]
    assert report.faults[0].where.endswith("broken.jpg")
    assert {row["file_name"] for row in rows} <= {"a.jpg", "deeper/b.png"}
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_boxes_lie_within_the_photo_and_scores_reach_down_to_the_limit(
    photos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "predictions.json"
    detect([photos / "a.jpg"], out)
    for row in json.loads(out.read_text()):
        assert set(row) == {"file_name", "category", "bbox", "score"}
        assert row["category"] in NAMES
        x, y, width, height = row["bbox"]
        assert min(x, y, width, height) >= 0
        assert x + width <= 320.1
        assert y + height <= 240.1
        assert 0.01 <= row["score"] <= 1


def test_a_photo_that_is_named_twice_is_read_once(photos: Path, tmp_path: Path) -> None:
    report = detect([photos / "a.jpg", photos / "a.jpg"], tmp_path / "p.json")
    assert report.photos_read == 1


def test_the_limit_is_kept(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.json"
    detect([photos], out, min_score=0.99)
    assert json.loads(out.read_text()) == []


def test_a_photo_that_is_missing_is_named_and_the_rest_goes_on(
    photos: Path, tmp_path: Path
) -> None:
    report = detect([photos / "nowhere.jpg", photos / "a.jpg"], tmp_path / "p.json")
    assert report.photos_read == 1
    assert [fault.code for fault in report.faults] == ["photo-unreadable"]


@pytest.mark.parametrize("score", [0.0, -1.0, 1.5])
def test_a_limit_out_of_range_is_refused(score: float, photos: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="min_score"):
        detect([photos], tmp_path / "p.json", min_score=score)


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no-photos"):
        detect([tmp_path / "empty"], tmp_path / "p.json")
