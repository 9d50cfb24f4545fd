"""The demo as a newcomer runs it: photos in, sheets out, everything said, nothing done twice."""

import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from city.plan import Verdict, VisitKind
from city.store import Store, containers, fleets, open_store, photos, plans
from routing.archive import from_bytes
from routing.check import check
from tests.demo_city import ROOT, Run, run_demo, stadsronde


@pytest.fixture
def store(demo: Run) -> Store:
    return open_store(demo.settings.database, "helsinki-demo")


def test_the_summary_says_what_a_planner_asks(demo: Run) -> None:
    for words in (
        "Photos read", "Expected 80 % full or more", "must", "chosen", "skipped", "Trucks",
        "km", "hours", "Waste", "Could not be served", "Demonstration:",
    ):  # fmt: skip
        assert words in demo.printed


def test_every_truck_has_its_sheet_in_every_format(demo: Run, store: Store) -> None:
    (plan_id,) = plans.ids(store)
    plan = plans.get(store, plan_id)
    assert len(plan.plan.routes) >= 2
    for route in plan.plan.routes:
        folder = demo.settings.sheets / plan_id / "en"
        for suffix in ("pdf", "html", "gpx", "geojson", "csv"):
            assert (folder / f"{route.vehicle_id}.{suffix}").stat().st_size > 500
        text = "".join(
            p.extract_text() for p in PdfReader(folder / f"{route.vehicle_id}.pdf").pages
        )
        assert all(stop in text for stop in route.stop_ids)
        assert "OpenStreetMap" in text
        assert "simulated" in text
        assert plan_id in text


def test_the_plan_passes_the_checker_on_the_problem_that_was_kept(store: Store) -> None:
    (plan_id,) = plans.ids(store)
    assert check(from_bytes(plans.problem(store, plan_id)), plans.get(store, plan_id).plan) == ()


def test_every_place_has_a_verdict_that_the_routes_bear_out(store: Store) -> None:
    plan = plans.get(store, plans.ids(store)[0])
    served = {stop for route in plan.plan.routes for stop in route.stop_ids}
    places = (*containers.every(store), *plan.loose_waste)
    assert plan.loose_waste, "the sample photos show bags"
    assert {c.container_id for c in plan.choices} == {place.id for place in places}
    for choice in plan.choices:
        assert (choice.container_id in served) == (choice.verdict in (Verdict.MUST, Verdict.CHOSEN))
        assert (choice.unserved is not None) == (choice.verdict is Verdict.CARRIED)


def test_trucks_come_home_empty_within_their_shift(store: Store) -> None:
    plan = plans.get(store, plans.ids(store)[0])
    _, fleet = fleets.get(store)
    shifts = {vehicle.id: vehicle.shift for vehicle in fleet.vehicles}
    for route in plan.plan.routes:
        assert route.visits[-1].arrival_s <= shifts[route.vehicle_id].end_s
        loaded = [v for v in route.visits if v.kind in (VisitKind.STOP, VisitKind.DISPOSAL)]
        assert loaded[-1].kind is VisitKind.DISPOSAL


def test_all_that_led_to_a_sheet_is_found_from_its_plan_id(demo: Run, store: Store) -> None:
    (plan_id,) = plans.ids(store)
    run = stadsronde("show", plan_id, "--home", demo.home)
    assert run.returncode == 0, run.stderr
    trace = json.loads(run.stdout)
    provenance = trace["provenance"]
    assert provenance["models"] == sorted(photos.models(store))
    assert {p.model_version_id for p in photos.every(store)} <= set(provenance["models"])
    assert provenance["fleetId"] == fleets.get(store)[0]
    assert provenance["evidenceIds"]
    assert provenance["roads"]
    assert {sheet["path"] for sheet in trace["sheets"]} == {
        str(p.relative_to(demo.home)) for p in demo.settings.sheets.rglob("*.*")
    }


def test_only_blurred_photos_are_kept_one_for_each_sample(demo: Run, store: Store) -> None:
    samples = sorted((ROOT / "sample_images").glob("*.jpg"))
    kept = photos.every(store)
    assert {p.file_name for p in kept} == {p.name for p in samples}
    assert {p.name for p in demo.settings.photos.iterdir()} == {f"{p.id}.jpg" for p in kept}
    for record in kept:
        with Image.open(demo.settings.photos / f"{record.id}.jpg") as picture:
            assert picture.size == (record.width_px, record.height_px)


def test_most_photographed_containers_are_recognised_as_themselves(store: Store) -> None:
    shown = {c.id for c in containers.every(store) if c.id.startswith("SR-")}
    matched = {s.container_id for p in photos.every(store) for s in p.seen if s.container_id}
    assert len(matched & shown) >= len(shown) / 2


def test_a_second_run_builds_and_solves_nothing_again(demo: Run, tmp_path: Path) -> None:
    home = tmp_path / "again"
    shutil.copytree(demo.home, home)
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*") if p.suffix in (".pdf", ".jpg")}
    again = run_demo(home)
    assert "Solving" not in again.printed
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert re.findall(r"2026\d{4}-\w{8}", again.printed)[0] in demo.printed


def test_sheets_come_in_dutch_on_request(demo: Run, tmp_path: Path) -> None:
    home = tmp_path / "nl"
    shutil.copytree(demo.home, home)
    run = run_demo(home, "--language", "nl")
    assert "maandag 23 november 2026" in run.printed
    assert "Solving" not in run.printed
    text = PdfReader(next(home.glob("sheets/*/nl/KW-1.pdf"))).pages[0].extract_text()
    assert "ROUTEBLAD" in text
    assert "gesimuleerd" in text


def test_without_the_samples_the_message_names_folder_and_remedy(tmp_path: Path) -> None:
    run = stadsronde("demo", "--no-serve", "--out", tmp_path, "--samples", tmp_path / "none")
    assert run.returncode == 1
    assert "none" in run.stdout
    assert "--samples" in run.stdout
