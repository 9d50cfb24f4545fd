"""A detector in 8 bits: what is looked at, what stays as it is, and that it finds the same."""

from pathlib import Path

import openvino as ov  # type: ignore[import-untyped]
import pytest

from city.errors import BadInput
from vision.detections import at_least, overlap
from vision.detector import Detector
from vision.photo import read_photo
from vision.quantise import AMSTERDAM_PHOTOS, STREET_BINS_PHOTOS, drawn, last_convolutions, quantise
from vision.trainingset import Example

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "models" / "detector" / "detector.xml"
SAMPLES = sorted((ROOT / "sample_images").glob("*.jpg"))


def test_the_ranges_are_learnt_from_both_sets_and_the_same_photos_each_time() -> None:
    every = [
        Example(Path(f"{i}.jpg"), "streetbins" if i % 3 else "amsterdam", "train", ())
        for i in range(600)
    ]
    some = drawn(every)
    assert some == drawn(every)
    assert len({e.photo for e in some}) == STREET_BINS_PHOTOS + AMSTERDAM_PHOTOS
    assert sum(e.source == "amsterdam" for e in some) == AMSTERDAM_PHOTOS


def test_the_layers_that_boxes_and_scores_are_read_off_are_the_last_of_each_level() -> None:
    network = ov.Core().read_model(SHIPPED)
    last = set(last_convolutions(network))
    assert len(last) == 6
    channels = [
        int(node.output(0).partial_shape[1].get_length())
        for node in network.get_ops()
        if node.get_friendly_name() in last
    ]
    assert sorted(channels) == [8, 8, 8, 64, 64, 64]


def test_where_nncf_is_missing_it_is_said_what_to_install(tmp_path: Path) -> None:
    try:
        import nncf  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(BadInput, match="nncf"):
            quantise(SHIPPED, [], 320, tmp_path / "detector.xml")
    else:
        pytest.skip("nncf is installed here")


def test_a_detector_in_8_bits_is_smaller_and_finds_the_same(tmp_path: Path) -> None:
    pytest.importorskip("nncf", reason="needs the training environment: make train-env")
    some = [Example(photo, "streetbins", "train", ()) for photo in SAMPLES]
    made = quantise(SHIPPED, some, 544, tmp_path / "detector.xml")
    assert (
        made.with_suffix(".bin").stat().st_size < 0.6 * SHIPPED.with_suffix(".bin").stat().st_size
    )
    pictures = [read_photo(photo).bgr for photo in SAMPLES]
    old, new = (Detector.load(path, side=544) for path in (SHIPPED, made))
    for before, after in zip(old.detect(pictures), new.detect(pictures), strict=True):
        sure = at_least(before, 0.6)
        same = overlap(sure.xyxy, after.xyxy) * (sure.class_id[:, None] == after.class_id)
        assert (same.max(axis=1, initial=0) > 0.7).all()
