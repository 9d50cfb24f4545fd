"""The command line: examples in every help, one clear message a fault, exit codes that tell."""

import json
from pathlib import Path

import pytest

from tests.demo_city import ROOT, Run, stadsronde

COMMANDS = (
    ["demo"], ["detect"], ["ingest"], ["plan"], ["show"], ["serve"], ["train"],
    ["roads", "build"], ["containers", "import"], ["fleet", "import"],
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_a_help_with_an_example(command: list[str]) -> None:
    run = stadsronde(*command, "--help")
    assert run.returncode == 0, run.stderr
    assert f"Example: stadsronde {' '.join(command)}" in run.stdout


def test_detect_writes_boxes_names_what_it_cannot_read_and_fails(tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("no picture")
    (tmp_path / "photo.jpg").write_bytes((ROOT / "sample_images" / "photo_01.jpg").read_bytes())
    out = tmp_path / "found.json"
    run = stadsronde("detect", tmp_path, "--out", out)
    assert run.returncode == 1
    assert "notes.jpg" in run.stdout
    rows = json.loads(out.read_text())
    assert {row["file_name"] for row in rows} == {"photo.jpg"}
    assert min(row["score"] for row in rows) >= 0.01
    assert all(len(row["bbox"]) == 4 for row in rows)


def test_an_extract_that_is_none_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "city.osm.pbf").write_text("no map")
    run = stadsronde("roads", "build", tmp_path / "city.osm.pbf", "--home", tmp_path)
    assert run.returncode == 1
    assert "city.osm.pbf" in run.stdout
    assert "extract" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_planning_a_city_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    run = stadsronde("plan", "--home", tmp_path)
    assert run.returncode == 1
    assert "not set up" in run.stdout


def test_an_unknown_plan_is_named(demo: Run) -> None:
    run = stadsronde("show", "20260101-nothing", "--home", demo.home)
    assert run.returncode == 1
    assert "20260101-nothing" in run.stdout
