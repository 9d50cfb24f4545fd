"""Training, as far as it goes without torch: the data, the labels, the record, the card."""

import importlib.util
import json
from pathlib import Path

import pytest

from city.errors import BadInput
from vision.card import card
from vision.classes import CLASSES, CONTAINER, CONTAINER_OVERFLOWING, class_id
from vision.describe import Known, model_card
from vision.recipe import stages
from vision.train import TrainingRun, train
from vision.trainingset import Example, Mix, examples, fold_of, rendered, source_of

HOUR_MS = 3_600_000


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    """One street_bins photo and two Amsterdam photos, labels only."""
    for split in ("train", "val"):
        (tmp_path / "street_bins" / "images" / split).mkdir(parents=True)
        (tmp_path / "street_bins" / "labels" / split).mkdir(parents=True)
    (tmp_path / "street_bins/images/train/1.jpg").touch()
    (tmp_path / "street_bins/labels/train/1.txt").write_text(
        "2 0.5 0.5 0.2 0.4\n0 0.1 0.1 0.1 0.1\n\n"
    )
    (tmp_path / "weights").mkdir()
    (tmp_path / "amsterdam_photos").mkdir()
    box = {"bbox": [10, 20, 30, 40], "iscrowd": 0}
    table = {
        "categories": [{"id": 1, "name": "container"}, {"id": 2, "name": "bag"}],
        "images": [
            {"id": 7, "file_name": "a_0.jpg", "width": 100, "height": 200},
            {"id": 8, "file_name": f"b_{9 * HOUR_MS}.jpg", "width": 100, "height": 200},
        ],
        "annotations": [
            box | {"image_id": 7, "category_id": 1, "overflow": "yes"},
            box | {"image_id": 7, "category_id": 2},
            box | {"image_id": 8, "category_id": 1, "overflow": "unclear"},
        ],
    }
    (tmp_path / "amsterdam_photos" / "labels.json").write_text(json.dumps(table))
    return tmp_path


def by_name(found: list[Example], name: str) -> Example:
    return next(example for example in found if example.photo.name == name)


def test_labels_of_both_sets_become_our_classes(small_set: Path) -> None:
    found = list(examples(small_set))
    assert by_name(found, "1.jpg").labels == (
        (CONTAINER_OVERFLOWING, 0.5, 0.5, 0.2, 0.4),
        (class_id("pile"), 0.1, 0.1, 0.1, 0.1),
    )
    overflowing, bag = by_name(found, "a_0.jpg").labels
    assert overflowing[0] == CONTAINER_OVERFLOWING
    assert bag == (class_id("bag"), 0.25, 0.2, 0.3, 0.2)


def test_a_photo_in_which_overflow_could_not_be_seen_is_set_apart(small_set: Path) -> None:
    found = list(examples(small_set))
    unclear = by_name(found, f"b_{9 * HOUR_MS}.jpg")
    assert unclear.labels[0][0] == CONTAINER
    assert not source_of(f"{unclear.source}__x.jpg").overflow_known
    assert source_of(f"{by_name(found, 'a_0.jpg').source}__x.jpg").overflow_known


def test_what_a_source_did_not_label_is_unknown_there() -> None:
    bins = source_of("streetbins__000001.jpg").labelled
    assert class_id("bag") not in bins
    assert class_id("pile") in bins
    taught = {i for i, row in enumerate(CLASSES) if row.coco}
    assert taught <= bins


def test_every_class_is_labelled_by_some_source() -> None:
    names = ("streetbins__1.jpg", "amsterdam__1.jpg")
    assert set().union(*(source_of(n).labelled for n in names)) == set(range(len(CLASSES)))


def test_photos_of_one_day_are_in_one_fold_and_folds_are_of_like_size() -> None:
    days = [[f"p{i}_{i * 24 * HOUR_MS + j * 60_000}.jpg" for j in range(3)] for i in range(20)]
    names = [name for day in days for name in day]
    folds = fold_of(names)
    assert all(len({folds[name] for name in day}) == 1 for day in days)
    assert sorted(list(folds.values()).count(k) for k in range(3)) == [18, 21, 21]
    assert folds == fold_of(reversed(names))


def test_an_epoch_holds_as_much_of_each_set_as_asked() -> None:
    bins, amsterdam = (Example(Path("1.jpg"), s, "train", ()) for s in ("streetbins", "amsterdam"))
    mix = Mix(street_bins_share=0.25, amsterdam_repeats=6)
    assert sum(mix.repeats(bins, i) for i in range(100)) == 25
    assert mix.repeats(amsterdam, 7) == 6


def test_renderings_are_labelled_whole_and_the_sample_images_are_not_trained_on(
    tmp_path: Path,
) -> None:
    picture = {"width": 100, "height": 200}
    table = {
        "categories": [{"id": 1, "name": "person"}],
        "images": [
            picture | {"id": 1, "file_name": "busy.jpg", "seed": 20_000},
            picture | {"id": 2, "file_name": "photo_01.jpg", "seed": 9_001},
        ],
        "annotations": [
            {"id": i, "image_id": i, "category_id": 1, "bbox": [10, 20, 30, 40]} for i in (1, 2)
        ],
    }
    (tmp_path / "truth.json").write_text(json.dumps(table))
    (example,) = rendered(tmp_path)
    assert example.labels == ((class_id("person"), 0.25, 0.2, 0.3, 0.2),)
    source = source_of(f"{example.source}__{example.photo.name}")
    assert source.labelled == set(range(len(CLASSES)))
    assert not source.taught


def test_no_stage_sees_renderings_unless_asked_and_then_the_last_does(tmp_path: Path) -> None:
    assert all(stage.mix.renderings is None for stage in stages())
    seen = [stage.mix.renderings for stage in stages(renderings=tmp_path)]
    assert seen == [None, None, None, tmp_path]


def test_a_folder_without_the_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="street_bins/images"):
        list(examples(tmp_path))


def test_the_first_stages_do_not_see_amsterdam_so_that_folds_share_them() -> None:
    first, second, *rest = stages(fold=1)
    assert (first, second) == stages(fold=2)[:2] == stages()[:2]
    assert first.mix.amsterdam_repeats == second.mix.amsterdam_repeats == 0
    assert all(stage.mix.fold == 1 for stage in rest)
    assert len({stage.name for fold in (None, 0, 1, 2) for stage in stages(fold)}) == 2 + 4 * 2


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_without_the_training_environment_the_remedy_is_named(
    small_set: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=r"\.\[train\]"):
        train(TrainingRun(small_set, tmp_path / "out"))


def test_the_card_tells_what_was_measured() -> None:
    row = {"set": "street_bins val", "class": "container", "boxes": 527, "photos": 560}
    record = {
        "version": "0123456789ab",
        "made_at": "2026-11-23T00:00:00+00:00",
        "side": 448,
        "photos": {"street_bins_train": 2248, "val": 560, "amsterdam_train": 120, "held_out": 24},
        "training": [
            {
                "stage": "street",
                "side": 640,
                "log": [{"epoch": 1.0, "time": 1800.0}, {"epoch": 2.0, "time": 3600.0}],
            }
        ],
        "scores": [row | {"ap50": 0.7654, "precision": 0.8, "recall": 0.6}],
    }
    text = card(record)
    assert "| street_bins val | container | 527 | 0.765 | 0.80 | 0.60 |" in text
    assert "| street | 640 px | 2 | 1.0 |" in text
    assert "0123456789ab" in text


def test_the_shipped_card_is_the_one_that_its_record_gives() -> None:
    folder = Path(__file__).resolve().parents[1] / "models" / "detector"
    assert (folder / "card.md").read_text() == model_card(Known.of(folder)), "run: stadsronde card"


@pytest.mark.shared
def test_no_day_is_both_trained_and_tested_on(shared_data: Path) -> None:
    tested = []
    for fold in range(3):
        found = [e for e in examples(shared_data, fold) if e.source != "streetbins"]
        days = {s: {_day(e) for e in found if e.split == s} for s in ("train", "held_out")}
        assert not days["train"] & days["held_out"]
        tested += [e.photo.name for e in found if e.split == "held_out"]
    assert len(tested) == len(set(tested)) == 144


def _day(example: Example) -> int:
    return int(example.photo.stem.rpartition("_")[2]) // (24 * HOUR_MS)
