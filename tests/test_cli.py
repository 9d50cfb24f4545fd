"""The command line: examples in every help, one clear message a fault, exit codes that tell."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from operations.cli import app
from routing.roads import demo_extract
from tests.demo_city import ROOT, Run, stadsronde

COMMANDS = (
    ["demo"], ["init"], ["detect"], ["ingest"], ["plan"], ["show"], ["serve"], ["train"],
    ["roads", "build"], ["containers", "import"], ["fleet", "import"],
    ["forecast", "score"], ["forecast", "evidence"],
    ["import", "amsterdam"], ["import", "signalen"], ["import", "fiware"],
    ["import", "table"], ["import", "aside"], ["cases", "list"], ["cases", "show"],
    ["cases", "move"], ["cases", "part"], ["cases", "undo"], ["cases", "visited"],
    ["cases", "tell"],
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_a_help_with_an_example(command: list[str]) -> None:
    run = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
    assert run.exit_code == 0, run.output
    assert f"Example: stadsronde {' '.join(command)}" in run.output


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


REGISTRY = """container_id,lon,lat,fraction,kind,volume_l,address
A,24.9449,60.1690,glass,underground,5000,Aleksanterinkatu 1
B,24.9421,60.1661,glass,underground,5000,Bulevardi 2
C,60.1661,24.9421,glass,underground,5000,swapped
"""


def test_a_city_of_ones_own_is_planned_step_by_step(tmp_path: Path) -> None:
    """Follow docs/how-to/own-city.md, on the streets that are at hand."""
    home = ("--home", tmp_path / "city", "--municipality", "mytown")
    (tmp_path / "registry.csv").write_text(REGISTRY)
    (tmp_path / "fleet.toml").write_text(
        (ROOT / "docs/reference/fleet.md").read_text().split("```toml")[1].split("```")[0]
        .replace("lon = 4.8952, lat = 52.3702", "lon = 24.95315, lat = 60.17354")
        .replace("lon = 4.9041, lat = 52.3676", "lon = 24.93735, lat = 60.16444")
    )  # fmt: skip
    bounds = "24.9351,60.1641,24.9535,60.1792"
    init = stadsronde("init", *home, "--name", "My Town", "--bounds", bounds)
    assert init.returncode == 0, init.stdout
    roads = stadsronde("roads", "build", demo_extract(), *home[:2])
    assert roads.returncode == 0, roads.stdout
    assert "OpenStreetMap" in roads.stdout
    containers = stadsronde("containers", "import", tmp_path / "registry.csv", *home)
    assert containers.returncode == 1
    assert "row 4" in containers.stdout
    assert "exchanged" in containers.stdout
    assert "2 containers imported" in containers.stdout
    fleet = stadsronde("fleet", "import", tmp_path / "fleet.toml", *home)
    assert fleet.returncode == 0, fleet.stdout
    # Nothing is known of their fill yet, so only a cautious municipality sends a truck.
    plan = stadsronde(
        "plan", *home, "--seconds", "1", "--language", "nl", STADSRONDE_MUST_P_OVERFLOW="0.01"
    )
    assert plan.returncode == 0, plan.stdout
    assert "KW-1.pdf" in plan.stdout


def test_a_fleet_without_a_truck_for_a_fraction_is_said_and_the_rest_goes_on(
    demo: Run, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo.home, home)
    where = ("--home", home, "--municipality", "helsinki-demo")
    (tmp_path / "fleet.toml").write_text(
        (ROOT / "docs/reference/fleet.md").read_text().split("```toml")[1].split("```")[0]
        .replace("lon = 4.8952, lat = 52.3702", "lon = 24.95315, lat = 60.17354")
        .replace("lon = 4.9041, lat = 52.3676", "lon = 24.93735, lat = 60.16444")
    )  # fmt: skip
    fleet = stadsronde("fleet", "import", tmp_path / "fleet.toml", *where)
    assert fleet.returncode == 1
    assert "residual / crane" in fleet.stdout
    plan = stadsronde("plan", *where, "--seconds", "1")
    assert plan.returncode == 1
    assert "no-truck-for-fraction" in plan.stdout
    assert "carried over" in plan.stdout
    assert "KW-1.pdf" in plan.stdout
