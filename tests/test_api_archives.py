"""A zip of photos: read as it arrives, answered file by file, nothing of it written unblurred."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from api.app import create_app
from api.uploads import MAX_BYTES
from city.municipality import Municipality
from city.place import Bounds
from city.store import municipalities, open_store
from operations.settings import Settings
from tests.hand_made_city import NAME, NOON, make

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "sample_images").glob("*.jpg"))
CHUNK = 50_000


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = make(tmp_path_factory.mktemp("city") / "home").settings
    store = open_store(made.database, made.municipality)
    # The sample photos lie elsewhere in Helsinki.
    box = Bounds(24.8, 60.1, 25.1, 60.3)
    municipalities.put(store, Municipality(NAME, "Handmade", "Europe/Helsinki", box, (), NOON))
    store.close()
    return made


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as opened:
        yield opened


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def send(client: TestClient, content: bytes) -> list[dict[str, Any]]:
    parts = (content[i : i + CHUNK] for i in range(0, len(content), CHUNK))
    answer = client.post(
        "/v1/photo-archives", content=parts, headers={"Content-Type": "application/zip"}
    )
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def nowhere() -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(written, "jpeg")
    return written.getvalue()


def test_each_file_is_answered_and_a_bad_one_stops_no_other(
    client: TestClient, settings: Settings
) -> None:
    files = {
        "drive/": b"",
        "drive/one.jpg": SAMPLES[0].read_bytes(),
        "notes.txt": b"no photo",
        "nowhere.jpg": nowhere(),
        "large.jpg": bytes(MAX_BYTES + 1),
        "drive/two.jpg": SAMPLES[1].read_bytes(),
        "again.jpg": SAMPLES[0].read_bytes(),
    }
    content = zipped(files)
    told = {each["name"]: each for each in send(client, content)}
    assert {name: each["outcome"] for name, each in told.items()} == {
        "drive/one.jpg": "stored",
        "notes.txt": "refused",
        "nowhere.jpg": "refused",
        "large.jpg": "refused",
        "drive/two.jpg": "stored",
        "again.jpg": "known",
    }
    for each in told.values():
        assert bool(each["faults"]) == (each["outcome"] == "refused"), each
        if each["photoId"]:
            assert client.get(f"/v1/photos/{each['photoId']}/image").status_code == 200
    assert told["large.jpg"]["faults"][0]["code"] == "photo-too-large"
    for path in settings.home.parent.rglob("*"):
        if path.is_file():
            assert content[:4096] not in path.read_bytes()
            assert files["drive/one.jpg"][:4096] not in path.read_bytes()


def test_a_zip_that_broke_off_is_sent_again_and_what_is_there_is_known(client: TestClient) -> None:
    files = {path.name: path.read_bytes() for path in SAMPLES[2:5]}
    content = zipped(files, zipfile.ZIP_STORED)
    broken = send(client, content[: len(content) * 2 // 3])
    assert [each["outcome"] for each in broken[:-1]] == ["stored"] * (len(broken) - 1)
    assert broken[-1]["name"] == ""
    assert broken[-1]["faults"][0]["code"] == "zip-broken"
    whole = send(client, content)
    known = [each["name"] for each in whole if each["outcome"] == "known"]
    assert known == [each["name"] for each in broken[:-1]]
    assert len(whole) == 3


def test_more_photos_than_are_read_together_are_all_answered_in_their_order(
    client: TestClient,
) -> None:
    names = [f"{i:02d}.txt" for i in range(19)]
    told = send(client, zipped(dict.fromkeys(names, b"no photo")))
    assert [each["name"] for each in told] == names


@pytest.mark.parametrize("content", [b"", b"no zip", zipped({})])
def test_what_is_no_zip_is_told(client: TestClient, content: bytes) -> None:
    told = send(client, content)
    assert all(each["outcome"] == "refused" for each in told)


def test_only_a_zip_is_taken(client: TestClient) -> None:
    answer = client.post("/v1/photo-archives", files={"zip": ("a.zip", b"", "application/zip")})
    assert answer.status_code == 415
