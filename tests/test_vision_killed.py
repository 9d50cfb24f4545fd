"""Whenever the process is killed, nothing of a photo is on disk that is not blurred."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from city.municipality import Municipality
from city.place import Bounds
from city.store import municipalities, open_store
from operations.ingest_photos import ingest_photos
from operations.settings import Settings
from vision.weights import checked

SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"
ZONE = ZoneInfo("Europe/Helsinki")
CENTRE = Bounds(24.9351, 60.1641, 24.9535, 60.1792)
CLOCK = datetime(2026, 11, 22, 20, tzinfo=ZONE)
JPEG_STARTS = b"\xff\xd8\xff"
PHOTOS = 4


def a_city(home: Path) -> Settings:
    settings = Settings(home=home, municipality="town")
    store = open_store(settings.database, "town")
    municipalities.put(store, Municipality("town", "Town", str(ZONE), CENTRE, stopped_at=CLOCK))
    store.close()
    return settings


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("originals")
    for path in sorted(SAMPLES.glob("*.jpg"))[:PHOTOS]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def blurred(originals: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run that nobody disturbs leaves: the blurred copies, by name."""
    settings = a_city(tmp_path_factory.mktemp("undisturbed"))
    store = open_store(settings.database, "town")
    assert ingest_photos(store, settings, [originals]).kept == PHOTOS
    store.close()
    return {path.stem: path.read_bytes() for path in settings.photos.iterdir()}


def started(command: Sequence[str], home: Path, scratch: Path) -> subprocess.Popen[bytes]:
    scratch.mkdir()
    environment = os.environ | {"TMPDIR": str(scratch), "STADSRONDE_MUNICIPALITY": "town"}
    code = "from api.entry import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *command, "--home", str(home), "--municipality", "town"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
    )


def pictures_left(folders: Sequence[Path]) -> Iterator[Path]:
    """Every file that holds a picture, or a part of one, whatever it is called."""
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        if JPEG_STARTS in path.read_bytes():
            yield path


def assert_only_blurred(folders: Sequence[Path], blurred: dict[str, bytes]) -> int:
    count = 0
    for path in pictures_left(folders):
        assert path.suffix in {".jpg", ".part"}, path
        whole = blurred[path.stem]
        left = path.read_bytes()
        assert left == (whole if path.suffix == ".jpg" else whole[: len(left)])
        count += 1
    return count


def until(condition: object, at_most_s: float = 120.0) -> None:
    assert callable(condition)
    end = time.monotonic() + at_most_s
    while not condition():
        assert time.monotonic() < end, "it took too long to come so far"
        time.sleep(0.005)


@pytest.mark.parametrize("after", range(0, PHOTOS, 2))
def test_ingest_killed_at_any_moment_leaves_only_blurred_copies(
    after: int, originals: Path, blurred: dict[str, bytes], tmp_path: Path
) -> None:
    settings = a_city(tmp_path / "home")
    process = started(["ingest", str(originals)], settings.home, tmp_path / "scratch")
    try:
        until(lambda: _count(settings.photos) >= after or process.poll() is not None)
        time.sleep(random.Random(after).uniform(0, 0.4))
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert assert_only_blurred([settings.home, tmp_path / "scratch"], blurred) >= after
    # What was broken off is taken up again, and nothing is kept twice.
    store = open_store(settings.database, "town")
    report = ingest_photos(store, settings, [originals])
    store.close()
    assert len(report.photo_ids) == PHOTOS
    assert {p.stem for p in settings.photos.glob("*.jpg")} == set(blurred)


def _count(folder: Path) -> int:
    return len(list(folder.glob("*.jpg"))) if folder.is_dir() else 0


def test_an_upload_killed_half_way_was_never_on_disk(
    originals: Path, blurred: dict[str, bytes], tmp_path: Path
) -> None:
    settings = a_city(tmp_path / "home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = started(["serve", "--port", str(port)], settings.home, tmp_path / "scratch")
    try:
        until(lambda: _answers(port))
        body = sorted(originals.glob("*.jpg"))[0].read_bytes()
        with socket.create_connection(("127.0.0.1", port)) as line:
            head = (
                f"POST /v1/photos HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            line.sendall(head.encode() + body[: len(body) // 2])
            time.sleep(0.5)
            # A spooled upload has no name: it shows among the open files only.
            assert [name for name in _open_files(process.pid) if "deleted" in name] == []
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert assert_only_blurred([settings.home, tmp_path / "scratch"], blurred) == 0


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _open_files(pid: int) -> list[str]:
    names = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            name = str(link.readlink())
        except OSError:
            continue
        # Memory that has no file behind it is not on disk.
        if not name.startswith(("/memfd:", "/dev/shm/", "pipe:", "socket:", "anon_inode:")):
            names.append(name)
    return names


def test_without_the_blur_model_photos_are_refused_unless_the_setting_says_otherwise(
    originals: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vision.faces
    from city.errors import Broken

    def missing(name: str) -> bytes:
        raise Broken(f"models/{name} is missing. Install Stadsronde again.")

    monkeypatch.setattr(vision.faces, "checked", missing)
    settings = a_city(tmp_path / "home")
    store = open_store(settings.database, "town")
    with pytest.raises(Broken, match="centerface"):
        ingest_photos(store, settings, [originals])
    assert not settings.photos.exists()
    lenient = settings.replace(refuse_without_blur_model=False)
    assert ingest_photos(store, lenient, sorted(originals.glob("*.jpg"))[:1]).kept == 1
    store.close()
    assert checked("faces/centerface.onnx"), "the file itself was not touched"
