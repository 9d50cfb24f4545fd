"""The wheel holds all that is needed to detect, and no tests."""

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {"api", "city", "models", "operations", "routing", "vision"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--wheel-dir", str(folder), str(ROOT)],
        check=True,
    )  # fmt: skip
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_rooms_and_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert tops == ROOMS
    for needed in (
        "models/detector/detector.bin",
        "models/faces/centerface.onnx",
        "routing/roads/truck.lua",
        "routing/sheets/templates/sheet.typ",
        "city/store/migrations/versions/0001_first_tables.py",
    ):
        assert needed in names


def test_the_wheel_installed_elsewhere_detects(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    venv.create(home, with_pip=False)
    site = home / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    # What the wheel depends on is borrowed by a path line, which does not run the checkout's own
    # editable install, so that the rooms can only come from the wheel.
    (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"])
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site),
         str(wheel)],
        check=True,
    )  # fmt: skip
    run = subprocess.run(
        [home / "bin" / "python", "-c", "import api.entry; api.entry.main()",
         "detect", ROOT / "sample_images", "--out", "found.json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads((tmp_path / "found.json").read_text())
    assert set(found[0]) == {"file_name", "category", "bbox", "score"}
    assert any(row["category"] == "container" and row["score"] > 0.3 for row in found)
