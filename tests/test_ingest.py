"""Photos come in: what is sound is blurred, kept and told to the ledger; what is not is named."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import ExifTags, Image

from city.errors import BadInput
from city.evidence import EvidenceKind
from city.municipality import Municipality
from city.place import Bounds, Position
from city.sources.containers_csv import read_containers
from city.store import Store, containers, ledger, municipalities, open_store, photos
from operations.ingest_photos import Reader, ingest_photo_bytes, ingest_photos
from operations.read_sidecar import GivenWith, read_sidecar
from operations.settings import Settings
from tests.small_onnx import GREEN, RED, painted, write

SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"
ZONE = ZoneInfo("Europe/Helsinki")
CLOCK = datetime(2026, 11, 22, 20, tzinfo=ZONE)
CENTRE = Bounds(24.9351, 60.1641, 24.9535, 60.1792)
SOUND = SAMPLES / "photo_01.jpg"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", municipality="town")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database, "town")
    municipalities.put(opened, Municipality("town", "Town", str(ZONE), CENTRE, stopped_at=CLOCK))
    containers.put(opened, read_containers(SAMPLES / "registry.csv", CENTRE).containers)
    yield opened
    opened.close()


def with_exif(path: Path, **gps: object) -> bytes:
    """Return the sample photo with other EXIF: position (degrees) and time; None leaves it out."""
    with Image.open(SOUND) as picture:
        exif = picture.getexif()
        ifd = exif.get_ifd(ExifTags.IFD.GPSInfo)
        if "lat" in gps:
            ifd[ExifTags.GPS.GPSLatitude] = (gps["lat"], 0.0, 0.0)
        if "position" in gps:
            for tag in (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude):
                ifd.pop(tag, None)
        if "taken" in gps:
            exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = gps["taken"]
        stream = BytesIO()
        picture.save(stream, "JPEG", exif=exif)
    path.write_bytes(stream.getvalue())
    return stream.getvalue()


def test_a_sound_photo_becomes_a_blurred_copy_and_evidence_of_its_container(
    store: Store, settings: Settings
) -> None:
    report = ingest_photos(store, settings, [SOUND])
    assert (report.kept, report.known, report.faults) == (1, 0, ())
    record = photos.get(store, report.photo_ids[0])
    assert record.seen
    assert (settings.photos / f"{record.id}.jpg").is_file()
    records = ledger.since(store, CLOCK - timedelta(days=9), CLOCK)
    assert len(records) == report.evidence > 0
    assert {r.kind for r in records} <= {EvidenceKind.PHOTO, EvidenceKind.SIDE_WASTE}
    assert any(r.container_id for r in records)
    assert all(r.raw_ref.startswith(f"photo:{record.id}#") for r in records)


def test_the_same_photo_twice_is_one(store: Store, settings: Settings) -> None:
    ingest_photos(store, settings, [SOUND])
    again = ingest_photos(store, settings, [SOUND])
    assert (again.kept, again.known, again.evidence) == (0, 1, 0)
    assert len(photos.every(store)) == 1


def test_the_kept_copy_tells_place_time_and_heading_and_nothing_else(
    store: Store, settings: Settings
) -> None:
    (photo_id,) = ingest_photos(store, settings, [SOUND]).photo_ids
    with Image.open(settings.photos / f"{photo_id}.jpg") as kept:
        exif = kept.getexif()
        assert set(exif) <= {ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo}
        assert set(exif.get_ifd(ExifTags.IFD.Exif)) <= {
            ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal
        }  # fmt: skip
        assert ExifTags.GPS.GPSLatitude in exif.get_ifd(ExifTags.IFD.GPSInfo)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("no_image.jpg", "photo-no-image"),
        ("truncated.jpg", "photo-damaged"),
        ("placeless.jpg", "photo-without-position"),
        ("elsewhere.jpg", "outside-city"),
        ("tomorrow.jpg", "photo-from-the-future"),
    ],
)
def test_a_bad_photo_is_named_and_the_rest_goes_on(
    store: Store, settings: Settings, tmp_path: Path, name: str, code: str
) -> None:
    bad = tmp_path / name
    match name:
        case "no_image.jpg":
            bad.write_text("not a picture")
        case "truncated.jpg":
            bad.write_bytes(SOUND.read_bytes()[:60_000])
        case "placeless.jpg":
            with_exif(bad, position=None)
        case "elsewhere.jpg":
            with_exif(bad, lat=52.0)
        case _:
            with_exif(bad, taken="2026:11:25 12:00:00")
    report = ingest_photos(store, settings, [bad, SOUND])
    assert report.kept == 1
    (fault,) = report.faults
    assert (fault.code, fault.where) == (code, name)
    assert fault.remedy
    assert len(list(settings.photos.iterdir())) == 1


def test_a_photo_of_an_unknown_place_is_taken_with_the_place_given(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    data = with_exif(tmp_path / "a.jpg", position=None)
    given = GivenWith(Position(24.94, 60.17), heading_deg=90.0)
    report = ingest_photo_bytes(Reader(store, settings), data, "a.jpg", given)
    assert photos.get(store, report.photo_ids[0]).position == Position(24.94, 60.17)


def test_one_bad_photo_over_the_network_is_refused_and_nothing_kept(
    store: Store, settings: Settings
) -> None:
    with pytest.raises(BadInput, match="broken"):
        ingest_photo_bytes(Reader(store, settings), b"\xff\xd8broken", "broken.jpg")
    assert photos.every(store) == ()
    assert not settings.photos.exists()


def test_a_photo_without_heading_stays_a_sighting_of_the_place(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    with Image.open(SOUND) as picture:
        exif = picture.getexif()
        exif.get_ifd(ExifTags.IFD.GPSInfo).pop(ExifTags.GPS.GPSImgDirection, None)
        picture.save(tmp_path / "a.jpg", exif=exif)
    ingest_photos(store, settings, [tmp_path / "a.jpg"])
    records = ledger.since(store, CLOCK - timedelta(days=9), CLOCK)
    assert records
    assert {r.container_id for r in records} == {None}


def test_no_photo_at_all_is_said(store: Store, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No photo"):
        ingest_photos(store, settings, [tmp_path])


def test_a_model_that_could_not_blur_takes_no_photo_in(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    own = write(tmp_path / "own.onnx", ["container", "person", "tree"])
    with pytest.raises(BadInput, match=r"vehicle.*model-blurs-nobody"):
        ingest_photos(store, settings, [SOUND], model=own)
    assert not settings.photos.exists()


def test_a_model_of_ones_own_reads_blurs_and_is_named(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    own = write(tmp_path / "own.onnx", ["container", "person", "car"])
    Image.fromarray(painted((0, 2, RED), (2, 1, GREEN), scale=4)[..., ::-1]).save(
        tmp_path / "a.png"
    )
    reader = Reader(store, settings, model=own)
    given = {"a.png": GivenWith(Position(24.94, 60.17), None, None)}
    report = reader.read([("a.png", (tmp_path / "a.png").read_bytes())], given)
    reader.finish()
    record = photos.get(store, report.photo_ids[0])
    assert {seen.category for seen in record.seen} == {"container", "person"}
    assert record.blurred_share > 0
    assert photos.models(store)[record.model_version_id]["package"] == "own.onnx"


def frames(folder: Path, count: int) -> list[Path]:
    """The sample photo as frames of one drive, half a second apart; the last bytes differ."""
    with Image.open(SOUND) as picture:
        exif = picture.getexif()
        for k in range(count):
            camera = exif.get_ifd(ExifTags.IFD.Exif)
            camera[ExifTags.Base.SubsecTimeOriginal] = f"{50 * k:02d}"
            picture.save(folder / f"{k}.jpg", "JPEG", exif=exif, quality=90 + k)
    return sorted(folder.glob("*.jpg"))


def test_frames_of_one_drive_make_one_record_of_each_container(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    one = ingest_photos(store, settings, [SOUND])
    (tmp_path / "drive").mkdir()
    drive = ingest_photos(store, settings, frames(tmp_path / "drive", 2))
    assert drive.kept == 2
    assert drive.evidence == one.evidence


def test_a_sidecar_says_what_the_camera_did_not_write(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    with_exif(tmp_path / "a.jpg", position=None)
    sidecar = tmp_path / "places.csv"
    sidecar.write_text(
        "file,lon,lat,heading,time\n"
        "a.jpg,24.94,60.17,90,2026-11-22T08:00:00.5+02:00\n"
        "b.jpg,24.94,,,\n"
    )
    report = ingest_photos(store, settings, [tmp_path / "a.jpg"], sidecar=sidecar)
    assert [(f.code, f.field) for f in report.faults] == [("sidecar-row", "lon, lat")]
    record = photos.get(store, report.photo_ids[0])
    assert record.position == Position(24.94, 60.17)
    assert record.heading_deg == 90
    assert record.taken_at == datetime(2026, 11, 22, 8, 0, 0, 500_000, ZONE)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a.jpg,200,60,,", "lon"),
        ("a.jpg,x,60,,", "lon"),
        ("a.jpg,24,60,400,", "heading"),
        ("a.jpg,24,60,,yesterday", "time"),
        ("a.jpg,24,60,,2026-11-22T08:00:00", "time"),
    ],
)
def test_nonsense_in_a_sidecar_is_named(tmp_path: Path, row: str, field: str) -> None:
    path = tmp_path / "places.csv"
    path.write_text(f"file,lon,lat,heading,time\n{row}\n")
    given, (fault,) = read_sidecar(path)
    assert given == {}
    assert (fault.code, fault.field, fault.where) == ("sidecar-row", field, "places.csv row 2")


def test_what_is_no_sidecar_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    with pytest.raises(BadInput, match="no-sidecar"):
        read_sidecar(path)
    path.write_text("name,lon,lat\n")
    with pytest.raises(BadInput, match="no column 'file'"):
        read_sidecar(path)
