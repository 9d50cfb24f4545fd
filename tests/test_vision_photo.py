import contextlib
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from city.errors import BadInput
from vision.exif import CAMERA_ELEVATION_ANGLE
from vision.photo import decode, position_of, read_photo

GPS, BASE = ExifTags.GPS, ExifTags.Base


def picture(width: int = 80, height: int = 60) -> Image.Image:
    """Red on the left, blue on the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = 255
    pixels[:, width // 2 :, 2] = 255
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(
    gps: dict[int, object] | None = None,
    camera: dict[int, object] | None = None,
    orientation: int = 1,
) -> Image.Exif:
    made = Image.Exif()
    made[BASE.Orientation] = orientation
    made[ExifTags.IFD.GPSInfo] = gps or {}
    made[ExifTags.IFD.Exif] = camera or {}
    return made


def png_header(width: int, height: int) -> bytes:
    """A picture whose header promises far more than its few bytes hold."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = b"IDAT" + zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (header, body)
    )


HELSINKI: dict[int, object] = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (Fraction(60), Fraction(10), Fraction(12)),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (Fraction(24), Fraction(56), Fraction(6)),
}


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(BadInput) as refused:
        act()
    return refused.value.faults[0].code


def test_a_photo_is_decoded_blue_first() -> None:
    photo = decode(encoded(picture(), "PNG"), "a.png")
    assert photo.bgr.shape == (60, 80, 3)
    assert photo.bgr[30, 10].tolist() == [0, 0, 255]
    assert photo.bgr[30, 70].tolist() == [255, 0, 0]
    assert photo.bgr.flags.c_contiguous


def test_a_photo_is_turned_as_its_orientation_says() -> None:
    photo = decode(encoded(picture(), exif=exif(orientation=6)), "turned.jpg")
    assert (photo.width, photo.height) == (60, 80)
    assert photo.bgr[10, 30, 2] > 200  # red, once on the left, is now on top
    assert photo.bgr[70, 30, 0] > 200


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_undone_as_pillow_does(orientation: int) -> None:
    data = encoded(picture(), exif=exif(orientation=orientation))
    upright = ImageOps.exif_transpose(Image.open(BytesIO(data)))
    assert (decode(data, "a.jpg").bgr[..., ::-1] == np.asarray(upright)).all()


def test_place_time_and_direction_come_from_exif() -> None:
    camera = {
        BASE.DateTimeOriginal: "2026:11:20 08:15:00",
        BASE.OffsetTimeOriginal: "+02:00",
        BASE.FocalLengthIn35mmFilm: 26,
        CAMERA_ELEVATION_ANGLE: -4.5,
    }
    data = encoded(picture(), exif=exif(HELSINKI | {GPS.GPSImgDirection: 271.5}, camera))
    photo = decode(data, "a.jpg")
    assert (position_of(photo).lon, position_of(photo).lat) == pytest.approx((24.935, 60.17))
    assert photo.heading_deg == pytest.approx(271.5)
    assert photo.taken_at == datetime(2026, 11, 20, 8, 15, tzinfo=timezone(timedelta(hours=2)))
    assert photo.focal_35mm == 26
    assert photo.pitch_deg == pytest.approx(-4.5)
    assert photo.exif_faults == ()


def test_south_and_west_are_negative() -> None:
    gps = HELSINKI | {GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W"}
    place = position_of(decode(encoded(picture(), exif=exif(gps)), "a.jpg"))
    assert (place.lon, place.lat) == pytest.approx((-24.935, -60.17))


def test_a_clock_without_zone_is_read_in_the_citys() -> None:
    data = encoded(picture(), exif=exif(camera={BASE.DateTimeOriginal: "2026:07:01 12:00:00"}))
    taken_at = decode(data, "a.jpg", ZoneInfo("Europe/Amsterdam")).taken_at
    assert taken_at is not None
    assert taken_at.astimezone(UTC).hour == 10


@pytest.mark.parametrize(
    ("gps", "field"),
    [
        ({GPS.GPSLatitude: (Fraction(95), Fraction(0), Fraction(0))}, "GPSLatitude"),
        ({GPS.GPSLatitude: (Fraction(60), Fraction(75), Fraction(0))}, "GPSLatitude"),
        ({GPS.GPSLatitudeRef: "X"}, "GPSLatitude"),
        (
            {GPS.GPSLatitude: (Fraction(0),) * 3, GPS.GPSLongitude: (Fraction(0),) * 3},
            "GPSLatitude, GPSLongitude",
        ),
        ({GPS.GPSLongitude: (Fraction(200), Fraction(0), Fraction(0))}, "GPSLongitude"),
    ],
)
def test_an_impossible_position_is_named_and_the_photo_still_read(
    gps: dict[int, object], field: str
) -> None:
    photo = decode(encoded(picture(), exif=exif(HELSINKI | gps)), "odd.jpg")
    assert photo.position is None
    with pytest.raises(BadInput) as refused:
        position_of(photo)
    assert [(f.code, f.where, f.field) for f in refused.value.faults] == [
        ("photo-exif-nonsense", "odd.jpg", field)
    ]


@pytest.mark.parametrize(
    "camera",
    [
        {BASE.DateTimeOriginal: "0000:00:00 00:00:00"},
        {BASE.DateTimeOriginal: "yesterday"},
        {BASE.DateTimeOriginal: "2026:01:01 00:00:00", BASE.SubsecTimeOriginal: "a bit"},
        {BASE.DateTimeOriginal: "2026:01:01 00:00:00", BASE.OffsetTimeOriginal: "noon"},
    ],
)
def test_an_impossible_time_is_a_fault_and_no_crash(camera: dict[int, object]) -> None:
    photo = decode(encoded(picture(), exif=exif(camera=camera)), "odd.jpg")
    assert [fault.code for fault in photo.exif_faults] == ["photo-exif-nonsense"]


def test_damaged_exif_does_not_keep_a_photo_from_being_read() -> None:
    data = encoded(picture(), exif=exif(HELSINKI))
    start = data.index(b"Exif\0\0") + 14
    broken = data[:start] + bytes(200 - 180) * 2 + data[start + 40 :]
    assert decode(broken, "a.jpg").bgr.shape == (60, 80, 3)


def test_a_photo_without_position_is_refused_only_when_asked_for_it() -> None:
    photo = decode(encoded(picture()), "a.jpg")
    assert photo.position is None
    assert code_of(lambda: position_of(photo)) == "photo-without-position"


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff", b"<svg></svg>" * 50])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert code_of(lambda: decode(data, "a.jpg")) == "photo-no-image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_photo_that_was_cut_off_is_refused(kind: str, part: float) -> None:
    grain = np.random.default_rng(1).integers(0, 255, (200, 300, 3), np.uint8)
    data = encoded(Image.fromarray(grain), kind)
    cut = data[: int(len(data) * part)]
    assert code_of(lambda: decode(cut, "cut")) in {"photo-damaged", "photo-no-image"}


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = png_header(30_000, 30_000)
    assert code_of(lambda: decode(bomb, "bomb.png")) == "photo-too-large"


def test_a_speck_is_refused() -> None:
    assert code_of(lambda: decode(encoded(picture(8, 8)), "a.jpg")) == "photo-too-small"


def test_a_moving_picture_is_refused() -> None:
    frames = {"save_all": True, "append_images": [picture().rotate(90)], "duration": 100}
    assert code_of(lambda: decode(encoded(picture(), "WEBP", **frames), "a.webp")) == "photo-moving"


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "RGBA", "LA", "1", "I;16"])
@pytest.mark.filterwarnings("ignore:Saving I mode images:DeprecationWarning")
def test_every_pixel_kind_becomes_three_bytes(mode: str) -> None:
    kind = "JPEG" if mode in {"L", "CMYK"} else "PNG"
    if mode == "I;16":
        image = Image.fromarray(np.full((60, 80), 40_000, np.uint16))
    else:
        image = picture().convert(mode)
    photo = decode(encoded(image, kind), "a")
    assert photo.bgr.shape == (60, 80, 3)
    assert photo.bgr.max() > 60


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.jpg"):
        read_photo(tmp_path / "nowhere.jpg")


def a_whole_photo(kind: str) -> bytes:
    camera: dict[int, object] = {BASE.DateTimeOriginal: "2026:11:20 08:15:00"}
    return encoded(picture(), kind, exif=exif(HELSINKI | {GPS.GPSImgDirection: 271.5}, camera))


@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12),
)
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_whatever_is_wrong_with_a_file_it_is_bad_input_or_a_photo(
    kind: str, hits: list[tuple[float, int]]
) -> None:
    data = bytearray(a_whole_photo(kind))
    for where, byte in hits:
        # Most of what can go wrong lies in the first part: headers and EXIF.
        data[int(where**2 * len(data))] = byte
    with contextlib.suppress(BadInput):
        assert decode(bytes(data), "hit").bgr.ndim == 3
