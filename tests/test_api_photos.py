"""Sending a photo: read in memory, and only its blurred copy is ever written."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import ExifTags, Image

from api.app import create_app
from api.uploads import MAX_BYTES
from tests.hand_made_city import HandMadeCity, make, place

SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"
HERE: dict[str, str | float | None] = {
    "lon": place(0, 0).lon,
    "lat": place(0, 0).lat,
    "takenAt": "2026-11-23T10:00:00+02:00",
}
JPEG = {"Content-Type": "image/jpeg"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> HandMadeCity:
    return make(tmp_path_factory.mktemp("city") / "home")


@pytest.fixture(scope="module")
def client(city: HandMadeCity) -> Iterator[TestClient]:
    with TestClient(create_app(city.settings)) as opened:
        yield opened


def asked(**change: float | str | None) -> dict[str, str]:
    return {key: str(value) for key, value in (HERE | change).items() if value is not None}


def sample() -> bytes:
    return sorted(SAMPLES.glob("*.jpg"))[0].read_bytes()


def picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(written, kind)
    return written.getvalue()


def test_a_photo_is_stored_blurred_once_and_found_again(
    client: TestClient, city: HandMadeCity
) -> None:
    first = client.post("/v1/photos", params=asked(), content=sample(), headers=JPEG)
    assert first.status_code == 201, first.text
    photo = first.json()
    assert first.headers["location"] == f"/v1/photos/{photo['id']}"
    image = client.get(f"/v1/photos/{photo['id']}/image")
    assert image.status_code == 200
    assert image.content != sample()
    with Image.open(io.BytesIO(image.content)) as kept:
        assert kept.size == (photo["widthPx"], photo["heightPx"])
        # A camera's own thumbnail would show what is blurred.
        assert not kept.getexif().get_ifd(ExifTags.IFD.IFD1)
    again = client.post("/v1/photos", params=asked(), content=sample(), headers=JPEG)
    assert again.status_code == 200
    assert again.json() == photo


def test_the_original_is_nowhere_on_disk(client: TestClient, city: HandMadeCity) -> None:
    client.post("/v1/photos", params=asked(), content=sample(), headers=JPEG)
    for path in city.settings.home.parent.rglob("*"):
        assert not (path.is_file() and sample()[:4096] in path.read_bytes()), path


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_other_kinds_of_photos_are_read_too(client: TestClient, kind: str) -> None:
    headers = {"Content-Type": f"image/{kind}"}
    answer = client.post("/v1/photos", params=asked(), content=picture(kind), headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lon": 4.9, "lat": 52.4}, "lon"),
        ({"takenAt": "2027-01-01T10:00:00+02:00"}, "DateTimeOriginal"),
        ({"takenAt": "2026-11-23T10:00:00"}, "takenAt"),
        ({"lat": None}, "lon"),
        ({"lat": 91}, "lat"),
        ({"heading": 400}, "heading"),
    ],
)
def test_a_place_or_time_that_cannot_be_is_refused_and_nothing_is_kept(
    client: TestClient, city: HandMadeCity, change: dict[str, float | str | None], field: str
) -> None:
    before = sorted(city.settings.photos.iterdir())
    answer = client.post(
        "/v1/photos", params=asked(**change), content=picture("jpeg"), headers=JPEG
    )
    assert answer.status_code == 422
    assert field in [fault["field"] for fault in answer.json()["faults"]], answer.text
    assert sorted(city.settings.photos.iterdir()) == before


@pytest.mark.parametrize("content", [b"", b"no photo", sample()[:3000]])
def test_what_is_no_whole_photo_is_refused(client: TestClient, content: bytes) -> None:
    answer = client.post("/v1/photos", params=asked(), content=content, headers=JPEG)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["remedy"]


def test_a_form_is_refused_because_its_parts_would_be_spooled_to_disk(client: TestClient) -> None:
    answer = client.post("/v1/photos", files={"photo": ("a.jpg", sample(), "image/jpeg")})
    assert answer.status_code == 415
    assert "image/jpeg" in answer.json()["detail"]


def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_length(
    client: TestClient,
) -> None:
    told = client.post("/v1/photos", params=asked(), content=bytes(MAX_BYTES + 1), headers=JPEG)
    assert told.status_code == 413
    chunk = bytes(4 * 1024 * 1024)
    parts = (chunk for _ in range(MAX_BYTES // len(chunk) + 1))
    untold = client.post("/v1/photos", params=asked(), content=parts, headers=JPEG)
    assert untold.status_code == 413
