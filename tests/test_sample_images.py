"""The sample images: labelled as renderings, with EXIF and truth that agree with each other."""

from __future__ import annotations

import csv
import json
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from city.container import ContainerKind
from city.fraction import Fraction
from city.place import Bounds, Position

FOLDER = Path(__file__).resolve().parents[1] / "sample_images"
HELSINKI = Bounds(west=24.9352, south=60.1642, east=24.9534, north=60.1791)
CATEGORIES = {
    "container", "container_overflowing", "bag", "cardboard", "bulky", "pile", "person", "vehicle",
}  # fmt: skip


def read_truth() -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text())
    return truth


def read_registry() -> dict[str, dict[str, str]]:
    with (FOLDER / "registry.csv").open(newline="") as file:
        return {row["container_id"]: row for row in csv.DictReader(file)}


TRUTH = read_truth()
REGISTRY = read_registry()
IMAGES = {image["id"]: image for image in TRUTH["images"]}
NAMES = {category["id"]: category["name"] for category in TRUTH["categories"]}
CONTAINERS = [a for a in TRUTH["annotations"] if NAMES[a["category_id"]].startswith("container")]


@pytest.fixture(params=TRUTH["images"], ids=lambda image: image["file_name"])
def image(request: pytest.FixtureRequest) -> dict[str, Any]:
    picked: dict[str, Any] = request.param
    return picked


def degrees(parts: tuple[float, float, float]) -> float:
    return float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600


def test_there_are_at_least_fourteen_and_none_is_without_truth() -> None:
    files = {path.name for path in FOLDER.glob("*.jpg")}
    assert files == {image["file_name"] for image in TRUTH["images"]}
    assert len(files) >= 14
    assert set(NAMES.values()) == CATEGORIES


def test_readme_says_that_they_are_renderings_and_never_trained_on() -> None:
    text = (FOLDER / "README.md").read_text()
    assert "Every picture in this folder is a rendering. None is a photo." in text
    assert "no detector of this project is trained on them" in text


def test_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.jpg")) < 8_000_000


def test_exif_tells_where_when_and_that_it_is_rendered(image: dict[str, Any]) -> None:
    with Image.open(FOLDER / image["file_name"]) as picture:
        assert picture.size == (image["width"], image["height"])
        exif = picture.getexif()
    assert exif[ExifTags.Base.ImageDescription] == "Rendered image"
    assert exif[ExifTags.Base.Model] == "Stadsronde renderer"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    camera = image["camera"]
    at = Position(degrees(gps[ExifTags.GPS.GPSLongitude]), degrees(gps[ExifTags.GPS.GPSLatitude]))
    assert HELSINKI.contains(at)
    assert at.distance_m(Position(camera["lon"], camera["lat"])) < 0.1
    assert gps[ExifTags.GPS.GPSImgDirectionRef] == "T"
    assert float(gps[ExifTags.GPS.GPSImgDirection]) == pytest.approx(
        camera["heading_deg"], abs=0.01
    )
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    written = f"{detail[ExifTags.Base.DateTimeOriginal]}{detail[ExifTags.Base.OffsetTimeOriginal]}"
    moment = datetime.strptime(written, "%Y:%m:%d %H:%M:%S%z")
    assert moment == datetime.fromisoformat(image["taken_at"])
    focal = float(detail[ExifTags.Base.FocalLengthIn35mmFilm])
    assert 2 * math.degrees(math.atan(18 / focal)) == pytest.approx(camera["hfov_deg"], abs=0.01)


def test_night_is_dark_and_day_is_not(image: dict[str, Any]) -> None:
    hour = datetime.fromisoformat(image["taken_at"]).hour
    assert image["night"] == (hour >= 17 or hour < 8)
    with Image.open(FOLDER / image["file_name"]) as picture:
        grey = picture.convert("L").resize((64, 36))
        mean = sum(grey.tobytes()) / (64 * 36)
    assert (mean < 75) == image["night"]


def test_boxes_lie_inside_the_picture(image: dict[str, Any]) -> None:
    for annotation in TRUTH["annotations"]:
        if annotation["image_id"] != image["id"]:
            continue
        boxes = [annotation["bbox"], annotation.get("plate_bbox", annotation["bbox"])]
        for x, y, width, height in boxes:
            assert width > 0
            assert height > 0
            assert x >= 0
            assert y >= 0
            assert x + width <= image["width"]
            assert y + height <= image["height"]


def test_every_container_seen_is_in_the_registry_and_the_other_way_round() -> None:
    assert {a["container_id"] for a in CONTAINERS} == set(REGISTRY)
    for row in REGISTRY.values():
        assert Fraction(row["fraction"])
        assert ContainerKind(row["kind"])
        assert HELSINKI.contains(Position(float(row["lon"]), float(row["lat"])))


def test_overflowing_is_said_the_same_way_everywhere() -> None:
    for a in CONTAINERS:
        assert a["overflowing"] == (NAMES[a["category_id"]] == "container_overflowing")
        assert a["overflowing"] == (a["fill"] > 1.04)


def seen_from(camera: dict[str, float], at: Position) -> tuple[float, float]:
    """Return distance (m) and bearing off the line of sight (degrees) of a place."""
    here = Position(camera["lon"], camera["lat"])
    north = here.distance_m(Position(here.lon, at.lat)) * (1 if at.lat > here.lat else -1)
    east = here.distance_m(Position(at.lon, here.lat)) * (1 if at.lon > here.lon else -1)
    off = math.degrees(math.atan2(east, north)) - camera["heading_deg"]
    return math.hypot(east, north), (off + 180) % 360 - 180


def row_on_ground(camera: dict[str, float], image: dict[str, Any], y: float) -> float:
    """Return how far ahead (m, along the line of sight) the ground lies at a pixel row."""
    focal = image["width"] / 2 / math.tan(math.radians(camera["hfov_deg"] / 2))
    down = math.atan((y - image["height"] / 2) / focal) - math.radians(camera["pitch_deg"])
    return camera["height_m"] / math.tan(down)


@pytest.mark.parametrize("annotation", CONTAINERS, ids=lambda a: a["container_id"])
def test_registry_place_agrees_with_pose_and_box(annotation: dict[str, Any]) -> None:
    image = IMAGES[annotation["image_id"]]
    camera, (x, y, width, height) = image["camera"], annotation["bbox"]
    row = REGISTRY[annotation["container_id"]]
    distance, off = seen_from(camera, Position(float(row["lon"]), float(row["lat"])))
    assert 3 <= distance <= 13
    focal = image["width"] / 2 / math.tan(math.radians(camera["hfov_deg"] / 2))
    left = math.degrees(math.atan((x - image["width"] / 2) / focal))
    right = math.degrees(math.atan((x + width - image["width"] / 2) / focal))
    half_width = math.degrees(math.atan(1.0 / distance))
    assert left - half_width <= off <= right + half_width
    ahead = row_on_ground(camera, image, y + height)
    # The box ends at the container's near foot, or higher where something stands before it.
    assert ahead > distance * math.cos(math.radians(off)) - 1.3
