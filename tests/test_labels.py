"""Labels go from COCO to YOLO and back, and from YOLO to COCO and back, and lose nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from city.errors import BadInput
from operations.convert_labels import convert_labels
from vision.labels import LabelledBox, LabelledPhoto, LabelSet, read_coco, truth_of, write_coco
from vision.yolo import read_yolo, write_yolo

SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"


def by_id(path: Path) -> dict[str, Any]:
    """A COCO file's content; the order of its annotations does not matter."""
    table = json.loads(path.read_text())
    return {**table, "annotations": {row["id"]: row for row in table["annotations"]}}


@pytest.fixture
def yolo(tmp_path: Path) -> Path:
    """A YOLO folder as annotation tools write it: two photos with boxes, one without."""
    folder = tmp_path / "yolo"
    for name, size in (("val/a.jpg", (640, 480)), ("val/b.png", (333, 77)), ("c.jpg", (50, 60))):
        (folder / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size).save(folder / "images" / name)
    (folder / "labels" / "val").mkdir(parents=True)
    (folder / "labels" / "val" / "a.txt").write_text(
        "1 0.51719 0.53516 0.45703 0.41406\n0 0.5 0.25 0.015625 0.1\n"
    )
    (folder / "labels" / "val" / "b.txt").write_text("1 0.333333 0.666667 0.1 0.0123456\n")
    (folder / "classes.txt").write_text("container\nbag\n")
    return folder


def test_coco_to_yolo_and_back_is_the_same_file(tmp_path: Path) -> None:
    convert_labels(SAMPLES / "truth.json", tmp_path / "yolo")
    convert_labels(tmp_path / "yolo", tmp_path / "again.json")
    assert by_id(tmp_path / "again.json") == by_id(SAMPLES / "truth.json")


@pytest.mark.shared
def test_the_amsterdam_labels_survive_the_way_there_and_back(
    shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "amsterdam_photos" / "labels.json"
    convert_labels(source, tmp_path / "yolo")
    convert_labels(tmp_path / "yolo", tmp_path / "again.json")
    assert by_id(tmp_path / "again.json") == by_id(source)


def numbers(folder: Path) -> dict[str, list[list[float]]]:
    return {
        path.relative_to(folder).as_posix(): [
            [float(number) for number in line.split()] for line in path.read_text().splitlines()
        ]
        for path in sorted((folder / "labels").rglob("*.txt"))
    }


def test_yolo_to_coco_and_back_has_the_same_numbers(yolo: Path, tmp_path: Path) -> None:
    made = convert_labels(yolo, tmp_path / "coco.json")
    convert_labels(tmp_path / "coco.json", tmp_path / "again")
    assert len(made.photos) == 3
    again = numbers(tmp_path / "again")
    assert again.pop("labels/c.txt") == []
    assert again == numbers(yolo)
    assert (tmp_path / "again" / "classes.txt").read_text() == "container\nbag\n"


@pytest.mark.shared
def test_street_bins_survive_the_way_there_and_back(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "street_bins"
    names = ["pile", "container", "container_overflowing"]
    made = convert_labels(source, tmp_path / "coco.json", names=names, part="val")
    assert len(made.photos) == 560
    convert_labels(tmp_path / "coco.json", tmp_path / "again")
    theirs = {
        name.replace("val/", ""): rows for name, rows in numbers(source).items() if "/val/" in name
    }
    assert numbers(tmp_path / "again") == theirs


pixels = st.floats(0, 450).map(lambda x: round(x, 6))
chance_boxes = st.builds(
    LabelledBox,
    st.sampled_from(["container", "bag"]),
    st.tuples(pixels, pixels, pixels, pixels),
    st.dictionaries(st.sampled_from(["note", "area"]), st.integers(0, 9)),
)


@given(st.lists(chance_boxes, max_size=6), st.integers(901, 4000), st.integers(901, 4000))
@settings(max_examples=40, deadline=None)
def test_any_boxes_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, boxes: list[LabelledBox], width: int, height: int
) -> None:
    folder = tmp_path_factory.mktemp("labels")
    photo = LabelledPhoto("deep/er/p.jpg", width, height, tuple(boxes), {"night": True})
    labels = LabelSet({"container": {"id": 7}, "bag": {"id": 3}}, (photo,), {"info": {"year": 1}})
    write_yolo(labels, folder)
    assert read_yolo(folder) == labels
    write_coco(labels, folder / "coco.json")
    again = read_coco(folder / "coco.json")
    assert again.categories == labels.categories
    assert [box.xywh for box in again.photos[0].boxes] == [box.xywh for box in boxes]
    (folder / "more.json").unlink()
    Image.new("1", (width, height)).save(folder / "p.png")
    (folder / "images" / "deep" / "er").mkdir(parents=True)
    (folder / "p.png").rename(folder / "images" / "deep" / "er" / "p.png")
    for a, b in zip(read_yolo(folder).photos[0].boxes, boxes, strict=True):
        assert a.xywh == pytest.approx(b.xywh, abs=2e-6)


def test_a_box_that_a_tool_moved_is_new_and_the_others_keep_what_was_known(
    tmp_path: Path,
) -> None:
    boxes = (
        LabelledBox("container", (10, 10, 20, 20), {"id": 5, "container_type": "bank"}),
        LabelledBox("container", (50, 10, 20, 20), {"id": 6, "container_type": "other"}),
    )
    labels = LabelSet({"container": {}}, (LabelledPhoto("p.jpg", 100, 100, boxes),))
    write_yolo(labels, tmp_path)
    file = tmp_path / "labels" / "p.txt"
    first, second = file.read_text().splitlines()
    file.write_text(f"{second}\n0 0.3 0.3 0.2 0.2\n")
    kept, moved = read_yolo(tmp_path).photos[0].boxes
    assert kept == boxes[1]
    assert moved.more == {}
    assert moved.xywh == pytest.approx((20, 20, 20, 20))
    assert first != second


def test_names_are_read_from_ultralytics_description_too(yolo: Path) -> None:
    (yolo / "classes.txt").unlink()
    for text in ("names: [container, bag]\n", "names:\n  0: container\n  1: bag\n"):
        (yolo / "data.yaml").write_text(text)
        assert list(read_yolo(yolo).categories) == ["container", "bag"]
    (yolo / "data.yaml").unlink()
    with pytest.raises(BadInput, match="no names"):
        read_yolo(yolo)


def test_a_photo_that_lies_on_its_side_has_the_size_of_the_upright_one(yolo: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (640, 480)).save(yolo / "images" / "val" / "a.jpg", exif=exif)
    photo = next(p for p in read_yolo(yolo).photos if p.file_name == "val/a.jpg")
    assert (photo.width_px, photo.height_px) == (480, 640)


@pytest.mark.parametrize(
    "line",
    ["0 0.5 0.5 0.1", "2 0.5 0.5 0.1 0.1", "x 0.5 0.5 0.1 0.1", "0 0.5 1.5 0.1 0.1", "-1 0 0 0 0"],
)
def test_a_line_that_is_no_box_is_named(line: str, yolo: Path) -> None:
    (yolo / "labels" / "val" / "b.txt").write_text(f"0 0.5 0.5 0.1 0.1\n{line}\n")
    with pytest.raises(BadInput, match="line 2"):
        read_yolo(yolo)


def test_a_label_without_a_photo_and_photos_that_share_one_are_named(
    yolo: Path, tmp_path: Path
) -> None:
    (yolo / "labels" / "lost.txt").write_text("")
    with pytest.raises(BadInput, match=r"lost\.txt"):
        read_yolo(yolo)
    photos = tuple(LabelledPhoto(f"p.{suffix}", 9, 9) for suffix in ("jpg", "png"))
    with pytest.raises(BadInput, match="shares its label file"):
        write_yolo(LabelSet({}, photos), tmp_path / "out")
    with pytest.raises(BadInput, match="leads out"):
        write_yolo(LabelSet({}, (LabelledPhoto("../p.jpg", 9, 9),)), tmp_path / "out")


COCO: dict[str, Any] = {
    "categories": [{"id": 1, "name": "container"}],
    "images": [{"id": 1, "file_name": "p.jpg", "width": 100, "height": 80}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}],
}


@pytest.mark.parametrize(
    ("part", "change", "told"),
    [
        ("annotations", {"bbox": [1, 2, 3]}, "no left, top, width and height"),
        ("annotations", {"bbox": [1, 2, -3, 4]}, "no left, top, width and height"),
        ("annotations", {"bbox": [1, 2, float("nan"), 4]}, "no left, top, width and height"),
        ("annotations", {"image_id": 9}, "image_id 9"),
        ("annotations", {"category_id": None}, "category_id None"),
        ("images", {"width": 0}, "no size"),
        ("images", {"id": [1]}, "no id"),
        ("categories", {"id": None}, "no id"),
    ],
)
def test_what_is_wrong_with_a_coco_file_is_named(
    part: str, change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    table = COCO | {part: [COCO[part][0] | change]}
    (tmp_path / "coco.json").write_text(json.dumps(table))
    with pytest.raises(BadInput, match=told):
        read_coco(tmp_path / "coco.json")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"categories": [], "images": [1], "annotations": []}']
)
def test_a_file_that_is_no_coco_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "coco.json").write_text(text)
    with pytest.raises(BadInput, match="labels-malformed"):
        read_coco(tmp_path / "coco.json")
    with pytest.raises(BadInput, match="cannot be read"):
        read_coco(tmp_path / "nowhere.json")


def test_a_photo_named_twice_is_refused(tmp_path: Path) -> None:
    twice = COCO | {"images": [COCO["images"][0], COCO["images"][0] | {"id": 2}]}
    (tmp_path / "coco.json").write_text(json.dumps(twice))
    with pytest.raises(BadInput, match=r"p\.jpg"):
        read_coco(tmp_path / "coco.json")


def test_labels_become_the_truth_that_detections_are_held_against() -> None:
    photo = LabelledPhoto("p.jpg", 100, 100, (LabelledBox("bag", (10, 20, 30, 40)),))
    assert truth_of(photo).xyxy.tolist() == [[10, 20, 40, 60]]
    unknown = LabelledPhoto("p.jpg", 100, 100, (LabelledBox("bicycle", (10, 20, 30, 40)),))
    with pytest.raises(BadInput, match="bicycle"):
        truth_of(unknown)
