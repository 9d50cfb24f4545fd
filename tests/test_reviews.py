"""An analyst says what is in a photo; the detector is held against it and can learn from it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.account import Role
from city.store import Store, open_store, photos, reviews
from operations.review_photo import Tally, judged, to_review
from tests.hand_made_city import PHOTO_ID, HandMadeCity, make
from vision.labels import read_coco
from vision.yolo import read_yolo

ADDRESS = f"/v1/photos/{PHOTO_ID}/labels"
BAG = {"category": "bag", "bbox": [120, 240, 90, 80]}


@pytest.fixture
def city(tmp_path: Path) -> HandMadeCity:
    return make(tmp_path / "home")


@pytest.fixture
def store(city: HandMadeCity) -> Iterator[Store]:
    opened = open_store(city.settings.database, city.settings.municipality)
    yield opened
    opened.close()


@pytest.fixture
def client(city: HandMadeCity) -> Iterator[TestClient]:
    with TestClient(create_app(city.settings)) as opened:
        opened.post("/demo", data={"role": Role.ANALYST})
        yield opened


def test_until_somebody_looks_the_detector_is_taken_at_its_word(
    client: TestClient, store: Store
) -> None:
    told = client.get(ADDRESS).json()
    assert told["reviewedBy"] is None
    seen = [each for each in photos.get(store, PHOTO_ID).seen if each.score >= 0.25]
    assert [each["bbox"] for each in told["labels"]] == [list(each.bbox) for each in seen]


def test_what_was_said_last_holds_and_what_was_said_before_is_kept(
    client: TestClient, store: Store
) -> None:
    assert client.put(ADDRESS, json={"labels": []}).status_code == 200
    answer = client.put(ADDRESS, json={"labels": [BAG]})
    assert answer.json()["labels"] == [BAG]
    assert answer.json()["reviewedBy"]
    assert client.get(ADDRESS).json() == answer.json()
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("select labels from photo_review order by number").all()
    assert len(rows) == 2
    assert len(reviews.every(store)[PHOTO_ID].labels) == 1


def test_every_label_that_cannot_be_is_named(client: TestClient) -> None:
    wrong = [
        {"category": "elephant", "bbox": [0, 0, 10, 10]},
        {"category": "bag", "bbox": [10, 10, 0, 10]},
        {"category": "bag", "bbox": [630, 10, 50, 50]},
    ]
    answer = client.put(ADDRESS, json={"labels": wrong})
    assert answer.status_code == 422
    codes = [fault["code"] for fault in answer.json()["faults"]]
    assert codes == ["label-unknown-category", "label-without-size", "label-outside"]
    assert client.get(ADDRESS).json()["reviewedBy"] is None


def test_the_detector_is_counted_right_wrong_and_missed(client: TestClient, store: Store) -> None:
    own = client.get(ADDRESS).json()["labels"]
    client.put(ADDRESS, json={"labels": [*own[1:], {"category": "bulky", "bbox": [5, 5, 60, 40]}]})
    tallies, mistakes = judged(to_review(store))
    by_name = {tally.category: tally for tally in tallies}
    assert by_name["bulky"] == Tally("bulky", 0, 0, 1)
    assert by_name[own[0]["category"]].wrong == 1
    assert sum(tally.right for tally in tallies) == len(own) - 1
    assert mistakes == {PHOTO_ID: 2}


def test_reviewed_photos_can_be_trained_on(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/v1/labels").status_code == 404
    client.put(ADDRESS, json={"labels": [BAG]})
    for form in ("coco", "yolo"):
        answer = client.get("/v1/labels", params={"format": form})
        with ZipFile(BytesIO(answer.content)) as packed:
            packed.extractall(tmp_path / form)
    from_coco = read_coco(tmp_path / "coco" / "labels.json").photos
    from_yolo = read_yolo(tmp_path / "yolo").photos
    for (photo,) in (from_coco, from_yolo):
        assert [(box.category, box.xywh) for box in photo.boxes] == [("bag", (120, 240, 90, 80))]
        assert photo.file_name == f"{PHOTO_ID}.jpg"
    assert (tmp_path / "coco" / "images" / f"{PHOTO_ID}.jpg").is_file()


def test_planners_do_not_review(client: TestClient) -> None:
    client.post("/demo", data={"role": Role.PLANNER})
    assert client.put(ADDRESS, json={"labels": []}).status_code == 403
    assert client.get("/reviews").status_code == 403


def test_the_page_shows_what_fits_a_filter(client: TestClient) -> None:
    assert PHOTO_ID in client.get("/reviews?show=open").text
    client.put(ADDRESS, json={"labels": [BAG]})
    assert PHOTO_ID not in client.get("/reviews?show=open").text
    assert PHOTO_ID in client.get("/reviews?show=mistakes&category=bag").text
    assert client.get("/reviews/none").status_code == 404
