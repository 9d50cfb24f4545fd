"""The whole way from a sample picture to the container it shows, held against the truth.

The pictures are renderings with their truth beside them; they say that the parts work together,
not how well the detector does on real streets.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from city.place import Position
from vision.assign import Match, assign
from vision.classes import CONTAINERS, class_id
from vision.detections import Boxes, Detections, at_least, of_classes, overlap
from vision.detector import Detector
from vision.drive import View
from vision.faces import FaceFinder
from vision.locate import Sighting, locate, pose_of
from vision.matching import match
from vision.photo import Photo, read_photo
from vision.privacy import private_regions
from vision.reading import read_containers
from vision.scores import average_precision

Row = dict[str, Any]

SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"


@dataclass(frozen=True)
class Sample:
    """A picture, what is in it, and what was found in it."""

    photo: Photo
    truth: list[Row]
    found: Detections
    faces: Boxes


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    table = json.loads((SAMPLES / "truth.json").read_text())
    category = {row["id"]: row["name"] for row in table["categories"]}
    photos = [read_photo(SAMPLES / row["file_name"]) for row in table["images"]]
    found = Detector.load().detect([photo.bgr for photo in photos])
    faces = FaceFinder.load(side=640).find_many([photo.bgr for photo in photos])
    truth: list[list[Row]] = [
        [
            a | {"category": category[a["category_id"]]}
            for a in table["annotations"]
            if a["image_id"] == row["id"]
        ]
        for row in table["images"]
    ]
    return [Sample(*parts) for parts in zip(photos, truth, found, faces, strict=True)]


def corners(row: Row, field: str = "bbox") -> list[float]:
    x, y, width, height = row[field]
    return [x, y, x + width, y + height]


def true_boxes(sample: Sample) -> Detections:
    ids = [class_id(str(row["category"])) for row in sample.truth]
    return Detections.of([corners(row) for row in sample.truth], ids, np.ones(len(ids)))


def test_most_containers_are_found(samples: list[Sample]) -> None:
    found = match([(s.found, true_boxes(s)) for s in samples], {"any": CONTAINERS})["any"]
    assert found.truths >= 20
    assert average_precision(found) > 0.6


@pytest.mark.parametrize("name", ["bag", "cardboard", "bulky"])
def test_waste_beside_containers_is_found(samples: list[Sample], name: str) -> None:
    # The truth takes a heap for one pile, so bags in it count as wrong: only what is missed counts.
    seen = of = 0
    for sample in samples:
        found = at_least(of_classes(sample.found, [class_id(name)]), 0.25)
        true = of_classes(true_boxes(sample), [class_id(name)])
        seen += int((overlap(true.xyxy, found.xyxy).max(axis=1, initial=0) > 0.5).sum())
        of += len(true)
    assert of >= 3
    assert seen >= of / 3, (seen, of)


def test_most_number_plates_that_can_be_read_would_be_blurred(samples: list[Sample]) -> None:
    blurred = []
    for sample in samples:
        covered = np.zeros(sample.photo.bgr.shape[:2], bool)
        regions = private_regions(
            sample.found, sample.faces, sample.photo.width, sample.photo.height
        )
        for x1, y1, x2, y2 in regions.astype(int):
            covered[y1:y2, x1:x2] = True
        for row in sample.truth:
            if max(row.get("plate_bbox", (0, 0, 0, 0))[2:]) >= 15:
                x1, y1, x2, y2 = (int(v) for v in corners(row, "plate_bbox"))
                blurred.append(covered[y1:y2, x1:x2].mean() > 0.9)
    # How many in photos from the street, `benchmarks/blur_recall.py` measures.
    assert len(blurred) >= 6
    assert np.mean(blurred) > 0.8


def seen_containers(sample: Sample) -> list[tuple[Row, Sighting, Match]]:
    """Each true container that was found, with where it was put and which one it was taken for."""
    with (SAMPLES / "registry.csv").open() as file:
        registry = list(csv.DictReader(file))
    places = [(float(row["lon"]), float(row["lat"])) for row in registry]
    pose = pose_of(sample.photo)
    sightings = locate(read_containers(sample.found), pose)
    (answers,) = assign([View(pose, sightings)], places)
    seen = []
    for row in sample.truth:
        box = np.array([corners(row)], np.float32)
        for sighting, answer in zip(sightings, answers, strict=True):
            same = overlap(box, np.array([sighting.reading.xyxy], np.float32))[0, 0] > 0.5
            if same and "container_id" in row:
                known = None if answer.container is None else registry[answer.container]
                row |= {"taken_for": known and known["container_id"]}
                seen.append((row, sighting, answer))
    return seen


def test_containers_are_put_where_they_stand(samples: list[Sample]) -> None:
    errors = []
    for sample in samples:
        for row, sighting, _ in seen_containers(sample):
            place = row["position"]
            lon, lat = place if isinstance(place, list) else (place["lon"], place["lat"])
            errors.append(sighting.position.distance_m(Position(lon, lat)))
            assert errors[-1] < 3 * sighting.uncertainty_m
    assert len(errors) >= 12
    assert np.median(errors) < 1.5


def test_most_containers_are_taken_for_themselves(samples: list[Sample]) -> None:
    seen = [answer for sample in samples for answer in seen_containers(sample)]
    right = sum(row["taken_for"] == row["container_id"] for row, _, _ in seen)
    assert right >= 0.75 * len(seen)
